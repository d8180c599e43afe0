"""Well-known names that have several accepted English forms: `known_names.yaml`. For English targets only.

- places: Kyiv, Kiev; United States, US, America; and what their people are called (Ukrainian, American)
- organisations: World Health Organization, WHO; Islamic State, ISIS
- words: words of persons' names that are romanisations of one name: Mohammed, Muhammad
- people: persons with several established spellings: Zelensky, Zelenskyy; Bin Laden, Bin Ladin
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from evalkit.entities.languages import is_english
from evalkit.entities.romanisation import romanised
from evalkit.entities.tokens import fold, tokenize

Words = tuple[str, ...]
"""A name as folded words."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """One place, organisation or person."""

    type: str
    """PER, LOC or ORG."""
    forms: tuple[Words, ...]
    people: tuple[Words, ...] = ()
    """Adjectives and nouns for its people."""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Look-up by folded words."""

    names: dict[Words, tuple[KnownName, ...]]
    """By each of their forms, and by those of their people."""
    words: dict[str, str]
    """A word of a person's name to one that stands for all its romanisations."""
    keys: dict[str, str] = field(default_factory=dict)
    """What `evalkit.entities.variants.key` has found so far."""

    def places_of_people(self, words: Words) -> tuple[KnownName, ...]:
        """Places whose people are called so."""
        return tuple(name for name in self.names.get(words, ()) if words in name.people)


_NONE = KnownNames({}, {})


def known_names(language: str) -> KnownNames:
    """What is known for a target language; nothing but for English."""
    return _english() if is_english(language) else _NONE


@lru_cache(maxsize=1)
def _english() -> KnownNames:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(Path(__file__).with_name("known_names.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # both are safe
    names = [
        KnownName("LOC", _folded(item["forms"]), _folded(item.get("people", []))) for item in data["places"]
    ]
    names += [KnownName("ORG", _folded(forms)) for forms in data["organisations"]]
    names += [KnownName("PER", _folded(forms)) for forms in data["people"]]
    found: dict[Words, list[KnownName]] = {}
    for name in names:
        for words in dict.fromkeys(name.forms + name.people):
            found.setdefault(words, []).append(name)
    single = [
        [word for word in group if len(tokenize(word, "en")) == 1] for group in data["words"] + data["people"]
    ]
    groups = {romanised(fold(word)): romanised(fold(group[0])) for group in single for word in group}
    return KnownNames({words: tuple(of) for words, of in found.items()}, groups)


def _folded(forms: list[str]) -> tuple[Words, ...]:
    return tuple(tuple(token.folded for token in tokenize(form, "en")) for form in forms)
