"""Geometry of the pictures: scores to pixels. The templates draw them as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from evalkit.reports.names import ENTITIES
from evalkit.reports.ranks import falls, ranks

if TYPE_CHECKING:
    from evalkit.runs.results import MetricScore, Run

WIDTH, HEIGHT = 360, 260
"""Of a scatter plot, in pixels."""
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 40
"""Its margins."""
BAR = 128
"""Width of an interval in a table."""
_LETTER, _LINE = 6.4, 13
"""Size of a label's letters and lines in pixels, about."""
_ROWS = (0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6)
"""Lines above and below a point where its label is tried."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From a value to a place in pixels; `high` is at `end`, whichever of the two is greater."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value, within the axis."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + min(max(share, 0.0), 1.0) * (self.end - self.start), 1)

    def holds(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        return min(self.low, self.high) <= value <= max(self.low, self.high)

    def ticks(self) -> list[tuple[float, str]]:
        """About four round values, as place and text."""
        low, high = sorted((self.low, self.high))
        power = 10 ** math.floor(math.log10((high - low) / 4))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= (high - low) / 4.5)
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        values = [step * k for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
        return [(self.at(value), f"{value:.{decimals}f}") for value in values]


class Line(NamedTuple):
    """A control on an axis."""

    name: str
    at: float


class Range(NamedTuple):
    """A score with its interval in a table, in pixels."""

    low: float
    at: float
    high: float
    lines: Sequence[Line]


class Label(NamedTuple):
    """Where the name of a point stands."""

    x: float
    y: float
    anchor: str
    far: bool
    """Whether a line has to lead to it."""


class Point(NamedTuple):
    """A system in a scatter plot, in pixels."""

    name: str
    x: float
    y: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    label: Label
    falls: str
    """Why the point is marked, such as ``1st by BLEU, 3rd by names``; empty where no system below has significantly better names."""


class Scatter(NamedTuple):
    """Entity accuracy (upwards) beside another metric (to the right)."""

    label: str
    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[tuple[float, str]]
    x_lines: Sequence[Line]
    y_lines: Sequence[Line]
    points: Sequence[Point]


def axis(
    values: Iterable[float], controls: Iterable[float], start: float, end: float, *, reverse: bool = False
) -> Axis:
    """An axis with all values, and with those controls that leave at least half of it to the values."""
    values = list(values)
    low, high = min(values), max(values)
    most = 2 * (high - low)
    for value in sorted(controls, key=lambda value: max(low - value, value - high)):
        if max(high, value) - min(low, value) <= most:
            low, high = min(low, value), max(high, value)
    margin = (high - low) * 0.06 or abs(high) * 0.06 or 1.0
    low, high = low - margin, high + margin
    return Axis(high, low, start, end) if reverse else Axis(low, high, start, end)


def metric_axis(run: Run, key: str, start: float, end: float, *, better_at_end: bool = False) -> Axis | None:
    """The axis of a metric over all systems; None where none has a score."""
    values = [value for result in run.systems.values() for value in _extent(result.metrics[key])]
    if not values:
        return None
    reverse = better_at_end and not run.metrics[key].higher_is_better
    return axis(
        values,
        (scores[key] for scores in run.controls.values() if key in scores),
        start,
        end,
        reverse=reverse,
    )


def _extent(score: MetricScore) -> tuple[float, ...]:
    return () if score.value is None else (score.value, *(score.interval or ()))


def _lines(controls: Mapping[str, Mapping[str, float]], key: str, on: Axis) -> list[Line]:
    return [
        Line(name, on.at(scores[key]))
        for name, scores in controls.items()
        if key in scores and on.holds(scores[key])
    ]


def score_ranges(run: Run) -> dict[str, dict[str, Range]]:
    """Scores and intervals by system and metric, all of one metric on one axis."""
    found: dict[str, dict[str, Range]] = {name: {} for name in run.systems}
    for key in run.metrics:
        on = metric_axis(run, key, 3, BAR - 3)
        for name, result in run.systems.items():
            score = result.metrics[key]
            if on is not None and score.value is not None:
                low, high = score.interval or (score.value, score.value)
                found[name][key] = Range(
                    on.at(low), on.at(score.value), on.at(high), _lines(run.controls, key, on)
                )
    return found


def scatters(run: Run) -> list[Scatter]:
    """One plot per metric beside entity accuracy; none where fewer than two systems have both."""
    if ENTITIES not in run.metrics:
        return []
    found = []
    up = metric_axis(run, ENTITIES, HEIGHT - BOTTOM, TOP)
    for key in run.metrics:
        right = metric_axis(run, key, LEFT, WIDTH - RIGHT, better_at_end=True)
        both = [
            name
            for name, result in run.systems.items()
            if result.metrics[key].value is not None and result.metrics[ENTITIES].value is not None
        ]
        if key != ENTITIES and right is not None and up is not None and len(both) > 1:
            label = run.metrics[key].label + (
                "" if run.metrics[key].higher_is_better else " (lower is better, and to the right)"
            )
            lines = _lines(run.controls, key, right), _lines(run.controls, ENTITIES, up)
            found.append(
                Scatter(label, right.ticks(), up.ticks(), *lines, _points(run, key, both, right, up))
            )
    return found


def _points(run: Run, key: str, systems: Sequence[str], right: Axis, up: Axis) -> list[Point]:
    by_metric, falling = ranks(run), falls(run, key)
    places = {
        name: (
            right.at(run.systems[name].metrics[key].value or 0.0),
            up.at(run.systems[name].metrics[ENTITIES].value or 0.0),
        )
        for name in systems
    }
    labels = _labels(places)
    points = []
    for name, (x, y) in places.items():
        x_low, x_high = (right.at(value) for value in _ends(run.systems[name].metrics[key]))
        y_low, y_high = (up.at(value) for value in _ends(run.systems[name].metrics[ENTITIES]))
        why = ""
        if name in falling:
            why = f"{ordinal(by_metric[key][name])} by {run.metrics[key].label}, {ordinal(by_metric[ENTITIES][name])} by names"
        points.append(Point(name, x, y, (x_low, x_high), (y_low, y_high), labels[name], why))
    return points


def _labels(places: Mapping[str, tuple[float, float]]) -> dict[str, Label]:
    """The nearest free place for each name, which covers no point and no other name."""
    taken = [(x - 5, x + 5, y - 5, y + 5) for x, y in places.values()]
    found = {}
    for name, (x, y) in sorted(places.items(), key=lambda item: item[1][1]):
        size = _LETTER * len(name)
        options = [
            (x + side * (8 + along), y + 4 + row * _LINE)
            for row in _ROWS
            for along in (0, 16, 32)
            for side in (1, -1)
        ]
        for label_x, label_y in options:
            left = label_x if label_x > x else label_x - size
            box = (left, left + size, label_y - _LINE + 2, label_y + 2)
            inside = box[0] >= LEFT and box[1] <= WIDTH and box[2] >= 0 and box[3] <= HEIGHT - BOTTOM
            if inside and not any(
                box[0] < b[1] and b[0] < box[1] and box[2] < b[3] and b[2] < box[3] for b in taken
            ):
                break
        taken.append(box)
        found[name] = Label(
            round(label_x, 1),
            round(label_y, 1),
            "start" if label_x > x else "end",
            abs(label_y - y - 4) > _LINE or abs(label_x - x) > 9,
        )
    return found


def _ends(score: MetricScore) -> tuple[float, float]:
    assert score.value is not None
    return score.interval or (score.value, score.value)


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
