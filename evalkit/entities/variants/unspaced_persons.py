"""The parts of a person's name in languages without spaces, and where they may be alone.

A foreign name has dots: 乔·拜登, ジョー・バイデン. Its last part may be alone. A name in Chinese characters begins
with the surname, which takes a title: 习近平, 习主席; 岸田文雄, 岸田首相. One of two characters may be without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from evalkit.entities.language.own_scripts import to_simplified
from evalkit.entities.language.rules import Rules
from evalkit.entities.language.tokens import NAME_DOT, fold_words
from evalkit.entities.language.word_lists import words_of
from evalkit.entities.text import Text

_TWO_OR_THREE = 5
"""Characters of a Japanese name whose surname has two or three."""
_LONGEST_PLACE = 6
"""Characters of the longest well-known name that may come before a surname."""
HAN = re.compile("[㐀-鿿]+")
"""Chinese characters."""
_KANA = re.compile("[ぁ-ヿ]")


@dataclass(frozen=True, slots=True)
class Person:
    """A name in its parts, as normalised letters."""

    surname: str
    given: tuple[str, ...]
    """What comes before the surname of a foreign name, or after it in Chinese characters."""
    is_foreign: bool
    longer: str = ""
    """Another surname that the name may begin with: 葉加瀬太郎, 石原慎太郎."""


@lru_cache(maxsize=16384)
def split_person(text: str, rules: Rules) -> Person | None:
    """Split a name; None if it has one part, as far as the rules know."""
    parts = ["".join(_normalise(part, rules)) for part in re.split(r"\s+", text.strip())]
    if len(parts) == 1:
        parts = "".join(_normalise(text, rules, keep_dots=True)).split(NAME_DOT)
    if len(parts) > 1:
        return Person(parts[-1], tuple(parts[:-1]), is_foreign=True)
    letters = parts[0]
    for title in _titles(rules):
        if letters.endswith(title) and letters != title:
            letters = letters.removesuffix(title)
            break
    is_surname = letters == parts[0] and letters in _surnames(rules)
    size = 0 if is_surname else _count_surname(letters, rules)
    if not size or letters == parts[0] == letters[:size]:
        return None
    longer = letters[: size + 1] if size == 2 and len(letters) == _TWO_OR_THREE else ""
    return Person(
        letters[:size], (letters[size:],) if letters[size:] else (), is_foreign=False, longer=longer
    )


def _normalise(text: str, rules: Rules, *, keep_dots: bool = False) -> tuple[str, ...]:
    words = rules.normalise_all(fold_words(text, rules.target.tag))
    return words if keep_dots else tuple(word for word in words if word != NAME_DOT)


def _count_surname(letters: str, rules: Rules) -> int:
    """Count the characters of the surname with which a name begins; 0 if it is not known.

    Listed surnames come first. In Japanese, other names have a surname of two characters, and given names may
    be in kana: 大坂なおみ.
    """
    match = HAN.match(letters)
    if match is None:
        return 0
    size, surnames, is_japanese = len(letters), _surnames(rules), rules.target.code == "ja"
    if match.end() < size:
        return match.end() if is_japanese else 0
    for listed in (3, 2):
        if size > listed and letters[:listed] in surnames:
            return listed
    if size >= 4:
        return 2 if is_japanese else 0
    if letters[0] in surnames:
        return 1
    return size - 1 if is_japanese and size > 1 else 0


@cache
def _surnames(rules: Rules) -> frozenset[str]:
    """Listed surnames; in Chinese, also the Japanese ones of two characters and more."""
    listed = rules.words.joined_surnames
    if rules.target.code != "zh":
        return listed
    return listed | {to_simplified(name) for name in words_of("ja").joined_surnames if len(name) > 1}


@lru_cache(maxsize=64)
def _titles(rules: Rules) -> tuple[str, ...]:
    """Titles, longest first."""
    return tuple(sorted(rules.words.titles, key=len, reverse=True))


@lru_cache(maxsize=64)
def _titles_after(rules: Rules) -> tuple[str, ...]:
    """Titles, also with what may come before them: 前首相."""
    titles = _titles(rules)
    return titles + tuple(former + title for former in rules.words.before_titles for title in titles)


@lru_cache(maxsize=64)
def words_before(rules: Rules) -> tuple[str, ...]:
    """Words after which a name may begin."""
    lists = rules.words
    return tuple(
        lists.titles
        | lists.common_words
        | lists.markers
        | lists.before_names
        | {place for place in lists.places if len(place) > 1}
    )


@lru_cache(maxsize=64)
def _words_after(rules: Rules) -> tuple[str, ...]:
    """Words before which a name may end."""
    lists = rules.words
    return tuple(lists.common_words | lists.markers | lists.saying)


def find_parts(person: Person, text: Text) -> Iterator[tuple[int, int]]:
    """Find the spans in which a part of a name is the short form of the whole."""
    if person.is_foreign:
        if len(person.surname) > 1:
            yield from text.letters.find(person.surname)
        if len(person.given) > 1:
            yield from text.letters.find(person.given[0] + person.surname)
        return
    for first, last in (*text.letters.find(person.surname), *text.letters.find(person.longer)):
        after = text.letters.after(last)
        if person.given and after.startswith(person.given[0]):
            continue
        needs_particle = bool(person.given) and not HAN.match(person.given[0])
        if is_whole_word(text, first, last, needs_particle=needs_particle):
            yield first, last


def is_whole_word(text: Text, first: int, last: int, *, needs_particle: bool = False) -> bool:
    """Whether a span has a title, or, if it is longer than a character, is a word on its own.

    Args:
        needs_particle: hiragana after it need to be a listed particle, because the given name has them too.
    """
    if not begins_word(text, first):
        return False
    if has_title(text, last):
        return True
    if last - first == 1:
        return False
    if needs_particle and last < len(text.tokens) and _KANA.match(text.folded[last]):
        return text.letters.after(last).startswith(_words_after(text.rules))
    return ends_word(text, last) or text.letters.before(first).endswith(_titles(text.rules))


def has_title(text: Text, last: int) -> bool:
    """Whether a title follows a span."""
    return text.letters.after(last).startswith(_titles_after(text.rules))


def begins_word(text: Text, first: int) -> bool:
    """Whether a word may begin with a Chinese character: after another script, or after a listed word."""
    before = text.letters.before(first)
    if not first or not HAN.match(text.folded[first - 1]):
        return not first or text.folded[first - 1] != NAME_DOT
    return before.endswith(words_before(text.rules)) or any(
        is_place(before[-size:], text.rules) for size in range(2, _LONGEST_PLACE + 1)
    )


def is_place(letters: str, rules: Rules) -> bool:
    """Whether letters are a listed or well-known name of a place."""
    known = rules.known.names.get(tuple(letters), ())
    return letters in rules.words.places or any(name.type == "LOC" for name in known)


def ends_word(text: Text, last: int) -> bool:
    """Whether a word may end before a position: no Chinese character follows, or a listed word."""
    if last == len(text.tokens) or not HAN.match(text.folded[last]):
        return last == len(text.tokens) or text.folded[last] != NAME_DOT
    return text.letters.after(last).startswith(_words_after(text.rules))
