"""What a sentence splitter knows of each language: abbreviations, ordinals, first words.

The words are in `sentences.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The words of one language that decide whether a sentence ends. Abbreviations lack their full stop."""

    ordinals: bool
    """Whether a number with a full stop is an ordinal: ``19. Jahrhundert``."""
    titles: frozenset[str]
    """Abbreviations that never end a sentence."""
    numbered: frozenset[str]
    """Abbreviations before a number, otherwise words: ``Art. 5``."""
    abbreviations: frozenset[str]
    """Abbreviations that end a sentence only before one of the openers."""
    last: frozenset[str]
    """Abbreviations behind which a capital begins a sentence: ``etc``, currencies."""
    endings: tuple[str, ...]
    """Endings of words that are such abbreviations: ``Hauptstr.``"""
    openers: frozenset[str]
    """Frequent first words of sentences that are not names."""
    continuing: tuple[str, ...]
    """Words that continue a sentence, in languages whose sentences have no mark for their end."""
    said: tuple[str, ...]
    """Words that end a clause which says who said the quotation before it, in languages without spaces."""


@cache
def find_sentence_words(code: str) -> SentenceWords:
    """Find the words of a language by `evalkit.languages.registry.Language.code`; few if it is not listed."""
    table = _read_table()
    own = table.get(code, {})
    own = table[own["like"]] if "like" in own else own
    shared = table["common"]
    return SentenceWords(
        ordinals=own.get("ordinals", False),
        titles=_words(own, "titles") | _words(shared, "titles"),
        numbered=_words(own, "numbered") | _words(shared, "numbered"),
        abbreviations=_words(own, "abbreviations") | _words(shared, "abbreviations"),
        last=_words(own, "last") | _words(shared, "last"),
        endings=tuple(own.get("endings", "").split()),
        openers=_words(own, "openers"),
        continuing=tuple(own.get("continuing", "").split()),
        said=tuple(own.get("said", "").split()),
    )


@cache
def _read_table() -> dict[str, dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, Any]] = yaml.load(text, Loader=loader)  # noqa: S506  # both loaders are safe
    return table


def _words(row: dict[str, Any], key: str) -> frozenset[str]:
    """The words under a key, those in lower case also with a capital."""
    words = row.get(key, "").split()
    return frozenset(words) | frozenset(word[0].upper() + word[1:] for word in words)
