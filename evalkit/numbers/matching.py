"""Which quantities of the reference the hypothesis has.

Every quantity of the hypothesis counts once. Those of one segment are compared first, those of the segments
before and after in the same document next. What then remains on both sides of a segment has been replaced;
what remains of the reference alone is missing, and of the hypothesis alone is added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

import regex
from rapidfuzz.distance import Levenshtein

from evalkit.numbers.amounts import Amount
from evalkit.numbers.finding import find_quantities
from evalkit.numbers.quantities import Date, Quantity, agree
from evalkit.types import TestSet

_ORDINAL = regex.compile(r"\d{1,2}(?:st|nd|rd|th|er|-?го|[日号號일]|\.)")
Outcome: TypeAlias = Literal["exact", "variant", "replaced", "missing"]
Reason: TypeAlias = Literal["", "format", "value", "unit", "incomplete"]


class Place(NamedTuple):
    """A quantity of a hypothesis and its segment."""

    segment: int
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the hypothesis has for one quantity of the reference."""

    segment: int
    quantity: Quantity
    outcome: Outcome
    reason: Reason = ""
    found: Place | None = None


@dataclass(frozen=True)
class Matching:
    """The verdicts on all quantities of the reference, in order, and the added ones."""

    verdicts: tuple[Verdict, ...]
    added: tuple[Place, ...]


@dataclass
class _Segment:
    """The quantities of a segment that are still to be matched."""

    index: int
    reference: list[Quantity]
    hypothesis: list[Quantity]
    words: list[Quantity]
    """Words of the reference that may be numbers and do not count: they keep the same words of the hypothesis
    from counting for something else."""
    used: set[int] = field(default_factory=set)
    """Indices in `hypothesis`."""
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    """By index in `reference`."""

    @property
    def open(self) -> list[int]:
        """Indices of the quantities of the reference without a verdict."""
        return [index for index in range(len(self.reference)) if index not in self.verdicts]


def match(test_set: TestSet, hypotheses: Sequence[str]) -> Matching:
    """Match the quantities of the primary reference with those of the hypotheses."""
    segments = [
        _make_segment(index, segment.reference, hypothesis, test_set.target_language)
        for index, (segment, hypothesis) in enumerate(zip(test_set.segments, hypotheses, strict=True))
    ]
    for segment in segments:
        _match_within(segment)
    for indices in test_set.segments_of.values() if test_set.documents != (None,) else ():
        for one, other in pairwise(indices):
            _match(segments[one], segments[other], _counts_and_agrees)
            _match(segments[other], segments[one], _counts_and_agrees)
    for segment in segments:
        _judge_rest(segment)
    return Matching(tuple(_list_verdicts(segments)), tuple(_list_added(segments)))


def _make_segment(index: int, reference: str, hypothesis: str, language: str) -> _Segment:
    quantities = find_quantities(reference, language)
    wanted = [quantity for quantity in quantities if quantity.counts]
    words = [quantity for quantity in quantities if not quantity.counts]
    found = find_quantities(hypothesis, language)
    return _Segment(index, list(_split(wanted, found, agree)), list(_split(found, wanted, _is_had_by)), words)


def _is_had_by(hypothesis: Quantity, reference: Quantity) -> bool:
    return agree(reference, hypothesis)


def _split(
    quantities: Iterable[Quantity], others: Sequence[Quantity], fits: Callable[[Quantity, Quantity], bool]
) -> Iterable[Quantity]:
    """Split a quantity that may be several if the other side has all of them, and not the whole."""
    for quantity in quantities:
        is_whole = not quantity.parts or any(fits(quantity, other) for other in others)
        if is_whole or not all(any(fits(part, other) for other in others) for part in quantity.parts):
            yield quantity
        else:
            yield from quantity.parts


def _match_within(segment: _Segment) -> None:
    """The same words first, then numbers that count by themselves, then words that may be numbers."""
    if not segment.reference:
        return
    _match(segment, segment, lambda ref, hyp: _is_same_text(ref, hyp) and agree(ref, hyp))
    _keep_words(segment)
    _match(segment, segment, lambda ref, hyp: hyp.counts and hyp.key == ref.key)
    _match(segment, segment, _counts_and_agrees)
    _match(segment, segment, agree)
    _match_parts_of_dates(segment)
    _match_days(segment)


def _counts_and_agrees(reference: Quantity, hypothesis: Quantity) -> bool:
    return hypothesis.counts and agree(reference, hypothesis)


def _keep_words(segment: _Segment) -> None:
    for word in segment.words:
        same = (place for place, hyp in enumerate(segment.hypothesis) if _is_same_text(word, hyp))
        segment.used.update([place for place in same if place not in segment.used][:1])


