"""Compare two runs: what changed, whether it is significant, and what cannot be compared and why.

Everything comes from the stored statistics of the two runs; no model is loaded and no text is scored.
Segments are paired by document and id, and only if source and references are the same. Scores are compared
only if their signatures are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evalkit.comparison.changes import (
    list_document_changes,
    list_entity_changes,
    list_run_changes,
    list_segment_changes,
)
from evalkit.comparison.pairing import Matched, SystemPair, Unmatched, match, pair_segments, pair_systems
from evalkit.comparison.results import Comparison, Row, RowStatus, RunInfo
from evalkit.errors import ConfigError
from evalkit.runs.reading import load
from evalkit.runs.results import MetricInfo, Run
from evalkit.significance.paired_tests import Paired, adjust, compare_pair
from evalkit.significance.units import Bootstrap, Sample, Units, choose_units, resample

if TYPE_CHECKING:
    from evalkit.metrics.base import Metric
    from evalkit.metrics.scale import Scale


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
        most: segments that changed most to list, for better and for worse, by system and metric.

    Raises:
        ConfigError: invalid settings, such as a system that a run does not have.
        ResultsError: a run cannot be read, or was edited.
    """
    bootstrap, tolerance = significance or Bootstrap(), tolerance or {}
    old, new = (run if isinstance(run, Run) else load(run) for run in (baseline, candidate))
    metrics = {**new.metrics, **{key: info for key, info in old.metrics.items() if key not in new.metrics}}
    _check_settings(metrics, bootstrap, tolerance, most)
    segments, systems = pair_segments(old, new), pair_systems(old, new, baseline_systems or {})
    pairs = [match(old, new, pair, key, segments) for pair in systems for key in metrics]
    matched = [pair for pair in pairs if isinstance(pair, Matched)]
    rows = [_make_unmatched_row(pair) for pair in pairs if isinstance(pair, Unmatched)]
    for key in metrics:
        own = [pair for pair in matched if pair.key == key]
        rows += _test(own, old.documents_of_segments, bootstrap, tolerance.get(key, 0.0))
    order = {(pair.systems.candidate, pair.key): place for place, pair in enumerate(pairs)}
    rows.sort(key=lambda row: order[row.system, row.metric])
    names = {(pair.systems.candidate, pair.key): list_entity_changes(pair, old, new) for pair in matched}
    of_segments = [pair for pair in matched if pair.metric.unit == "segment"]
    documents = (list_document_changes(pair, old.documents_of_segments) for pair in matched)
    return Comparison(
        baseline=RunInfo.of(old),
        candidate=RunInfo.of(new),
        test_set=new.test_set.name,
        metrics=metrics,
        rows=tuple(row for row in rows if not row.part),
        parts=tuple(row for row in rows if row.part),
        documents=tuple(change for changes in documents for change in changes),
        segments=list_segment_changes(of_segments, old, new, segments, most),
        entities=tuple(change for changes in names.values() for change in changes or ()),
        audited=tuple(pair for pair, changes in names.items() if changes is not None),
        changes=list_run_changes(old, new, systems),
        unpaired=segments.reason,
        significance=bootstrap,
        tolerance=tolerance,
    )


def _check_settings(
    metrics: Mapping[str, MetricInfo], bootstrap: Bootstrap, tolerance: Mapping[str, float], most: int
) -> None:
    if not bootstrap.resamples and not bootstrap.trials:
        raise ConfigError(
            "significance: a comparison needs a test, found resamples=0 and trials=0; set one of them"
        )
    known = all(key in metrics for key in tolerance)
    if not known or not all(isinstance(value, int | float) and value >= 0 for value in tolerance.values()):
        expected = f"numbers of 0 or more by metric ({', '.join(metrics)})"
        raise ConfigError(f"tolerance: expected {expected}, found {dict(tolerance)}")
    if most < 0:
        raise ConfigError(f"most: expected 0 or more, found {most}")


def _make_unmatched_row(pair: Unmatched) -> Row:
    return Row(
        system=pair.systems.candidate,
        baseline_system=pair.systems.baseline,
        metric=pair.key,
        status=pair.status,
        reason=pair.reason,
        baseline=pair.baseline,
        candidate=pair.candidate,
    )


def _test(
    pairs: Sequence[Matched], documents: Sequence[str | None], bootstrap: Bootstrap, tolerance: float
) -> list[Row]:
    """The rows of one metric: of every system the metric as a whole, then its parts."""
    if not pairs:
        return []
    whole = pairs[0].metric
    units = choose_units(documents, bootstrap, whole.unit)
    parts: dict[str, Metric] = {"": whole, **whole.parts()}
    samples = _resample(pairs, parts, units, bootstrap)
    rows = []
    for part, metric in parts.items():
        both = [(pair, samples[pair.systems, part, 0], samples[pair.systems, part, 1]) for pair in pairs]
        both = [
            (pair, old, new) for pair, old, new in both if np.isfinite(old.score) and np.isfinite(new.score)
        ]
        compared = [compare_pair(metric.aggregate, old, new, bootstrap, whole.scale) for _, old, new in both]
        for (pair, old, new), test in zip(both, adjust(compared), strict=True):
            status = _judge(test, old.score, bootstrap.alpha, tolerance, whole.scale)
            rows.append(_make_row(pair, part, status, (old.score, new.score), test, units))
    return rows


def _resample(
    pairs: Sequence[Matched], parts: Mapping[str, Metric], units: Units, bootstrap: Bootstrap
) -> dict[tuple[SystemPair, str, int], Sample]:
    """By systems, part, and 0 for the baseline or 1 for the candidate."""
    inputs = {
        (pair.systems, part, side): (metric.aggregate, values)
        for pair in pairs
        for part, metric in parts.items()
        for side, values in enumerate((pair.baseline, pair.candidate))
    }
    return resample(inputs, units, bootstrap)


def _make_row(
    pair: Matched, part: str, status: RowStatus, scores: tuple[float, float], test: Paired, units: Units
) -> Row:
    return Row(
        system=pair.systems.candidate,
        baseline_system=pair.systems.baseline,
        metric=pair.key,
        part=part,
        status=status,
        baseline=scores[0],
        candidate=scores[1],
        p_value=test.p_value,
        unit=units.kind,
        units=units.count,
        **vars(test),
    )


def _judge(test: Paired, baseline: float, alpha: float, tolerance: float, scale: Scale) -> RowStatus:
    if test.p_adjusted is None or test.p_adjusted >= alpha:
        return "not significant"
    if abs(test.delta) <= tolerance:
        return "within tolerance"
    return "improved" if scale.merit(baseline + test.delta) > scale.merit(baseline) else "regressed"
