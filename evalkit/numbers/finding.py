"""Finding the quantities of a text.

The text is read from left to right. At every digit and every word of a number, the first of these that fits is
taken: a date, a time of day, an amount with what multiplies it and its unit. Ranges are read last: in *5 to 7
million dollars*, the 5 may be millions of dollars as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache

import regex

from evalkit.numbers.amounts import PERCENT, Amount
from evalkit.numbers.calendar import Found, read_date, read_dotted, read_time
from evalkit.numbers.digits import NUMBER, make_plain, read_digits
from evalkit.numbers.lexicon import Lexicon, find_lexicon, fold, list_stems
from evalkit.numbers.quantities import Clock, Date, Quantity, Reading
from evalkit.numbers.spelled import HAN, read_han, read_words
from evalkit.numbers.units import read_unit, read_unit_before

_WORD = r"[\p{L}\p{M}]+(?:['’](?=\p{L})[\p{L}\p{M}]+)*"
_PLACES = "천백만억조"
_ADDRESS = regex.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|[#@]\w+")
_ATTACHED = regex.compile(r"([\p{Latin}\p{Cyrillic}\p{Greek}]+)")
_ORDINALS = frozenset(
    "st nd rd th s er e ère ème eme es a o as os го й я е х м ти ом ом ого ми th's er's ers'"
    " ste de tes ten te ter ths º ª er ern nden ende i u ci cı cu cü inci ıncı uncu üncü nci ncı".split()
)
_RANGE = regex.compile(
    r"\s?(?:-|~|to|and|or|until|till|through|by|bis|und|oder|zu|à|a|et|ou|al|y|o|e|ed|do|i|lub|czy|až|nebo|a|до|и|или|по|та|і|"
    r"й|чи|або|ile|ve|veya|至|到|和|或|から|~|、|と|부터|에서|내지|to the|og|och|till|til|en|إلى|و|से|और|עד|ו|x|×)\s?-?\s?",
    regex.IGNORECASE,
)
_TWO_OR_ONE = regex.compile(r"\d{1,3}(?: \d{3})+|\d{1,2}[:./]\d{1,2}")
_DIGITS = regex.compile(r"\d+")
_HALF_MORE = regex.compile(r"\sand a half\b")
_NAMED_BEFORE = regex.compile(r"(\p{L}+)-$")
_NOT_NAMED = frozenset("mid pre post under over non early late top".split())
_ROMAN = regex.compile(r"[IVX]{2,6}|[IVX](?=\s(?:век|в\.|wiek|siècle|secolo|siglo|század|století|stoljeć))")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_IDIOMS = frozenset(["十分", "一時", "千円", "百年", "千年", "万年", "十年"])
"""Chinese numerals with a unit that rarely are a number: enough, for a time."""
_MANY = frozenset(["hundreds", "thousands", "millions", "billions", "trillions"])
_SYMBOLS = tuple("$€£¥₽₴")
_TEN_TO_NINETY = range(20, 100, 10)


@dataclass(frozen=True)
class _Part:
    """A quantity while the text is read."""

    start: int
    end: int
    readings: tuple[Reading, ...]
    counts: bool = True
    scale: int = 1


@lru_cache(maxsize=50_000)
def find_quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Find the numbers, dates and times of a text, in order.

    Args:
        text: in the language.
        language: its code.
    """
    lexicon, plain = find_lexicon(language), make_plain(text)
    parts = _read_ranges(list(_read(plain, lexicon)), plain)
    return tuple(_finish(part, text, plain) for part in parts)


def _finish(part: _Part, text: str, plain: str) -> Quantity:
    written = plain[part.start : part.end]
    pieces = list(_DIGITS.finditer(written)) if _TWO_OR_ONE.fullmatch(written) else ()
    return Quantity(
        part.start,
        part.end,
        text[part.start : part.end],
        part.readings,
        part.counts,
        tuple(
            Quantity(part.start + m.start(), part.start + m.end(), m[0], (Amount(Fraction(m[0])),))
            for m in pieces
        ),
    )


