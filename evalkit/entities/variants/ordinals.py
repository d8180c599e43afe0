"""Numbers of persons that are written as words: Johannes Paul der Zweite, Пётр Первый."""

from __future__ import annotations

from functools import cache

from evalkit.entities.language.inflection import is_inflected, is_same_inflected
from evalkit.entities.language.rules import Rules
from evalkit.entities.text import Text


def find_ordinal(text: Text, position: int) -> str:
    """The Roman number of the ordinal at a position, after an article or not; empty if there is none."""
    for token in text.tokens[position : position + 2]:
        if token.capitalised:
            return _read_ordinal(token.folded, text.rules)
        if token.folded not in text.rules.words.articles:
            break
    return ""


@cache
def _read_ordinal(word: str, rules: Rules) -> str:
    language = rules.target.tag
    for entry in rules.words.ordinals:
        number, _, ordinal = entry.partition("=")
        if word == ordinal or (is_inflected(language) and is_same_inflected(word, ordinal, language)):
            return number
    return ""
