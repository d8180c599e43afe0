"""Find the acronym of a name in a text, and the words that an acronym abbreviates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evalkit.entities.language.rules import GENERIC
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name
from evalkit.entities.variants.initials import collect_initials, least_initials

_LONGEST = 7
"""Letters of the longest acronym that is compared with names written out."""
_MIXED = re.compile(r"[A-Z]+[a-z][A-Z]+")
"""An acronym with the letter of a function word: MoD."""
_AMBIGUOUS = 2
"""Letters of acronyms that any two words could abbreviate."""


def find_acronym(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the initials of the name, unless they are in brackets after the words that they abbreviate.

    Those words are what the text has for the name: "the Prime Minister (MTL)".
    """
    for initials in name.initials:
        for position in text.positions.get(text.rules.normalise(initials.lower()), ()):
            token = text.tokens[position]
            if token.text.replace(".", "") != initials or (position and text.text[token.start - 1] == "("):
                continue
            yield position, position + 1, "acronym"


def find_expansion(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the words that an acronym abbreviates."""
    if len(name.words) > 1:
        return
    letters = name.text.replace(".", "")
    fits = least_initials(name.type) <= len(letters) <= _LONGEST
    if not fits or not (letters.isupper() or _MIXED.fullmatch(letters)):
        return
    for first, token in enumerate(text.tokens):
        if token.text[0] != letters[0] or token.text.isupper():
            continue
        for last in range(first + 2, min(first + 2 * len(letters), len(text.tokens)) + 1):
            if text.is_separate(last - 1):
                break
            words = text.written(first, last)
            if letters in collect_initials((words,), name.type, text.rules) and _is_name(
                text, first, last, name.words[0]
            ):
                yield first, last, "acronym"


def _is_name(text: Text, first: int, last: int, acronym: str) -> bool:
    """Whether words with the right initials are a whole name; for a well-known acronym, the well-known one.

    The next word must not continue it: Ukrainian Special Forces. Words that begin a sentence, and those for
    two letters, need a generic word: European Commission for EC.
    """
    if text.rules.known.find((acronym,)):
        return text.rules.known.is_same(text.words(first, last), (acronym,))
    if text.continues_name(last):
        return False
    is_generic = any(text.parts[position].startswith(GENERIC) for position in range(first, last))
    has_capitals = all(token.nameable for token in text.tokens[first:last] if len(token.text) > _AMBIGUOUS)
    return is_generic or (len(acronym) > _AMBIGUOUS and (has_capitals or not text.starts_sentence(first)))
