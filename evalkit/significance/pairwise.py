"""The systems of one run against each other: which differ, which lead, and what difference could be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

import numpy as np

from evalkit.significance.paired_tests import TOLERANCE, Paired, detectable_difference, paired, with_holm
from evalkit.significance.units import Aggregate, Bootstrap, Sample, Units


@dataclass(frozen=True, kw_only=True)
class Pair(Paired):
    """Two systems of one run."""

    baseline: str
    candidate: str
    """Systems; `delta` is the second less the first."""


@dataclass(frozen=True, kw_only=True)
class MetricTests:
    """The systems of one run against each other, in one metric."""

    unit: str
    """What was drawn: document or segment."""
    units: int
    """How many of them there are."""
    pairs: tuple[Pair, ...] = ()
    """All pairs of systems that have a score, in the order of the run; Holm's correction is over these."""
    leaders: tuple[str, ...] = ()
    """The best system, and those that are not significantly worse; one alone is significantly the best."""
    detectable: float | None = None
    """The minimal detectable difference: the median over pairs of systems that differ."""
    detectable_paired: bool = True
    """False with one system alone: then `detectable` is for an independent one as variable, which is more than a paired test needs."""


def compare_systems(
    aggregate: Aggregate,
    samples: Mapping[str, Sample],
    units: Units,
    bootstrap: Bootstrap,
    *,
    higher_is_better: bool,
) -> MetricTests:
    """Every system of a run against every other, in one metric.

    Args:
        aggregate: of the metric.
        samples: by system, drawn together.
        units: what was drawn.
        bootstrap: settings.
        higher_is_better: of the metric.
    """
    scored = {system: sample for system, sample in samples.items() if np.isfinite(sample.score)}
    names = list(combinations(scored, 2))
    tests = with_holm([paired(aggregate, scored[one], scored[other], bootstrap) for one, other in names])
    pairs = tuple(
        Pair(baseline=one, candidate=other, **vars(test))
        for (one, other), test in zip(names, tests, strict=True)
    )
    known = [pair.detectable for pair in pairs if pair.detectable]
    alone = [detectable_difference(sample.scores, bootstrap) for sample in scored.values()]
    unpaired = [
        float(np.sqrt(2)) * size for size in alone if size
    ]  # 0: all resamples alike, as of one document
    return MetricTests(
        unit=units.kind,
        units=units.count,
        pairs=pairs,
        leaders=_leaders(
            {system: sample.score for system, sample in scored.items()},
            pairs,
            bootstrap.alpha,
            higher_is_better,
        ),
        detectable=median(known or unpaired) if known or unpaired else None,
        detectable_paired=bool(known),
    )


def _leaders(
    scores: Mapping[str, float], pairs: Sequence[Pair], alpha: float, higher_is_better: bool
) -> tuple[str, ...]:
    if not scores:
        return ()
    best = (max if higher_is_better else min)(scores, key=lambda system: scores[system])
    p_values = {frozenset((pair.baseline, pair.candidate)): pair.p_adjusted for pair in pairs}
    beaten = {
        system for system in scores if system != best and (p_values[frozenset((best, system))] or 0.0) < alpha
    }
    if any(p is None for p in p_values.values()):  # not tested: nothing is known but the scores
        beaten = {system for system, score in scores.items() if abs(score - scores[best]) > TOLERANCE}
    return tuple(system for system in scores if system not in beaten)
