"""Intervals and paired tests by bootstrap resampling, over summable statistics.

Koehn (2004), "Statistical Significance Tests for Machine Translation Evaluation": draw as many units as there are,
with replacement, many times; the spread of the score over these resamples is its uncertainty. All metrics and systems
see the same resamples. The unit is the document where there are enough of them, since the segments of one document
are not independent; else the segment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evalkit.errors import ConfigError

if TYPE_CHECKING:
    from evalkit.types import FloatArray, IntArray

_BLOCK = 64
"""Resamples drawn at a time, so that memory does not grow with their number."""


@dataclass(frozen=True, kw_only=True)
class Bootstrap:
    """Settings of the bootstrap. The same seed gives the same numbers."""

    resamples: int = 1000
    """How many; 0 for no intervals."""
    seed: int = 12345
    level: float = 0.95
    """Share of resamples that an interval covers."""
    min_documents: int = 10
    """With fewer documents than this, segments are resampled."""

    def __post_init__(self) -> None:
        """Check the values."""
        if self.resamples < 0 or not 0 < self.level < 1 or self.min_documents < 1 or self.seed < 0:
            raise ConfigError(
                f"significance: expected resamples >= 0, seed >= 0, 0 < level < 1 and min_documents >= 1, found "
                f"resamples={self.resamples}, seed={self.seed}, level={self.level}, min_documents={self.min_documents}"
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
        totals = np.zeros((self.count, values.shape[1]))
        np.add.at(totals, self.of_segment, values)
        return totals


def choose_units(documents: list[str | None], bootstrap: Bootstrap) -> Units:
    """Documents where there are at least `min_documents`, else segments.

    Args:
        documents: the document of each segment, None where there are none.
    """
    names = {document: index for index, document in enumerate(dict.fromkeys(documents))}
    if None not in names and len(names) >= bootstrap.min_documents:
        return Units("document", np.array([names[document] for document in documents], dtype=np.int64))
    return Units("segment", np.arange(len(documents), dtype=np.int64))


def resample(aggregate: Callable[[FloatArray], FloatArray], values: FloatArray, units: Units, bootstrap: Bootstrap) -> FloatArray:
    """[resamples] scores of resamples of [segments, k] statistics. The draws depend on seed and number of units alone."""
    totals, generator = units.totals(values), np.random.default_rng(bootstrap.seed)
    scores = np.empty(bootstrap.resamples)
    for start in range(0, bootstrap.resamples, _BLOCK):
        size = min(_BLOCK, bootstrap.resamples - start)
        drawn = generator.integers(0, units.count, (size, units.count))
        drawn += np.arange(size)[:, None] * units.count
        weights = np.bincount(drawn.ravel(), minlength=size * units.count).reshape(size, units.count)
        scores[start : start + size] = aggregate(weights.astype(np.float64) @ totals)
    return scores


def interval(scores: FloatArray, level: float) -> tuple[float, float] | None:
    """The percentile interval of resampled scores; None without scores.

    A resample without anything to score, such as one without names, is NaN and does not count.
    """
    scores = scores[~np.isnan(scores)]
    if not len(scores):
        return None
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def paired_p_value(delta: float, baseline: FloatArray, candidate: FloatArray) -> float | None:
    """Two-sided p of a difference, from scores of both systems on the same resamples; None without scores.

    As sacrebleu's `PairedTest` has it: the share of resamples in which the absolute difference exceeds its own mean
    by the observed absolute difference. Equality counts as well here, so that equal outputs get p = 1, where
    sacrebleu, which counts only greater ones, gives 1/(n+1).
    """
    differences = np.abs(candidate - baseline)
    differences = differences[~np.isnan(differences)]
    if not len(differences):
        return None
    reached = np.count_nonzero(differences - differences.mean() >= abs(delta) - 1e-12)
    return (reached + 1) / (len(differences) + 1)
