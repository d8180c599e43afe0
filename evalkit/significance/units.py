"""What resampling draws, documents or segments: the same draws for all systems and metrics.

The unit is the document if there are enough documents, since the segments of one document are not
independent. Otherwise it is the segment.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from evalkit.errors import ConfigError
from evalkit.significance.resampling import bootstrap_sums, coin_sums

if TYPE_CHECKING:
    from evalkit.types import FloatArray, IntArray, Unit

Aggregate = Callable[["FloatArray"], "FloatArray"]
"""[..., k] sums of statistics to [...] scores; see `evalkit.metrics.base.Metric.aggregate`."""
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Bootstrap:
    """Settings of intervals and tests. The same seed gives the same numbers."""

    resamples: int = 1000
    """Of the bootstrap; 0 for no intervals."""
    trials: int = 10000
    """Of approximate randomisation, whose p decides; 0 leaves that to the p of the bootstrap."""
    seed: int = 12345
    level: float = 0.95
    """Confidence level of an interval: the share of resamples that it covers."""
    count_ties: bool = True
    """Whether a difference equal to the observed one counts. False gives sacrebleu's p, except for identical
    outputs."""
    alpha: float = 0.05
    """A difference with a smaller p is significant."""
    power: float = 0.8
    """Chance at which the minimum detectable difference would be found significant."""
    min_documents: int = 10
    """With fewer documents than this, segments are resampled."""

    def __post_init__(self) -> None:
        """Check the values."""
        for key, least in (("resamples", 0), ("trials", 0), ("seed", 0), ("min_documents", 1)):
            count = getattr(self, key)
            if count < least:
                raise ConfigError(f"significance.{key}: expected {least} or more, found {count}")
        for key in ("level", "alpha", "power"):
            share = getattr(self, key)
            if not 0 < share < 1:
                raise ConfigError(f"significance.{key}: expected a number between 0 and 1, found {share}")


@dataclass(frozen=True, slots=True)
class Units:
    """What is drawn: documents or segments."""

    kind: Unit
    of_segment: IntArray
    """[segments] index of the unit of each segment."""

    @property
    def count(self) -> int:
        """How many units there are."""
        return int(self.of_segment.max()) + 1 if len(self.of_segment) else 0

    def sum_by_unit(self, values: FloatArray) -> FloatArray:
        """[segments, k] statistics to [units, k]."""
        if self.kind == "segment":
            return np.asarray(values, dtype=np.float64)
        sums = np.zeros((self.count, values.shape[1]))
        np.add.at(sums, self.of_segment, values)
        return sums


def choose_units(documents: Sequence[str | None], bootstrap: Bootstrap, unit: Unit = "segment") -> Units:
    """Documents if there are at least `min_documents`, otherwise segments.

    Documents are sorted by name, so that the order in which they were read changes nothing.

    Args:
        documents: the document of each segment, or None.
        bootstrap: settings.
        unit: ``document`` for a metric that scores whole documents (`evalkit.metrics.base.Metric.unit`): then
            documents are drawn however few they are.
    """
    ids = sorted({document for document in documents if document is not None})
    if None in documents or (unit == "segment" and len(ids) < bootstrap.min_documents):
        return Units("segment", np.arange(len(documents), dtype=np.int64))
    index = {document: place for place, document in enumerate(ids)}
    return Units("document", np.array([index[str(document)] for document in documents], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Sample:
    """One system in one metric: its score, and the scores of its resamples."""

    total: FloatArray
    """[k] sum of the statistics."""
    score: float
    """NaN if there is nothing to score."""
    scores: FloatArray
    """[resamples] scores of the bootstrap; NaN if a resample has nothing to score."""
    heads: FloatArray
    """[trials, k] sums over the units that approximate randomisation exchanges."""


def resample(
    inputs: Mapping[Key, tuple[Aggregate, FloatArray]],
    units: Units,
    bootstrap: Bootstrap,
    *,
    tests: bool = True,
) -> dict[Key, Sample]:
    """Resample many statistics with the same draws.

    Args:
        inputs: by any key, such as system and metric: how sums become scores, and [segments, k] statistics.
            The segments are the same for all. Statistics that several keys share are summed once.
        units: what to draw.
        bootstrap: settings.
        tests: whether systems are tested against each other, which needs approximate randomisation.
    """
    distinct = {id(values): units.sum_by_unit(values) for _, values in inputs.values()}
    if not distinct:
        return {}
    sums, columns = _stack(distinct)
    drawn = bootstrap_sums(sums, bootstrap.resamples, bootstrap.seed)
    heads = coin_sums(sums, bootstrap.trials if tests else 0, bootstrap.seed)
    samples = {}
    for key, (aggregate, values) in inputs.items():
        own, total = columns[id(values)], values.sum(axis=0)
        scores = aggregate(np.ascontiguousarray(drawn[:, own]))
        samples[key] = Sample(total, float(aggregate(total)), scores, np.ascontiguousarray(heads[:, own]))
    return samples


def _stack(distinct: Mapping[int, FloatArray]) -> tuple[FloatArray, dict[int, list[int]]]:
    """Put all statistics into one matrix, with the columns of each.

    Columns that systems share, such as lengths of references, are in it once.
    """
    known: dict[bytes, int] = {}
    stacked: list[FloatArray] = []
    columns: dict[int, list[int]] = {}
    for key, sums in distinct.items():
        columns[key] = []
        for column in np.ascontiguousarray(sums.T):
            place = known.setdefault(column.tobytes(), len(stacked))
            if place == len(stacked):
                stacked.append(column)
            columns[key].append(place)
    return np.stack(stacked, axis=1), columns
