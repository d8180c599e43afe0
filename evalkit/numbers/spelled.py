"""Spelled-out numbers: one hundred and twenty, zweiunddreißig, 三十, 3億5000万."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import regex

from evalkit.numbers.lexicon import Lexicon, NumberWord, fold, list_stems

HAN = "〇零一二三四五六七八九十百千万萬億亿兆两兩"
SCALES = "万萬億亿兆"
_HAN_DIGITS = {character: index for index, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_HAN_PLACES = {"十": 10, "百": 100, "千": 1000, "천": 1000, "백": 100}
_HAN_SCALES = {
    "万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12, "만": 10**4, "억": 10**8, "조": 10**12,
}  # fmt: skip
_HAN_TEXT = regex.compile(rf"[\d., 多{HAN}천백만억조]+")
_LONGEST = 40
"""Characters of the longest number; what is longer is none."""
_MOST_WORDS = 5
_GLUED = frozenset(["de", "nl", "it", "hu", "fi", "sv", "da", "nb"])
"""Languages that write numbers above a hundred as one word."""
_GLUED_PARTS: Mapping[str, tuple[str, str, str]] = {
    "de": ("hundert", "tausend", "und"),
    "nl": ("honderd", "duizend", "en"),
    "it": ("cento", "mila", ""),
    "hu": ("száz", "ezer", ""),
    "fi": ("sataa", "tuhatta", ""),
    "sv": ("hundra", "tusen", ""),
    "da": ("hundrede", "tusind", "og"),
    "nb": ("hundre", "tusen", "og"),
}


class Spelled(NamedTuple):
    """A spelled-out number in a list of words."""

    value: Fraction
    counts: bool
    words: int
    """How many words it has."""
    scale: int
    """By which its last word multiplies; 1 if it does not."""
    unit: str = ""


def read_words(words: Sequence[str], lexicon: Lexicon) -> Spelled | None:
    """Read the number with which a list of words begins.

    Args:
        words: folded, as they follow each other with a space or hyphen between.
        lexicon: of the language.

    Returns:
        None if the words do not begin with a number.
    """
    first = _find_number(words, 0, lexicon)
    if first is not None and first[0].is_loose:
        return Spelled(first[0].value, counts=False, words=first[1], scale=1, unit=first[0].unit)
    total, current, position = Fraction(0), Fraction(0), 0
    counts, scale, parts = False, 1, 0
    while position < len(words):
        skipped = position + (words[position] in lexicon.joining and _may_join(current, total, lexicon))
        found = _find_number(words, skipped, lexicon)
        if found is None:
            break
        number, length = found
        if parts and (number.is_loose or not number.value):
            break
        factor = _find_factor(number)
        if factor:
            if total and factor == scale:
                break
            total, current, scale = _multiply(total, current, factor, scale)
        elif _adds(current, number.value):
            current += number.value
        else:
            break
        counts = counts or number.counts or parts > 0
        parts, position = parts + 1, skipped + length
    return Spelled(total + current, counts, position, scale) if parts else None


def _find_factor(number: NumberWord) -> int:
    """100, 1000 and their like multiply what comes before; other numbers, such as 2000 in one word, do not."""
    value = int(number.value)
    return value if value >= 100 and str(value).rstrip("0") == "1" else 0


def _multiply(total: Fraction, current: Fraction, factor: int, scale: int) -> tuple[Fraction, Fraction, int]:
    if factor == 100:
        return total, max(current, Fraction(1)) * 100, scale
    if total and factor > scale:  # thousands of millions
        return (total + current) * factor, Fraction(0), factor
    return total + max(current, Fraction(1)) * factor, Fraction(0), factor


def _adds(current: Fraction, value: Fraction) -> bool:
    """Whether a number continues another: twenty-one, three hundred and five; not two three."""
    if not current:
        return True
    if current % 100 == 0:
        return value < 100
    return current % 10 == 0 and current % 100 >= 20 and 0 < value < 10


def _may_join(current: Fraction, total: Fraction, lexicon: Lexicon) -> bool:
    if lexicon.code == "en":
        return bool(current and current % 100 == 0) or bool(total and not current)
    return bool(current and current % 10 == 0 and current >= 20) or bool(total and not current)


def _find_number(words: Sequence[str], start: int, lexicon: Lexicon) -> tuple[NumberWord, int] | None:
    """The longest entry of the lexicon at a position, and how many words it has."""
    for length in range(min(_MOST_WORDS, len(words) - start), 0, -1):
        written = " ".join(words[start : start + length])
        for form in list_stems(written, lexicon.code):
            if form in lexicon.numbers:
                return lexicon.numbers[form], length
    if start >= len(words):
        return None
    scale = lexicon.scales.find(words[start])
    if scale:
        return NumberWord(Fraction(scale), counts=False), 1
    glued = read_glued(words[start], lexicon)
    if glued is not None:
        return NumberWord(Fraction(glued), counts=True), 1
    before = _before_ending(words[start], lexicon)
    return None if before is None else (before, 1)


def _before_ending(word: str, lexicon: Lexicon) -> NumberWord | None:
    """The number before an ending such as -mal or -fold; it does not count by itself."""
    for ending in lexicon.number_endings:
        if word.endswith(ending):
            stem = word.removesuffix(ending).removesuffix("-")
            number = lexicon.numbers.get(stem) or lexicon.numbers.get(f"{stem}e")
            if number is not None:
                return NumberWord(number.value, counts=False, is_loose=True)
    return None


def read_glued(word: str, lexicon: Lexicon) -> int | None:
    """The value of a number above a hundred in one word: dreihundertfünfzig."""
    if lexicon.code not in _GLUED or len(word) < 8:
        return None
    hundred, thousand, joining = _GLUED_PARTS[lexicon.code]
    if lexicon.code == "it":
        word = word.replace("mille", "unomila", 1)
    head, found, rest = word.partition(thousand)
    if found:
        high, low = _read_below(head, hundred, joining, lexicon), _read_below(rest, hundred, joining, lexicon)
        return None if high is None or low is None else max(high, 1) * 1000 + low
    return _read_below(word, hundred, joining, lexicon) if hundred in word else None


def _read_below(word: str, hundred: str, joining: str, lexicon: Lexicon) -> int | None:
    """A part of a glued number that is below a thousand; 0 for an empty part, None if it is none."""
    head, found, rest = word.partition(hundred)
    if not found:
        return _read_small(word.removeprefix(joining), lexicon)
    high, low = _read_small(head, lexicon), _read_small(rest.removeprefix(joining), lexicon)
    return None if high is None or low is None else max(high, 1) * 100 + low


def _read_small(word: str, lexicon: Lexicon) -> int | None:
    if not word:
        return 0
    number = lexicon.numbers.get(fold(word))
    return int(number.value) if number else None


def read_han(text: str) -> Fraction | None:
    """The value of a number with Chinese numerals or places, also after digits; None if it is none.

    1.2万 is 12,000, 3億5000万 is 350,000,000, 三十 is 30, 二〇二四 is 2024.
    """
    if len(text) > _LONGEST or not _HAN_TEXT.fullmatch(text):
        return None
    digits = [_HAN_DIGITS.get(character) for character in text]
    if len(text) > 1 and None not in digits:
        return Fraction(int("".join(map(str, digits))))
    try:
        return _add_up(text.replace(",", "").replace(" ", "").replace("多", ""))
    except ValueError:  # two decimal points
        return None


def _add_up(text: str) -> Fraction:
    total, section, number = Fraction(0), Fraction(0), ""
    for character in text:
        if character in _HAN_DIGITS:
            number += str(_HAN_DIGITS[character])
        elif character in _HAN_PLACES:
            section += _to_number(number, 1) * _HAN_PLACES[character]
            number = ""
        elif character in _HAN_SCALES:
            section += _to_number(number, 0)
            total = _add_scale(total, section, _HAN_SCALES[character])
            section, number = Fraction(0), ""
        else:
            number += character
    return total + section + _to_number(number, 0)


def _add_scale(total: Fraction, section: Fraction, scale: int) -> Fraction:
    """万 before 億 multiplies all before it: 万亿."""
    if not section and total:
        return total * scale
    return total + max(section, Fraction(1)) * scale if section != 0 else Fraction(scale)


def _to_number(text: str, default: int) -> Fraction:
    return Fraction(text) if text else Fraction(default)
