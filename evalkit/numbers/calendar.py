"""Dates and times of day at a place in a text."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import regex

from evalkit.numbers.amounts import Amount
from evalkit.numbers.lexicon import Lexicon, fold, list_stems
from evalkit.numbers.quantities import Clock, Date, Reading
from evalkit.numbers.spelled import HAN, read_han


class Found(NamedTuple):
    """A date or a time, and where it ends."""

    end: int
    readings: tuple[Reading, ...]


_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.|:e|a|-?(?:го|е|ого|га|є|ше))?(?!\w)"
_OF = r"(?:the\s+|of\s+|de\s+|del\s+|di\s+|d['’]|den\s+|dem\s+|af\s+|av\s+|al\s+|من\s+)*"
_IN = r"(?:(?:of|de|del|do|árið|year|años?)\s+)*"
_WORD = r"[\p{L}\p{M}]+"
_YEAR = rf"(?:[-,.]?\s*{_IN}(?P<y>(?:1[5-9]|20|21|(?<!, )1[0-4])\d\d|'\d\d)(?![\d%]|[:.,]\d))?"
_DAY_FIRST = regex.compile(rf"(?P<d>\d{{1,2}}){_ORDINAL}[\s-]*{_OF}(?P<m>{_WORD})\.?{_YEAR}")
_MONTH_FIRST = regex.compile(
    rf"(?P<m>{_WORD})\.?\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?(?![\w%$]|[:.,]\d){_YEAR}",
    regex.IGNORECASE,
)
_MONTH_YEAR = regex.compile(rf"(?P<m>{_WORD})\.?,?\s+{_IN}(?P<y>(?:1[5-9]|20|21)\d\d)(?![\d%]|[-.,]\d)")
_YEAR_MONTH = regex.compile(
    rf"(?P<y>(?:1[5-9]|20|21)\d\d)(?:\.|\s+m\.|\.\s+gada)?[\s-]+(?:г\.\s*)?(?P<m>{_WORD})\.?(?:\s+(?P<d>\d{{1,2}})(?!\d))?"
)
_MONTH_ONLY_WORD = regex.compile(
    rf"(?P<m>{_WORD})\s+(?:the\s+)?(?P<d>[a-z]+(?:st|nd|rd|th)){_YEAR}", regex.IGNORECASE
)
_DAY_ONLY_WORD = regex.compile(rf"(?P<d>{_WORD})\s+(?:of\s+)?(?P<m>{_WORD}){_YEAR}")
_FROM_DIGITS = (_DAY_FIRST, _YEAR_MONTH)
_FROM_WORDS = (_MONTH_FIRST, _MONTH_YEAR, _DAY_ONLY_WORD, _MONTH_ONLY_WORD)
_HAN_NUMBER = rf"(?:\d{{1,4}}|[{HAN}]{{1,4}})"
_EAST_ASIAN = regex.compile(
    rf"(?:(?P<y>\d{{2,4}}|[〇零一二三四五六七八九]{{2,4}})\s?[年년]\s?)?"
    rf"(?P<m>{_HAN_NUMBER})\s?[月월](?:份|\s?(?P<d>{_HAN_NUMBER})\s?[日号號일])?"
)
_VIETNAMESE = regex.compile(r"(?:(?P<d>\d{1,2})\s+)?tháng\s+(?P<m>\d{1,2})(?:,?\s+năm\s+(?P<y>\d{4}))?")
_ISO = regex.compile(r"(?P<y>(?:1[5-9]|20|21)\d\d)([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?!\d)")
_THREE = regex.compile(r"(?P<a>\d{1,2})([-/.])\s?(?P<b>\d{1,2})\2\s?(?P<y>\d{4}|\d\d)(?!\d)")
_MONTH_AND_YEAR = regex.compile(r"(?P<m>\d{1,2})[./](?P<y>(?:19|20)\d\d)(?![\d./])")
_DAY_MONTH = regex.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?![\d\w.])")
_SHORT = regex.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\d/]|[.,]\d)")
_TWENTY_FOUR_HOURS = frozenset("de fr es it pt nl sv da nb fi pl cs sk hu ro ru uk tr el hr sr bg".split())
"""Languages that write an hour of the afternoon as 14, so that 2:30 is at night."""
_DOTTED_PAIR = regex.compile(r"(?P<a>\d{1,2})\.(?P<b>\d\d)")
_CLOCK = regex.compile(
    r"(?P<h>\d{1,2})(?P<s>[:.]|\s?h\s?)(?P<m>[0-5]\d)(?::[0-5]\d)?(?!\d|[.,]\d)", regex.IGNORECASE
)
_HOUR = regex.compile(r"(?P<h>\d{1,2})")
_AM_PM = regex.compile(r"\s?(?P<half>[ap])\.?\s?m\b\.?", regex.IGNORECASE)
_PART_OF_DAY = regex.compile(r",?\s(?:in the (?P<am>morning)|in the (?:afternoon|evening)|at night)\b")
_AFTER_HOUR = regex.compile(rf"\s?(?P<w>o['’]clock|{_WORD})")
_EAST_ASIAN_CLOCK = regex.compile(
    rf"(?P<h>{_HAN_NUMBER})\s?(?P<w>[点點时時시])(?![间間])(?:整|(?P<half>半|반)|\s?(?P<m>{_HAN_NUMBER})\s?[分분])?"
)
_LONGEST_MONTH = 14
_DOTTED = frozenset("de cs sk sl hr sr bg pl fi et lv hu da nb is ru uk tr ro el".split())
"""Languages that write a day and a month as 14.3."""
_BEFORE = 4
"""Characters before an hour that may say which half of the day it is."""


def read_date(text: str, start: int, lexicon: Lexicon) -> Found | None:
    """Read a date that begins at a place in a text; None if there is none."""
    if lexicon.code in ("zh", "ja", "ko"):
        found = _read_named(_EAST_ASIAN.match(text, start), lexicon)
    elif lexicon.code == "vi":
        found = _read_named(_VIETNAMESE.match(text, start), lexicon)
    else:
        found = None
    return found or _read_with_month(text, start, lexicon) or _read_numeric(text, start, lexicon)


def _read_with_month(text: str, start: int, lexicon: Lexicon) -> Found | None:
    patterns = _FROM_DIGITS if text[start].isdigit() else _FROM_WORDS
    candidates = (_read_named(pattern.match(text, start), lexicon) for pattern in patterns)
    return max((found for found in candidates if found), key=lambda found: found.end, default=None)


def _read_named(match: regex.Match[str] | None, lexicon: Lexicon) -> Found | None:
    """A date whose month is a word, or a number before the word for month."""
    if match is None:
        return None
    month = _read_part(match["m"]) or _find_month(match["m"], lexicon)
    groups = match.groupdict()
    day, year = _read_day(groups.get("d"), lexicon), _read_part(groups.get("y"))
    if not month or month > 12 or (groups.get("d") and not day) or (day and day > 31):
        return None
    if day is None and year is None and match["m"].isalpha() and match["m"][0] not in HAN:
        return None
    return Found(match.end(), (Date(year, month, day),))


def _find_month(word: str, lexicon: Lexicon) -> int | None:
    """The month of a word; in languages that write months with a capital, only of a word that has one."""
    if lexicon.code in ("en", "de") and not word[0].isupper():
        return None
    folded = fold(word)
    if len(folded) > _LONGEST_MONTH:
        return None
    months = (lexicon.months.find(form) for form in list_stems(folded, lexicon.code))
    return next((month for month in months if month), None)


def _read_part(text: str | None) -> int | None:
    if not text:
        return None
    text = text.strip("'")
    if text.isdigit():
        return int(text)
    value = read_han(text) if all(character in HAN for character in text) else None
    return None if value is None else int(value)


def _read_day(text: str | None, lexicon: Lexicon) -> int | None:
    """A day in digits, or as a word: the first of May."""
    day = _read_part(text)
    if day is None and text:
        number = lexicon.numbers.get(fold(text))
        day = int(number.value) if number and number.value.denominator == 1 else None
    return day or None


def _read_numeric(text: str, start: int, lexicon: Lexicon) -> Found | None:
    """14.03.2024, 3/14/2024, 2024-03-14; in English in both orders if it can be either."""
    match = _ISO.match(text, start)
    if match:
        date = _make_date(match["y"], match["m"], match["d"])
        return Found(match.end(), (date,)) if date else None
    match = _MONTH_AND_YEAR.match(text, start)
    if match and 1 <= int(match["m"]) <= 12:
        return Found(match.end(), (Date(int(match["y"]), int(match["m"])),))
    match = _THREE.match(text, start)
    if match:
        year, a, b = match["y"], match["a"], match["b"]
        is_ambiguous = match[2] != "." and lexicon.code == "en"
        orders = [(b, a), (a, b)] if is_ambiguous else [(a, b), (b, a)]
        dates = [date for day, month in orders if (date := _make_date(year, month, day))]
        dates = dates if is_ambiguous else dates[:1]  # only English has the month first as well
        if match[2] == "." and len(year) == 2 and lexicon.code == "en":
            return None
        return Found(match.end(), tuple(dict.fromkeys(dates))) if dates else None
    match = _DAY_MONTH.match(text, start)
    date = _make_date(None, match["m"], match["d"]) if match and lexicon.code in _DOTTED else None
    return Found(match.end(), (date,)) if match and date else _read_short(text, start, lexicon)


def _read_short(text: str, start: int, lexicon: Lexicon) -> Found | None:
    """3/14, which may be a fraction as well as a date, in both orders if it can be either."""
    match = _SHORT.match(text, start)
    if match is None or not int(match["b"]):
        return None
    a, b = match["a"], match["b"]
    orders = [(b, a), (a, b)] if lexicon.code == "en" else [(a, b)]
    dates = [date for day, month in orders if (date := _make_date(None, month, day))]
    return Found(match.end(), (Amount(Fraction(int(a), int(b))), *dates)) if dates else None


def read_dotted(text: str, lexicon: Lexicon) -> tuple[Reading, ...]:
    """What a decimal such as 18.01 may be besides: a time, and the day and month where they are written so."""
    match = _DOTTED_PAIR.fullmatch(text)
    if match is None:
        return ()
    time = Clock(int(match["a"]), int(match["b"]), is_certain=False) if int(match["a"]) < 24 else None
    date = _make_date(None, match["b"], match["a"]) if lexicon.decimal == "," else None
    return tuple(reading for reading in (date, time) if reading and int(match["b"]) < 60)


def _make_date(year: str | None, month: str, day: str) -> Date | None:
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return Date(None if year is None else int(year), int(month), int(day))


def read_time(text: str, start: int, lexicon: Lexicon) -> Found | None:
    """Read a time of day that begins at a place in a text; None if there is none."""
    if lexicon.code in ("zh", "ja", "ko"):
        found = _read_east_asian_time(text, start, lexicon)
        if found:
            return found
    match = _CLOCK.match(text, start)
    if match and int(match["h"]) <= 24:
        found = _read_half(text, match.end(), int(match["h"]), int(match["m"]), lexicon)
        is_time = match["s"] != "." or found.end > match.end() or _is_time_word_before(text, start)
        return found if is_time else None
    match = _HOUR.match(text, start)
    if match is None or int(match["h"]) > 24:
        return None
    found = _read_half(text, match.end(), int(match["h"]), 0, lexicon)
    return found if found.end > match.end() else None


def read_hour(text: str, end: int, hour: int, lexicon: Lexicon) -> Found | None:
    """The time of a spelled-out hour, if what follows says that it is one: three o'clock; None otherwise."""
    found = _read_half(text, end, hour, 0, lexicon)
    return found if found.end > end and hour <= 24 else None


