"""Whether a person's name is in the name of something else: Ford Foundation, institut Curie, Konrad-Adenauer-Platz."""

from __future__ import annotations

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.rules import Rules
from evalkit.entities.text import Text

_HYPHENS = frozenset("-‐‑")
_REACH = 2
"""Words beside the mention among which the reference may have the same thing."""


def is_eponym(document: Document, index: int, span: Span) -> bool:
    """Whether a form of a person's name is in the name of something that is named after somebody."""
    if document.names[index].type != "PER" or not document.rules.target.has_spaces:
        return False
    text = document.hypotheses[span.segment]
    return _is_beside_thing(document, index, span) or _is_joined_by_hyphens(document, index, text, span)


def _is_beside_thing(document: Document, index: int, span: Span) -> bool:
    """Whether a listed thing is before or after a form, and not beside the mention."""
    text, lists = document.hypotheses[span.segment], document.rules.words
    before, after = text.token_before(span.first), text.token_after(span.last)
    things = []
    if before is not None and before.folded in lists.before_eponyms:
        things.append(before.folded)
    is_name = after is not None and (after.capitalised or text.rules.target.code != "en")
    if after is not None and is_name and after.folded in lists.after_eponyms:
        things.append(after.folded)
    return any(not _has_beside(document, index, thing) for thing in things)


def _has_beside(document: Document, index: int, word: str) -> bool:
    """Whether the reference has a word beside the mention."""
    occurrence = document.occurrences[index]
    start = max(0, occurrence.first - _REACH)
    return word in occurrence.text.folded[start : occurrence.last + _REACH]


def _is_joined_by_hyphens(document: Document, index: int, text: Text, span: Span) -> bool:
    """Whether hyphens join the given name and the surname, as in streets and airports; not in Kim Jong-un."""
    name = document.names[index]
    borders = {
        (person.given_words[-1], person.surname[0])
        for person in name.persons
        if person.order == "last" and person.given_words and person.surname
    }
    return any(
        text.folded[position : position + 2] in borders
        and _is_hyphened(text, position)
        and not _has_hyphen(name.text, text.folded[position : position + 2], text.rules)
        for position in range(span.first, span.last - 1)
    )


def _is_hyphened(text: Text, position: int) -> bool:
    return text.text[text.tokens[position].end : text.tokens[position + 1].start] in _HYPHENS


def _has_hyphen(name: str, words: tuple[str, ...], rules: Rules) -> bool:
    """Whether the reference has the two words with a hyphen too."""
    own = Text.of(name, rules.target.tag, rules.source)
    return any(
        own.folded[position : position + 2] == words and _is_hyphened(own, position)
        for position in range(len(own.tokens) - 1)
    )
