"""Which places in the references the lines of a review sheet stand for, and what a model found beyond them.

Three kinds of places belong to a line: those that were reviewed before, which stay as they are; those that the model
found; and those where the same words stand elsewhere in the references. A longer name goes before the names within it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from evalkit.entities.tokens import tokenize
from evalkit.ner import hygiene
from evalkit.ner.names import places, spreads
from evalkit.review.sheet import OPEN, YES, Line
from evalkit.types import Mention, TestSet, written_with_spaces

_Unit: TypeAlias = str | int
"""A document; where there are none, the index of a segment."""


@dataclass(frozen=True)
class Reviewed:
    """What a review comes to."""

    mentions: tuple[Mention, ...]
    """Of the lines that say yes, in the order of the references."""
    new: tuple[tuple[Mention, ...], ...]
    """What no reviewed line has, by entity, in the order of the references."""


@dataclass(frozen=True)
class _Claim:
    """A place that belongs to a line, or to a new entity."""

    mention: Mention
    state: str
    """`_KEPT`, or what the line says; new ones are open."""

    def overlaps(self, other: _Claim) -> bool:
        """Whether two places have characters in common."""
        return self.mention.start < other.mention.end and other.mention.start < self.mention.end

    def holds(self, other: _Claim) -> bool:
        """Whether the other place is a part of this one."""
        start, end = other.mention.start, other.mention.end
        return (
            self.mention.start <= start
            and end <= self.mention.end
            and (self.mention.start, self.mention.end) != (start, end)
        )


_KEPT = "kept"
"""Reviewed before, and still wanted."""


def lines_of(mentions: Iterable[Mention]) -> list[list[Mention]]:
    """Mentions by entity and type: what would be one line each."""
    grouped: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        grouped.setdefault((mention.entity, mention.type), []).append(mention)
    return list(grouped.values())


def forms_of(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """The spellings of mentions, the longest first."""
    return tuple(sorted(Counter(mention.text for mention in mentions), key=lambda form: -len(form)))


def occurs(form: str, test_set: TestSet) -> bool:
    """Whether a spelling stands anywhere in the references, however it is surrounded."""
    return any(form in segment.references[0] for segment in test_set.segments)


def without_a_line(test_set: TestSet, lines: Sequence[Line], mentions: Iterable[Mention]) -> list[Mention]:
    """Reviewed mentions of entities of which a sheet knows nothing, such as those that a person added to the entity file."""
    owners = _Owners(test_set, lines)
    ids = {line.entity for line in lines if line.keep != OPEN}
    return [
        mention for mention in mentions if mention.entity not in ids and owners.of_mention(mention) is None
    ]


def left_out(test_set: TestSet, mentions: Sequence[Mention], reviewed: Sequence[Mention]) -> list[str]:
    """What the column ``except`` has to say of a line that is made from reviewed mentions, so that none comes to them.

    In a document that was reviewed, whoever left out a spelling that is a name elsewhere had a reason.
    """
    owners = _Owners(test_set, [])
    units = dict.fromkeys(owners.unit(mention.segment) for mention in reviewed)
    there = {(mention.text, owners.unit(mention.segment)) for mention in mentions}
    taken: dict[int, list[Mention]] = {}
    for mention in reviewed:
        taken.setdefault(mention.segment, []).append(mention)
    forms = forms_of(mentions)
    edge = r"\w" if written_with_spaces(test_set.target_language) else r"(?!)"
    found = []
    for form in forms:
        pattern = re.compile(rf"(?<!{edge}){re.escape(form)}(?!{edge})")
        for unit in units:
            if (form, unit) in there or form not in owners.text_of[unit]:
                continue
            matches = (
                (index, m)
                for index in owners.segments_of[unit]
                for m in pattern.finditer(test_set.segments[index].references[0])
            )
            if any(
                not any(o.start < m.end() and m.start() < o.end for o in taken.get(index, ()))
                for index, m in matches
            ):
                found.append(owners.label(unit) if len(forms) == 1 else f"{owners.label(unit)}: {form}")
    return found


def review(
    test_set: TestSet, lines: Sequence[Line], before: Sequence[Mention], found: Sequence[Mention]
) -> Reviewed:
    """The mentions of the lines that say yes, and what is new.

    Args:
        test_set: the references.
        lines: of a sheet; those that are not reviewed yet have no say.
        before: reviewed mentions, as an earlier review or a person wrote them. A spelling that has some in a document gets no
            more in it.
        found: what a model found.
    """
    return _Review(test_set, [line for line in lines if line.keep != OPEN], before, found).result()


class _Owners:
    """Whose name a spelling is, in a document."""

    def __init__(self, test_set: TestSet, lines: Sequence[Line]) -> None:
        self._test_set = test_set
        self._by_form: dict[str, list[Line]] = {}
        for line in lines:
            for form in line.forms if line.keep != OPEN else ():
                self._by_form.setdefault(form, []).append(line)

    def of_mention(self, mention: Mention) -> Line | None:
        """The line of a reviewed mention: that of its entity, else that of its text, as where an id was changed."""
        unit = self.unit(mention.segment)
        own = [line for line in self._having(mention.text, unit) if line.entity == mention.entity]
        same_type = [line for line in own if line.type == mention.type]
        return next(iter(same_type or own), None) or self.of(mention.text, unit)

    def of(self, text: str, unit: _Unit, entity: str | None = None) -> Line | None:
        """The line that a spelling belongs to in a document.

        That of the entity, if it has the spelling; else the only one with a longer name in the document; else the only one
        without longer names; else the only one.
        """
        lines = self._having(text, unit)
        own = [line for line in lines if line.entity == entity]
        if own:
            return own[0]
        longer = [line for line in lines if any(form in self.text_of[unit] for form in _longer(text, line))]
        alone = [line for line in lines if not _longer(text, line)]
        for some in (longer, alone, [] if longer else lines):
            if len({line.entity for line in some}) == 1:
                return some[0]
        return None

    def is_part(self, text: str, line: Line, unit: _Unit) -> bool:
        """Whether a spelling is a part of longer ones of its line, of which the document has none."""
        longer = _longer(text, line)
        return bool(longer) and not any(form in self.text_of[unit] for form in longer)

    def is_excepted(self, text: str, unit: _Unit) -> bool:
        """Whether all lines with a spelling say that it is not theirs in a document."""
        return text in self._by_form and not self._having(text, unit)

    def _having(self, text: str, unit: _Unit) -> list[Line]:
        label = self.label(unit)
        return [
            line
            for line in self._by_form.get(text, ())
            if {label, f"{label}: {text}"}.isdisjoint(line.but_not)
        ]

    def label(self, unit: _Unit) -> str:
        """What the sheet calls a document; a segment where there are none."""
        return self._test_set.segments[unit].id if isinstance(unit, int) else unit

    def unit(self, segment: int) -> _Unit:
        document = self._test_set.segments[segment].document
        return segment if document is None else document

    @cached_property
    def segments_of(self) -> dict[_Unit, list[int]]:
        found: dict[_Unit, list[int]] = {}
        for index in range(len(self._test_set.segments)):
            found.setdefault(self.unit(index), []).append(index)
        return found

    @cached_property
    def text_of(self) -> dict[_Unit, str]:
        references = [segment.references[0] for segment in self._test_set.segments]
        return {
            unit: "\n".join(references[index] for index in indices)
            for unit, indices in self.segments_of.items()
        }

    @cached_property
    def words_of(self) -> dict[_Unit, set[str]]:
        language = self._test_set.target_language
        return {unit: {word.text for word in tokenize(text, language)} for unit, text in self.text_of.items()}


def _longer(text: str, line: Line) -> list[str]:
    """The spellings of a line that hold another one."""
    return [form for form in line.forms if text in form and form != text]


class _Review:
    def __init__(
        self, test_set: TestSet, lines: Sequence[Line], before: Sequence[Mention], found: Sequence[Mention]
    ) -> None:
        self._test_set = test_set
        self._lines = lines
        self._owners = _Owners(test_set, lines)
        owned = [(mention, self._owners.of_mention(mention)) for mention in before]
        self._kept = [
            replace(mention, entity=line.entity, type=line.type)
            for mention, line in owned
            if line is not None and line.keep == YES
        ]
        self._there = {(mention.text, self._owners.unit(mention.segment)) for mention in self._kept}
        self._found = found

    def result(self) -> Reviewed:
        claims = [_Claim(mention, _KEPT) for mention in self._kept]
        claimed = [*self._of_the_model()]
        claims += [*claimed, *self._elsewhere(claimed)]
        settled = self._settle(claims)
        mentions = sorted(
            (c.mention for c in settled if c.state in (_KEPT, YES)),
            key=lambda mention: (mention.segment, mention.start),
        )
        new: dict[str, list[Mention]] = {}
        for mention in sorted(
            (c.mention for c in settled if c.state == OPEN),
            key=lambda mention: (mention.segment, mention.start),
        ):
            new.setdefault(mention.entity, []).append(mention)
        types: dict[str, Counter[str]] = {}
        for claim in claimed:
            types.setdefault(claim.mention.entity, Counter())[claim.mention.type] += claim.state == OPEN
        by_entity = (
            tuple(replace(mention, type=types[entity].most_common(1)[0][0]) for mention in mentions_of)
            for entity, mentions_of in new.items()
        )
        return Reviewed(tuple(mentions), tuple(by_entity))

    def _of_the_model(self) -> Iterator[_Claim]:
        by_entity: dict[tuple[_Unit, str], set[str]] = {}
        for mention in self._found:
            by_entity.setdefault((self._owners.unit(mention.segment), mention.entity), set()).add(
                mention.text
            )
        for mention in self._found:
            unit = self._owners.unit(mention.segment)
            line = self._owners.of(mention.text, unit, mention.entity)
            if line is not None and line.entity != mention.entity:
                longer = [
                    text
                    for text in by_entity[unit, mention.entity]
                    if mention.text in text and text != mention.text
                ]
                if any(self._owners.of(text, unit, mention.entity) is None for text in longer):
                    line = None  # the surname of a new person
                if (
                    line is not None
                    and line.type != mention.type
                    and self._owners.is_part(mention.text, line, unit)
                ):
                    line = None  # Jordan, where nobody of this surname is
            if (mention.text, unit) in self._there or self._owners.is_excepted(mention.text, unit):
                continue
            if line is None:
                yield _Claim(mention, OPEN)
            else:
                yield _Claim(replace(mention, entity=line.entity, type=line.type), line.keep)

    def _elsewhere(self, claimed: Sequence[_Claim]) -> Iterator[_Claim]:
        """The same words in documents where the model did not find them."""
        done = {(claim.mention.text, self._owners.unit(claim.mention.segment)) for claim in claimed}
        reviewed = dict.fromkeys(form for line in self._lines for form in line.forms)
        spreading = {form: mention for form, mention in _unambiguous(claimed).items() if form not in reviewed}
        for form in [*reviewed, *spreading]:
            for unit, text in self._owners.text_of.items():
                if (
                    form not in text
                    or (form, unit) in done
                    or (form, unit) in self._there
                    or self._owners.is_excepted(form, unit)
                ):
                    continue
                line = self._owners.of(form, unit)
                if line is not None:
                    if not self._owners.is_part(form, line, unit):
                        yield from self._places(form, unit, line.type, line.entity, line.keep)
                elif form in spreading:
                    yield from self._places(form, unit, spreading[form].type, spreading[form].entity, OPEN)

    def _places(self, form: str, unit: _Unit, type_: str, entity: str, state: str) -> Iterator[_Claim]:
        language = self._test_set.target_language
        if not spreads(form, self._owners.words_of[unit], language):
            return
        for index in self._owners.segments_of[unit]:
            text = self._test_set.segments[index].references[0]
            if form in text and not hygiene.shouted(text):
                for start, end in places(form, text, language):
                    yield _Claim(Mention(index, start, end, form, type_, entity), state)

    @staticmethod
    def _settle(claims: Sequence[_Claim]) -> list[_Claim]:
        """The claims that stay where several overlap: the longer of two.

        What was reviewed goes only for a longer name that is wanted and holds it; what is new, for all that is wanted
        unless it holds it.
        """
        by_segment: dict[int, list[_Claim]] = {}
        for claim in claims:
            by_segment.setdefault(claim.mention.segment, []).append(claim)
        settled: list[_Claim] = []
        for of in by_segment.values():
            of.sort(key=lambda claim: (claim.mention.start - claim.mention.end, claim.mention.start))
            kept = [claim for claim in of if claim.state == _KEPT]
            wanted: list[_Claim] = []
            for claim in (claim for claim in of if claim.state == YES):
                if not any(map(claim.overlaps, wanted)) and all(
                    claim.holds(other) for other in kept if claim.overlaps(other)
                ):
                    wanted.append(claim)
            wanted += [claim for claim in kept if not any(map(claim.overlaps, wanted))]
            new: list[_Claim] = []
            for claim in (claim for claim in of if claim.state == OPEN):
                if not any(map(claim.overlaps, new)) and all(
                    claim.holds(other) for other in wanted if claim.overlaps(other)
                ):
                    new.append(claim)
            settled += wanted + new
        return settled


def _unambiguous(claimed: Iterable[_Claim]) -> dict[str, Mention]:
    """New names that may be looked for elsewhere: of one entity only, and no part of its longer names, as surnames are."""
    texts: dict[str, dict[str, None]] = {}
    by_text: dict[str, dict[str, Mention]] = {}
    for claim in claimed:
        if claim.state == OPEN:
            texts.setdefault(claim.mention.entity, {})[claim.mention.text] = None
            by_text.setdefault(claim.mention.text, {}).setdefault(claim.mention.entity, claim.mention)
    return {
        text: mention
        for text, of in by_text.items()
        for entity, mention in of.items()
        if len(of) == 1 and not any(text in other and text != other for other in texts[entity])
    }
