"""Runs over time: one series per system and metric, broken where scores stop being comparable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from evalkit.comparison.pairing import describe_signature_change
from evalkit.comparison.results import RunInfo
from evalkit.errors import ResultsError
from evalkit.runs.finding import find_runs, make_names_unique
from evalkit.runs.reading import load
from evalkit.runs.results import MetricInfo, MetricScore, Run

FORMAT_VERSION = 1
"""Of `history.json`; raised when a key changes its meaning or is removed."""


@dataclass(frozen=True, kw_only=True)
class HistoryPoint:
    """One system in one metric, in one run."""

    run: int
    """Index into `History.runs`."""
    value: float | None
    """In the scale of the metric; None if the run has no such score."""
    interval: tuple[float, float] | None
    signature: str | None
    joined: bool
    """Whether it compares with the last point that has a value: only then may a line join the two."""
    reason: str
    """Why there is no value, or why it does not compare with the last one."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One system in one metric over all runs."""

    system: str
    metric: str
    points: tuple[HistoryPoint, ...]
    """One per run."""


@dataclass(frozen=True, kw_only=True)
class History:
    """A series of runs, oldest first."""

    runs: tuple[RunInfo, ...]
    metrics: Mapping[str, MetricInfo]
    """Label, decimals and direction, by metric, from the newest run that has it."""
    series: tuple[Series, ...]
    """Systems × metrics that any run has."""
    left_out: tuple[str, ...] = ()
    """What matched and is not a run, with the reason."""
    format_version: int = FORMAT_VERSION


def trace(runs: str | Sequence[str | Path]) -> History:
    """Read the scores of stored runs, oldest first.

    Args:
        runs: the folder of a run, a folder of runs, a glob of either, or a list of these.

    Raises:
        ResultsError: a run cannot be read, or there is none.
    """
    matches = find_runs(runs if isinstance(runs, str) else [str(run) for run in runs])
    loaded = [load(folder, statistics=False) for folder in matches.folders]
    ordered = make_names_unique(sorted(loaded, key=_read_time))
    metrics: dict[str, MetricInfo] = {}
    for run in ordered:
        metrics |= run.metrics
    systems = dict.fromkeys(system for run in ordered for system in run.systems)
    series = [
        Series(system=system, metric=key, points=tuple(_list_points(ordered, system, key)))
        for system in systems
        for key in metrics
    ]
    return History(
        runs=tuple(map(RunInfo.of, ordered)),
        metrics=metrics,
        series=tuple(s for s in series if any(point.value is not None for point in s.points)),
        left_out=tuple(matches.left_out),
    )


def _read_time(run: Run) -> datetime:
    try:
        created = datetime.fromisoformat(run.created)
    except ValueError as error:
        expected = "expected a time such as 2026-01-31T12:00:00+00:00"
        raise ResultsError(f"{run.folder}: created: {expected}, found {run.created!r}") from error
    return created if created.tzinfo else created.replace(tzinfo=timezone.utc)


def _list_points(runs: Sequence[Run], system: str, key: str) -> list[HistoryPoint]:
    points: list[HistoryPoint] = []
    last: tuple[Run, MetricScore] | None = None
    for index, run in enumerate(runs):
        score = run.systems[system].metrics.get(key) if system in run.systems else None
        if score is None or score.status != "ok":
            reason = "not in the run" if score is None else f"{score.status}: {score.reason}"
            missing = HistoryPoint(
                run=index, value=None, interval=None, signature=None, joined=False, reason=reason
            )
            points.append(missing)
            continue
        reason = "" if last is None else _explain_break(last, (run, score))
        points.append(
            HistoryPoint(
                run=index,
                value=score.value,
                interval=score.interval,
                signature=score.signature,
                joined=last is not None and not reason,
                reason=reason,
            )
        )
        last = run, score
    return points


def _explain_break(last: tuple[Run, MetricScore], now: tuple[Run, MetricScore]) -> str:
    """Why two scores do not compare; empty if they do."""
    if last[0].test_set.fingerprint != now[0].test_set.fingerprint:
        return "the test sets differ"
    if last[1].signature == now[1].signature:
        return ""
    return f"the signatures differ: {describe_signature_change(last[1].signature, now[1].signature)}"
