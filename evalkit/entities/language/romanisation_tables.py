"""The tables of `romanisation.yaml`: what distinguishes the romanisations of one name, by source language.

A source language has one of two kinds of rules:

- steps: patterns with what replaces them, for languages that are written with letters
- syllables: all spellings of each syllable, for Chinese and Korean. Words that cannot be split into them are
  foreign.

Words that the source language cannot have (`foreign`, or not `native`) are left to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

from evalkit.entities.language.data_files import read_file


class _Rules(TypedDict, total=False):
    """The rules of one source language, as in the file."""

    uses_targets: bool
    shortest: int
    foreign: str
    native: str
    before: list[dict[str, str]]
    steps: list[dict[str, str]]
    alone: list[str]
    pinyin: str
    others: str
    groups: list[str]
    single: str


@dataclass(frozen=True, slots=True)
class Step:
    """Replacements that are made in one pass over a word."""

    pattern: re.Pattern[str]
    replacements: tuple[str, ...]
    """One for each group of the pattern."""

    @classmethod
    def of(cls, rules: Mapping[str, str]) -> Step:
        """Compile a step of the file."""
        return cls(re.compile("|".join(f"({pattern})" for pattern in rules)), tuple(rules.values()))

    def apply(self, word: str) -> str:
        """Replace all that the rules replace. At each place, the first rule that matches counts."""
        return self.pattern.sub(self._replace, word)

    def _replace(self, match: re.Match[str]) -> str:
        return self.replacements[(match.lastindex or 1) - 1]


@dataclass(frozen=True, slots=True)
class Source:
    """The rules of one source language."""

    uses_targets: bool
    """Whether German, French and other languages write its names in their own way."""
    shortest: int
    """The fewest letters of a word that the rules apply to."""
    foreign: re.Pattern[str] | None
    native: re.Pattern[str] | None
    steps: tuple[Step, ...]
    standard: Mapping[str, str]
    """Syllables as the standard system writes them. Words that consist of them stay as they are."""
    syllables: Mapping[str, str]
    """Every spelling of a syllable, and the one that represents it."""
    alone: frozenset[str]
    """Syllables that are also common words or other names when they are a word."""

    @classmethod
    def of(cls, rules: _Rules) -> Source:
        """Compile the rules of the file."""
        foreign, native = rules.get("foreign"), rules.get("native")
        return cls(
            rules.get("uses_targets", False),
            rules["shortest"],
            re.compile(foreign) if foreign else None,
            re.compile(native) if native else None,
            tuple(Step.of(step) for step in rules.get("before", []) + rules.get("steps", [])),
            {syllable: syllable for syllable in rules.get("pinyin", "").split()},
            _read_syllables(rules),
            frozenset(rules.get("alone", ())),
        )

    def reduce(self, word: str) -> str | None:
        """Reduce a word to what its romanisations share; None if it is not a word of the language."""
        if not self.shortest <= len(word) <= _LONGEST_WORD or not word.isascii():
            return word
        if self.syllables:
            return word if word in self.alone else self._reduce_syllables(word)
        if (self.foreign and self.foreign.search(word)) or (self.native and not self.native.search(word)):
            return None
        for step in self.steps:
            word = step.apply(word)
        return word

    def _reduce_syllables(self, word: str) -> str | None:
        standard = _split(word, self.standard, _VOWELS)
        return standard if standard is not None else _split(word, self.syllables)


_LONGEST_WORD = 40
_LONGEST_SYLLABLE = 6
_VOWELS = "aeo"
"""Pinyin separates syllables that begin with these from those before them: chiang is not chi and ang."""


def _split(word: str, syllables: Mapping[str, str], never_inside: str = "") -> str | None:
    """Split a word into syllables, the longest that leave a rest that can be split, and represent each.

    Args:
        never_inside: letters that only the first syllable begins with.
    """
    length = len(word)
    dead: set[int] = set()

    def split(start: int) -> str | None:
        if start in dead or (start and word[start] in never_inside):
            return None
        for end in range(min(length, start + _LONGEST_SYLLABLE), start, -1):
            syllable = syllables.get(word[start:end])
            rest = None if syllable is None else "" if end == length else split(end)
            if syllable is not None and rest is not None:
                return syllable + rest
        dead.add(start)
        return None

    return split(0)


def _read_syllables(rules: _Rules) -> dict[str, str]:
    listed = rules.get("pinyin", "") or rules.get("single", "")
    syllables = {syllable: syllable for syllable in listed.split()}
    for pair in rules.get("others", "").split():
        spelling, _, syllable = pair.partition("=")
        syllables[spelling] = syllable
    for group in rules.get("groups", []):
        first, *others = group.split()
        syllables |= dict.fromkeys((first, *others), first)
    return syllables


@lru_cache(maxsize=1)
def load_tables() -> tuple[dict[str, Source], dict[str, Step]]:
    """Load the rules of source languages, and how target languages write sounds, by their codes."""
    content = read_file("romanisation.yaml")
    sources = {code: Source.of(rules) for code, rules in content["sources"].items()}
    return sources, {code: Step.of(rules) for code, rules in content["targets"].items()}
