"""Names in languages written without spaces: their forms, and longer words that only contain them.

The rules need `evalkit.entities.language.tokens` to keep katakana and Latin words whole, so that マリ is not in マリア.
"""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.entities.language.tokens import NAME_DOT
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import NEEDS_DIACRITIC, Name
from evalkit.entities.variants.unspaced_persons import (
    begins_word,
    find_parts,
    is_place,
    split_person,
)

_QUOTES = "「」『』《》〈〉“”\"'"
"""Quotation marks around titles of works: 《红楼梦》, 红楼梦."""
_LEAST_PLACE = 2
"""Characters of the shortest place without its kind: 青海."""
_LEAST_INSTITUTION = 3
"""Characters of the shortest institution: 外交部."""


def find_unspaced(name: Name, text: Text) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find the forms of a name with other dots or spaces, and the short forms of a person."""
    for form, rule in name.forms:
        if rule != NEEDS_DIACRITIC:
            letters = "".join(word for word in form if word != NAME_DOT)
            for spelling in {letters, name.rules.normalise(letters), letters.strip(_QUOTES)} - {""}:
                yield from ((*span, rule or "spacing") for span in text.letters.find(spelling))
    person = split_person(name.text, name.rules) if name.type == "PER" else None
    if person is not None:
        yield from ((*span, "short") for span in find_parts(person, text))
    elif name.type == "LOC":
        yield from ((*span, "generic") for span in _find_bare_place(name, text))
    elif name.type == "ORG":
        yield from ((*span, "short") for span in _find_institution(name, text))


def _find_institution(name: Name, text: Text) -> Iterator[tuple[int, int]]:
    """Find the name of an institution without its country: 中国外交部, 外交部; but not 美国外交部."""
    letters, rules = "".join(word for word in name.forms[0][0] if word != NAME_DOT), name.rules
    if not letters.endswith(tuple(rules.words.institutions)):
        return
    for size in range(2, len(letters) - _LEAST_INSTITUTION + 1):
        if is_place(letters[:size], rules):
            for first, last in text.letters.find(letters[size:]):
                before = text.letters.before(first)
                if begins_word(text, first) and not any(is_place(before[-n:], rules) for n in range(1, 7)):
                    yield first, last


def _find_bare_place(name: Name, text: Text) -> Iterator[tuple[int, int]]:
    """Find a place without the kind of place at its end: 青海省, 青海; but not 青海湖 or 青海大学."""
    lists, letters = name.rules.words, "".join(word for word in name.forms[0][0] if word != NAME_DOT)
    ending = max((end for end in lists.place_endings if letters.endswith(end)), key=len, default="")
    bare = letters.removesuffix(ending)
    if not ending or len(bare) < _LEAST_PLACE:
        return
    others = tuple(lists.place_endings | lists.other_places | lists.place_suffixes)
    for first, last in text.letters.find(bare):
        if begins_word(text, first) and not text.letters.after(last).startswith(others):
            yield first, last
