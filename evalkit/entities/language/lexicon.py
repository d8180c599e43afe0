"""Whether a string is a real word: distinguishes another word from a misspelling, and a word from a name.

English only, from the frequency list of pyspellchecker: words of film subtitles, with the names among them.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version

from evalkit.entities.language.word_lists import is_english

_COMMON = 3000
"""Fewest occurrences in the list of a string that is more likely a word than a name. Our choice: Moscow has
294, Trump 2,536, ministers 4,655, boats 14,833."""


def is_word(folded: str, language: str) -> bool:
    """Whether the dictionary has a folded word, as a word or as a name."""
    return is_english(language) and folded in _load_english()


def is_common(folded: str, language: str) -> bool:
    """Whether a folded word is frequent enough to be a word rather than a name."""
    return is_english(language) and _load_english().get(folded, 0) >= _COMMON


def lexicon_version(language: str) -> str:
    """The dictionary and its version, for signatures; ``none`` if the language has no dictionary."""
    return f"pyspellchecker-{version('pyspellchecker')}" if is_english(language) else "none"


@lru_cache(maxsize=1)
def _load_english() -> dict[str, int]:
    """Read the number of occurrences of each word."""
    from spellchecker import SpellChecker

    return dict(SpellChecker(language="en").word_frequency.dictionary)