def _is_time_word_before(text: str, start: int) -> bool:
    return bool(
        regex.search(
            r"(?i)\b(?:kl|klo|um|gegen|ab|alle|alle ore|at|o)\.?\s$", text[max(0, start - 10) : start]
        )
    )


def _read_half(text: str, end: int, hour: int, minute: int, lexicon: Lexicon) -> Found:
    """The time, with what follows it: a.m., o'clock, in the evening."""
    word = _AFTER_HOUR.match(text, end)
    if word and lexicon.clock.find(fold(word["w"])):
        end = word.end()
    half = _AM_PM.match(text, end)
    if half and lexicon.code == "de" and "." not in half[0]:
        half = None  # am Sonntag
    if half:
        is_second = half["half"].lower() == "p"
    else:
        half = _PART_OF_DAY.match(text, end)
        if half is None:
            is_certain = hour > 12 or hour == 0 or lexicon.code in _TWENTY_FOUR_HOURS
            return Found(end, (Clock(hour, minute, is_certain),))
        is_second = half["am"] is None
    final = half.end() - (half[0].endswith(".") and half[0].count(".") == 1)
    return Found(final, (Clock(_in_half(hour, is_second=is_second), minute),))


def _in_half(hour: int, *, is_second: bool) -> int:
    """The hour of 24 by one of 12 and the half of the day."""
    return hour % 12 + 12 * is_second if hour <= 12 else hour


def _read_east_asian_time(text: str, start: int, lexicon: Lexicon) -> Found | None:
    match = _EAST_ASIAN_CLOCK.match(text, start)
    hour = _read_part(match["h"]) if match else None
    is_point = match is not None and match["w"] in "点點"
    if match is None or hour is None or hour > 24 or (is_point and lexicon.code == "ja"):
        return None
    minute = 30 if match["half"] else _read_part(match["m"]) or 0
    halves = list(_find_halves(text[max(0, start - _BEFORE) : start], lexicon))
    if halves:
        return Found(match.end(), (Clock(_in_half(hour, is_second=halves[-1]), minute),))
    time = Clock(hour, minute, hour > 12)
    # in Chinese, the word for the hour is also that for a point
    return Found(match.end(), (time, Amount(Fraction(hour))) if is_point and not minute else (time,))


def _find_halves(text: str, lexicon: Lexicon) -> Iterator[bool]:
    for start in range(len(text)):
        found = lexicon.halves.find_longest(text, start)
        if found:
            yield found[0]
