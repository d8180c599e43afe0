"""The words of numbers, units, money, months and times in each language.

Two tables. ``cldr.json`` has what Unicode CLDR knows of 38 languages, one per line: spelled-out numbers (the
cardinals and ordinals up to 100, in all their genders and cases, as ICU 72 writes them with CLDR 42), and names
of months, units and large numbers and the decimal separator (from Babel 2.19, CLDR 49). Its licence is beside
it, and `training/number_words.py` writes it. ``words.yaml`` has what CLDR does not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import regex
import yaml

from evalkit.languages.registry import find_language
from evalkit.numbers.amounts import PERCENT

T = TypeVar("T")
_FOLDER = Path(__file__).parent
_LONGEST = 9
"""Characters of the longest unit in a language without spaces."""


class WordTable(Generic[T]):
    """Values by word, or by the beginning of words."""

    def __init__(self, items: Iterable[tuple[str, T]]) -> None:
        """Take pairs of a word, which is a beginning if ``*`` follows it, and its value."""
        self.words: dict[str, T] = {}
        self._beginnings: dict[str, T] = {}
        for word, value in items:
            (self._beginnings if word.endswith("*") else self.words).setdefault(fold(word.rstrip("*")), value)
        self._lengths = sorted({len(word) for word in self._beginnings}, reverse=True)

    def find(self, word: str) -> T | None:
        """The value of a word in lower case; None if it is not in the table."""
        if word in self.words:
            return self.words[word]
        beginnings = (word[:length] for length in self._lengths if length <= len(word))
        return next((self._beginnings[part] for part in beginnings if part in self._beginnings), None)

    def find_longest(self, text: str, start: int) -> tuple[T, int] | None:
        """The value of the longest word that starts here, and where it ends, in a text without spaces."""
        for end in range(min(len(text), start + _LONGEST), start, -1):
            value = self.words.get(text[start:end])
            if value is not None:
                return value, end
        return None


@dataclass(frozen=True)
class NumberWord:
    """A spelled-out number."""

    value: Fraction
    counts: bool
    """Whether it is a number without doubt."""
    is_loose: bool = False
    """Whether it is another word for a number, such as both, and no part of a longer one."""
    unit: str = ""
    """What it counts by itself: half a year is six months."""


@dataclass(frozen=True)
class Lexicon:
    """The words of one language."""

    code: str
    has_spaces: bool
    decimal: str
    numbers: Mapping[str, NumberWord]
    """Spelled-out numbers below a thousand, and words used for one."""
    number_endings: tuple[str, ...]
    beginnings: frozenset[str]
    """First words of those that are several words."""
    scales: WordTable[int]
    attached: Mapping[str, int]
    """Letters right behind digits that multiply them."""
    units: WordTable[str]
    money: WordTable[str]
    percent: WordTable[str]
    joining: frozenset[str]
    months: WordTable[int]
    clock: WordTable[bool]
    halves: WordTable[bool]
    """Words for a half of the day; true for the second."""
    endings: frozenset[str]
    idioms: frozenset[str]
    """Chinese numerals that rarely are a number."""


_PREFIXES = {"he": regex.compile("[ובכלמהש]{1,2}"), "ar": regex.compile("(?:[وف]?[بلك]?ال|ولل|لل|[وفبلك])")}
"""Words that are written together with the next one: and, in, to, the."""


def list_stems(word: str, code: str) -> list[str]:
    """A word, and what is left of it without a word before that is written together with it."""
    prefix = _PREFIXES[code].match(word) if code in _PREFIXES else None
    return [word] if prefix is None else [word, word[prefix.end() :], word[1:]]


def fold(word: str) -> str:
    """A word in the form of the tables."""
    return word.casefold().replace("\u00ad", "").replace("’", "'").replace("ё", "е")


@cache
def _tables() -> tuple[dict[str, Any], dict[str, Any]]:
    cldr = json.loads((_FOLDER / "cldr.json").read_text(encoding="utf-8"))
    return cldr, yaml.safe_load((_FOLDER / "words.yaml").read_text(encoding="utf-8"))


@cache
def list_words(key: str) -> tuple[str, ...]:
    """A list of `words.yaml` that is for all languages."""
    return tuple(_tables()[1][key])


@cache
def words_hash_parts() -> tuple[str, ...]:
    """The text of both tables, for a signature."""
    return tuple((_FOLDER / name).read_text(encoding="utf-8") for name in ("cldr.json", "words.yaml"))


@cache
def find_lexicon(language: str) -> Lexicon:
    """The words of a language; without words of its own, those that all languages share."""
    found = find_language(language)
    cldr, own = _tables()
    of_language: dict[str, Any] = cldr.get(found.code, cldr["en"] | {name: {} for name in _LISTS})
    numbers = _list_numbers(found.code, of_language, own)
    return Lexicon(
        code=found.code,
        has_spaces=found.has_spaces,
        decimal=of_language["decimal"],
        numbers=numbers,
        number_endings=tuple(map(fold, own["number_endings"].get(found.code, ()))),
        beginnings=frozenset(words.partition(" ")[0] for words in numbers if " " in words),
        scales=WordTable(_list_scales(of_language, own)),
        attached=own["attached_scales"].get(found.code, {}),
        units=WordTable(_list_units(found.code, of_language, own)),
        money=WordTable(_invert(own["money"])),
        percent=WordTable((word, PERCENT) for word in own["percent"].split()),
        joining=frozenset(own["joining"].get(found.code, ())),
        months=WordTable(_list_months(found.code, of_language, own)),
        clock=WordTable((word, True) for word in own["clock"].get(found.code, ())),
        halves=WordTable(_list_halves(own)),
        endings=frozenset(own["endings"]),
        idioms=frozenset(own["idioms"]),
    )


_NOT_UNITS = frozenset(["in", "po", "pi", "mi", "mon", "so"])
"""Abbreviations of units that are far more often other words."""
_LISTS = ("cardinals", "ordinals", "scales", "units", "months")


def _list_numbers(code: str, cldr: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, NumberWord]:
    """Cardinals, ordinals and loose words; a word that is several of them is the first."""
    doubtful = {fold(word) for word in own["ambiguous"].get(code, ())}
    numbers: dict[str, NumberWord] = {}
    for kind, first in (("cardinals", 2), ("ordinals", 3)):
        may_count = code in own["spelled_out"] if kind == "cardinals" else code == "en"
        for value, words in cldr[kind].items():
            if kind == "ordinals" and int(value) >= 100:
                continue  # a fraction in many languages: cinq centièmes
            for word in map(fold, words):
                counts = may_count and first <= int(value) < 100 and word not in doubtful
                numbers.setdefault(word, NumberWord(Fraction(int(value)), counts))
    for word, value in own["parts"].get(code, {}).items():
        numbers[word] = NumberWord(Fraction(value), counts=False)
    for word, written in own["loose"].get(code, {}).items():
        value, _, unit = str(written).partition(" ")
        numbers.setdefault(fold(word), NumberWord(Fraction(value), counts=False, is_loose=True, unit=unit))
    return numbers


def _invert(table: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return ((word, name) for name, words in table.items() for word in words.split())


def _list_scales(cldr: Mapping[str, Any], own: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    for scales in (cldr["scales"], {value: words.split() for value, words in own["scales"].items()}):
        for value, words in scales.items():
            yield from ((word, int(value)) for word in words)


def _list_units(code: str, cldr: Mapping[str, Any], own: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, words in cldr["units"].items():
        yield from ((word, name) for word in words if " " not in word and word not in _NOT_UNITS)
    yield from _invert(own["units"])
    yield from _invert(own["units_of"].get(code, {}))


def _list_months(code: str, cldr: Mapping[str, Any], own: Mapping[str, Any]) -> Iterable[tuple[str, int]]:
    for number, words in enumerate(cldr["months"], start=1):
        yield from ((word, number) for word in words)
    for number, word in enumerate(own["months"].get(code, ()), start=1):
        yield word, number


def _list_halves(own: Mapping[str, Any]) -> Iterable[tuple[str, bool]]:
    yield from ((word, False) for word in own["am"])
    yield from ((word, True) for word in own["pm"])