@cache
def _scanner(code: str) -> regex.Pattern[str]:
    """Everything that may begin a quantity."""
    if code in ("zh", "ja"):
        run = rf"(?:{NUMBER}|[{HAN}])(?:\d[\d,.]*\d|\d|[{HAN}])*"
        return regex.compile(rf"{run}|[\p{{Latin}}]+")
    if code in ("fr", "it", "ca"):
        return regex.compile(rf"{NUMBER}|[\p{{L}}\p{{M}}]+")
    if code == "ko":
        return regex.compile(rf"\d[\d,.]*\s?[{_PLACES}](?:\s?\d[\d,.]*|\s?[{_PLACES}])*|{NUMBER}|{_WORD}")
    return regex.compile(rf"{NUMBER}|{_WORD}")


def _read(text: str, lexicon: Lexicon) -> Iterator[_Part]:
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    position = 0
    for match in _scanner(lexicon.code).finditer(text):
        if match.start() < position or any(start <= match.start() < end for start, end in addresses):
            continue
        part = _read_at(text, match, lexicon)
        if part is not None:
            position = part.end
            yield part


def _read_at(text: str, match: regex.Match[str], lexicon: Lexicon) -> _Part | None:
    start = match.start()
    is_word = match[0][0].isalpha() and match[0][0] not in HAN
    if is_word and _is_no_start(match[0], lexicon):
        return None
    if not is_word and _is_part_of_name(text, start, lexicon):
        values = read_digits(match[0], lexicon.decimal)
        return _Part(start, match.end(), tuple(map(Amount, values)), counts=False) if values else None
    if match[0] + text[match.end() : match.end() + 1] in _IDIOMS:
        return None
    found = read_date(text, start, lexicon) or (None if is_word else read_time(text, start, lexicon))
    if found is not None:
        return _make_part(start, found)
    if is_word:
        return _read_word(text, match, lexicon)
    return _read_number(text, match, lexicon)


def _make_part(start: int, found: Found) -> _Part:
    return _Part(start, found.end, found.readings)


