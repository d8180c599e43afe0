"""Two runs side by side: what moved, whether it means anything, and what cannot be compared and why.

Everything comes from the stored statistics of the two runs; no model is loaded, and nothing is scored again but sums.
Segments are paired by document and id, and only where source and references are the same; scores are compared only
where their signatures are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evalkit.comparison.changes import (
    Change,
    DocumentChange,
    EntityChange,
    SegmentChange,
    document_changes,
    entity_changes,
    run_changes,
    segment_changes,
)
from evalkit.comparison.pairing import Matched, Unmatched, match, pair_segments, pair_systems
from evalkit.errors import ConfigError
from evalkit.runs.reading import load
from evalkit.runs.results import MetricInfo, Run
from evalkit.significance.paired_tests import Paired, paired, with_holm
from evalkit.significance.units import SEGMENT, Bootstrap, choose_units, resample

if TYPE_CHECKING:
    from evalkit.metrics.base import Metric

FORMAT_VERSION = 1
"""Of `comparison.json`; raised when a key changes its meaning or goes."""

IMPROVED, REGRESSED, NOT_SIGNIFICANT, WITHIN_TOLERANCE = (
    "improved",
    "regressed",
    "not significant",
    "within tolerance",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One system in one metric, in both runs."""

    system: str
    """In the candidate."""
    baseline_system: str
    """In the baseline: the same, or what ``baseline_systems`` says."""
    metric: str
    part: str = ""
    """Empty for the metric as a whole; else what of it, such as the entity type ``PER``."""
    status: str
    """improved, regressed, within tolerance, not significant, not comparable or missing."""
    reason: str = ""
    """Why it cannot be compared."""
    baseline: float | None = None
    candidate: float | None = None
    """Scores, in the scale of the metric."""
    delta: float | None = None
    """Candidate less baseline. Where less is better, as for TER, a negative one is an improvement."""
    interval: tuple[float, float] | None = None
    """Of the difference, by paired bootstrap."""
    p_value: float | None = None
    """The p that decides, before correction: see `evalkit.significance.paired_tests.Paired.p_value`."""
    p_bootstrap: float | None = None
    p_randomisation: float | None = None
    p_adjusted: float | None = None
    """`p_value` after Holm's correction over the systems of this comparison in this metric; `status` follows it."""
    detectable: float | None = None
    """The minimal detectable difference of these two outputs."""
    unit: str = ""
    """What was drawn: document or segment."""
    units: int = 0
    """How many of them there are."""


@dataclass(frozen=True, kw_only=True)
class RunInfo:
    """What a report says of a run."""

    name: str
    folder: str | None
    created: str
    evalkit_version: str
    fingerprint: str
    """Of its test set."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All systems and metrics of two runs: all that a report draws, without a score to work out."""

    baseline: RunInfo
    candidate: RunInfo
    test_set: str
    """Name of the candidate's."""
    metrics: Mapping[str, MetricInfo]
    """Label, decimals and direction, by metric: of the candidate, and of the baseline for what only that has."""
    rows: tuple[Row, ...]
    """Systems × metrics."""
    parts: tuple[Row, ...] = ()
    """Comparable systems × parts of a metric that have a score, such as entity types."""
    documents: tuple[DocumentChange, ...] = ()
    """Comparable systems × metrics × documents, in the order of the rows; empty where there are no documents."""
    segments: tuple[SegmentChange, ...] = ()
    """By system and metric the segments that lost most, then those that gained most; the greatest change first."""
    entities: tuple[EntityChange, ...] = ()
    """Every name that was right in one run and wrong in the other."""
    audited: tuple[tuple[str, str], ...] = ()
    """Systems and metrics of which both runs say what became of every name; there `entities` is complete."""
    changes: tuple[Change, ...] = ()
    """Settings, versions and inputs that differ."""
    unpaired: str = ""
    """Why no segment has a counterpart, such as that the test sets differ; empty where they have."""
    significance: Bootstrap
    tolerance: Mapping[str, float]
    """By metric: a smaller difference is within tolerance."""
    format_version: int = FORMAT_VERSION

    @property
    def units(self) -> str:
        """What was drawn, in words: ``10 documents``; of several kinds all."""
        return " and ".join(sorted({f"{row.units} {row.unit}s" for row in self.rows if row.unit}))

    def row(self, system: str, metric: str, part: str = "") -> Row | None:
        """The row of a system and metric; None where there is none."""
        return next(
            (
                row
                for row in self.rows + self.parts
                if (row.system, row.metric, row.part) == (system, metric, part)
            ),
            None,
        )


