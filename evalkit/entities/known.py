"""Well-known names that have several accepted English forms (`known_names.yaml`). For English targets only.

- places: Kyiv, Kiev; United States, US, America; and what their people are called: Ukrainian, American
- organisations: World Health Organization, WHO; Islamic State, ISIS
- words: romanisations of one word of a person's name: Mohammed, Muhammad
- people: persons with several established spellings: Zelensky, Zelenskyy; Bin Laden, Bin Ladin
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import yaml

from evalkit.entities.romanisation import romanise
from evalkit.entities.tokens import Words, fold, fold_words, tokenize
from evalkit.entities.word_lists import is_english


@dataclass(frozen=True, slots=True)
class KnownName:
    """One place, organisation or person."""

    type: Literal["PER", "LOC", "ORG"]
    forms: tuple[Words, ...]
    people: tuple[Words, ...] = ()
    """Adjectives and nouns for the people of a place."""


@dataclass(frozen=True)
class KnownNames:
    """The well-known names of a language, by their folded words."""

    names: dict[Words, tuple[KnownName, ...]]
    """By each of their forms, and of the words for their people."""
    romanisations: dict[str, str]
    """Each word of a person's name, and the spelling that represents all its romanisations."""

    @cached_property
    def sizes(self) -> dict[str, set[int]]:
        """See `measure_sizes`."""
        return measure_sizes(self.names)

    def find_places_of_people(self, words: Words) -> tuple[KnownName, ...]:
        """Find the places whose people have this name."""
        return tuple(name for name in self.names.get(words, ()) if words in name.people)


def measure_sizes(names: Iterable[Words]) -> dict[str, set[int]]:
    """The numbers of words of the names of several words, by their first word."""
    sizes: dict[str, set[int]] = {}
    for name in names:
        if len(name) > 1:
            sizes.setdefault(name[0], set()).add(len(name))
    return sizes


def find_sequences(
    words: Words, names: Container[Words], sizes: Mapping[str, Collection[int]]
) -> Iterator[tuple[int, int]]:
    """Find the names of several words in a text; their first and last position."""
    for first, word in enumerate(words):
        for size in sizes.get(word, ()):
            if first + size <= len(words) and words[first : first + size] in names:
                yield first, first + size


_NONE = KnownNames({}, {})


def known_names(language: str) -> KnownNames:
    """The well-known names of a target language; none unless it is English."""
    return _load_english() if is_english(language) else _NONE


@lru_cache(maxsize=1)
def _load_english() -> KnownNames:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = Path(__file__).with_name("known_names.yaml").read_text(encoding="utf-8")
    content = yaml.load(text, Loader=loader)  # noqa: S506  # both loaders are safe
    names = [
        KnownName("LOC", _fold_all(group["forms"]), _fold_all(group.get("people", [])))
        for group in content["places"]
    ]
    names += [KnownName("ORG", _fold_all(forms)) for forms in content["organisations"]]
    names += [KnownName("PER", _fold_all(forms)) for forms in content["people"]]
    by_form: dict[Words, list[KnownName]] = {}
    for name in names:
        for words in dict.fromkeys(name.forms + name.people):
            by_form.setdefault(words, []).append(name)
    frozen = {words: tuple(names_of_form) for words, names_of_form in by_form.items()}
    return KnownNames(frozen, _represent_romanisations(content["words"] + content["people"]))


def _represent_romanisations(groups: list[list[str]]) -> dict[str, str]:
    """Map the single words of each group to the first of them."""
    representatives: dict[str, str] = {}
    for group in groups:
        words = [romanise(fold(form)) for form in group if len(tokenize(form, "en")) == 1]
        representatives.update((word, words[0]) for word in words)
    return representatives


def _fold_all(forms: list[str]) -> tuple[Words, ...]:
    return tuple(fold_words(form, "en") for form in forms)
