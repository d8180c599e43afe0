"""Persons who share a surname that is written once: the Bill of Bill and Hillary Clinton."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name

_MOST_BETWEEN = 2
"""Most words of the second given name."""


def find_joint(name: Name, text: Text) -> Iterator[tuple[int, int]]:
    """Find the given names of a person before a conjunction, another given name and the surname of both."""
    for person in name.persons:
        given = text.rules.normalise_all(person.given_words)
        surname = text.rules.normalise_all(person.surname)
        if person.order != "last" or not given or surname[0] not in text.positions:
            continue
        for first in text.positions.get(given[0], ()):
            last = first + len(given)
            if text.normalised[first:last] == given and _shares_surname(text, last, surname):
                yield first, last


def _shares_surname(text: Text, last: int, surname: tuple[str, ...]) -> bool:
    """Whether "and Hillary Clinton" follows."""
    if text.folded[last : last + 1] == () or text.folded[last] not in text.rules.words.conjunctions:
        return False
    for size in range(1, _MOST_BETWEEN + 1):
        start = last + 1 + size
        others = text.tokens[last + 1 : start]
        if text.normalised[start : start + len(surname)] == surname:
            return all(token.capitalised for token in others)
    return False