def compare(
    baseline: Run | str | Path,
    candidate: Run | str | Path,
    *,
    significance: Bootstrap | None = None,
    baseline_systems: Mapping[str, str] | None = None,
    tolerance: Mapping[str, float] | None = None,
    most: int = 10,
) -> Comparison:
    """Compare two runs, system by system and metric by metric, by paired tests over their statistics.

    Args:
        baseline: a run, or the folder of one.
        candidate: a run, or the folder of one.
        significance: settings of the tests.
        baseline_systems: systems of the baseline by those of the candidate, where their names differ.
        tolerance: by metric, the difference up to which a significant one is within tolerance.
        most: segments that moved most to list, for better and for worse, by system and metric.

    Raises:
        ConfigError: settings that cannot be used, such as a system that a run does not have.
        ResultsError: a run cannot be read, or was edited.
    """
    bootstrap, allowed = significance or Bootstrap(), tolerance or {}
    old, new = (run if isinstance(run, Run) else load(run) for run in (baseline, candidate))
    _check(old, new, bootstrap, allowed, most)
    order, reason = pair_segments(old, new)
    systems = pair_systems(old, new, baseline_systems or {})
    metrics = {**new.metrics, **{key: info for key, info in old.metrics.items() if key not in new.metrics}}
    rows: list[Row] = []
    pairs: list[Matched] = []
    for key in metrics:
        found = [match(old, new, pair, key, order, reason) for pair in systems]
        matched = [pair for pair in found if isinstance(pair, Matched)]
        rows += [_unmatched(pair) for pair in found if isinstance(pair, Unmatched)]
        rows += _tested(matched, old.documents_of_segments, bootstrap, allowed)
        pairs += matched
    ranks = {system: rank for rank, (system, _) in enumerate(systems)}
    keys = list(metrics)
    rows.sort(key=lambda row: (ranks[row.system], keys.index(row.metric)))
    pairs.sort(key=lambda pair: (ranks[pair.system], keys.index(pair.key)))
    audits = {(pair.system, pair.key): entity_changes(pair, old, new) for pair in pairs}
    return Comparison(
        baseline=run_info(old),
        candidate=run_info(new),
        test_set=new.test_set["name"],
        metrics=metrics,
        rows=tuple(row for row in rows if not row.part),
        parts=tuple(row for row in rows if row.part),
        documents=tuple(
            change for pair in pairs for change in document_changes(pair, old.documents_of_segments)
        ),
        segments=segment_changes(
            [pair for pair in pairs if pair.metric.unit == SEGMENT], old, new, order, most
        ),
        entities=tuple(change for found in audits.values() if found is not None for change in found),
        audited=tuple(key for key, found in audits.items() if found is not None),
        changes=run_changes(old, new, systems),
        unpaired=reason,
        significance=bootstrap,
        tolerance=allowed,
    )


def _check(old: Run, new: Run, bootstrap: Bootstrap, tolerance: Mapping[str, float], most: int) -> None:
    if not bootstrap.resamples and not bootstrap.trials:
        raise ConfigError("significance: a comparison needs a test, found resamples=0 and trials=0")
    unknown = [key for key in tolerance if key not in old.metrics and key not in new.metrics]
    if unknown or not all(isinstance(value, int | float) and value >= 0 for value in tolerance.values()):
        raise ConfigError(
            f"tolerance: expected numbers of 0 or more by metric ({', '.join(new.metrics)}), found {dict(tolerance)}"
        )
    if most < 0:
        raise ConfigError(f"most: expected 0 or more, found {most}")


def run_info(run: Run) -> RunInfo:
    """What a report says of a run."""
    return RunInfo(
        name=run.name,
        folder=run.folder,
        created=run.created,
        evalkit_version=run.evalkit_version,
        fingerprint=run.test_set["fingerprint"],
    )


def _unmatched(pair: Unmatched) -> Row:
    return Row(
        system=pair.system,
        baseline_system=pair.baseline_system,
        metric=pair.key,
        status=pair.status,
        reason=pair.reason,
        baseline=pair.baseline,
        candidate=pair.candidate,
    )


def _tested(
    pairs: Sequence[Matched],
    documents: Sequence[str | None],
    bootstrap: Bootstrap,
    tolerance: Mapping[str, float],
) -> list[Row]:
    """The rows of one metric: of every system the metric as a whole, then its parts."""
    if not pairs:
        return []
    whole = pairs[0].metric
    units = choose_units(documents, bootstrap, whole.unit)
    parts: dict[str, Metric] = {"": whole, **whole.parts()}
    of = {
        (pair.system, part, side): (metric.aggregate, values)
        for pair in pairs
        for part, metric in parts.items()
        for side, values in enumerate((pair.baseline, pair.candidate))
    }
    samples = resample(of, units, bootstrap)
    rows = []
    for part, metric in parts.items():
        both = [(pair, samples[pair.system, part, 0], samples[pair.system, part, 1]) for pair in pairs]
        both = [
            (pair, old, new) for pair, old, new in both if np.isfinite(old.score) and np.isfinite(new.score)
        ]
        tests = with_holm([paired(metric.aggregate, old, new, bootstrap) for _, old, new in both])
        rows += [
            Row(
                system=pair.system,
                baseline_system=pair.baseline_system,
                metric=pair.key,
                part=part,
                status=_status(
                    test,
                    bootstrap.alpha,
                    tolerance.get(pair.key, 0.0),
                    higher_is_better=whole.higher_is_better,
                ),
                baseline=old.score,
                candidate=new.score,
                p_value=test.p_value,
                unit=units.kind,
                units=units.count,
                **vars(test),
            )
            for (pair, old, new), test in zip(both, tests, strict=True)
        ]
    return rows


def _status(test: Paired, alpha: float, tolerance: float, *, higher_is_better: bool) -> str:
    if test.p_adjusted is None or test.p_adjusted >= alpha:
        return NOT_SIGNIFICANT
    if abs(test.delta) <= tolerance:
        return WITHIN_TOLERANCE
    return IMPROVED if (test.delta > 0) == higher_is_better else REGRESSED
