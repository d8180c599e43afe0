"""The parts of a person's name: title, given names, surname, number, place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias

from evalkit.entities.language.families import SHORT_SURNAMES
from evalkit.entities.language.rules import Rules
from evalkit.entities.language.syllables import (
    is_chinese_surname,
    is_east_asian_given,
    is_japanese,
    is_japanese_surname,
)
from evalkit.entities.language.tokens import Token, Words, fold_words, tokenize
from evalkit.entities.language.word_lists import WordLists

Order: TypeAlias = Literal["first", "last", "either", "none"]
"""Where the surname is; "either" if the words do not show it, "none" if there is no surname: Charles III."""
_HYPHENS = frozenset("-‐‑‒–")
_LENGTH_JOINED = 3
"""Words of a surname and a given name with a hyphen: Kim Jong-un."""
_LONGEST_ROMAN = 2
"""Words before a Roman number from which the last one is a surname: William Howard Taft IV."""


@dataclass(frozen=True)
class PersonName:
    """One spelling of a person's name, in folded words without its title."""

    words: Words
    """Given names and surname in the order of the text, without number and place."""
    order: Order
    number: str = ""
    """III, Jr."""
    place: Words = ()
    """Of Monaco."""

    given_words: Words = ()
    """Given and middle names."""

    @property
    def is_complete(self) -> bool:
        """Whether the name says who is meant: it has a given name, or nobody uses a surname."""
        return bool(self.given_words) or self.order == "none"

    @cached_property
    def surname(self) -> Words:
        """The surname with its particles; the whole name if nobody uses a surname."""
        count = len(self.given_words)
        if self.order == "first":
            return self.words[: len(self.words) - count]
        return self.words[count:] if self.words[:count] == self.given_words else self.words[-1:]


@lru_cache(maxsize=16384)
def parse_person(spelling: str, rules: Rules) -> PersonName:
    """Split a person's name into its parts.

    Pope John Paul II has no surname, Philip IV of France neither; Kim Jong Un begins with it, Kim Novak ends
    with it.
    """
    lists, tokens = rules.words, tokenize(spelling, rules.target.tag)
    words = tuple(token.folded for token in tokens)
    start = _count_titles(words, rules)
    core, place = _split_place(
        words[start:], has_rank=bool(lists.before_given & {*words[:start]}), rules=rules
    )
    core, number = _split_number(core, tokens[start : start + len(core)], lists)
    has_rank = bool(start) and words[start - 1] in lists.before_given
    is_generation = number in lists.generations and (
        number not in lists.numbered or len(core) > _LONGEST_ROMAN
    )
    if has_rank or place or (number and not is_generation):
        return PersonName(core, "none", number, place)
    order = find_order(core, _find_joined(spelling, tokens), rules)
    return PersonName(core, order, number, place, _select_given(core, order, lists))


def _find_joined(spelling: str, tokens: Sequence[Token]) -> dict[Words, bool]:
    """Find the pairs of words that a hyphen joins, and whether the second one is in lower case."""
    return {
        (first.folded, second.folded): second.text[0].islower()
        for first, second in pairwise(tokens)
        if spelling[first.end : second.start] in _HYPHENS
    }


def _count_titles(words: Words, rules: Rules) -> int:
    """Count the titles before a name."""
    count = 0
    while count < len(words) - 1 and rules.is_title(words[count]):
        count += 1
    return count


def _split_place(words: Words, *, has_rank: bool, rules: Rules) -> tuple[Words, Words]:
    """Split off the place after the name: Philip IV of France, Prinz Carl von Schweden."""
    lists = rules.words
    for position in range(1, len(words) - 1):
        word = words[position]
        links = word in lists.before_place or word in lists.particles
        is_sure = word in lists.before_place - lists.particles  # of, but not von and de
        is_sure |= words[position - 1] in lists.numbered or (
            has_rank and _is_place(words[position + 1 :], rules)
        )
        if links and is_sure:
            return words[:position], words[position + 1 :]
    return words, ()


