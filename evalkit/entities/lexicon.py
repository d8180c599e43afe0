"""Whether something is a real word: to tell another word from a misspelling, and a word from a name at the beginning of a sentence.

English only, from the frequency list of pyspellchecker (words of film subtitles, and well-known names).
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version

from evalkit.entities.languages import is_english

_COMMON = 3000
"""Occurrences in the list from which a word is more likely a word than a name."""


def is_word(folded: str, language: str) -> bool:
    """Whether a folded word is in the dictionary, as a word or as a name."""
    return is_english(language) and folded in _english()


def is_common(folded: str, language: str) -> bool:
    """Whether a folded word is a common word of the language."""
    return is_english(language) and _english().get(folded, 0) >= _COMMON


def lexicon_version(language: str) -> str:
    """Which dictionary is used, for signatures; ``none`` where there is none."""
    return f"pyspellchecker-{version('pyspellchecker')}" if is_english(language) else "none"


@lru_cache(maxsize=1)
def _english() -> dict[str, int]:
    from spellchecker import SpellChecker

    return dict(SpellChecker(language="en").word_frequency.dictionary)
