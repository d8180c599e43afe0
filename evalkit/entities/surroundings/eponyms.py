"""Whether a person's name is in the name of something else: Ford Foundation, institut Curie, Konrad-Adenauer-Platz."""

from __future__ import annotations

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.inflection import is_same_inflected
from evalkit.entities.language.rules import Rules
from evalkit.entities.language.tokens import Token
from evalkit.entities.text import Text

_HYPHENS = frozenset("-‐‑")
_CAPITAL = frozenset({"en", "tr"})
"""Languages in which only a capital makes a noun a part of a name: Ford Foundation, Erdoğan ödülü aldı."""
_HYPHEN = frozenset({"de"})
"""Languages in which only a hyphen does: Scholz-Platz, but: dann nahm Scholz Platz."""
_GENITIVE = frozenset({"cs", "ru", "uk"})
"""Languages in which the person's name is in the genitive: Letiště Václava Havla."""
_NAMED = frozenset("имени им імені ім".split())
"""Words that say that something is named after somebody."""
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
        return not _is_subject(document, index, span, first - 1)
    if after is None or after.folded not in after_name or _has_after(document, index, after):
        return False
    code = document.rules.target.code
    return (code not in _CAPITAL or after.capitalised) and (
        code not in _HYPHEN or _is_hyphened(text, span.last - 1)
    )


def _is_subject(document: Document, index: int, span: Span, thing: int) -> bool:
    """Whether the person after a place does something there: Na letišti Babiš řekl; En el estadio Messi marcó."""
    text, code = document.hypotheses[span.segment], document.rules.target.code
    if code in _GENITIVE:
        is_nominative = document.words(span)[-1] == document.names[index].words[-1]
        return is_nominative and text.folded[thing] not in _NAMED
    start = thing
    while start and not text.starts_sentence(start) and thing - start < _REACH:
        start -= 1
    is_short = document.words(span)[0] != document.names[index].words[0] and thing + 1 == span.first
    return is_short and text.starts_sentence(start) and text.folded[start] in text.rules.words.adpositions


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
