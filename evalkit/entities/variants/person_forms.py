"""The forms of a person's name that any hypothesis may have: without titles, shorter, in the other order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evalkit.entities.language.families import SHORT_SURNAMES, SURNAME_FIRST
from evalkit.entities.language.rules import Rules
from evalkit.entities.language.syllables import split_given
from evalkit.entities.language.tokens import Words, fold, fold_words
from evalkit.entities.language.word_lists import WordLists
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.variants.persons import PersonName, is_east_asian_name, is_japanese_name, parse_person

_AFTER_HYPHEN = re.compile(r"[-‐‑](\w+)")
"""A word that a hyphen joins to the word before it."""
_SHORTEST_COMPOUND = 3
"""Fewest words of a name with two surnames."""


def find_person_forms(spelling: str, rules: Rules) -> Iterator[tuple[Words, MatchingRule]]:
    """Find the other accepted forms of a person's name, in folded words, with their rules."""
    person, words = parse_person(spelling, rules), fold_words(spelling, rules.target.tag)
    if not person.words:
        return
    if words[-1] not in rules.words.legal_forms:
        for form in _find_short_forms(person, rules.words):
            if form != words and not _is_half(spelling, person, form, rules.words):
                yield form, "short"
    if may_reorder(person, rules):
        yield from ((form, "reorder") for form in _find_other_orders(person, rules.words) if form != words)


def _is_half(spelling: str, person: PersonName, form: Words, lists: WordLists) -> bool:
    """Whether a form begins after a hyphen within the name: Moretti of Dupond-Moretti, but not Sisi of al-Sisi."""
    size = len(form)
    if size >= len(person.words) or person.words[-size:] != form:
        return False
    is_joined = form[0] in map(fold, _AFTER_HYPHEN.findall(spelling))
    return is_joined and person.words[-size - 1] not in lists.arabic_articles


def _find_short_forms(person: PersonName, lists: WordLists) -> Iterator[Words]:
    """Find the short forms: the surname, and shorter full names.

    A particle stays with its surname: von der Leyen, not Leyen; except for Arabic articles: al-Sudani, Sudani.
    """
    core = person.words
    if person.number:
        yield (*core, person.number)
    yield core
    if len(core) > 1 and person.order == "last":
        yield from ((core[0], word) for word in lists.after_given)  # Meral Hanım
    if person.order in ("first", "either"):
        yield core[:1]
    if person.order in ("last", "either"):
        yield from _find_endings(core, lists)
    if person.order == "last":
        yield from _leave_out_middle(core, lists)


def _find_endings(core: Words, lists: WordLists) -> Iterator[Words]:
    """The last words of a name: García Márquez, Márquez. A place alone is not a short form."""
    for start in range(1, len(core)):
        before, word = core[start - 1], core[start]
        after_particle = before in lists.particles and before not in lists.arabic_articles
        is_place = start == len(core) - 1 and word in lists.place_nouns
        if not after_particle and len(word) > 1 and not is_place:
            yield core[start:]


def _leave_out_middle(core: Words, lists: WordLists) -> Iterator[Words]:
    """Leave out the words between the first and the last one, or the second of two surnames."""
    if len(core) < _SHORTEST_COMPOUND:
        return
    has_particle = core[-2] in lists.particles
    if not has_particle:
        yield core[0], core[-1]
    first_part = core[: -2 if has_particle else -1]
    if len(first_part) > 1 and first_part[-1] in lists.first_surnames:
        yield first_part  # Isabel Díaz, Cristina Fernández


def may_reorder(person: PersonName, rules: Rules) -> bool:
    """Whether a name may have the other order: from languages that put the surname first, or if its shape shows it.

    Xi Jinping, Jinping Xi; with a Japanese source also Fumio Kishida, Kishida Fumio; but never Vitali
    Klitschko, Klitschko Vitali.
    """
    if len(person.words) < 2 or person.order == "none" or rules.target.code in SURNAME_FIRST:
        return False
    if is_japanese_name(person.words, rules) or (rules.source == "hu" and len(person.words) == 2):
        return True
    return (person.order != "either" or rules.source in SHORT_SURNAMES) and is_east_asian_name(
        person.words, rules
    )


def _find_other_orders(person: PersonName, lists: WordLists) -> Iterator[Words]:
    """Put the surname at the other end, with the given name in one word or two: Jae-myung Lee, Jaemyung Lee."""
    words, surname_first = person.words, person.order in ("first", "either")
    surname = words[:1] if surname_first else words[-1:]
    given = words[1:] if surname_first else words[:-1]
    spellings = [given, ("".join(given),)]
    if len(given) == 1:
        spellings += split_given(given[0], lists)
    for spelling in spellings:
        yield spelling + surname if surname_first else surname + spelling