def _is_no_start(word: str, lexicon: Lexicon) -> bool:
    """Whether a word can begin nothing, which is quick to see for most."""
    folded = fold(word)
    forms = list_stems(folded, lexicon.code)
    return (
        not any(form in lexicon.numbers or lexicon.months.find(form) for form in forms)
        and lexicon.scales.find(folded) is None
        and not (len(folded) > 7 and read_words([folded], lexicon))
        and not _ROMAN.fullmatch(word)
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


def _read_number(text: str, match: regex.Match[str], lexicon: Lexicon) -> _Part | None:
    """An amount that begins with digits or a Chinese numeral."""
    start, end = match.span()
    values, counts = _find_values(text, match, lexicon)
    if not values:
        return None
    letters = _ATTACHED.match(text, end)
    if letters and _makes_name(letters[1], lexicon):
        return _Part(start, end, tuple(map(Amount, values)), counts=False)
    scale, end = _read_scale(text, end, lexicon, start)
    if letters and scale == 1 and fold(letters[1]) in _ORDINALS:
        end = letters.end()
    if scale > 1:
        extra, end = _read_rest(text, end, lexicon, scale)
        values = tuple(value * scale + extra for value in values[:1])
    half = _HALF_MORE.match(text, end)
    if half and lexicon.code == "en":
        values, end = (values[0] + Fraction(1, 2),), half.end()
    if letters and letters[1] == "s" and len(values) == 1 and values[0] in _TEN_TO_NINETY:
        values = (values[0], values[0] + 1900, values[0] + 2000)
    part = _add_unit(text, _Part(start, end, tuple(map(Amount, values)), counts, scale), lexicon)
    if part.end > match.end() or part.start < start:
        return part
    return replace(part, readings=(*part.readings, *read_dotted(match[0], lexicon)))


def _find_values(text: str, match: regex.Match[str], lexicon: Lexicon) -> tuple[tuple[Fraction, ...], bool]:
    """The values of the digits, and whether they count: a single Chinese numeral may be a part of a word."""
    written = match[0]
    if not any(character in HAN or character in _PLACES for character in written):
        is_one = written == "1" and lexicon.code in ("zh", "ja", "ko")
        return read_digits(written, lexicon.decimal), not is_one
    if text.startswith("百分之", match.start()):
        return (), False
    if text[max(0, match.start() - 1) : match.start()] in ("数", "數", "几", "幾", "何", "多", "好"):
        return (), False
    value = read_han(written)
    has_digits = any(map(str.isdigit, written))
    counts = has_digits or (
        len(written) > 1
        and written
        not in (
            "千万",
            "百万",
            "万一",
            "一一",
            "十万",
            "万万",
            "千百",
            "一千",
            "一万",
            "一百",
            "一十",
            "三七",
        )
    )
    if not counts:
        counts = text[max(0, match.start() - 1) : match.start()] == "第" and written != "一"
        counts = counts and text[match.end() : match.end() + 1] != "者"
    return ((value,) if value is not None else ()), counts


def _makes_name(letters: str, lexicon: Lexicon) -> bool:
    """Whether letters right behind digits make them a name: 5G, 3D, 737MAX; but not 5km, 10M, 3rd."""
    folded = fold(letters)
    if folded in _ORDINALS or folded in lexicon.attached or lexicon.scales.find(folded):
        return False
    if lexicon.units.find(folded) or lexicon.money.find(folded):
        return False
    return letters.isupper() and len(letters) <= 3


def _read_scale(text: str, end: int, lexicon: Lexicon, start: int) -> tuple[int, int]:
    """What multiplies the digits before, such as million, and where it ends."""
    letters = _ATTACHED.match(text, end)
    if letters and fold(letters[1]) in lexicon.attached:
        is_money = read_unit_before(text, start, lexicon) is not None
        if is_money or letters[1] not in ("m", "b", "k", "B", "K"):
            return lexicon.attached[fold(letters[1])], letters.end()
    scale = 1
    while True:
        word = regex.compile(rf"[ \-]?({_WORD})\.?").match(text, end)
        factor = lexicon.scales.find(fold(word[1])) if word else None
        if word is None or factor is None or (scale > 1 and factor < 1000) or factor * scale > 10**15:
            return scale, end
        following = text[word.end() : word.end() + 2].strip()[:1]
        dot = word[0].endswith(".") and len(word[1]) <= 4 and (following.isalpha() or following in _SYMBOLS)
        scale, end = scale * factor, word.end() if dot else word.end(1)


def _read_rest(text: str, end: int, lexicon: Lexicon, scale: int) -> tuple[Fraction, int]:
    """A smaller number with its own scale right behind: 2 million 300 thousand."""
    following = regex.compile(r"\s(\d{1,3})(?!\d)").match(text, end)
    if following is None:
        return Fraction(0), end
    smaller, final = _read_scale(text, following.end(), lexicon, following.start(1))
    if not 1 < smaller < scale:
        return Fraction(0), end
    return Fraction(int(following[1]) * smaller), final


def _read_word(text: str, match: regex.Match[str], lexicon: Lexicon) -> _Part | None:
    """An amount that begins with a word."""
    words, ends = _list_words(text, match.start(), lexicon)
    spelled = read_words(words, lexicon)
    if spelled is not None and spelled.words == 1 and lexicon.code == "en" and words[0] in _MANY:
        return None
    if spelled is None:
        if _ROMAN.fullmatch(match[0]):
            roman = Amount(_read_roman(match[0]))
            return _Part(match.start(), match.end(), (roman,), counts=False)
        return None
    end = ends[spelled.words - 1]
    counts = spelled.counts
    part = _Part(match.start(), end, (Amount(spelled.value),), counts, spelled.scale)
    if lexicon.code == "en":
        part = _read_english_extras(text, part, words, spelled.words)
    return _add_unit(text, part, lexicon)


def _list_words(text: str, start: int, lexicon: Lexicon) -> tuple[list[str], list[int]]:
    """Up to nine words from a place on, with nothing but a space or hyphen between them, and their ends."""
    words: list[str] = []
    ends: list[int] = []
    position = start
    pattern = _scanner(lexicon.code)
    while len(words) < 9 and (word := pattern.match(text, position)):
        words.append(fold(word[0]))
        ends.append(word.end())
        position = word.end() + (text[word.end() : word.end() + 1] in (" ", "-"))
        if position == word.end():
            break
    return words, ends


def _read_english_extras(text: str, part: _Part, words: list[str], used: int) -> _Part:
    """Decades, fractions and halves in words: the nineties, two thirds, two and a half."""
    amount = part.readings[0]
    assert isinstance(amount, Amount)
    half = _HALF_MORE.match(text, part.end)
    if half:
        return replace(part, end=half.end(), readings=(Amount(amount.value + Fraction(1, 2)),))
    if used == 1 and words[0].endswith("ties"):
        decades = (amount.value, amount.value + 1900, amount.value + 2000)
        return replace(part, readings=tuple(map(Amount, decades)))
    if words[used : used + 1] in (["thirds"], ["quarters"], ["fifths"], ["tenths"]):
        parts = {"thirds": 3, "quarters": 4, "fifths": 5, "tenths": 10}[words[used]]
        return replace(part, readings=(Amount(amount.value / parts),), counts=False)
    return part


def _read_roman(text: str) -> Fraction:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return Fraction(sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True)))


