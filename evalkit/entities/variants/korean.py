"""Korean names written together with their titles and particles, and surnames before a title: 윤 대통령."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.entities.language.inflection import is_same_inflected
from evalkit.entities.language.rules import Rules, is_listed
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import NEEDS_DIACRITIC, Name

_LONGEST = 4
"""Syllables of the longest Korean or Chinese name that is one word."""
_COMPOUND = 2
"""Syllables of a compound surname, such as 남궁."""


def find_korean(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find forms with a title or words joined to them, and the surname before a title."""
    for form, rule in name.forms:
        if rule == NEEDS_DIACRITIC:
            continue
        joined, joining = "".join(form), rule or ("spacing" if len(form) > 1 else "inflection")
        for position, word in enumerate(text.folded):
            if word.startswith(joined) and _continues(word, joined, name):
                yield position, position + 1, joining
    surname = _find_surname(name)
    if surname:
        yield from _find_titled(surname, text)


def _continues(word: str, joined: str, name: Name) -> bool:
    """Whether particles follow a name, or, if it is a person or a place, a title and particles."""
    if word == joined or is_same_inflected(joined, word, "ko"):
        return True
    return name.type in ("PER", "LOC") and _is_joined_title(word[len(joined) :], name.rules)


def _find_surname(name: Name) -> str:
    """The surname of a person whose name is one word of two to four syllables; empty if there is none."""
    word = name.words[0]
    if name.type != "PER" or len(name.words) > 1 or not 2 <= len(word) <= _LONGEST:
        return ""
    surnames = name.rules.words.joined_surnames
    size = _COMPOUND if word[:_COMPOUND] in surnames and len(word) > _COMPOUND else 1
    return word[:size] if word[:size] in surnames else ""


def _find_titled(surname: str, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find a surname before a title: 윤 대통령, 윤대통령, 문 전 대통령."""
    titles, rules = text.rules.words.titles, text.rules
    for position, word in enumerate(text.folded):
        after = position + 1
        if after < len(text.folded) and text.folded[after] in rules.words.before_titles:
            after += 1
        if word == surname:
            if after < len(text.folded) and is_listed(text.folded[after], titles, rules):
                yield position, position + 1, "short"
        elif word.startswith(surname) and _is_joined_title(word[len(surname) :], rules):
            yield position, position + 1, "short"


def _is_joined_title(letters: str, rules: Rules) -> bool:
    """Whether letters are a title of two syllables or more, and particles."""
    return len(letters) > 1 and is_listed(letters, rules.words.titles, rules)
