"""Intervals and paired tests by resampling, over summable statistics. `docs/statistics.md` has an example by hand.

Bootstrap, Koehn (2004), "Statistical Significance Tests for Machine Translation Evaluation": draw as many units as there
are, with replacement, many times; the spread of the score over these resamples is its uncertainty.

Approximate randomisation, Riezler and Maxwell (2005), "On Some Pitfalls in Automatic Evaluation and Significance Testing
for MT": if two systems do not differ, their outputs of a unit may change places; p is the share of such exchanges that
give a difference as great as the observed one.

All metrics and systems see the same draws. The unit is the document where there are enough of them, since the segments
of one document are not independent; else the segment.

p-values are those of sacrebleu's `PairedTest` but for one thing: a difference equal to the observed one counts here, where
sacrebleu counts only greater ones. So identical outputs have p = 1 and not 1/(n+1), and so have outputs that differ in one
unit; BLEU and chrF hardly ever tie else. `Bootstrap.count_ties` gives the other way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from evalkit.significance.units import Aggregate, Bootstrap, Sample

if TYPE_CHECKING:
    from evalkit.types import FloatArray


TOLERANCE = 1e-10
"""Differences that are nearer to each other than this are equal: sums of floats depend on their order."""


def interval(scores: FloatArray, level: float) -> tuple[float, float] | None:
    """The percentile interval of resampled scores; None without scores.

    A resample without anything to score, such as one without names, is NaN and does not count.
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
    """Two-sided, by paired bootstrap; as sacrebleu's, it finds more differences than there are (docs/statistics.md)."""
    p_randomisation: float | None
    """Two-sided, by approximate randomisation."""
    detectable: float | None
    """The minimal detectable difference of these two systems, in the scale of the metric."""
    p_adjusted: float | None = None
    """`p_value` after Holm's correction for the systems that were tested together."""

    @property
    def p_value(self) -> float | None:
        """The p that decides: that of approximate randomisation, or of the bootstrap where there is no other."""
        return self.p_bootstrap if self.p_randomisation is None else self.p_randomisation


def paired(aggregate: Aggregate, baseline: Sample, candidate: Sample, bootstrap: Bootstrap) -> Paired:
    """Test the difference of two samples that were drawn together."""
    delta = candidate.score - baseline.score
    differences = candidate.scores - baseline.scores
    return Paired(
        delta=delta,
        interval=interval(differences, bootstrap.level),
        p_bootstrap=bootstrap_p(delta, differences, bootstrap),
        p_randomisation=randomisation_p(aggregate, baseline, candidate, bootstrap),
        detectable=detectable_difference(differences, bootstrap),
    )


def bootstrap_p(delta: float, differences: FloatArray, bootstrap: Bootstrap) -> float | None:
    """The share of resamples in which the absolute difference exceeds its own mean by the observed one; None without any.

    Args:
        delta: the observed difference.
        differences: [resamples] the same in each resample; NaN does not count.
        bootstrap: settings.
    """
    sizes = np.abs(differences[~np.isnan(differences)])
    return _share(sizes - sizes.mean(), delta, count_ties=bootstrap.count_ties) if len(sizes) else None


def randomisation_p(
    aggregate: Aggregate, baseline: Sample, candidate: Sample, bootstrap: Bootstrap
) -> float | None:
    """The share of trials whose exchange of units gives an absolute difference as great as the observed one; None without any."""
    moved = baseline.heads - candidate.heads
    sizes = np.abs(aggregate(candidate.total + moved) - aggregate(baseline.total - moved))
    sizes = sizes[~np.isnan(sizes)]
    return (
        _share(sizes, candidate.score - baseline.score, count_ties=bootstrap.count_ties)
        if len(sizes)
        else None
    )


def _share(found: FloatArray, delta: float, *, count_ties: bool) -> float:
    """The share of numbers that reach the observed difference, itself counted among them (Noreen 1989)."""
    reached = found >= abs(delta) - TOLERANCE if count_ties or not found.any() else found > abs(delta)
    return (int(np.count_nonzero(reached)) + 1) / (len(found) + 1)


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Holm (1979), "A Simple Sequentially Rejective Multiple Test Procedure": adjusted p-values, in the given order."""
    order = sorted((p, index) for index, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    highest = 0.0
    for rank, (p, index) in enumerate(order):
        highest = max(highest, min(1.0, p * (len(order) - rank)))
        adjusted[index] = highest
    return adjusted


def with_holm(tests: Sequence[Paired]) -> list[Paired]:
    """The tests with `p_adjusted`; together they are one family."""
    return [
        replace(test, p_adjusted=p)
        for test, p in zip(tests, holm([test.p_value for test in tests]), strict=True)
    ]


def detectable_difference(differences: FloatArray, bootstrap: Bootstrap) -> float | None:
    """Bloom (1995), "Minimum Detectable Effects": (z(1 - α/2) + z(power)) standard errors; None without resamples.

    Args:
        differences: [resamples] differences of two systems; their standard deviation is the standard error.
        bootstrap: settings.
    """
    differences = differences[~np.isnan(differences)]
    if len(differences) < 2:
        return None
    normal = NormalDist()
    return float(
        (normal.inv_cdf(1 - bootstrap.alpha / 2) + normal.inv_cdf(bootstrap.power)) * differences.std(ddof=1)
    )
