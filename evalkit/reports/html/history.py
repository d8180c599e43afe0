"""``history.html``: scores over time, a line per system, broken where scores stop being comparable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from evalkit.reports.html import charts
from evalkit.reports.html.page import render
from evalkit.reports.table import heading

if TYPE_CHECKING:
    from evalkit.comparison.history import History, Point, Series

WIDTH, HEIGHT = 720, 260
"""Of a picture, in pixels."""
RIGHT, BOTTOM = 150, 46
"""Margins: on the right stand the names of the systems."""
_LINE = 14
KINDS = 6
"""Looks of a line: colour, dashes and the shape of its points go together."""


class Mark(NamedTuple):
    """A score, in pixels."""

    x: float
    y: float
    low: float
    high: float
    title: str
    broken: str
    """Why it does not compare with the one before it; empty where it does."""


class Trend(NamedTuple):
    """One system."""

    system: str
    kind: int
    lines: Sequence[Sequence[Mark]]
    """Marks that a line may join."""
    label_y: float


class Picture(NamedTuple):
    """One metric."""

    label: str
    decimals: int
    ticks: Sequence[tuple[float, str]]
    runs: Sequence[tuple[float, str]]
    """Place and name of the runs that are written below the axis."""
    trends: Sequence[Trend]
    series: Sequence[Series]


def history_page(history: History) -> str:
    """The page."""
    pictures = [picture for key in history.metrics for picture in _picture(history, key)]
    return render(
        "history.html.j2",
        scripts=(),
        history=history,
        pictures=pictures,
        width=WIDTH,
        height=HEIGHT,
        right=RIGHT,
        bottom=BOTTOM,
        left=charts.LEFT,
    )


def _picture(history: History, key: str) -> list[Picture]:
    own = [series for series in history.series if series.metric == key]
    values = [
        value
        for series in own
        for point in series.points
        if point.value is not None
        for value in (point.value, *(point.interval or ()))
    ]
    if not values:
        return []
    up = charts.axis(values, (), HEIGHT - BOTTOM, charts.TOP)
    last = max(len(history.runs) - 1, 1)
    along = [
        round(charts.LEFT + 12 + index / last * (WIDTH - RIGHT - charts.LEFT - 24), 1)
        for index in range(len(history.runs))
    ]
    trends = [_trend(history, series, number % KINDS, along, up) for number, series in enumerate(own)]
    every = max(1, len(along) * 90 // (WIDTH - RIGHT))
    names = [(along[index], _short(run.name)) for index, run in enumerate(history.runs) if index % every == 0]
    info = history.metrics[key]
    return [Picture(heading(info), info.decimals, up.ticks(), names, _apart(trends), own)]


def _trend(history: History, series: Series, kind: int, along: Sequence[float], up: charts.Axis) -> Trend:
    lines: list[list[Mark]] = []
    digits = history.metrics[series.metric].decimals
    for point in series.points:
        if point.value is None:
            continue
        low, high = point.interval or (point.value, point.value)
        run = history.runs[point.run]
        title = f"{series.system}, {run.name} ({run.created[:10]}): {point.value:.{digits}f}{_why(point)}"
        mark = Mark(along[point.run], up.at(point.value), up.at(low), up.at(high), title, point.reason)
        if point.joined and lines:
            lines[-1].append(mark)
        else:
            lines.append([mark])
    return Trend(series.system, kind, lines, lines[-1][-1].y + 4)


def _why(point: Point) -> str:
    return f"; does not compare with the one before: {point.reason}" if point.reason else ""


def _apart(trends: Sequence[Trend]) -> list[Trend]:
    """The same with labels that do not cover each other."""
    found: list[Trend] = []
    for trend in sorted(trends, key=lambda trend: trend.label_y):
        above = found[-1].label_y + _LINE if found else 0.0
        found.append(trend._replace(label_y=max(trend.label_y, above)))
    return found


def _short(name: str, most: int = 14) -> str:
    return name if len(name) <= most else f"…{name[-most + 1 :]}"