def _add_unit(text: str, part: _Part, lexicon: Lexicon) -> _Part:
    """The amount with the unit after or before it."""
    before = read_unit_before(text, part.start, lexicon)
    after = read_unit(text, part.end, lexicon)
    unit, start, end = "", part.start, part.end
    if before is not None:
        unit, start = before
    elif after is not None:
        unit, end = after
    if not unit:
        return part
    readings = tuple(Amount(r.value, unit) for r in part.readings if isinstance(r, Amount))
    is_han_count = not lexicon.has_spaces and readings[0].value > 1 and text[part.start : end] not in _IDIOMS
    counts = part.counts or unit == PERCENT or is_han_count
    return replace(part, start=start, end=end, readings=readings, counts=counts)


def _read_ranges(parts: list[_Part], text: str) -> list[_Part]:
    """Add to a number what the other end of its range says: its scale, unit, month or half of the day."""
    for index in range(len(parts) - 1, 0, -1):
        one, other = parts[index - 1], parts[index]
        if other.start >= one.end and _RANGE.fullmatch(text, one.end, other.start):
            parts[index - 1], parts[index] = _complete(one, other), _complete(other, one)
    return parts


def _complete(part: _Part, other: _Part) -> _Part:
    amount, model = part.readings[0], other.readings[0]
    if not isinstance(amount, Amount) or amount.unit or part.scale > 1:
        return part
    added: list[Reading] = []
    if isinstance(model, Amount):
        added += [Amount(amount.value, model.unit), Amount(amount.value * other.scale, model.unit)]
        added += [Amount(amount.value * other.scale)]
    elif isinstance(model, Date) and amount.value.denominator == 1 and amount.value <= 31:
        added += [replace_day(model, int(amount.value))]
    elif isinstance(model, Clock) and amount.value.denominator == 1 and amount.value <= 24:
        added += [Clock(int(amount.value), 0, is_certain=False)]
    return replace(part, readings=tuple(dict.fromkeys([*part.readings, *added])))


def replace_day(date: Date, day: int) -> Date:
    """The same month on another day."""
    return Date(date.year, date.month, day)
