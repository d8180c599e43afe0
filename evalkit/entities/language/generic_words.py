"""Generic words in names of places and institutions, such as River and Ministry (`generic_words.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TypeAlias

from evalkit.entities.language.data_files import read_file
from evalkit.entities.language.tokens import fold

_KINDS = ("left_out", "places", "legal", "institutions")
"""Sections that say of which kind a word is. Of two sections for one word, the later one."""
_SETS = ("left_out", "districts", "several", "governing", "legal")
"""Sections that say which kinds a name may lack or add."""

_Section: TypeAlias = Mapping[str, str]
"""Words, separated by spaces, by kind."""
_Sections: TypeAlias = Mapping[str, _Section]


@dataclass(frozen=True, eq=False)
class GenericWords:
    """The generic words of a target language, with those of a source language. All words are folded."""

    kinds: Mapping[str, str]
    """The kind that each word names: rivers, river."""
    beginnings: Mapping[str, str]
    """The kind that each beginning of words names."""
    same: Mapping[str, str]
    """One word for all that mean the same: electoral, election."""
    left_out: frozenset[str]
    """Kinds that the name of a place may lack."""
    districts: frozenset[str]
    """Kinds that the name of an institution may lack or add."""
    several: frozenset[str]
    """Kinds of institutions of which one place has several, by district: Kyoto Prefectural University."""
    governing: frozenset[str]
    """Kinds of institutions that leave the place before them what it is: Qinghai Provincial Department."""
    legal: frozenset[str]
    beside: Mapping[str, frozenset[str]]
    """Kinds that a name may lack or add beside a part: station beside police."""
    alone: frozenset[str]
    """Words that need no generic word: Harvard."""
    home: frozenset[str]
    """The country of the source language."""
    attached: frozenset[str]
    """Words after the name of a place that make another name of it."""
    attached_before: frozenset[str]
    """The same, before the name."""
    whole: frozenset[str]
    """Words that name another place with a generic word than without."""
    endings: Mapping[str, tuple[str, ...]]
    """What transcriptions have at the end of a place's name, by kind."""
    kind_of_ending: Mapping[str, str]

    def kind_of(self, folded: str) -> str:
        """The kind that a word names; empty if it is not generic."""
        kind = self.kinds.get(folded, "")
        if kind or not self.beginnings:
            return kind
        return next((k for start, k in self.beginnings.items() if folded.startswith(start)), "")


@cache
def generic_words(language: str, source: str | None) -> GenericWords:
    """The generic words for the codes of a target language and, if it is known, a source language."""
    content, by_source = _read().get(language, ({}, {}))
    sections = [content, by_source.get(source or "", {})]
    kinds, beginnings = _collect_kinds(sections)
    endings = {kind: tuple(words) for kind, words in _items(sections, "endings")}
    return GenericWords(
        kinds=kinds,
        beginnings=beginnings,
        same={word: key for key, words in _items(sections, "same") for word in words},
        **{name: _collect_set(sections, name, kinds, beginnings) for name in _SETS},
        beside={part: frozenset(kinds[word] for word in words) for part, words in _items(sections, "beside")},
        alone=_flatten(sections, "alone"),
        home=_flatten(sections, "home"),
        attached=_flatten(sections, "attached"),
        attached_before=_flatten(sections, "attached_before"),
        whole=_flatten(sections, "whole"),
        endings=endings,
        kind_of_ending={ending: kind for kind, words in endings.items() for ending in words},
    )


def _collect_kinds(sections: list[_Sections]) -> tuple[dict[str, str], dict[str, str]]:
    """The kinds of words, and of beginnings of words."""
    kinds: dict[str, str] = {}
    for content in sections:
        for section in _KINDS:
            kinds.update((word, kind) for kind, words in _items([content], section) for word in words)
    beginnings = {word[:-1]: kind for word, kind in kinds.items() if word.endswith("-")}
    return {word: kind for word, kind in kinds.items() if not word.endswith("-")}, beginnings


def _collect_set(
    sections: list[_Sections], name: str, kinds: _Section, beginnings: _Section
) -> frozenset[str]:
    """The kinds of the words of a section."""
    words = _flatten(sections, name)
    return frozenset(beginnings[word[:-1]] if word.endswith("-") else kinds[word] for word in words)


def _flatten(sections: list[_Sections], name: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(words for _, words in _items(sections, name)))


def _items(sections: list[_Sections], name: str) -> Iterator[tuple[str, list[str]]]:
    """The folded words of a section, by kind."""
    for content in sections:
        for kind, words in content.get(name, {}).items():
            yield str(kind), [fold(word) for word in words.split()]


@cache
def _read() -> dict[str, tuple[_Sections, Mapping[str, _Sections]]]:
    """The sections of each target language, and those that it adds for each source language."""
    languages = read_file("generic_words.yaml")
    return {code: (content, content.pop("sources", {})) for code, content in languages.items()}
