"""Numbers in digits: which separators group digits, and which one begins the decimals."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from functools import cache

import regex

NUMBER = r"\d{1,3}(?:[ ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,'’](?=\d)\d+)*"
"""A number in digits; separators between digits belong to it."""
_LONGEST = 40
"""Characters of the longest number; what is longer is none."""
_GROUPED = regex.compile(r"\d{1,3}([ .,'’])\d{3}(?:\1\d{3})*|\d{1,2}(?:,\d{2})*,\d{3}")
"""Groups of three; or, in India, of two before the last three."""


@cache
def _plain_characters() -> dict[int, str]:
    """Digits of all scripts, and characters of numbers, to the usual ones; each stays one character."""
    table = {
        code: str(unicodedata.decimal(chr(code)))
        for code in range(0x660, 0x1FC00)
        if unicodedata.category(chr(code)) == "Nd"
    }
    variants = {
        " ": "\u00a0\u2007\u2009\u202f\u2002\u2003\u066c\u3000",
        "-": "\u2010\u2011\u2012\u2013\u2014\u2212\u301c\uff5e\uff0d\uff70",
        "'": "\u2019\u02bc\uff07\u2018",
        "%": "\uff05\u066a\ufe6a",
        ".": "\u066b\uff0e",
        ",": "\uff0c",
        ":": "\uff1a\u2236",
        "/": "\uff0f",
        "$": "\uff04",
        "¥": "\uffe5",
        "£": "\uffe1",
    }
    return table | {ord(variant): plain for plain, chars in variants.items() for variant in chars}


def make_plain(text: str) -> str:
    """The text with the digits 0 to 9 and plain separators, and every character at its offset."""
    return text if text.isascii() else text.translate(_plain_characters())


def read_digits(text: str, decimal: str) -> tuple[Fraction, ...]:
    """The values of a number in digits, the most likely first.

    Args:
        text: plain, as `NUMBER` matches it.
        decimal: the decimal separator of the language. A single other separator before three digits groups
            them. This one before three digits may also come from another language, so there are two values.

    Returns:
        Nothing if the text is not a number, such as 1.2.3.
    """
    if len(text) > _LONGEST:
        return ()
    if text.isdigit():
        return (Fraction(int(text)),)
    separators = {character for character in text if not character.isdigit()}
    is_grouped = _GROUPED.fullmatch(text)
    if is_grouped and separators != {decimal}:
        return (_join(text),)
    if is_grouped and text.count(decimal) > 1:
        return (_join(text),)
    if is_grouped:
        values = (_read_decimal(text, decimal), _join(text))
        return values[:1] if text.startswith("0") else values
    last = max(text.rfind("."), text.rfind(","))
    head, tail = text[:last], text[last + 1 :]
    if head.isdigit() or _GROUPED.fullmatch(head):
        return (_read_decimal(f"{_join(head)}.{tail}", "."),) if tail.isdigit() else ()
    return ()


def _join(text: str) -> Fraction:
    return Fraction(int("".join(filter(str.isdigit, text))))


def _read_decimal(text: str, separator: str) -> Fraction:
    return Fraction(text.replace(separator, "."))
