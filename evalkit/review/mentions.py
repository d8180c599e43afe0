"""Mentions and the lines that they become: grouping, spellings and exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evalkit.data.text import compile_whole_words
from evalkit.review.owners import Owners
from evalkit.review.scopes import Scope, Scopes
from evalkit.review.sheet import OPEN, SheetLine
from evalkit.types import Mention, TestSet


def group_mentions(mentions: Iterable[Mention]) -> list[list[Mention]]:
    """Group mentions by entity and type, as the lines of a sheet do."""
    groups: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        groups.setdefault((mention.entity, mention.type), []).append(mention)
    return list(groups.values())


def list_forms(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """The distinct spellings of mentions, the longest first."""
    return tuple(sorted(dict.fromkeys(mention.text for mention in mentions), key=lambda form: -len(form)))


def occurs(form: str, test_set: TestSet) -> bool:
    """Whether a spelling occurs anywhere in the references, also within words."""
    return any(form in segment.reference for segment in test_set.segments)


def find_unlisted(
    test_set: TestSet, lines: Sequence[SheetLine], mentions: Iterable[Mention]
) -> list[Mention]:
    """Find reviewed mentions without a line, such as those that a person added to the entity file."""
    owners = Owners(Scopes(test_set), lines)
    ids = {line.entity for line in lines if line.decision != OPEN}
    return [
        mention
        for mention in mentions
        if mention.entity not in ids and owners.find_for_mention(mention) is None
    ]


def find_exceptions(test_set: TestSet, mentions: Sequence[Mention], reviewed: Sequence[Mention]) -> list[str]:
    """The column ``except`` of a line that is made from reviewed mentions, and must not get further ones.

    A person who reviewed a document and left out a spelling that is a name elsewhere had a reason.

    Args:
        test_set: the references.
        mentions: of the line.
        reviewed: all reviewed mentions. The documents that have some are those that were reviewed.
    """
    scopes = Scopes(test_set)
    reviewed_scopes = dict.fromkeys(scopes.scope_of(mention.segment) for mention in reviewed)
    present = {(mention.text, scopes.scope_of(mention.segment)) for mention in mentions}
    by_segment = _group_by_segment(reviewed)
    forms = list_forms(mentions)
    exceptions = []
    for form in forms:
        for scope in reviewed_scopes:
            if (form, scope) not in present and _is_left_out(form, scope, scopes, by_segment):
                label = scopes.label(scope)
                exceptions.append(label if len(forms) == 1 else f"{label}: {form}")
    return exceptions


def _is_left_out(
    form: str, scope: Scope, scopes: Scopes, by_segment: Mapping[int, Sequence[Mention]]
) -> bool:
    """Whether a spelling occurs in a scope outside of all reviewed mentions."""
    if form not in scopes.texts[scope]:
        return False
    pattern = compile_whole_words(form, scopes.test_set.target_language)
    for index in scopes.segments[scope]:
        for match in pattern.finditer(scopes.reference(index)):
            start, end = match.span()
            if not any(other.start < end and start < other.end for other in by_segment.get(index, ())):
                return True
    return False


def _group_by_segment(mentions: Iterable[Mention]) -> dict[int, list[Mention]]:
    by_segment: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_segment.setdefault(mention.segment, []).append(mention)
    return by_segment
