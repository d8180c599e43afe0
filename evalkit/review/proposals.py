"""New lines of a review sheet: one per entity, with counts and a few mentions in context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from evalkit.errors import DataError
from evalkit.languages.registry import has_spaces
from evalkit.review.mentions import find_exceptions, list_forms
from evalkit.review.sheet import OPEN, YES, Decision, SheetLine, add_cells, fits_in_cell
from evalkit.review.suggestions import add_suggestions
from evalkit.types import NAME_TYPES, Alias, Mention, TestSet

CONTEXT = 40
"""Characters on each side of a mention in the column context."""
_SHOWN = 3
"""Mentions that a line shows in context."""


def make_lines(
    test_set: TestSet,
    groups: Iterable[Sequence[Mention]],
    decision: Decision,
    others: Sequence[SheetLine],
) -> list[SheetLine]:
    """Make a line for each group of mentions: first the types that scores count, then the most frequent.

    Args:
        test_set: the references, with their aliases and reviewed mentions.
        groups: of mentions of one entity.
        decision: of all lines. Open lines get suggestions, lines with yes exceptions.
        others: lines that are reviewed already.

    Raises:
        DataError: a name cannot be written to a sheet.
    """
    aliases: Mapping[str, Alias] = test_set.entities.aliases if test_set.entities else {}
    before = test_set.entities.mentions if test_set.entities else ()
    listed = {line.entity for line in others}
    lines = []
    for mentions in sorted(groups, key=lambda group: (group[0].type not in NAME_TYPES, -len(group))):
        first = mentions[0]
        _check_names(test_set, mentions)
        forms = list_forms(mentions)
        # the aliases of an entity go to its first line
        known = aliases[first.entity].forms if first.entity in aliases and first.entity not in listed else ()
        listed.add(first.entity)
        line = SheetLine(
            decision,
            first.type,
            first.entity,
            forms,
            aliases=tuple(form for form in known if form not in forms),
            exceptions=tuple(find_exceptions(test_set, mentions, before)) if decision == YES else (),
        )
        lines.append(_describe(line, test_set, mentions))
    return add_suggestions(lines, others, test_set.target_language) if decision == OPEN else lines


def _check_names(test_set: TestSet, mentions: Iterable[Mention]) -> None:
    for mention in mentions:
        if not fits_in_cell(mention.text):
            where = test_set.segments[mention.segment].where
            raise DataError(
                f"{where}: {mention.text!r} cannot be written to the sheet, where | separates names; "
                "change the reference"
            )


def _describe(line: SheetLine, test_set: TestSet, mentions: Sequence[Mention]) -> SheetLine:
    """Add cells to a line, with the number of mentions and documents, and some of the mentions in context."""
    return add_cells(
        line,
        mentions=len(mentions),
        documents=len({test_set.segments[mention.segment].document for mention in mentions}),
        context=" | ".join(_show(mention, test_set) for mention in _choose(test_set, mentions)),
    )


def _choose(test_set: TestSet, mentions: Sequence[Mention]) -> list[Mention]:
    """Up to three mentions, of different spellings, or from different documents or segments."""
    chosen: list[Mention] = []
    aspects: tuple[Callable[[Mention], object], ...] = (
        lambda mention: mention.text,
        lambda mention: test_set.segments[mention.segment].document,
        lambda mention: mention.segment,
    )
    for aspect in aspects:
        for mention in mentions:
            if len(chosen) < _SHOWN and all(aspect(mention) != aspect(other) for other in chosen):
                chosen.append(mention)
    return chosen


def _show(mention: Mention, test_set: TestSet) -> str:
    """A mention with the text around it: ``talks 1: «Steve Witkoff» flew to Kursk.``."""
    segment = test_set.segments[mention.segment]
    text = segment.reference.replace('"', "”")  # a cell with straight quotes would have to be quoted
    by_words = has_spaces(test_set.target_language)
    before = _cut(text[: mention.start], by_words=by_words)
    after = _cut(text[mention.end :][::-1], by_words=by_words)[::-1]
    where = segment.id if segment.document is None else f"{segment.document} {segment.id}"
    return f"{where}: {before}«{text[mention.start : mention.end]}»{after}".replace(" | ", " ")


def _cut(text: str, *, by_words: bool) -> str:
    """The last `CONTEXT` characters of a text, from the beginning of a word."""
    if len(text) <= CONTEXT:
        return text
    end = text[-CONTEXT:]
    if by_words and " " in end[:-1]:
        end = end.partition(" ")[2]
    return f"…{end}"


def shorten_context(line: SheetLine) -> str:
    """The first mention of a line with a few words around it, for the terminal."""
    first = line.cells["context"].split(" | ")[0].partition(": ")[2]
    before, _, rest = first.partition("«")
    name, _, after = rest.partition("»")
    limit = CONTEXT // 2
    before = f"…{before[-limit:]}" if len(before) > limit else before
    after = f"{after[:limit]}…" if len(after) > limit else after
    return before + name + after
