"""Names without a model: runs of capitalised words within a sentence. English only; a complement of NER, never in its place."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.entities.languages import CALENDAR, COMMON_WORDS, FUNCTION_WORDS, LINKS, TITLES
from evalkit.entities.lexicon import is_word
from evalkit.entities.text import Text


def capitalised_runs(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Offsets of capitalised words that go together, over "of" and the like.

    Titles, days and months at either end are no part of them, nor is the first word of a sentence unless the dictionary
    does not have it.
    """
    words = Text.of(text, language)
    first = 0
    while first < len(words.tokens):
        last = _end(words, first)
        start, end = first, last
        if start < end and words.starts_sentence(start) and (end - start == 1 or words.tokens[start].folded in COMMON_WORDS):
            word = words.tokens[start].folded
            start += is_word(word, language) or word in COMMON_WORDS
        while start < end and words.tokens[start].folded in TITLES | CALENDAR | FUNCTION_WORDS:
            start += 1
        while start < end and words.tokens[end - 1].folded in TITLES | CALENDAR | FUNCTION_WORDS:
            end -= 1
        if start < end and not (end - start == 1 and len(words.tokens[start].text) == 1):
            yield words.tokens[start].start, words.tokens[end - 1].end
        first = max(last, first + 1)


def _end(words: Text, first: int) -> int:
    last = at = first
    while at < len(words.tokens) and not (at > first and words.apart(at)):
        token = words.tokens[at]
        if token.capitalised:
            last = at + 1
        elif last == first or token.folded not in LINKS or at > last:
            break
        at += 1
    return last
