"""Names as text: tokens, folding, and how alike two names are.

Two names are *the same* by exact rules only. Similarity ranks near misses; it never accepts a name, for no cut-off
separates Walz from Waltz, or Niger from Nigeria, and still takes Sergey for Sergei.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import regex
from anyascii import anyascii

from evalkit.types import written_with_spaces

_QUOTES = str.maketrans(
    dict.fromkeys("‘’ʼʹ`´′", "'") | dict.fromkeys("“”„«»″", '"') | dict.fromkeys("‐‑‒–—−", "-")
)
_LETTERS = r"(?:[\p{L}\p{N}]\p{M}*)+"
_WORD = regex.compile(rf"(?:\p{{Lu}}\.){{2,}}(?!\p{{L}})|{_LETTERS}(?:'{_LETTERS})*")
_ASCII_WORD = re.compile(r"(?:[A-Z]\.){2,}(?![A-Za-z])|[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
"""The same for texts without other letters, which is much faster."""
_ELIDED_WORD = regex.compile(rf"(?:\p{{Lu}}\.){{2,}}(?!\p{{L}})|{_LETTERS}")
"""In French, Italian and Catalan an apostrophe stands between two words: l'OMS."""
_ELISION = ("fr", "it", "ca")
_WORD_OR_SIGN = re.compile(r"[^\W_]+|[^\s\w]")


class Token(NamedTuple):
    """A word and where it stands."""

    text: str
    """As written, quotes and hyphens unified."""
    folded: str
    start: int
    end: int
    """Character offsets in the text, end exclusive."""
    capitalised: bool
    """Whether it begins with a capital letter."""
    nameable: bool
    """Whether it could belong to a name: not in lower case, as in scripts without capitals no letter is; Ki-moon's second part could."""


@lru_cache(maxsize=16384)
def tokenize(text: str, language: str) -> tuple[Token, ...]:
    """The words of a text; in languages without spaces, its characters. Hyphens separate words; U.S. is one word."""
    unified = text.translate(_QUOTES)
    tokens: list[Token] = []
    if written_with_spaces(language):
        pattern = _ASCII_WORD if unified.isascii() else _WORD
        for match in (_ELIDED_WORD if language.lower().startswith(_ELISION) else pattern).finditer(unified):
            word, start = match.group(), match.start()
            if word.endswith(("'s", "'S")):
                word = word[:-2]  # the possessive is no part of a name
            hyphened = bool(tokens) and tokens[-1].nameable and unified[tokens[-1].end : start] == "-"
            capital = word[0].isupper()
            # what Token(…) does, in half the time
            tokens.append(
                tuple.__new__(
                    Token,
                    (
                        word,
                        fold(word),
                        start,
                        start + len(word),
                        capital,
                        capital or hyphened or not word[0].islower(),
                    ),
                )
            )
    else:
        for match in _WORD_OR_SIGN.finditer(unified):
            start = match.start()
            tokens += [
                Token(c, fold(c), start + i, start + i + 1, c.isupper(), not c.islower())
                for i, c in enumerate(match.group())
            ]
    return tuple(tokens)


_SAME_LETTERS: dict[int, str | None] = {
    **{ord(letter): plain for letter, plain in zip("Ёёأإآٱة", "ееااااه", strict=True)},
    **dict.fromkeys(range(0x064B, 0x0653)),
    0x0640: None,
}
"""Letters that are often written alike: ё and е, the forms of alif, vowel signs and tatweel of Arabic."""


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Lower case without diacritics, apostrophes, and what Russian and Arabic often leave out. Only Latin letters become ASCII."""
    letters = unicodedata.normalize("NFKC", word).replace("'", "").replace(".", "")
    if letters.isascii():
        return letters.lower()
    letters = letters.translate(_SAME_LETTERS)
    return "".join(anyascii(c) if "LATIN" in unicodedata.name(c, "") else c for c in letters).lower()
