"""TODO significance.units."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from evalkit.errors import ConfigError
from evalkit.significance.resampling import bootstrap_sums, coin_sums

if TYPE_CHECKING:
    from evalkit.types import FloatArray, IntArray


Aggregate = Callable[["FloatArray"], "FloatArray"]
"""[..., k] sums of statistics to [...] scores; see `evalkit.metrics.base.Metric.aggregate`."""


Key = TypeVar("Key", bound=Hashable)


SEGMENT, DOCUMENT = "segment", "document"


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
        if (
            min(counts.values()) < 0
            or not all(0 < share < 1 for share in shares.values())
            or self.min_documents < 1
        ):
            found = ", ".join(
                f"{key}={value}"
                for key, value in (counts | shares | {"min_documents": self.min_documents}).items()
            )
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
    names = {
        document: index
        for index, document in enumerate(sorted({document for document in documents if document is not None}))
    }
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
