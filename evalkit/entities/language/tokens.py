"""The words of a text, and their folded form, which has no case, diacritics or apostrophes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex
from anyascii import anyascii

from evalkit.entities.language.own_scripts import unify_variants
from evalkit.languages.registry import find_language, has_spaces

Words = tuple[str, ...]
"""A name or a span of text as folded words."""

_QUOTES = str.maketrans(
    dict.fromkeys("‘’ʼʹ`´′׳", "'") | dict.fromkeys("“”„«»″״", '"') | dict.fromkeys("‐‑‒–—−", "-")
)
_LETTERS = r"(?:[\p{L}\p{N}]\p{M}*)+"
_WORD = regex.compile(rf"(?:\p{{Lu}}\.){{2,}}(?!\p{{L}})|{_LETTERS}(?:'{_LETTERS})*")
_ASCII_WORD = re.compile(r"(?:[A-Z]\.){2,}(?![A-Za-z])|[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")
"""`_WORD` for ASCII texts, which is much faster."""
_ELIDED_WORD = regex.compile(rf"(?:\p{{Lu}}\.){{2,}}(?!\p{{L}})|{_LETTERS}")
"""`_WORD` for languages in which an apostrophe separates two words: l'OMS."""
_ELISION = ("fr", "it", "ca")
_KATAKANA = "ァ-ヴヷ-ヺー-ヾｦ-ﾟ"
_UNSPACED_WORD = re.compile(
    rf"[{_KATAKANA}]{{2,}}?(?=(?:グループ|ホールディングス|チーム|リーグ|ニュース)(?![{_KATAKANA}]))|[{_KATAKANA}]+|"
    rf"[0-9A-Za-z０-９Ａ-Ｚａ-ｚÀ-ɏ]+|[^\W_]|[^\s\w]"
)
"""Katakana and Latin words, single characters of other scripts, and signs. Some nouns follow a company's name."""
_DOT = re.compile(rf"(?<=\w)[・•‧･⸱∙⋅](?=\w)|(?<=[{_KATAKANA}一-鿿])[=＝゠.．](?=[{_KATAKANA}一-鿿])")
"""Signs for the spaces within a foreign name in Chinese and Japanese."""
NAME_DOT = "·"
"""What `tokenize` writes for all of them."""


class Token(NamedTuple):
    """One word of a text."""

    text: str
    """As written, with quotes and hyphens unified."""
    folded: str
    """See `fold`."""
    start: int
    end: int
    """Character offsets in the text, end exclusive."""
    capitalised: bool
    """Whether the word begins with a capital letter."""
    nameable: bool
    """Whether the word could be part of a name.

    True unless it begins with a lower-case letter; so always true in scripts without case, and in Georgian,
    whose capitals are hardly used. After a hyphen, a
    lower-case word can be part of a name too: the second part of Ki-moon.
    """


@lru_cache(maxsize=16384)
def tokenize(text: str, language: str) -> tuple[Token, ...]:
    """Split a name, or a text that is likely to come again, into words. See `split_words`."""
    return split_words(text, language)


def split_words(text: str, language: str) -> tuple[Token, ...]:
    """Split a text into words; every Chinese character, hiragana and the like is a word.

    Hyphens separate words. U.S. is one word. The possessive 's is dropped.
    """
    unified = text.translate(_QUOTES)
    split = _split_at_spaces if has_spaces(language) else _split_characters
    return tuple(split(unified, language))


def _split_at_spaces(unified: str, language: str) -> list[Token]:
    pattern = _ASCII_WORD if unified.isascii() else _WORD
    if language.lower().startswith(_ELISION):
        pattern = _ELIDED_WORD
    tokens: list[Token] = []
    has_hyphens, make = "-" in unified, tuple.__new__  # make does what Token(…) does, in half the time
    for match in pattern.finditer(unified):
        start = match.start()
        word, folded, capital, nameable = _read_word(match.group())
        if has_hyphens and not nameable and tokens:
            before = tokens[-1]
            nameable = before.nameable and unified[before.end : start] == "-"
        tokens.append(make(Token, (word, folded, start, start + len(word), capital, nameable)))
    return tokens


@lru_cache(maxsize=65536)
def _read_word(word: str) -> tuple[str, str, bool, bool]:
    """A word without the possessive 's, folded, and whether it is capitalised and could be part of a name."""
    if word.endswith(("'s", "'S")):
        word = word[:-2]
    capital = word[0].isupper()
    return word, fold(word), capital, capital or not word[0].islower() or "ა" <= word[0] <= "ჿ"


def _split_characters(unified: str, language: str) -> Iterator[Token]:
    code = find_language(language).code
    for match in _UNSPACED_WORD.finditer(_DOT.sub(NAME_DOT, unified)):
        word = match.group()
        (folded, capital, nameable), (start, end) = _read_characters(word, code), match.span()
        yield tuple.__new__(Token, (word, folded, start, end, capital, nameable))


@lru_cache(maxsize=65536)
def _read_characters(word: str, code: str) -> tuple[str, bool, bool]:
    """The same for a word of a language without spaces."""
    nameable = not (word.islower() and word.isalpha())
    return fold(unify_variants(word, code)), word[0].isupper(), nameable


_SAME_LETTERS: dict[int, str | None] = {
    **{ord(letter): plain for letter, plain in zip("Ёёأإآٱةیکۀ", "ееااااهيكه", strict=True)},
    **dict.fromkeys((*range(0x064B, 0x0653), *range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2)),
    0x0640: None,
    **{zero + digit: str(digit) for zero in (0x0660, 0x06F0, 0x0966, 0x09E6) for digit in range(10)},
}
"""Letters that are often written alike: ё and е, the forms of alif, ya and kaf; vowel signs and tatweel. And
the digits of Arabic, Persian, Hindi and Bengali."""


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Convert a word to lower case, without diacritics, apostrophes and full stops.

    Only Latin letters become ASCII. Of other scripts, Russian loses ё, and Arabic its vowel signs and forms
    of alif.
    """
    letters = unicodedata.normalize("NFKC", word).replace("'", "").replace(".", "")
    if letters.isascii():
        return letters.lower()
    letters = letters.translate(_SAME_LETTERS)
    return "".join(anyascii(c) if "LATIN" in unicodedata.name(c, "") else c for c in letters).lower()


def fold_words(text: str, language: str) -> Words:
    """Split a name into folded words. A name without letters is one word, in lower case."""
    return tuple(token.folded for token in tokenize(text, language)) or (text.casefold(),)