def _is_same_text(reference: Quantity, hypothesis: Quantity) -> bool:
    return reference.text.casefold() == hypothesis.text.casefold()


def _match(segment: _Segment, other: _Segment, fits: Callable[[Quantity, Quantity], bool]) -> None:
    """Give quantities of a reference those of a hypothesis that fit, in order."""
    for index in segment.open:
        reference = segment.reference[index]
        for place, hypothesis in enumerate(other.hypothesis):
            if place not in other.used and fits(reference, hypothesis):
                other.used.add(place)
                segment.verdicts[index] = _accept(segment, reference, Place(other.index, hypothesis))
                break


def _accept(segment: _Segment, reference: Quantity, place: Place) -> Verdict:
    same = _is_same_text(reference, place.quantity)
    return Verdict(segment.index, reference, "exact" if same else "variant", "" if same else "format", place)


def _match_parts_of_dates(segment: _Segment) -> None:
    """A date of the hypothesis may have a day and a year that the reference has apart from each other."""
    for index in segment.open:
        reference = segment.reference[index]
        for hypothesis in segment.hypothesis:
            date = hypothesis.readings[0]
            if isinstance(date, Date) and (agree(reference, hypothesis) or _is_day_of(reference, date)):
                place = Place(segment.index, hypothesis)
                segment.verdicts[index] = _accept(segment, reference, place)
                break


def _is_day_of(quantity: Quantity, date: Date) -> bool:
    """Whether a number is written as the day of a month, and is the day of this date."""
    amount = quantity.readings[0]
    return (
        isinstance(amount, Amount)
        and amount.value == date.day
        and _ORDINAL.fullmatch(quantity.text) is not None
    )


def _match_days(segment: _Segment) -> None:
    """A day alone, if another date of the hypothesis has the month: *on the 9th*, in a report of December 11."""
    months = {hyp.readings[0].month for hyp in segment.hypothesis if isinstance(hyp.readings[0], Date)}

    def fits(reference: Quantity, hypothesis: Quantity) -> bool:
        date = reference.readings[0]
        if not isinstance(date, Date) or date.year is not None or date.month not in months:
            return False
        return _is_day_of(hypothesis, date)

    _match(segment, segment, fits)


def _judge_rest(segment: _Segment) -> None:
    """Pair what remains of a segment, the most similar first; what is then left is missing."""
    left = [place for place, q in enumerate(segment.hypothesis) if q.counts and place not in segment.used]
    pairs = sorted(
        (_distance(segment.reference[index], segment.hypothesis[place]), abs(index - place), index, place)
        for index in segment.open
        for place in left
        if type(segment.reference[index].readings[0]) is type(segment.hypothesis[place].readings[0])
    )
    for _, _, index, place in pairs:
        if index not in segment.verdicts and place not in segment.used:
            segment.used.add(place)
            reference, hypothesis = segment.reference[index], segment.hypothesis[place]
            reason = _explain(reference, hypothesis)
            found = Place(segment.index, hypothesis)
            segment.verdicts[index] = Verdict(segment.index, reference, "replaced", reason, found)
    for index in segment.open:
        segment.verdicts[index] = Verdict(segment.index, segment.reference[index], "missing")


def _distance(a: Quantity, b: Quantity) -> float:
    """How unlike two quantities are, 0–2: by their characters, and whether they are of the same type."""
    return Levenshtein.normalized_distance(a.key, b.key) + (a.type != b.type)


def _explain(reference: Quantity, hypothesis: Quantity) -> Reason:
    """Why a quantity is wrong: another unit, a part left out, or another value."""
    a, b = reference.readings[0], hypothesis.readings[0]
    if isinstance(a, Amount) and isinstance(b, Amount) and a.value == b.value:
        return "unit"
    if isinstance(a, Date) and isinstance(b, Date) and a.month == b.month:
        return "incomplete" if _lacks(a.year, b.year) or _lacks(a.day, b.day) else "value"
    return "value"


def _lacks(reference: int | None, hypothesis: int | None) -> bool:
    return reference is not None and hypothesis is None


def _list_verdicts(segments: Iterable[_Segment]) -> Iterable[Verdict]:
    for segment in segments:
        yield from (segment.verdicts[index] for index in range(len(segment.reference)))


def _list_added(segments: Iterable[_Segment]) -> Iterable[Place]:
    for segment in segments:
        for place, quantity in enumerate(segment.hypothesis):
            is_known = any(agree(word, quantity) for word in segment.words)
            if quantity.counts and place not in segment.used and not is_known:
                yield Place(segment.index, quantity)
