"""Numbers: the share of the numbers, dates and times of the reference that the hypothesis has.

Every quantity in the primary reference gets one outcome (`evalkit.numbers.matching`): exact (the same
characters), variant (the same in another format), replaced (another one in its place) or missing. A quantity of the
hypothesis that the reference does not have is spurious. With N quantities and counts E, V, R, D of the
outcomes and S spurious quantities,

    accuracy  = (E + V) / N                    the headline
    exact     = E / N
    precision = (E + V) / (E + V + R + S)
    f1        = 2 precision accuracy / (precision + accuracy)

all 0–1, and null if there is nothing to divide by.

Worked example. Reference: "On 14 March 2024, 1,000 people paid $2m, 5% more." Hypothesis: "On March 14, 1000
people paid 2 million dollars, 6 percent more." 14 March 2024 is replaced (the year is missing), 1,000 is a
variant, $2m is a variant, 5% is replaced: accuracy 2/4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from evalkit.entities.audit import AllScores, AuditRow, HypothesisSpan, NameScores, TypeScores
from evalkit.entities.outcomes import Outcome
from evalkit.errors import ConfigError
from evalkit.metrics.base import Metric, Statistics
from evalkit.numbers.lexicon import words_hash_parts
from evalkit.numbers.matching import Matching, Place, Verdict, match
from evalkit.numbers.quantities import QUANTITY_TYPES
from evalkit.runtime.cache import hash_parts

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet

VERSION = 1
"""Of the rules. A change that moves scores raises it."""
OUTCOMES: tuple[Outcome, ...] = ("exact", "variant", "replaced", "missing")
_COUNTS = len(QUANTITY_TYPES) * len(OUTCOMES)
"""Columns by type and outcome; the spurious quantities by type follow."""


@dataclass(frozen=True, kw_only=True)
class Numbers(Metric):
    """Numbers, dates, times, percentages, amounts of money and measures.

    Statistics: counts by type and outcome, and spurious quantities by type.
    """

    name: str = "numbers"
    label: str = "Numbers"
    types: list[str] = field(default_factory=lambda: list(QUANTITY_TYPES))
    """Which quantities the score counts."""
    decimals: ClassVar[int] = 3
    keeps_verdicts: ClassVar[bool] = True
    verdicts_on: ClassVar[str] = "numbers"

    def __post_init__(self) -> None:
        """Check the settings."""
        is_known = bool(self.types) and set(self.types) <= set(QUANTITY_TYPES)
        if not is_known or len(set(self.types)) < len(self.types):
            raise ConfigError(
                f"metrics.{self.name}.types=[{','.join(self.types)}]: "
                f"expected distinct types out of {', '.join(QUANTITY_TYPES)}"
            )

    def signature(self, test_set: TestSet) -> str:
        """Types, tables of words, and version of the rules."""
        words = hash_parts(*words_hash_parts())[:12]
        return f"types:{'+'.join(self.types)}|words:{words}|version:{VERSION}"

    def unscored_reason(self, test_set: TestSet) -> str | None:
        """See `Metric.unscored_reason`."""
        return None

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Counts of every segment, and one row per quantity and per spurious quantity."""
        found = match(test_set, output.hypotheses)
        values = np.zeros((len(test_set.segments), _COUNTS + len(QUANTITY_TYPES)))
        for verdict in found.verdicts:
            kind = QUANTITY_TYPES.index(verdict.quantity.type)
            values[verdict.segment, kind * len(OUTCOMES) + OUTCOMES.index(verdict.outcome)] += 1
        for place in found.added:
            values[place.segment, _COUNTS + QUANTITY_TYPES.index(place.quantity.type)] += 1
        return Statistics(values, audit=tuple(_audit(test_set, found)))

    def aggregate(self, total: FloatArray) -> FloatArray:
        """See `Metric.aggregate`."""
        counts = _by_outcome(total, self.types)
        return _ratio(counts[..., 0] + counts[..., 1], counts.sum(axis=-1))

    def parts(self) -> Mapping[str, Metric]:
        """The score of each type."""
        return {kind: replace(self, types=[kind]) for kind in QUANTITY_TYPES} if len(self.types) > 1 else {}

    def name_scores(self, total: FloatArray) -> NameScores:
        """Counts and scores of what the headline counts and of each type."""
        shown = [kind for kind in QUANTITY_TYPES if _by_outcome(total, [kind]).sum()]
        columns = [_COUNTS + QUANTITY_TYPES.index(kind) for kind in self.types]
        return NameScores(
            all=_score_all(_by_outcome(total, self.types), int(total[columns].sum())),
            types={kind: _score_type(_by_outcome(total, [kind])) for kind in shown},
        )


def _by_outcome(total: FloatArray, types: list[str]) -> FloatArray:
    """[..., k] to [..., outcomes]: counts of quantities of these types."""
    counts = total[..., :_COUNTS].reshape(*total.shape[:-1], len(QUANTITY_TYPES), len(OUTCOMES))
    chosen = [index for index, kind in enumerate(QUANTITY_TYPES) if kind in types]
    summed: FloatArray = counts[..., chosen, :].sum(axis=-2)
    return summed


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    ratio: FloatArray = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
    return ratio


def _divide(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _score_type(counts: FloatArray) -> TypeScores:
    exact, variant, *_ = map(float, counts)
    number = float(counts.sum())
    return TypeScores(
        mentions=int(number),
        counts={outcome: int(count) for outcome, count in zip(OUTCOMES, counts, strict=True)},
        accuracy=_divide(exact + variant, number),
        exact=_divide(exact, number),
    )


def _score_all(counts: FloatArray, spurious: int) -> AllScores:
    scores = _score_type(counts)
    exact, variant, replaced, _ = map(float, counts)
    right, named = exact + variant, exact + variant + replaced + spurious
    return AllScores(
        mentions=scores.mentions,
        counts=scores.counts,
        accuracy=scores.accuracy,
        exact=scores.exact,
        precision=_divide(right, named),
        f1=_divide(2 * right, named + scores.mentions),
        spurious=spurious,
    )


def _audit(test_set: TestSet, matching: Matching) -> Iterator[AuditRow]:
    """The verdicts in the order of the reference, then the spurious quantities."""
    for verdict in matching.verdicts:
        yield _make_row(test_set, verdict)
    for place in matching.added:
        segment = test_set.segments[place.segment]
        yield AuditRow.make_spurious(segment, place.quantity.text, _locate(test_set, place))


def _make_row(test_set: TestSet, verdict: Verdict) -> AuditRow:
    segment, quantity = test_set.segments[verdict.segment], verdict.quantity
    return AuditRow(
        document=segment.document,
        segment=segment.id,
        start=segment.start + quantity.start,
        end=segment.start + quantity.end,
        entity=quantity.key,
        type=quantity.type,
        reference=quantity.text,
        outcome=verdict.outcome,
        reason=verdict.reason,
        hypothesis="" if verdict.found is None else verdict.found.quantity.text,
        similarity=None,
        found=None if verdict.found is None else _locate(test_set, verdict.found),
    )


def _locate(test_set: TestSet, place: Place) -> HypothesisSpan:
    quantity = place.quantity
    return HypothesisSpan(test_set.segments[place.segment].id, quantity.start, quantity.end)
