"""Names as text: tokens, folding, and how alike two names are.

Two names are *the same* by exact rules only. Similarity ranks near misses; it never accepts a name, for no cut-off
separates Walz from Waltz, or Niger from Nigeria, and still takes Sergey for Sergei.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import regex
from anyascii import anyascii
from rapidfuzz.distance import OSA
from scipy.optimize import linear_sum_assignment

from evalkit.types import written_with_spaces

_QUOTES = str.maketrans(dict.fromkeys("‘’ʼʹ`´′", "'") | dict.fromkeys("“”„«»″", '"') | dict.fromkeys("‐‑‒–—−", "-"))
_LETTERS = r"(?:[\p{L}\p{N}]\p{M}*)+"
_WORD = regex.compile(rf"(?:\p{{Lu}}\.){{2,}}(?!\p{{L}})|{_LETTERS}(?:'{_LETTERS})*")
_ASCII_WORD = re.compile(r"(?:[A-Z]\.){2,}(?![A-Za-z])|[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
"""The same for texts without other letters, which is much faster."""
_ELIDED_WORD = regex.compile(rf"(?:\p{{Lu}}\.){{2,}}(?!\p{{L}})|{_LETTERS}")
"""In French, Italian and Catalan an apostrophe stands between two words: l'OMS."""
_ELISION = ("fr", "it", "ca")
_WORD_OR_SIGN = re.compile(r"[^\W_]+|[^\s\w]")
_SOUNDS = tuple(
    (re.compile(a), b) for a, b in (("wh", "w"), ("ph", "f"), ("kh|[cq]", "k"), ("x", "ks"), ("[aeiouyh]", ""), (r"(.)\1+", r"\1"))
)
"""Spellings of consonants that transliteration confuses; only for ranking near misses."""


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
                tuple.__new__(Token, (word, fold(word), start, start + len(word), capital, capital or hyphened or not word[0].islower()))
            )
    else:
        for match in _WORD_OR_SIGN.finditer(unified):
            start = match.start()
            tokens += [Token(c, fold(c), start + i, start + i + 1, c.isupper(), not c.islower()) for i, c in enumerate(match.group())]
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


def digraphs(name: str) -> str:
    """A name with the vowels of German and Scandinavian written as two letters: Løkke, Loekke."""
    return name.translate(_DIGRAPHS)


_DIGRAPHS = str.maketrans(
    {"ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "å": "aa", "Ä": "Ae", "Æ": "Ae", "Ö": "Oe", "Ø": "Oe", "Ü": "Ue", "Å": "Aa"}
)


@lru_cache(maxsize=65536)
def romanised(folded: str) -> str:
    """A key under which common romanisations of one spelling meet.

    Zelensky, Zelenskyy and Zelenskiy; Dmitry and Dmitriy; Tatyana and Tatiana; Mariya and Mariia; Mykhailo and Mykhaylo; Aliyev and Aliev;
    Alexander and Aleksander; Arestovych and Arestovich. It leaves alone whatever also tells two names apart: doubled
    letters, h, tz, i and e, the last letter of Modi.
    """
    if len(folded) < 5 or not folded.isascii():
        return folded
    key = re.sub(r"sk(iy|ii|yy|yi|ij|yj|y|i)$", "ski", folded)
    key = re.sub(r"(iy|ii|yi|ij|yj)$", "y", key)
    key = re.sub(r"(?<=[aeiou])y(?=ev(a|ich|na)?$)", "", key)
    key = re.sub(r"(?<=[^aeiouyj])([yj]|ii|iy)(?=[au])", "i", key).replace("ks", "x")
    key = re.sub(r"(?<=[ao])y(?=[^aeiouy])", "i", key)
    return re.sub(r"(?<=.{3}[oe]v)ych$", "ich", key)


@lru_cache(maxsize=262144)
def token_similarity(a: str, b: str) -> float:
    """0–1 for two folded words: edit similarity, or its mean with that of the consonants where that is greater."""
    letters = OSA.normalized_similarity(a, b)
    bones_a, bones_b = _consonants(a), _consonants(b)
    if len(bones_a) < 3 or len(bones_b) < 3:
        # of two consonants only the same two say something: Duma, Dooma
        return float(max(letters, (letters + 1) / 2)) if bones_a == bones_b and len(bones_a) == 2 else float(letters)
    return float(max(letters, (letters + OSA.normalized_similarity(bones_a, bones_b)) / 2))


@lru_cache(maxsize=65536)
def _consonants(folded: str) -> str:
    for pattern, replacement in _SOUNDS:
        folded = pattern.sub(replacement, folded)
    return folded


def same_beginning(a: str, b: str) -> bool:
    """Whether two folded words begin with the same consonant sound: Qais and Case, Shia and Sheer."""
    return _consonants(a)[:1] == _consonants(b)[:1] and (a[0] in "aeiou") == (b[0] in "aeiou")


def best_pairs(a: tuple[str, ...], b: tuple[str, ...]) -> list[tuple[int, int, float]]:
    """The pairing of the words of two names that gives the greatest similarity: index, index, similarity."""
    if len(a) == len(b) == 1:
        return [(0, 0, token_similarity(a[0], b[0]))]
    weights = np.array([[token_similarity(x, y) * (len(x) + len(y)) for y in b] for x in a])
    return [(int(i), int(j), token_similarity(a[i], b[j])) for i, j in zip(*linear_sum_assignment(-weights), strict=True)]


@lru_cache(maxsize=65536)
def similarity(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """0–1 for two names of folded words: best pairing of words weighted by length, or both as one word.

    Of names that are single characters, as in Chinese, the order counts: only as one word.
    """
    whole = token_similarity("".join(a), "".join(b))
    if max(map(len, a + b)) == 1:
        return whole
    length = sum(map(len, a)) + sum(map(len, b))
    paired = sum(s * (len(a[i]) + len(b[j])) for i, j, s in best_pairs(a, b)) / length
    return max(paired, whole)
