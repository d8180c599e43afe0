"""Names that share words that are written once: the Bill of Bill and Hillary Clinton, East of East and West Berlin."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.entities.language.rules import GENERIC
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name

_MOST_BETWEEN = 2
"""Most words of the second given name, or that the second place or institution has for itself."""


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


def find_shared(name: Name, text: Text) -> Iterator[tuple[int, int]]:
    """Find the first words of a place or an institution before another one with the same last words.

    Kuroda and Higashi Elementary School; not Beijing and Tsinghua University, because Beijing is a place.
    """
    conjunctions = text.rules.words.conjunctions
    for first in text.positions.get(name.rules.normalise(name.words[0]), ()):
        for last in range(first + 1, min(first + len(name.words), len(text.tokens))):
            if text.folded[last] not in conjunctions or not text.tokens[first].capitalised:
                continue
            size = last - first
            head, tail = text.rules.normalise_all(name.words[:size]), name.words[size:]
            is_head = text.normalised[first:last] == head and _has_own_word(name, size)
            if is_head and _shares_last_words(text, last, tail):
                yield first, last


def _has_own_word(name: Name, size: int) -> bool:
    """Whether the first words are not only generic, and no well-known place."""
    if all(not part or part.startswith(GENERIC) for part in map(name.rules.part_of, name.words[:size])):
        return False
    known_names = name.rules.known.names.get(name.words[:size], ())
    return not any(known.type == "LOC" for known in known_names)


def _shares_last_words(text: Text, last: int, tail: tuple[str, ...]) -> bool:
    """Whether "and West Berlin" follows, with a conjunction at the position."""
    part_of = text.rules.part_of
    wanted = tuple(map(part_of, tail))
    for start in range(last + 2, last + 2 + _MOST_BETWEEN):
        others = text.tokens[last + 1 : start]
        if tuple(map(part_of, text.folded[start : start + len(tail)])) == wanted:
            return all(token.capitalised for token in others)
    return False