def _is_place(words: Words, rules: Rules) -> bool:
    return any(known.type == "LOC" for known in rules.known.names.get(words, ()))


def _split_number(words: Words, tokens: Sequence[Token], lists: WordLists) -> tuple[Words, str]:
    """Split off Jr. or III at the end, or II at the beginning, where Turkish has it; Xi is no number."""
    if len(words) < 2:
        return words, ""
    if words[0] in lists.numbered and tokens[0].text.isupper():
        return words[1:], words[0]
    is_number = (words[-1] in lists.numbered and tokens[-1].text.isupper()) or tokens[-1].text == "I"
    if is_number or words[-1] in lists.generations - lists.numbered:
        return words[:-1], words[-1]
    return words, ""


def find_order(words: Words, joined: Mapping[Words, bool], rules: Rules) -> Order:
    """Find where the surname of a name is, by its shape and by the source language.

    Args:
        words: the name, folded.
        joined: the pairs of words that a hyphen joins, which are given names, and whether the second one is
            in lower case, as only in East Asian names.
    """
    if len(words) < 2:
        return "last"
    if len(words) == _LENGTH_JOINED and True in (joined.get(words[:2]), joined.get(words[1:])):
        return "first" if joined.get(words[1:]) else "last"
    if is_japanese_name(words, rules):
        is_first = is_japanese_surname(words[0], rules.words) and not is_japanese_surname(
            words[-1], rules.words
        )
        return "first" if is_first else "last"
    first = _is_east_asian(words[0], words[1:], rules) and words[:2] not in joined
    last = _is_east_asian(words[-1], words[:-1], rules) and words[-2:] not in joined
    is_unclear = first and last and len(words) == 2 and rules.source not in SHORT_SURNAMES
    if is_unclear or (rules.target.code == "hu" and len(words) == 2):
        return "either"
    return "first" if first else "last"


def is_japanese_name(words: Words, rules: Rules) -> bool:
    """Whether a name in a translation from Japanese looks Japanese."""
    return rules.source == "ja" and len(words) == 2 and all(map(is_japanese, words))


def _is_east_asian(surname: str, given: Words, rules: Rules) -> bool:
    """Whether a surname and given names look like those of a Chinese, Korean or Vietnamese person."""
    lists = rules.words
    if not rules.target.has_capitals:  # another script, whose syllables are not known
        return surname in lists.surname_first and (len(given) == 2 or given[0] not in lists.surname_first)
    if surname in lists.particles and len(given) == 1 and rules.source != "vi":
        return False  # Le Pen
    is_surname = surname in lists.surname_first or (rules.source == "zh" and is_chinese_surname(surname))
    return is_surname and is_east_asian_given(given, lists)


def is_east_asian_name(words: Words, rules: Rules) -> bool:
    """Whether a name looks Chinese, Korean or Vietnamese, with the surname first or last."""
    return _is_east_asian(words[0], words[1:], rules) or _is_east_asian(words[-1], words[:-1], rules)


def _select_given(words: Words, order: Order, lists: WordLists) -> Words:
    """Select the given and middle names, without the particles of the surname."""
    if order == "first":
        return words[1:]
    if order == "either":
        return words
    before_surname = words[:-1]
    return tuple(
        word for position, word in enumerate(before_surname) if position == 0 or word not in lists.particles
    )


def collect_persons(spellings: Sequence[str], rules: Rules) -> tuple[PersonName, ...]:
    """Collect the complete names among several spellings of a person's name.

    Le Pen is not complete beside Marine Le Pen.
    """
    folded = {spelling: fold_words(spelling, rules.target.tag) for spelling in spellings}
    whole = [
        spelling
        for spelling, words in folded.items()
        if not any(_ends_in(other, words) for other in folded.values())
    ]
    parsed = dict.fromkeys(parse_person(spelling, rules) for spelling in whole)
    return tuple(person for person in parsed if person.is_complete)


def _ends_in(longer: Words, words: Words) -> bool:
    return len(longer) > len(words) and longer[-len(words) :] == words
