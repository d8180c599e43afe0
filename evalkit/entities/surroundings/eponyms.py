"""Whether a person's name is in the name of something else: Ford Foundation, institut Curie, Konrad-Adenauer-Platz."""

from __future__ import annotations

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.inflection import is_same_inflected
from evalkit.entities.language.rules import Rules
from evalkit.entities.language.tokens import Token
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
    """Whether a listed thing is before or after the whole name, and not beside the mention."""
    text, lists = document.hypotheses[span.segment], document.rules.words
    before_name, after_name = lists.before_eponyms, lists.after_eponyms
    if text.vocabulary.isdisjoint(before_name | after_name):
        return False
    first = _find_beginning(document, index, span)
    before, after = text.token_before(first), text.token_after(span.last)
    if before is not None and before.folded in before_name and not _has_before(document, index, before):
        return True
    if after is None or after.folded not in after_name or _has_after(document, index, after):
        return False
    return after.capitalised or not _is_case_needed(document)


def _is_case_needed(document: Document) -> bool:
    """Whether only a capital makes a noun a part of a name: Ford Foundation, but not Ford company."""
    return document.rules.target.code == "en"


def _find_beginning(document: Document, index: int, span: Span) -> int:
    """Where the name begins of which a form is the end."""
    text, own, code = (
        document.hypotheses[span.segment],
        document.names[index].person_words,
        document.rules.target.tag,
    )
    first = span.first
    while text.token_before(first) is not None and (
        text.normalised[first - 1] in own
        or any(is_same_inflected(word, text.normalised[first - 1], code) for word in own)
    ):
        first -= 1
    return first


def _has_before(document: Document, index: int, thing: Token) -> bool:
    occurrence = document.occurrences[index]
    return thing.folded in occurrence.text.folded[max(0, occurrence.first - _REACH) : occurrence.first]


def _has_after(document: Document, index: int, thing: Token) -> bool:
    occurrence = document.occurrences[index]
    return thing.folded in occurrence.text.folded[occurrence.last : occurrence.last + _REACH]


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
