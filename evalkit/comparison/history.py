"""Runs over time: one series per system and metric, broken where scores stop being comparable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from evalkit.comparison.compare import RunInfo, run_info
from evalkit.comparison.pairing import signature_difference
from evalkit.errors import ResultsError
from evalkit.runs.finding import called_apart, find_runs
from evalkit.runs.reading import load
from evalkit.runs.results import OK, MetricInfo, Run

FORMAT_VERSION = 1
"""Of `history.json`; raised when a key changes its meaning or goes."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One system in one metric, in one run."""

    run: int
    """Index into `History.runs`."""
    value: float | None
    """In the scale of the metric; None where the run has no such score."""
    interval: tuple[float, float] | None
    signature: str | None
    joined: bool
    """Whether it compares with the last point that has a value: only then may a line be drawn between the two."""
    reason: str
    """Why there is no value, or why it does not compare with the last one."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One system in one metric over all runs."""

    system: str
    metric: str
    points: tuple[Point, ...]
    """One per run."""


@dataclass(frozen=True, kw_only=True)
class History:
    """A series of runs, oldest first."""

    runs: tuple[RunInfo, ...]
    metrics: Mapping[str, MetricInfo]
    """Label, decimals and direction, by metric: as the newest run that has it says."""
    series: tuple[Series, ...]
    """Systems × metrics that any run has."""
    left_out: tuple[str, ...] = ()
    """What was found beside runs, and why it is none."""
    format_version: int = FORMAT_VERSION


def trace(runs: str | Sequence[str | Path]) -> History:
    """Read the scores of stored runs, oldest first.

    Args:
        runs: the folder of a run, a folder of runs, a glob of either, or a list of these.

    Raises:
        ResultsError: a run cannot be read, or there is none.
    """
    folders, left_out = find_runs(runs if isinstance(runs, str) else [str(run) for run in runs])
    loaded = called_apart(sorted((load(folder, statistics=False) for folder in folders), key=_created))
    metrics: dict[str, MetricInfo] = {}
    for run in loaded:
        metrics |= run.metrics
    systems = dict.fromkeys(system for run in loaded for system in run.systems)
    series = [
        Series(system=system, metric=key, points=tuple(_points(loaded, system, key)))
        for system in systems
        for key in metrics
    ]
    return History(
        runs=tuple(run_info(run) for run in loaded),
        metrics=metrics,
        series=tuple(found for found in series if any(point.value is not None for point in found.points)),
        left_out=tuple(left_out),
    )


def _created(run: Run) -> datetime:
    try:
        created = datetime.fromisoformat(run.created)
    except (TypeError, ValueError) as error:
        raise ResultsError(
            f"{run.folder}: created: expected a time such as 2026-01-31T12:00:00+00:00, found {run.created!r}"
        ) from error
    return created if created.tzinfo else created.replace(tzinfo=timezone.utc)


def _points(runs: Sequence[Run], system: str, key: str) -> list[Point]:
    points: list[Point] = []
    last: tuple[str, str | None] | None = None
    for index, run in enumerate(runs):
        score = run.systems[system].metrics.get(key) if system in run.systems else None
        if score is None or score.status != OK:
            reason = "not in the run" if score is None else f"{score.status}: {score.reason}"
            points.append(
                Point(run=index, value=None, interval=None, signature=None, joined=False, reason=reason)
            )
            continue
        made = (str(run.test_set["fingerprint"]), score.signature)
        reason = "" if last is None else _break(last, made)
        joined = last is not None and not reason
        points.append(
            Point(
                run=index,
                value=score.value,
                interval=score.interval,
                signature=score.signature,
                joined=joined,
                reason=reason,
            )
        )
        last = made
    return points


def _break(last: tuple[str, str | None], made: tuple[str, str | None]) -> str:
    if last[0] != made[0]:
        return "the test sets differ"
    return "" if last[1] == made[1] else f"the signatures differ: {signature_difference(last[1], made[1])}"
