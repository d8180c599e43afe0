"""Whether a form is part of a longer name: 南苏丹, 中国地方, غينيا الاستوائية, ニュー・メキシコ."""

from __future__ import annotations

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.rules import is_listed
from evalkit.entities.surroundings.unspaced_neighbours import is_dotted_to_another, is_in_longer_word
from evalkit.entities.variants.unspaced_persons import words_before


def is_in_longer_without_capitals(document: Document, index: int, span: Span) -> bool:
    """Whether the words beside a form continue it to a name that the reference does not have.

    These are listed words such as South before a place, and, in languages without spaces, listed longer names
    and what is joined by a dot.
    """
    is_place = document.mentions[index].type == "LOC"
    if document.rules.target.has_spaces:
        return is_place and _has_other_word_beside(document, index, span)
    return (
        is_dotted_to_another(document, index, span)
        or is_in_longer_word(document, index, span)
        or (is_place and _has_other_letters_before(document, index, span))
    )


def _has_other_word_beside(document: Document, index: int, span: Span) -> bool:
    """Whether a listed word is before or after a form of a place, and not in the reference."""
    text, occurrence, lists = (
        document.hypotheses[span.segment],
        document.occurrences[index],
        document.rules.words,
    )
    before, after = text.token_before(span.first), text.token_after(span.last)
    word_after = occurrence.text.folded[occurrence.last : occurrence.last + 1]
    if before is not None and is_listed(before.folded, lists.place_prefixes, text.rules):
        return before.folded != occurrence.word_before
    return after is not None and after.folded in lists.place_suffixes and (after.folded,) != word_after


def _has_other_letters_before(document: Document, index: int, span: Span) -> bool:
    """Whether a direction comes directly before a form: 北爱尔兰, but not 越南美国."""
    occurrence, lists = document.occurrences[index], document.rules.words
    before = document.hypotheses[span.segment].letters.before(span.first)
    in_reference = occurrence.text.letters.before(occurrence.first)
    return any(
        before.endswith(prefix)
        and not in_reference.endswith(prefix)
        and not before.endswith(words_before(document.rules))
        for prefix in lists.place_prefixes
    )
