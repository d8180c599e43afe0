"""Find names that a hypothesis has in lower case: moscow, weather news. A shell is not Shell."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.lexicon import is_common, is_word
from evalkit.entities.language.tokens import Words
from evalkit.entities.text import Text

_QUOTES = frozenset("\"'“”„«»‘’")
_SHORTEST = 4
"""Fewest letters of a single word that is not ambiguous in lower case: not us and who."""


def find_in_lower_case(document: Document, index: int, segment: int) -> Iterator[Span]:
    """Find the name in lower case, where it is unlikely to be common words."""
    name, text = document.names[index], document.hypotheses[segment]
    if not text.rules.target.has_spaces or name.text[0].islower():
        return
    form = name.forms[0][0]
    for first in text.positions.get(form[0], ()):
        span = Span(segment, first, first + len(form))
        if text.normalised[first : span.last] != form or any(
            text.tokens[position].nameable for position in span.positions
        ):
            continue
        if (_is_phrase if len(form) > 1 else _is_single_name)(document, index, span):
            yield span


def _is_phrase(document: Document, index: int, span: Span) -> bool:
    """Whether several words are the name: weather news, but not a white house."""
    name, text = document.names[index], document.hypotheses[span.segment]
    if text.rules.target.code != "en":
        return name.type != "PER" and any(_compare_neighbours(document, index, span))
    is_usual = all(is_common(word, text.rules.target.code) for word in name.words)
    before = _word_at(text, span.first - 1)
    return (name.type != "PER" or not is_usual) and before not in text.rules.words.indefinite


def _is_single_name(document: Document, index: int, span: Span) -> bool:
    """Whether a word is the name: not in the dictionary, or between the words that are beside the name."""
    name, text = document.names[index], document.hypotheses[span.segment]
    word, language = text.folded[span.first], text.rules.target.code
    if len(word) < _SHORTEST or _has_other_determiner(document, index, span) or _is_hyphened(text, span):
        return False
    is_name = not is_word(word, language) or (name.type != "PER" and not is_common(word, language))
    if language != "en":
        is_name = name.text.isupper()
    if is_name and not _is_also_a_word(document, index, name.words):
        return True
    in_place = _is_quoted(text, span) or all(_compare_neighbours(document, index, span))
    return name.type != "PER" and in_place


def _is_also_a_word(document: Document, index: int, words: Words) -> bool:
    """Whether the reference has the word in lower case too."""
    reference = document.references[document.mentions[index].segment]
    return any(token.folded == words[0] and not token.nameable for token in reference.tokens)


def _is_hyphened(text: Text, span: Span) -> bool:
    """Whether a word is part of a compound: anti-russia."""
    start, end = text.tokens[span.first].start, text.tokens[span.last - 1].end
    return text.text[max(start - 1, 0) : start] == "-" or text.text[end : end + 1] == "-"


def _is_quoted(text: Text, span: Span) -> bool:
    """Whether a word is between quotation marks."""
    start, end = text.tokens[span.first].start, text.tokens[span.last - 1].end
    return text.text[max(start - 1, 0) : start] in _QUOTES and text.text[end : end + 1] in _QUOTES


def _has_other_determiner(document: Document, index: int, span: Span) -> bool:
    """Whether an article or the like is before a word, and not in the reference: an apple."""
    before = _word_at(document.hypotheses[span.segment], span.first - 1)
    is_determiner = before in document.rules.words.determiners
    return is_determiner and before != document.occurrences[index].word_before


def _compare_neighbours(document: Document, index: int, span: Span) -> tuple[bool, bool]:
    """Whether the word before, and the word after, are those of the reference."""
    occurrence, text = document.occurrences[index], document.hypotheses[span.segment]
    return (
        _word_at(text, span.first - 1) == occurrence.word_before,
        _word_at(text, span.last) == _word_at(occurrence.text, occurrence.last),
    )


def _word_at(text: Text, position: int) -> str:
    """The folded word at a position; empty outside the text."""
    return text.folded[position] if 0 <= position < len(text.folded) else ""
