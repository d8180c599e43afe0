"""Intervals and paired tests by resampling, over summable statistics.

`docs/statistics.md` has a worked example.

Bootstrap, Koehn (2004), "Statistical Significance Tests for Machine Translation Evaluation": draw as many
units as there are, with replacement, many times; the spread of the score over these resamples is its
uncertainty.

Approximate randomisation, Riezler and Maxwell (2005), "On Some Pitfalls in Automatic Evaluation and
Significance Testing for MT": if two systems do not differ, their outputs of a unit may be exchanged; p is the
share of such exchanges that give a difference as large as the observed one.

The p-values are those of sacrebleu's `PairedTest` with one exception: a difference equal to the observed one
counts here, while sacrebleu counts only larger ones. So identical outputs have p = 1 and not 1/(n+1), as do
outputs that differ in one unit. Otherwise BLEU and chrF hardly ever tie. `Bootstrap.count_ties` restores
sacrebleu's rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from evalkit.metrics.scale import Scale
from evalkit.significance.units import Aggregate, Bootstrap, Sample

if TYPE_CHECKING:
    from evalkit.types import FloatArray

TOLERANCE = 1e-10
"""Differences closer to each other than this are equal: sums of floats depend on their order."""


def interval(scores: FloatArray, level: float) -> tuple[float, float] | None:
    """The percentile interval of [resamples] scores; None without scores.

    A resample that has nothing to score, such as one without names, is NaN and ignored.
    """
    scores = scores[~np.isnan(scores)]
    if not len(scores):
        return None
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


@dataclass(frozen=True, kw_only=True)
class Paired:
    """Two systems in one metric on the same test set."""

    delta: float
    """Candidate less baseline, in the scale of the metric."""
    interval: tuple[float, float] | None
    """Of the difference, by paired bootstrap."""
    p_bootstrap: float | None
    """Two-sided, by paired bootstrap. Like sacrebleu's, it finds more differences than there are
    (docs/statistics.md)."""
    p_randomisation: float | None
    """Two-sided, by approximate randomisation."""
    detectable: float | None
    """The minimum detectable difference of these two systems, in the scale of the metric."""
    p_adjusted: float | None = None
    """`p_value` after Holm's correction for the systems tested together."""

    @property
    def p_value(self) -> float | None:
        """The p that decides: by approximate randomisation if it was computed, otherwise by bootstrap."""
        return self.p_bootstrap if self.p_randomisation is None else self.p_randomisation


def compare_pair(
    aggregate: Aggregate,
    baseline: Sample,
    candidate: Sample,
    bootstrap: Bootstrap,
    scale: Scale | None = None,
) -> Paired:
    """Test the difference of two samples that were drawn together.

    Args:
        aggregate: of the metric.
        baseline: one system.
        candidate: the other system.
        bootstrap: settings.
        scale: of the metric. If it has a best value, the tests compare the distances to it: 0.9 and 1.1 do
            not differ if 1 is best. `delta` and its interval are always of the scores themselves.
    """
    differences = candidate.scores - baseline.scores
    delta, low_high = candidate.score - baseline.score, interval(differences, bootstrap.level)
    if scale is not None and scale.best_value is not None:
        aggregate, baseline, candidate = _by_merit(scale, aggregate), *_merits(scale, baseline, candidate)
        differences = candidate.scores - baseline.scores
    return Paired(
        delta=delta,
        interval=low_high,
        p_bootstrap=bootstrap_p(candidate.score - baseline.score, differences, bootstrap),
        p_randomisation=randomisation_p(aggregate, baseline, candidate, bootstrap),
        detectable=detectable_difference(differences, bootstrap),
    )


def _by_merit(scale: Scale, aggregate: Aggregate) -> Aggregate:
    return lambda total: scale.merit(aggregate(total))


def _merits(scale: Scale, *samples: Sample) -> list[Sample]:
    return [replace(s, score=scale.merit(s.score), scores=scale.merit(s.scores)) for s in samples]


def bootstrap_p(delta: float, differences: FloatArray, bootstrap: Bootstrap) -> float | None:
    """The share of resamples whose absolute difference exceeds its mean by the observed one.

    Args:
        delta: the observed difference.
        differences: [resamples] the same in each resample; NaN is ignored.
        bootstrap: settings.

    Returns:
        None without resamples.
    """
    sizes = np.abs(differences[~np.isnan(differences)])
    if not len(sizes):
        return None
    return _share_reaching(sizes - sizes.mean(), delta, count_ties=bootstrap.count_ties)


def randomisation_p(
    aggregate: Aggregate, baseline: Sample, candidate: Sample, bootstrap: Bootstrap
) -> float | None:
    """The share of exchanges whose absolute difference reaches the observed one; None without any."""
    moved = baseline.heads - candidate.heads
    sizes = np.abs(aggregate(candidate.total + moved) - aggregate(baseline.total - moved))
    sizes = sizes[~np.isnan(sizes)]
    if not len(sizes):
        return None
    return _share_reaching(sizes, candidate.score - baseline.score, count_ties=bootstrap.count_ties)


def _share_reaching(sizes: FloatArray, delta: float, *, count_ties: bool) -> float:
    """The share of differences that reach the observed one, itself counted among them (Noreen 1989)."""
    reached = sizes >= abs(delta) - TOLERANCE if count_ties or not sizes.any() else sizes > abs(delta)
    return (int(np.count_nonzero(reached)) + 1) / (len(sizes) + 1)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjusted p-values, in the given order.

    Holm (1979), "A Simple Sequentially Rejective Multiple Test Procedure".
    """
    order = sorted((p, index) for index, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    highest = 0.0
    for rank, (p, index) in enumerate(order):
        highest = max(highest, min(1.0, p * (len(order) - rank)))
        adjusted[index] = highest
    return adjusted


def adjust(tests: Sequence[Paired]) -> list[Paired]:
    """The tests with `p_adjusted`; together they are one family."""
    adjusted = holm([test.p_value for test in tests])
    return [replace(test, p_adjusted=p) for test, p in zip(tests, adjusted, strict=True)]


def detectable_difference(differences: FloatArray, bootstrap: Bootstrap) -> float | None:
    """The minimum detectable difference: (z(1 - α/2) + z(power)) standard errors; None without resamples.

    Bloom (1995), "Minimum Detectable Effects: A Simple Way to Report the Statistical Power of Experimental
    Designs".

    Args:
        differences: [resamples] differences of two systems; their standard deviation is the standard error.
        bootstrap: settings.
    """
    differences = differences[~np.isnan(differences)]
    if len(differences) < 2:
        return None
    normal = NormalDist()
    deviations = normal.inv_cdf(1 - bootstrap.alpha / 2) + normal.inv_cdf(bootstrap.power)
    return float(deviations * differences.std(ddof=1))
