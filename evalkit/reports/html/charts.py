"""Geometry of the charts: scores to pixels. The templates draw them as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from evalkit.reports.numbers import format_ordinal
from evalkit.reports.ranks import find_overrated, rank_systems

if TYPE_CHECKING:
    from evalkit.runs.results import MetricScore, Run

WIDTH, HEIGHT = 360, 260
"""Size of a scatter plot, in pixels."""
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 40
"""Its margins."""
BAR = 128
"""Width of an interval in a table, in pixels."""
_LETTER, _LINE = 6.4, 13
"""Approximate width of a letter and height of a line in a label, in pixels."""
_ROWS = (0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6)
"""Lines above and below a point at which its label may be placed, in order of preference."""

Box = tuple[float, float, float, float]
"""Left, right, top and bottom, in pixels."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps values to pixels: `low` to `start` and `high` to `end`. `low` may be the greater value."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value, in pixels; values outside the axis are moved to its ends."""
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


class ControlLine(NamedTuple):
    """The score of a control on an axis."""

    name: str
    at: float


class ScoreRange(NamedTuple):
    """A score with its interval in a table, in pixels."""

    low: float
    at: float
    high: float
    lines: Sequence[ControlLine] = ()


class PointLabel(NamedTuple):
    """Where the name of a system is written."""

    x: float
    y: float
    anchor: str
    """``start`` or ``end``: which end of the text is at `x`."""
    far: bool
    """Whether the label needs a line from its point."""


class ScatterPoint(NamedTuple):
    """A system in a scatter plot, in pixels."""

    name: str
    x: float
    y: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    label: PointLabel
    overrated: str
    """``1st by BLEU, 3rd by names`` if the metric ranks it above a system with significantly better names."""


class Scatter(NamedTuple):
    """The metric that judges names (upwards) against another one (to the right)."""

    names: str
    """Label of the first."""
    label: str
    """Label of the other one."""
    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[tuple[float, str]]
    x_lines: Sequence[ControlLine]
    y_lines: Sequence[ControlLine]
    points: Sequence[ScatterPoint]


def fit_axis(
    values: Iterable[float], controls: Iterable[float], start: float, end: float, *, reverse: bool = False
) -> Axis:
    """An axis that holds all values, and those controls that leave at least half of it to the values."""
    values = list(values)
    low, high = min(values), max(values)
    most = 2 * (high - low)
    for value in sorted(controls, key=lambda value: max(low - value, value - high)):
        if max(high, value) - min(low, value) <= most:
            low, high = min(low, value), max(high, value)
    margin = (high - low) * 0.06 or abs(high) * 0.06 or 1.0
    low, high = low - margin, high + margin
    return Axis(high, low, start, end) if reverse else Axis(low, high, start, end)


def fit_metric_axis(
    run: Run, key: str, start: float, end: float, *, better_at_end: bool = False
) -> Axis | None:
    """The axis of a metric over all systems; None if no system has a score."""
    values = [value for result in run.systems.values() for value in _values(result.metrics[key])]
    if not values:
        return None
    controls = [scores[key] for scores in run.controls.values() if key in scores]
    reverse = better_at_end and not run.metrics[key].higher_is_better
    return fit_axis(values, controls, start, end, reverse=reverse)


def _values(score: MetricScore) -> tuple[float, ...]:
    """What an axis has to hold: a score and its interval, which need not include the score."""
    return () if score.value is None else (score.value, *(score.interval or ()))


def _ends(score: MetricScore) -> tuple[float, float]:
    """The interval of a score; without one, the score twice."""
    assert score.value is not None
    return score.interval or (score.value, score.value)


def _control_lines(run: Run, key: str, axis: Axis) -> list[ControlLine]:
    return [
        ControlLine(name, axis.at(scores[key]))
        for name, scores in run.controls.items()
        if key in scores and axis.holds(scores[key])
    ]


def place_scores(run: Run) -> dict[str, dict[str, ScoreRange]]:
    """Scores and intervals by system and metric; all systems share the axis of a metric."""
    ranges: dict[str, dict[str, ScoreRange]] = {name: {} for name in run.systems}
    for key in run.metrics:
        axis = fit_metric_axis(run, key, 3, BAR - 3)
        for name, result in run.systems.items():
            score = result.metrics[key]
            if axis is not None and score.value is not None:
                low, high = _ends(score)
                lines = _control_lines(run, key, axis)
                ranges[name][key] = ScoreRange(axis.at(low), axis.at(score.value), axis.at(high), lines)
    return ranges


def build_scatters(run: Run) -> list[Scatter]:
    """One plot per metric against the names; none for a metric that shares fewer than two systems with them.

    A metric that is best in the middle of its scale has none either: its axis has no better end.
    """
    names = run.names_metric
    if names is None:
        return []
    up = fit_metric_axis(run, names, HEIGHT - BOTTOM, TOP)
    scatters = []
    for key, info in run.metrics.items():
        right = fit_metric_axis(run, key, LEFT, WIDTH - RIGHT, better_at_end=True)
        systems = [name for name in run.systems if _has_scores(run, name, key, names)]
        has_ends = key != names and info.best_value is None
        if has_ends and right is not None and up is not None and len(systems) > 1:
            scatters.append(_build_scatter(run, key, systems, right, up))
    return scatters


def _has_scores(run: Run, system: str, *keys: str) -> bool:
    return all(run.systems[system].metrics[key].value is not None for key in keys)


def _build_scatter(run: Run, key: str, systems: Sequence[str], right: Axis, up: Axis) -> Scatter:
    info = run.metrics[key]
    return Scatter(
        names=run.metrics[str(run.names_metric)].label,
        label=info.label if info.higher_is_better else f"{info.label} (lower is better, axis reversed)",
        x_ticks=right.ticks(),
        y_ticks=up.ticks(),
        x_lines=_control_lines(run, key, right),
        y_lines=_control_lines(run, str(run.names_metric), up),
        points=_build_points(run, key, systems, right, up),
    )


def _build_points(run: Run, key: str, systems: Sequence[str], right: Axis, up: Axis) -> list[ScatterPoint]:
    overrated, names = _describe_overrated(run, key), str(run.names_metric)
    scores = {name: run.systems[name].metrics for name in systems}
    places = {
        name: (right.at(by_metric[key].value or 0.0), up.at(by_metric[names].value or 0.0))
        for name, by_metric in scores.items()
    }
    labels = _place_labels(places)
    points = []
    for name, (x, y) in places.items():
        x_low, x_high = map(right.at, _ends(scores[name][key]))
        y_low, y_high = map(up.at, _ends(scores[name][names]))
        ranges = (x_low, x_high), (y_low, y_high)
        points.append(ScatterPoint(name, x, y, *ranges, labels[name], overrated.get(name, "")))
    return points


def _describe_overrated(run: Run, key: str) -> dict[str, str]:
    """``1st by BLEU, 3rd by names``, by system."""
    by_metric = rank_systems(run)
    described = {}
    for name in find_overrated(run, key):
        rank, by_names = (format_ordinal(by_metric[metric][name]) for metric in (key, str(run.names_metric)))
        described[name] = f"{rank} by {run.metrics[key].label}, {by_names} by names"
    return described


def _place_labels(places: Mapping[str, tuple[float, float]]) -> dict[str, PointLabel]:
    """The nearest free place for each name, so that it covers neither a point nor another name."""
    taken = [(x - 5, x + 5, y - 5, y + 5) for x, y in places.values()]
    labels = {}
    for name, (x, y) in sorted(places.items(), key=lambda item: item[1][1]):
        size = _LETTER * len(name)
        for label_x, label_y in _label_places(x, y):
            box = _label_box(label_x, label_y, size, to_right=label_x > x)
            if _is_free(box, taken):
                break
        # without a free place, the last one that was tried
        taken.append(box)
        far = abs(label_y - y - 4) > _LINE or abs(label_x - x) > 9
        labels[name] = PointLabel(
            round(label_x, 1), round(label_y, 1), "start" if label_x > x else "end", far
        )
    return labels


def _label_places(x: float, y: float) -> Iterator[tuple[float, float]]:
    """Where the label of a point may start (to its right) or end (to its left), nearest first."""
    for row in _ROWS:
        for gap in (8, 24, 40):
            yield x + gap, y + 4 + row * _LINE
            yield x - gap, y + 4 + row * _LINE


def _label_box(x: float, y: float, size: float, *, to_right: bool) -> Box:
    left = x if to_right else x - size
    return left, left + size, y - _LINE + 2, y + 2


def _is_free(box: Box, taken: Iterable[Box]) -> bool:
    """Whether a box lies within the plot and overlaps no other."""
    left, right, top, bottom = box
    inside = left >= LEFT and right <= WIDTH and top >= 0 and bottom <= HEIGHT - BOTTOM
    return inside and not any(
        left < other[1] and other[0] < right and top < other[3] and other[2] < bottom for other in taken
    )
