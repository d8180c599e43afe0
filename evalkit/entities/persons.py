"""The parts of a person's name: surname, given names, particles, and the short forms that they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalkit.entities.rules import Rules
from evalkit.entities.tokens import Token, Words, tokenize
from evalkit.entities.word_lists import WordLists


def is_surname_first(words: Words, lists: WordLists) -> bool:
    """Whether the surname comes before the given name: Xi Jinping, Kim Jong Un."""
    if not words or words[0] not in lists.surname_first:
        return False
    return len(words) == 3 or (len(words) == 2 and words[1] not in lists.surname_first)


def drop_generation(words: Words, lists: WordLists) -> Words:
    """Remove Jr. or III from the end of a name."""
    return words[:-1] if len(words) > 1 and words[-1] in lists.generations else words


def find_short_forms(words: Words, lists: WordLists) -> Iterator[Words]:
    """Find the short forms of a name: its last words, and its first and last word without those between.

    The name begins with a surname for Chinese, Korean and Vietnamese names. A particle stays with its
    surname: von der Leyen, not Leyen; except for Arabic articles: al-Sudani, Sudani.
    """
    if is_surname_first(words, lists):
        yield words[:1]
        if len(words) == 3:
            return
    if drop_generation(words, lists) != words:
        yield drop_generation(words, lists)
    words = drop_generation(words, lists)
    for start in range(1, len(words)):
        after_particle = words[start - 1] in lists.particles and words[start - 1] not in lists.arabic_articles
        if not after_particle and len(words[start]) > 1:
            yield words[start:]
    if len(words) > 2 and words[-2] not in lists.particles:
        yield words[0], words[-1]


def collect_given_names(spellings: Sequence[str], rules: Rules) -> tuple[frozenset[str], ...]:
    """Collect the given names, normalised, from several spellings of a person's name.

    Returns:
        One set per full name that has given names. Le Pen is not a full name beside Marine Le Pen.
    """
    names = [tokenize(spelling, rules.target.tag) for spelling in spellings]
    folded = [tuple(token.folded for token in name) for name in names]
    full = [
        name for name, words in zip(names, folded, strict=True) if not any(_ends_in(o, words) for o in folded)
    ]
    given = (
        frozenset(
            rules.normalise(token.folded) for token in _select_given(name, rules.words) if token.nameable
        )
        for name in full
    )
    return tuple({words for words in given if words})


def _ends_in(longer: Words, words: Words) -> bool:
    return len(longer) > len(words) and longer[-len(words) :] == words


def _select_given(name: Sequence[Token], lists: WordLists) -> Sequence[Token]:
    """Select the words of a name apart from the surname, its particles, and a Jr. after it."""
    words = tuple(token.folded for token in name)
    if is_surname_first(drop_generation(words, lists), lists):
        return name[1:]
    before_surname = name[: max(len(drop_generation(words, lists)) - 1, 0)]
    return [
        token
        for position, token in enumerate(before_surname)
        if position == 0 or token.folded not in lists.particles
    ]
