"""Where in the references the lines of a review sheet have mentions, and what a model found beyond them.

A line has three kinds of mentions: those that were reviewed before, which stay as they are; those that the
model found; and the same words elsewhere in the references. A longer name takes precedence over the names
within it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from evalkit.ner import hygiene
from evalkit.ner.completion import find_occurrences, is_unambiguous
from evalkit.review.owners import Owners
from evalkit.review.scopes import Scope, Scopes
from evalkit.review.sheet import OPEN, YES, SheetLine
from evalkit.types import EntityType, Mention, TestSet

_KEPT: Final = "kept"
_Status: TypeAlias = Literal["kept", "yes", "no", "?"]
"""Why a place is claimed: a mention there was reviewed before (`_KEPT`), or the decision of a line."""


@dataclass(frozen=True)
class Reviewed:
    """The result of a review."""

    mentions: tuple[Mention, ...]
    """Of the lines with yes, in the order of the references."""
    new: tuple[tuple[Mention, ...], ...]
    """Mentions without a reviewed line, by entity, in the order of the references."""


@dataclass(frozen=True)
class _Claim:
    """A place in the references that belongs to a line, or to a new entity."""

    mention: Mention
    status: _Status

    def overlaps(self, other: _Claim) -> bool:
        return self.mention.start < other.mention.end and other.mention.start < self.mention.end

    def contains(self, other: _Claim) -> bool:
        """Whether the other place is a part of this one, and shorter."""
        start, end = other.mention.start, other.mention.end
        is_inside = self.mention.start <= start and end <= self.mention.end
        return is_inside and (self.mention.start, self.mention.end) != (start, end)


def review(
    test_set: TestSet, lines: Sequence[SheetLine], before: Sequence[Mention], found: Sequence[Mention]
) -> Reviewed:
    """Find the mentions of the lines with yes, and what is new.

    Args:
        test_set: the references.
        lines: of a sheet. Those that are not reviewed yet are ignored.
        before: reviewed mentions, from an earlier review or a person. A spelling that has some in a document
            gets no
            more in it.
        found: what a model found.
    """
    return _Review(test_set, [line for line in lines if line.decision != OPEN], before).finish(found)


class _Review:
    """A review in progress."""

    def __init__(self, test_set: TestSet, lines: Sequence[SheetLine], before: Sequence[Mention]) -> None:
        self._language = test_set.target_language
        self._lines = lines
        self._scopes = Scopes(test_set)
        self._owners = Owners(self._scopes, lines)
        self._kept = list(self._keep(before))
        self._present = {(mention.text, self._scopes.scope_of(mention.segment)) for mention in self._kept}

    def _keep(self, before: Sequence[Mention]) -> Iterator[Mention]:
        """The mentions that were reviewed before and still have a line with yes, with its id and type."""
        for mention in before:
            line = self._owners.find_for_mention(mention)
            if line is not None and line.decision == YES:
                yield replace(mention, entity=line.entity, type=line.type)

    def finish(self, found: Sequence[Mention]) -> Reviewed:
        """Resolve all claims, those of the mentions that a model found included."""
        kept = [_Claim(mention, _KEPT) for mention in self._kept]
        by_model = list(self._claim_found(found))
        claims = _resolve([*kept, *by_model, *self._claim_elsewhere(by_model)])
        claims.sort(key=lambda claim: (claim.mention.segment, claim.mention.start))
        mentions = tuple(claim.mention for claim in claims if claim.status in (_KEPT, YES))
        new = [claim.mention for claim in claims if claim.status == OPEN]
        return Reviewed(mentions, tuple(_group_by_entity(new, by_model)))

    def _claim_found(self, found: Sequence[Mention]) -> Iterator[_Claim]:
        """Claim the places that the model found."""
        texts: dict[tuple[Scope, str], set[str]] = {}  # by scope and entity
        for mention in found:
            scope = self._scopes.scope_of(mention.segment)
            texts.setdefault((scope, mention.entity), set()).add(mention.text)
        for mention in found:
            scope = self._scopes.scope_of(mention.segment)
            if self._is_settled(mention.text, scope):
                continue
            line = self._find_owner(mention, scope, texts[scope, mention.entity])
            if line is None:
                yield _Claim(mention, OPEN)
            else:
                yield _Claim(replace(mention, entity=line.entity, type=line.type), line.decision)

    def _is_settled(self, text: str, scope: Scope) -> bool:
        """Whether a spelling gets no further mention in a scope."""
        return (text, scope) in self._present or self._owners.is_excepted(text, scope)

    def _find_owner(self, mention: Mention, scope: Scope, texts: set[str]) -> SheetLine | None:
        """The line of a mention that the model found, or None if it is a new entity.

        Args:
            mention: what the model found.
            scope: of the mention.
            texts: all spellings that the model found for the entity in the scope.
        """
        line = self._owners.find(mention.text, scope, mention.entity)
        if line is None or line.entity == mention.entity:
            return line
        longer = [text for text in texts if mention.text in text and text != mention.text]
        if any(self._owners.find(text, scope, mention.entity) is None for text in longer):
            return None  # the surname of a new person
        if line.type != mention.type and self._owners.lacks_longer_name(mention.text, line, scope):
            return None  # Jordan, if the document has no person of this surname
        return line

    def _claim_elsewhere(self, by_model: Sequence[_Claim]) -> Iterator[_Claim]:
        """Claim the places of the same words in documents in which the model did not find them."""
        done = {(claim.mention.text, self._scopes.scope_of(claim.mention.segment)) for claim in by_model}
        listed = dict.fromkeys(form for line in self._lines for form in line.forms)
        new = {form: mention for form, mention in _list_unambiguous(by_model).items() if form not in listed}
        for form in [*listed, *new]:
            for scope, text in self._scopes.texts.items():
                if form in text and (form, scope) not in done and not self._is_settled(form, scope):
                    yield from self._claim_form(form, scope, new.get(form))

    def _claim_form(self, form: str, scope: Scope, new: Mention | None) -> Iterator[_Claim]:
        """Claim the places of a spelling in a scope, for its line or for the entity of a new mention."""
        line = self._owners.find(form, scope)
        if line is not None:
            if not self._owners.lacks_longer_name(form, line, scope):
                yield from self._claim_occurrences(form, scope, line, line.decision)
        elif new is not None:
            yield from self._claim_occurrences(form, scope, new, OPEN)

    def _claim_occurrences(
        self, form: str, scope: Scope, owner: SheetLine | Mention, status: _Status
    ) -> Iterator[_Claim]:
        if not is_unambiguous(form, self._scopes.words[scope], self._language):
            return
        for index in self._scopes.segments[scope]:
            text = self._scopes.reference(index)
            if form in text and not hygiene.is_all_capitals(text):
                for start, end in find_occurrences(form, text, self._language):
                    yield _Claim(Mention(index, start, end, form, owner.type, owner.entity), status)


def _list_unambiguous(claims: Iterable[_Claim]) -> dict[str, Mention]:
    """New names to look for elsewhere, with a mention of each.

    They belong to one entity only, and are not a part of its longer names, as surnames are.
    """
    texts: dict[str, set[str]] = {}  # by entity
    by_text: dict[str, dict[str, Mention]] = {}  # by text and entity
    for claim in claims:
        if claim.status == OPEN:
            mention = claim.mention
            texts.setdefault(mention.entity, set()).add(mention.text)
            by_text.setdefault(mention.text, {}).setdefault(mention.entity, mention)
    unambiguous = {}
    for text, by_entity in by_text.items():
        first, *others = by_entity.values()
        is_part = any(text in other and text != other for other in texts[first.entity])
        if not others and not is_part:
            unambiguous[text] = first
    return unambiguous


def _resolve(claims: Sequence[_Claim]) -> list[_Claim]:
    """The claims that remain if overlapping ones are resolved, segment by segment."""
    by_segment: dict[int, list[_Claim]] = {}
    for claim in claims:
        by_segment.setdefault(claim.mention.segment, []).append(claim)
    return [claim for in_segment in by_segment.values() for claim in _resolve_segment(in_segment)]


def _resolve_segment(claims: Sequence[_Claim]) -> list[_Claim]:
    """Resolve the claims of one segment. Of two that overlap, the longer one remains.

    A mention that was reviewed before gives way only to a longer name with yes that contains it. A new one
    gives way to all of these, unless it contains them.
    """
    longest_first = sorted(
        claims, key=lambda claim: (claim.mention.start - claim.mention.end, claim.mention.start)
    )
    kept = [claim for claim in longest_first if claim.status == _KEPT]
    accepted = _select([claim for claim in longest_first if claim.status == YES], kept)
    accepted += [claim for claim in kept if not any(map(claim.overlaps, accepted))]
    return accepted + _select([claim for claim in longest_first if claim.status == OPEN], accepted)


def _select(claims: Iterable[_Claim], rivals: Sequence[_Claim]) -> list[_Claim]:
    """Select claims, in order, that overlap neither each other nor rivals, unless they contain the rivals."""
    selected: list[_Claim] = []
    for claim in claims:
        if any(map(claim.overlaps, selected)):
            continue
        if all(claim.contains(rival) for rival in rivals if claim.overlaps(rival)):
            selected.append(claim)
    return selected


def _group_by_entity(
    mentions: Sequence[Mention], by_model: Sequence[_Claim]
) -> Iterator[tuple[Mention, ...]]:
    """Group new mentions by entity, each with the type that the model found most often for the entity."""
    by_entity: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_entity.setdefault(mention.entity, []).append(mention)
    types: dict[str, Counter[EntityType]] = {}
    for claim in by_model:
        types.setdefault(claim.mention.entity, Counter())[claim.mention.type] += claim.status == OPEN
    for entity, group in by_entity.items():
        type_ = types[entity].most_common(1)[0][0]
        yield tuple(replace(mention, type=type_) for mention in group)
