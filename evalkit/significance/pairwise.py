"""The systems of one run against each other: which differ, which lead, what difference is detectable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

import numpy as np

from evalkit.metrics.scale import Scale
from evalkit.significance.paired_tests import TOLERANCE, Paired, adjust, compare_pair, detectable_difference
from evalkit.significance.units import Aggregate, Bootstrap, Sample, Units
from evalkit.types import Unit


@dataclass(frozen=True, kw_only=True)
class Pair(Paired):
    """Two systems of one run."""

    baseline: str
    candidate: str
    """Systems; `delta` is the second less the first."""


@dataclass(frozen=True, kw_only=True)
class MetricTests:
    """The systems of one run against each other, in one metric."""

    unit: Unit
    """What was drawn."""
    units: int
    """How many of them there are."""
    pairs: tuple[Pair, ...] = ()
    """All pairs of systems that have a score, in the order of the run; Holm's correction covers them
    together."""
    leaders: tuple[str, ...] = ()
    """The best system, and those not significantly worse; a single one is significantly the best."""
    detectable: float | None = None
    """The minimum detectable difference: the median over pairs of systems that differ."""
    detectable_paired: bool = True
    """False with a single system. Then `detectable` assumes an independent system of equal variance; a paired
    test detects smaller differences."""


def compare_systems(
    aggregate: Aggregate, samples: Mapping[str, Sample], units: Units, bootstrap: Bootstrap, scale: Scale
) -> MetricTests:
    """Test every system of a run against every other, in one metric.

    Args:
        aggregate: of the metric.
        samples: by system, drawn together.
        units: what was drawn.
        bootstrap: settings.
        scale: of the metric.
    """
    scored = {system: sample for system, sample in samples.items() if np.isfinite(sample.score)}
    names = list(combinations(scored, 2))
    tests = adjust([compare_pair(aggregate, scored[a], scored[b], bootstrap, scale) for a, b in names])
    pairs = tuple(
        Pair(baseline=a, candidate=b, **vars(test)) for (a, b), test in zip(names, tests, strict=True)
    )
    paired = [pair.detectable for pair in pairs if pair.detectable]
    alone = [detectable_difference(sample.scores, bootstrap) for sample in scored.values()]
    unpaired = [
        float(np.sqrt(2)) * size for size in alone if size
    ]  # 0: all resamples alike, as of one document
    return MetricTests(
        unit=units.kind,
        units=units.count,
        pairs=pairs,
        leaders=_find_leaders(
            {name: scale.merit(s.score) for name, s in scored.items()}, pairs, bootstrap.alpha
        ),
        detectable=median(paired or unpaired) if paired or unpaired else None,
        detectable_paired=bool(paired),
    )


def _find_leaders(merits: Mapping[str, float], pairs: Sequence[Pair], alpha: float) -> tuple[str, ...]:
    """The best system, and those not significantly worse.

    Without tests only the scores are known: then the leaders are the systems tied for the best.
    """
    if not merits:
        return ()
    best = max(merits, key=lambda system: merits[system])
    p_values = {frozenset((pair.baseline, pair.candidate)): pair.p_adjusted for pair in pairs}

    def is_beaten(system: str) -> bool:
        if system == best:
            return False
        if any(p is None for p in p_values.values()):
            return abs(merits[system] - merits[best]) > TOLERANCE
        return (p_values[frozenset((best, system))] or 0.0) < alpha

    return tuple(system for system in merits if not is_beaten(system))
