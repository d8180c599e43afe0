"""Units and currencies beside a number."""

from __future__ import annotations

from functools import cache

import regex

from evalkit.numbers.amounts import PERCENT
from evalkit.numbers.lexicon import Lexicon, fold, list_words

_NEXT = regex.compile(
    r"[ \-\u200e\u200f]?(?P<w>%|°[ ]?[CcFf]?|℃|[€£¥₽₴₩₹₺$](?!\d)|[\p{L}\p{M}]+(?:['’/²³][\p{L}\p{M}]+)*)"
)
_BEFORE = regex.compile(r"(?P<w>\p{Latin}{0,3}[$€£¥₽₴₩₹₺]|[\p{L}\p{M}]+)\.?[ ]?$")
_LETTERS = regex.compile(r" ?(\p{Latin}+)")
_CODES = frozenset(
    "usd eur gbp jpy cny rmb rub uah krw inr chf sek nok dkk czk isk pln huf brl ils aud cad hkd sgd nzd twd".split()
)
"""Codes of currencies, which are written in capitals."""
_WINDOW = 16
"""Characters before a number that may hold its currency."""
_SQUARE = regex.compile(r"[ \-]?(?:square|sq\.?|quadrat|кв\.?|carrés?|平方)[ \-]?", regex.IGNORECASE)
_SHORT_SQUARE = regex.compile(r"[ \-]?(k?)m(?:2|²)(?!\w)")


@cache
def _percent_after() -> regex.Pattern[str]:
    phrases = "|".join(map(regex.escape, list_words("phrases_for_percent")))
    return regex.compile(rf"[ \-]?(?:{phrases})", regex.IGNORECASE)


@cache
def _percent_before() -> regex.Pattern[str]:
    phrases = "|".join(map(regex.escape, list_words("percent_before")))
    return regex.compile(rf"(?:{phrases})$", regex.IGNORECASE)


def read_unit(text: str, end: int, lexicon: Lexicon) -> tuple[str, int] | None:
    """The unit behind a number, and where it ends; None if there is no known one."""
    phrase = _percent_after().match(text, end)
    if phrase:
        return PERCENT, phrase.end()
    if not lexicon.has_spaces:
        return _read_joined(text, end, lexicon)
    short = _SHORT_SQUARE.match(text, end)
    if short:
        return {"k": "square-kilometer", "": "square-meter"}[short[1]], short.end()
    square = _SQUARE.match(text, end)
    found = _NEXT.match(text, square.end() if square else end)
    if found is None:
        return None
    unit = _look_up(found["w"], lexicon)
    if unit is not None:
        return (f"square-{unit}" if square else unit), found.end()
    return _read_money_after_adjective(text, found, lexicon)


def _look_up(word: str, lexicon: Lexicon) -> str | None:
    """The unit of a word, also of the part before an ending after an apostrophe."""
    folded = fold(word).replace(" ", "")
    if folded in _CODES and not word.isupper():
        return lexicon.units.find(folded)
    for form in dict.fromkeys((folded, *folded.split("'"))):
        unit = lexicon.percent.find(form) or lexicon.money.find(form) or lexicon.units.find(form)
        if unit is not None:
            return unit
    return None


def _read_money_after_adjective(
    text: str, found: regex.Match[str], lexicon: Lexicon
) -> tuple[str, int] | None:
    """The currency after whose it is: US dollars, Japanese yen."""
    following = _NEXT.match(text, found.end())
    if following is None or not (found["w"][:1].isupper() or found["w"].endswith("ских")):
        return None
    unit = lexicon.money.find(fold(following["w"]))
    is_verb = following["w"] == "won" and lexicon.code == "en" and found["w"] not in ("Korean", "South")
    return None if unit is None or is_verb else (unit, following.end())


def _read_joined(text: str, end: int, lexicon: Lexicon) -> tuple[str, int] | None:
    """The same in a language without spaces, where a unit may be followed by anything."""
    letters = _LETTERS.match(text, end)
    if letters:
        unit = _look_up(letters[1], lexicon)
        return None if unit is None else (unit, letters.end())
    start = end + (text[end : end + 1] in (" ", "多", "余", "餘", "几"))
    for table in (lexicon.percent, lexicon.money, lexicon.units):
        found = table.find_longest(text, start)
        if found is not None and not _is_year(text, start, end):
            return found
    return None


def _is_year(text: str, start: int, end: int) -> bool:
    """Whether a word for years follows four digits, which then are a year and not a number of years."""
    return (
        text[start : start + 1] in ("年", "년")
        and regex.search(r"(?<!\d)\d{4}$|[〇零一二三四五六七八九]{4}$", text[max(0, end - 5) : end])
        is not None
    )


def read_unit_before(text: str, start: int, lexicon: Lexicon) -> tuple[str, int] | None:
    """The unit before a number, and where it begins; None if there is no known one."""
    before = text[max(0, start - _WINDOW) : start]
    percent = _percent_before().search(before)
    if percent:
        return PERCENT, start - len(percent[0])
    found = _BEFORE.search(before)
    if found is None:
        return None
    word = found["w"]
    unit = lexicon.money.words.get(fold(word)) or lexicon.money.words.get(word[-1])
    if unit is None or (word[-1].isalpha() and not (word.isupper() or word in ("Rs", "kr"))):
        return None
    return unit, start - len(found[0])
