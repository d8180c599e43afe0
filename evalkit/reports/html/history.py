"""``history.html``: scores over time, one line per system, broken where scores stop being comparable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from evalkit.reports.html import charts
from evalkit.reports.html.page import render_page
from evalkit.reports.table import format_heading

if TYPE_CHECKING:
    from evalkit.comparison.history import History, HistoryPoint, Series

WIDTH, HEIGHT = 720, 260
"""Size of a chart, in pixels."""
RIGHT, BOTTOM = 150, 46
"""Its margins; the names of the systems are in the right one."""
_LINE = 14
"""Height of a line in a label, in pixels."""
_RUN = 90
"""Width of the name of a run below the axis, in pixels."""
LOOKS = 6
"""Combinations of colour and dashes for lines."""


class ScoreMark(NamedTuple):
    """A score, in pixels."""

    x: float
    y: float
    low: float
    high: float
    title: str
    """System, run, date and score in words."""
    reason: str
    """Why it is not comparable with the one before it; empty if it is."""


class Trend(NamedTuple):
    """One system in a chart."""

    system: str
    look: int
    """Index of its colour and dashes."""
    lines: Sequence[Sequence[ScoreMark]]
    """Marks that are comparable with each other, and so joined by a line."""
    label_y: float


class MetricChart(NamedTuple):
    """One metric over all runs."""

    label: str
    decimals: int
    ticks: Sequence[tuple[float, str]]
    runs: Sequence[tuple[float, str]]
    """Place and name of the runs that are written below the axis."""
    trends: Sequence[Trend]
    series: Sequence[Series]
    breaks: Sequence[str]
    """Run, system and reason of every score that is not comparable with the one before it."""


def render_history_page(history: History) -> str:
    """The page: a chart and a table per metric that has scores."""
    return render_page(
        "history.html.j2",
        scripts=(),
        history=history,
        charts=[chart for key in history.metrics for chart in _build_charts(history, key)],
        width=WIDTH,
        height=HEIGHT,
        right=RIGHT,
        bottom=BOTTOM,
        left=charts.LEFT,
    )


def _build_charts(history: History, key: str) -> list[MetricChart]:
    """The chart of a metric; none if no run has a score."""
    series = [line for line in history.series if line.metric == key]
    values = [value for line in series for point in line.points for value in _values(point)]
    if not values:
        return []
    up = charts.fit_axis(values, (), HEIGHT - BOTTOM, charts.TOP)
    along = _place_runs(len(history.runs))
    every = max(1, len(along) * _RUN // (WIDTH - RIGHT))
    runs = [(along[i], _shorten(run.name)) for i, run in enumerate(history.runs) if i % every == 0]
    trends = [_build_trend(history, line, index % LOOKS, along, up) for index, line in enumerate(series)]
    info = history.metrics[key]
    return [
        MetricChart(
            label=format_heading(info),
            decimals=info.decimals,
            ticks=up.ticks(),
            runs=runs,
            trends=_spread_labels(trends),
            series=series,
            breaks=_list_breaks(history, series),
        )
    ]


def _values(point: HistoryPoint) -> tuple[float, ...]:
    return () if point.value is None else (point.value, *(point.interval or ()))


def _place_runs(count: int) -> list[float]:
    """The place of each run on the horizontal axis, in pixels."""
    step = (WIDTH - RIGHT - charts.LEFT - 24) / max(count - 1, 1)
    return [round(charts.LEFT + 12 + index * step, 1) for index in range(count)]


def _build_trend(
    history: History, series: Series, look: int, along: Sequence[float], up: charts.Axis
) -> Trend:
    lines: list[list[ScoreMark]] = []
    for point in series.points:
        if point.value is None:
            continue
        low, high = point.interval or (point.value, point.value)
        title = _describe(history, series, point)
        mark = ScoreMark(along[point.run], up.at(point.value), up.at(low), up.at(high), title, point.reason)
        if point.joined and lines:
            lines[-1].append(mark)
        else:
            lines.append([mark])
    return Trend(series.system, look, lines, lines[-1][-1].y + 4)


def _describe(history: History, series: Series, point: HistoryPoint) -> str:
    run = history.runs[point.run]
    decimals = history.metrics[series.metric].decimals
    text = f"{series.system}, {run.name} ({run.created[:10]}): {point.value:.{decimals}f}"
    return f"{text}; not comparable with the one before: {point.reason}" if point.reason else text


def _list_breaks(history: History, series: Sequence[Series]) -> list[str]:
    return [
        f"{history.runs[point.run].name}, {line.system}: {point.reason}"
        for line in series
        for point in line.points
        if point.value is not None and point.reason
    ]


def _spread_labels(trends: Iterable[Trend]) -> list[Trend]:
    """The trends with their labels moved down so that they do not overlap."""
    spread: list[Trend] = []
    for trend in sorted(trends, key=lambda trend: trend.label_y):
        above = spread[-1].label_y + _LINE if spread else 0.0
        spread.append(trend._replace(label_y=max(trend.label_y, above)))
    return spread


def _shorten(name: str, most: int = 14) -> str:
    return name if len(name) <= most else f"…{name[-most + 1 :]}"
