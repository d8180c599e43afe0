"""Finding the quantities of a text.

The text is read from left to right. At every digit and every word of a number, the first of these that fits is
taken: a date, a time of day, an amount with what multiplies it and its unit. Ranges are read last: in *5 to 7
million dollars*, the 5 may be millions of dollars as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import regex

from evalkit.numbers.amounts import Amount
from evalkit.numbers.calendar import read_date, read_hour, read_time
from evalkit.numbers.digits import make_plain, read_digits
from evalkit.numbers.lexicon import Lexicon, find_lexicon, fold, list_stems
from evalkit.numbers.quantities import Quantity
from evalkit.numbers.ranges import complete_ranges
from evalkit.numbers.reading import ROMAN, Part, add_sign, read_number, read_word, scanner
from evalkit.numbers.spelled import HAN, read_words

_ADDRESS = regex.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@[\w.-]{1,80}\.\w+|[#@]\p{L}\w*")
_NAMED_BEFORE = regex.compile(r"(\p{L}+)-$")
_NOT_NAMED = frozenset("mid pre post under over non early late top".split())
_SEVERAL = regex.compile(r"\d{1,3}(?: \d{3})+|\d{1,2}[:./]\d{1,2}")
_DIGITS = regex.compile(r"\d+")


@lru_cache(maxsize=50_000)
def find_quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Find the numbers, dates and times of a text, in order.

    Args:
        text: in the language.
        language: its code.
    """
    lexicon, plain = find_lexicon(language), make_plain(text)
    parts = complete_ranges(list(_read(plain, lexicon)), plain)
    return tuple(_finish(part, text, plain) for part in parts)


def _read(text: str, lexicon: Lexicon) -> Iterator[Part]:
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    position = 0
    for match in scanner(lexicon.code).finditer(text):
        if match.start() < position or any(start <= match.start() < end for start, end in addresses):
            continue
        part = _read_at(text, match, lexicon)
        if part is not None:
            position = part.end
            yield add_sign(text, part)


def _read_at(text: str, match: regex.Match[str], lexicon: Lexicon) -> Part | None:
    start = match.start()
    is_word = match[0][0].isalpha() and match[0][0] not in HAN
    if is_word and _is_no_start(match[0], lexicon.code):
        return None
    if not is_word and _is_part_of_name(text, start, lexicon):
        values = read_digits(match[0], lexicon.decimal)
        return Part(start, match.end(), tuple(map(Amount, values)), counts=False) if values else None
    if text.startswith("24/7", start):
        return Part(start, start + 4, (Amount(Fraction(24)),), counts=False)
    if match[0] + text[match.end() : match.end() + 1] in lexicon.idioms:
        part = read_number(text, match, lexicon)
        return None if part is None else replace(part, counts=False)
    found = read_date(text, start, lexicon) or (None if is_word else read_time(text, start, lexicon))
    if found is not None:
        return Part(start, found.end, found.readings)
    if is_word:
        return _read_words(text, match, lexicon)
    return read_number(text, match, lexicon)


def _read_words(text: str, match: regex.Match[str], lexicon: Lexicon) -> Part | None:
    """A spelled-out amount, or the hour of a time."""
    part = read_word(text, match, lexicon)
    amount = part.readings[0] if part else None
    if part is None or not isinstance(amount, Amount) or amount.unit or amount.value.denominator != 1:
        return part
    time = read_hour(text, part.end, int(amount.value), lexicon)
    return part if time is None else Part(part.start, time.end, time.readings)


@lru_cache(maxsize=100_000)
def _is_no_start(word: str, language: str) -> bool:
    """Whether a word can begin nothing, which is so for most."""
    lexicon, folded = find_lexicon(language), fold(word)
    forms = list_stems(folded, lexicon.code)
    return (
        not any(form in lexicon.numbers or lexicon.months.find(form) for form in forms)
        and folded not in lexicon.beginnings
        and lexicon.scales.find(folded) is None
        and not (len(folded) > 6 and read_words([folded], lexicon))
        and not ROMAN.fullmatch(word)
    )


def _is_part_of_name(text: str, start: int, lexicon: Lexicon) -> bool:
    """Whether letters right before digits make them a part of a name: A320, COVID-19; but not RMB100."""
    before = text[max(0, start - 12) : start]
    letters = regex.search(r"[\p{Latin}\p{Cyrillic}\p{Greek}_]+$", before)
    if letters and letters[0].casefold() == "x" and before[: letters.start()][-1:].isdigit():
        return False  # 6x4 inches
    if letters:
        return lexicon.money.find(fold(letters[0])) is None
    named = _NAMED_BEFORE.search(before)
    if named is None or not lexicon.has_spaces:
        return bool(named and named[1].isascii() and named[1].isupper())
    return any(map(str.isupper, named[1])) and fold(named[1]) not in _NOT_NAMED


def _finish(part: Part, text: str, plain: str) -> Quantity:
    written = text[part.start : part.end]
    digits = plain[part.start : part.end]
    pieces = tuple(_make_piece(part, match) for match in _DIGITS.finditer(digits))
    return Quantity(
        start=part.start,
        end=part.end,
        text=written,
        readings=part.readings,
        counts=part.counts,
        parts=pieces if _SEVERAL.fullmatch(digits) else (),
    )


def _make_piece(part: Part, match: regex.Match[str]) -> Quantity:
    amount = Amount(Fraction(match[0]))
    return Quantity(part.start + match.start(), part.start + match.end(), match[0], (amount,))
