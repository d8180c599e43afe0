"""Spellings of one word that a language writes alike: नरेंद्र, नरेन्द्र; Persian ی and Arabic ي; Путин, Putin in Serbian.

What changes the sound stays: a Hindi vowel is short or long, except at the end of a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SERBIAN = str.maketrans(
    {
        **dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgddezzijklmnoprstcufhccs", strict=True)),
        "љ": "lj",
        "њ": "nj",
        "џ": "dz",
    }
)
"""Serbian Cyrillic, as Latin letters without diacritics."""
_ARABIC = str.maketrans({"ی": "ي", "ى": "ي", "ک": "ك", "ۀ": "ه", "ە": "ه", "\u200c": None})
_NASAL = re.compile("[ङञणन]्(?=[क-मशषस])|म्(?=[प-म])")
"""A nasal consonant before a stop or sibilant, which may be written as a dot."""
_NUKTA = "़"
_LONG_AT_END = {"ि": "ी", "ु": "ू"}


def _unify_hindi(word: str) -> str:
    letters = unicodedata.normalize("NFD", word).replace(_NUKTA, "").replace("ँ", "ं")
    letters = letters.replace("\u200c", "").replace("\u200d", "")
    letters = _NASAL.sub("ं", letters)
    return letters[:-1] + _LONG_AT_END.get(letters[-1:], letters[-1:])


def _unify_greek(word: str) -> str:
    """Remove the stress, which moves: Αθήνα, Αθηνών."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).replace("\u0301", ""))


@lru_cache(maxsize=65536)
def unify_spelling(word: str, code: str) -> str:
    """Reduce a folded word to what its spellings in a language (`Language.code`) share."""
    if code in ("sr", "bs"):
        return word.translate(_SERBIAN)
    if code == "el":
        return _unify_greek(word)
    if code == "hi":
        return _unify_hindi(word)
    return word.translate(_ARABIC) if code in ("ar", "fa", "ur") else word
