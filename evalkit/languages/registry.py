"""The registry of languages: everything that depends on a language asks it, and nothing else reads codes.

Codes may be BCP 47 (``pt-BR``), ISO 639-1 or -3 (``zh``, ``zho``), or the spellings of WMT and FLORES
(``zh_TW``, ``zho_Hans``). langcodes normalises them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import langcodes
from langcodes.tag_parser import LanguageTagError

WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})
"""Languages written without spaces between words, by `Language.code`."""
_CHINESE = frozenset({"yue", "nan", "hak", "wuu", "gan", "hsn", "cdo", "lzh"})
"""Chinese languages that langcodes keeps apart from ``zh``."""
_RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr"})
"""Scripts written from right to left, by their ISO 15924 code."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language, as its code describes it."""

    tag: str
    """BCP 47: ``zh-Hans``, ``pt-BR``."""
    code: str
    """The shortest code of the language or of the macrolanguage it belongs to: ``zh`` for ``cmn`` and
    ``yue``."""
    script: str
    """ISO 15924, the usual one if the code names none: ``Cyrl``."""
    is_known: bool
    """Whether the code is registered; a private code such as ``dsgs`` is not."""

    @property
    def has_spaces(self) -> bool:
        """Whether words are separated by spaces."""
        return self.code not in WITHOUT_SPACES

    @property
    def is_right_to_left(self) -> bool:
        """Whether it is written from right to left."""
        return self.script in _RIGHT_TO_LEFT


@cache
def find_language(code: str) -> Language:
    """Find a language by its code in any of the spellings above. Case does not matter."""
    try:
        found = langcodes.Language.get(code)
    except LanguageTagError:
        base = re.split("[-_]", code)[0].lower()
        return Language(code, base, "Zyyy", is_known=False)
    base = found.language or code.lower()
    macro = langcodes.Language.get(base).prefer_macrolanguage().language or base
    short = "zh" if base in _CHINESE else macro
    script = found.maximize().script or "Zyyy"
    return Language(found.to_tag(), short, script, is_known=found.is_valid())


def has_spaces(language: str) -> bool:
    """Whether a language, given by its code, has spaces between its words."""
    return find_language(language).has_spaces


def count_words(text: str, language: str) -> int:
    """The number of words in a text, or of characters in a language without spaces between words."""
    if has_spaces(language):
        return len(text.split())
    return sum(not character.isspace() for character in text)
