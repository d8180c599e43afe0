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

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from evalkit.errors import ConfigError
from evalkit.resampling import bootstrap_sums, coin_sums

if TYPE_CHECKING:
    from evalkit.types import FloatArray, IntArray

Aggregate = Callable[["FloatArray"], "FloatArray"]
"""[..., k] sums of statistics to [...] scores; see `evalkit.metrics.base.Metric.aggregate`."""
Key = TypeVar("Key", bound=Hashable)

SEGMENT, DOCUMENT = "segment", "document"

TOLERANCE = 1e-10
"""Differences that are nearer to each other than this are equal: sums of floats depend on their order."""


@dataclass(frozen=True, kw_only=True)
class Bootstrap:
    """Settings of intervals and tests. The same seed gives the same numbers."""

    resamples: int = 1000
    """Of the bootstrap; 0 for no intervals."""
    trials: int = 10000
    """Of approximate randomisation, whose p decides; 0 leaves that to the p of the bootstrap."""
    seed: int = 12345
    level: float = 0.95
    """Share of resamples that an interval covers."""
    count_ties: bool = True
    """Whether a difference equal to the observed one counts, as it should; False for sacrebleu's p, where outputs are not identical."""
    alpha: float = 0.05
    """A difference with a smaller p is significant."""
    power: float = 0.8
    """Chance at which the minimal detectable difference would be found significant."""
    min_documents: int = 10
    """With fewer documents than this, segments are resampled."""

    def __post_init__(self) -> None:
        """Check the values."""
        shares = {"level": self.level, "alpha": self.alpha, "power": self.power}
        counts = {"resamples": self.resamples, "trials": self.trials, "seed": self.seed}
        if min(counts.values()) < 0 or not all(0 < share < 1 for share in shares.values()) or self.min_documents < 1:
            found = ", ".join(f"{key}={value}" for key, value in (counts | shares | {"min_documents": self.min_documents}).items())
            raise ConfigError(
                f"significance: expected resamples, trials and seed >= 0, 0 < level, alpha and power < 1, and min_documents >= 1, "
                f"found {found}"
            )


@dataclass(frozen=True, slots=True)
class Units:
    """What is drawn: documents or segments."""

    kind: str
    """``document`` or ``segment``."""
    of_segment: IntArray
    """[segments] index of the unit of each segment."""

    @property
    def count(self) -> int:
        """How many units there are."""
        return int(self.of_segment.max()) + 1 if len(self.of_segment) else 0

    def totals(self, values: FloatArray) -> FloatArray:
        """[segments, k] statistics to [units, k]."""
        if self.kind == SEGMENT:
            return np.asarray(values, dtype=np.float64)
        totals = np.zeros((self.count, values.shape[1]))
        np.add.at(totals, self.of_segment, values)
        return totals


def choose_units(documents: Sequence[str | None], bootstrap: Bootstrap, unit: str = SEGMENT) -> Units:
    """Documents where there are at least `min_documents`, else segments.

    Documents stand in the order of their names: the order in which they were read changes nothing.

    Args:
        documents: the document of each segment, None where there are none.
        bootstrap: settings.
        unit: ``document`` for a metric that scores documents as a whole (`evalkit.metrics.base.Metric.unit`): then
            documents are drawn however few they are.
    """
    names = {document: index for index, document in enumerate(sorted({document for document in documents if document is not None}))}
    if None not in documents and (unit == DOCUMENT or len(names) >= bootstrap.min_documents):
        return Units(DOCUMENT, np.array([names[str(document)] for document in documents], dtype=np.int64))
    return Units(SEGMENT, np.arange(len(documents), dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Sample:
    """One system in one metric: its score, and what resampling makes of it."""

    total: FloatArray
    """[k] sum of the statistics."""
    score: float
    """NaN where there is nothing to score."""
    scores: FloatArray
    """[resamples] scores of the bootstrap; NaN where a resample has nothing to score."""
    heads: FloatArray
    """[trials, k] sums over the units that approximate randomisation exchanges."""


def resample(
    of: Mapping[Key, tuple[Aggregate, FloatArray]], units: Units, bootstrap: Bootstrap, *, tests: bool = True
) -> dict[Key, Sample]:
    """Resample many statistics with the same draws.

    Args:
        of: by any key, such as system and metric: how sums become scores, and [segments, k] statistics. The segments are
            the same for all. Statistics that several keys share are summed once.
        units: what to draw.
        bootstrap: settings.
        tests: whether systems are to be tested against each other, which needs approximate randomisation.
    """
    distinct = {id(values): units.totals(values) for _, values in of.values()}
    if not distinct:
        return {}
    totals, columns = _side_by_side(distinct)
    drawn = bootstrap_sums(totals, bootstrap.resamples, bootstrap.seed)
    heads = coin_sums(totals, bootstrap.trials if tests else 0, bootstrap.seed)
    found = {}
    for key, (aggregate, values) in of.items():
        own, total = columns[id(values)], values.sum(axis=0)
        scores = aggregate(np.ascontiguousarray(drawn[:, own]))
        found[key] = Sample(total, float(aggregate(total)), scores, np.ascontiguousarray(heads[:, own]))
    return found


def _side_by_side(distinct: Mapping[int, FloatArray]) -> tuple[FloatArray, dict[int, list[int]]]:
    """All statistics in one matrix, and the columns of each. What systems share, such as lengths of references, stands there once."""
    known: dict[bytes, int] = {}
    stacked: list[FloatArray] = []
    places: dict[int, list[int]] = {}
    for key, totals in distinct.items():
        places[key] = []
        for column in np.ascontiguousarray(totals.T):
            place = known.setdefault(column.tobytes(), len(stacked))
            stacked += [column] if place == len(stacked) else []
            places[key].append(place)
    return np.stack(stacked, axis=1), places


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


def randomisation_p(aggregate: Aggregate, baseline: Sample, candidate: Sample, bootstrap: Bootstrap) -> float | None:
    """The share of trials whose exchange of units gives an absolute difference as great as the observed one; None without any."""
    moved = baseline.heads - candidate.heads
    sizes = np.abs(aggregate(candidate.total + moved) - aggregate(baseline.total - moved))
    sizes = sizes[~np.isnan(sizes)]
    return _share(sizes, candidate.score - baseline.score, count_ties=bootstrap.count_ties) if len(sizes) else None


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
    return [replace(test, p_adjusted=p) for test, p in zip(tests, holm([test.p_value for test in tests]), strict=True)]


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
    return float((normal.inv_cdf(1 - bootstrap.alpha / 2) + normal.inv_cdf(bootstrap.power)) * differences.std(ddof=1))
