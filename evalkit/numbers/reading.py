"""Reading an amount at a place in a text: digits or words, what multiplies them, and the unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import regex

from evalkit.numbers.amounts import PERCENT, Amount
from evalkit.numbers.calendar import read_dotted
from evalkit.numbers.digits import NUMBER, read_digits
from evalkit.numbers.lexicon import Lexicon, fold, list_words
from evalkit.numbers.quantities import Reading
from evalkit.numbers.spelled import HAN, SCALES, read_han, read_words
from evalkit.numbers.units import read_unit, read_unit_before

_WORD = r"[\p{L}\p{M}]+(?:['’](?=\p{L})[\p{L}\p{M}]+)*"
_PLACES = "천백만억조"
_ATTACHED = regex.compile(r"([\p{Latin}\p{Cyrillic}\p{Greek}]+)")
_SCALE = regex.compile(rf"[ \-]?({_WORD})\.?")
_REST = regex.compile(r"\s(\d{1,3})(?!\d)")
_HAN_FRACTION = regex.compile(rf"(?!百分之)(\d+|[{HAN}]+)\s?(?:分之|分の)\s?(\d+|[{HAN}]+)")
_VAGUE_BEFORE = frozenset("数數几幾何多好")
"""Before a Chinese numeral: several, how many."""
ROMAN = regex.compile(r"[IVX]{2,6}|[IVX](?=\s(?:век|в\.|wiek|siècle|secolo|siglo|század|století|stoljeć))")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_MANY = frozenset(["hundreds", "thousands", "millions", "billions", "trillions"])
_FRACTIONS = {"thirds": 3, "quarters": 4, "fifths": 5, "tenths": 10}
_SYMBOLS = tuple("$€£¥₽₴")
_SIGNED = frozenset(["celsius", "fahrenheit", PERCENT])
_MINUS = regex.compile(r"(?<![\d\p{L}%°] ?)-$|(?<!(?:au|du|al|ao|pelo|lo) )\b(?:moins|menos|meno) $")
_TEN_TO_NINETY = range(10, 100, 10)
_DECADE_AFTER = regex.compile(
    r"(?:s|er|ern|-?х|-?ті|-?ih|-?tih|-?tych|年代|년대|'?l[ae]r)(?!\p{Latin})| ?年代|-a\b"
)
_DECADE_BEFORE = regex.compile(r"(?:années|años|anni|anos|lata|lat|let|роки) $")
_THOUSAND, _DIGITS = 1000, 3
"""A scale, and the digits of a number below it."""


@dataclass(frozen=True)
class Part:
    """A quantity while the text is read."""

    start: int
    end: int
    """Character offsets, end exclusive."""
    readings: tuple[Reading, ...]
    counts: bool = True
    """See `evalkit.numbers.quantities.Quantity`."""
    scale: int = 1
    """What its digits are multiplied by."""


@cache
def scanner(code: str) -> regex.Pattern[str]:
    """Everything that may begin a quantity."""
    if code in ("zh", "ja"):
        run = rf"(?:{NUMBER}|[{HAN}])(?: ?多?[{SCALES}]|(?<=[{SCALES}]) ?\d[\d,.]*|[{HAN}])*"
        return regex.compile(rf"{run}|[\p{{Latin}}]+")
    if code in ("fr", "it", "ca"):
        return regex.compile(rf"{NUMBER}|[\p{{L}}\p{{M}}]+")
    if code == "ko":
        return regex.compile(rf"\d[\d,.]*\s?[{_PLACES}](?:\s?\d[\d,.]*|\s?[{_PLACES}])*|{NUMBER}|{_WORD}")
    return regex.compile(rf"{NUMBER}|{_WORD}")


def read_number(text: str, match: regex.Match[str], lexicon: Lexicon) -> Part | None:
    """An amount that begins with digits or a Chinese numeral."""
    start, end = match.span()
    fraction = _HAN_FRACTION.match(text, start)
    if fraction and not lexicon.has_spaces:
        return _read_fraction(fraction)
    values, counts = _find_values(text, match, lexicon)
    letters = _ATTACHED.match(text, end)
    if not values or (letters and _makes_name(letters[1], lexicon)):
        return Part(start, end, tuple(map(Amount, values)), counts=False) if values else None
    half = _half_more().match(text, end)
    if half:
        values, end = (values[0] + Fraction(1, 2),), half.end()
    scale, end = _read_scale(text, end, lexicon, start)
    if scale > 1:
        extra, end = _read_rest(text, end, lexicon, scale)
        values = (values[0] * scale + extra,)
    else:
        end = _skip_ending(text, end, lexicon)
    values = _add_centuries(text, match.start(), match.end(), values)
    part = _add_unit(text, Part(start, end, tuple(map(Amount, values)), counts, scale), lexicon)
    if part.end > match.end() or part.start < start:
        return part
    return replace(part, readings=(*part.readings, *read_dotted(match[0], lexicon)))


def _read_fraction(match: regex.Match[str]) -> Part | None:
    """三分之一: the denominator comes first."""
    denominator, numerator = (read_han(match[group]) for group in (1, 2))
    if not denominator or numerator is None:
        return None
    return Part(match.start(), match.end(), (Amount(numerator / denominator),))


def _skip_ending(text: str, end: int, lexicon: Lexicon) -> int:
    """Where letters right behind digits end that make an ordinal or a decade of them: 3rd, 90s."""
    letters = _ATTACHED.match(text, end)
    return end if letters is None or fold(letters[1]) not in lexicon.endings else letters.end()


def _add_centuries(text: str, start: int, end: int, values: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """The years that a decade or a short year may mean: the 90s, années 90, '08."""
    if len(values) != 1 or not 0 <= values[0] < 100 or end - start != 2:
        return values
    is_decade = _DECADE_AFTER.match(text, end) or (
        values[0] in _TEN_TO_NINETY and _DECADE_BEFORE.search(text[max(0, start - 8) : start])
    )
    is_short = text[max(0, start - 2) : start] in (" '", "'")
    if not is_decade and not is_short:
        return values
    return (values[0], *(values[0] + century for century in (1800, 1900, 2000)))


def _find_values(text: str, match: regex.Match[str], lexicon: Lexicon) -> tuple[tuple[Fraction, ...], bool]:
    """The values of a number, and whether it counts."""
    written = match[0]
    if not any(character in HAN or character in _PLACES for character in written):
        is_one = written == "1" and lexicon.code in ("zh", "ja", "ko")
        return read_digits(written, lexicon.decimal), not is_one
    before = text[max(0, match.start() - 1) : match.start()]
    value = read_han(written)
    if value is None or before in _VAGUE_BEFORE or text.startswith("百分之", match.start()):
        return (), False
    return (value,), _counts_in_han(written, before, text[match.end() : match.end() + 1], lexicon)


def _counts_in_han(written: str, before: str, after: str, lexicon: Lexicon) -> bool:
    """Whether a Chinese numeral counts: it has several characters or digits, or is an ordinal.

    A single one may be a part of a word.
    """
    if any(map(str.isdigit, written)) or (len(written) > 1 and written not in lexicon.idioms):
        return True
    return before == "第" and written not in ("一", "二") and after != "者"


def _makes_name(letters: str, lexicon: Lexicon) -> bool:
    """Whether letters right behind digits make them a name: 5G, 3D, 737MAX; but not 5km, 10M, 3rd."""
    folded = fold(letters)
    if folded in lexicon.endings or folded in lexicon.attached or lexicon.scales.find(folded):
        return False
    if letters not in ("G", "D") and (lexicon.units.find(folded) or lexicon.money.find(folded)):
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
        word = _SCALE.match(text, end)
        factor = lexicon.scales.find(fold(word[1])) if word else None
        if word is None or factor is None or (scale > 1 and factor < 1000) or factor * scale > 10**15:
            return scale, end
        following = text[word.end() : word.end() + 2].strip()[:1]
        dot = word[0].endswith(".") and len(word[1]) <= 4 and (following.isalpha() or following in _SYMBOLS)
        scale, end = scale * factor, word.end() if dot else word.end(1)


@cache
def _half_more() -> regex.Pattern[str]:
    words = "|".join(map(regex.escape, list_words("half_more")))
    return regex.compile(rf"\s(?:{words})\b", regex.IGNORECASE)


def _read_rest(text: str, end: int, lexicon: Lexicon, scale: int) -> tuple[Fraction, int]:
    """A smaller number with its own scale right behind, 2 million 300 thousand; in Turkish also 53 bin 537."""
    following = _REST.match(text, end)
    if following is None:
        return Fraction(0), end
    smaller, final = _read_scale(text, following.end(), lexicon, following.start(1))
    is_turkish = lexicon.code == "tr" and smaller == 1 < scale == _THOUSAND and len(following[1]) <= _DIGITS
    if not 1 < smaller < scale and not is_turkish:
        return Fraction(0), end
    return Fraction(int(following[1]) * smaller), final


def read_word(text: str, match: regex.Match[str], lexicon: Lexicon) -> Part | None:
    """An amount that begins with a word."""
    words, ends = _list_words(text, match.start(), lexicon)
    spelled = read_words(words, lexicon)
    if spelled is not None and spelled.words == 1 and lexicon.code == "en" and words[0] in _MANY:
        return None
    if spelled is None:
        if ROMAN.fullmatch(match[0]):
            roman = Amount(_read_roman(match[0]))
            return Part(match.start(), match.end(), (roman,), counts=False)
        return None
    end = ends[spelled.words - 1]
    counts = spelled.counts
    part = Part(match.start(), end, (Amount(spelled.value, spelled.unit),), counts, spelled.scale)
    if spelled.unit:
        return part
    if lexicon.code == "en":
        part = _read_english_extras(text, part, words, spelled.words)
    return _add_unit(text, part, lexicon)


def _list_words(text: str, start: int, lexicon: Lexicon) -> tuple[list[str], list[int]]:
    """Up to nine words from a place on, with nothing but a space or hyphen between them, and their ends."""
    words: list[str] = []
    ends: list[int] = []
    position = start
    pattern = scanner(lexicon.code)
    while len(words) < 9 and (word := pattern.match(text, position)):
        words.append(fold(word[0]))
        ends.append(word.end())
        position = word.end() + (text[word.end() : word.end() + 1] in (" ", "-"))
        if position == word.end():
            break
    return words, ends


def _read_english_extras(text: str, part: Part, words: list[str], used: int) -> Part:
    """Decades, fractions and halves in words: the nineties, two thirds, two and a half."""
    amount = part.readings[0]
    assert isinstance(amount, Amount)
    half = _half_more().match(text, part.end)
    if half:
        return replace(part, end=half.end(), readings=(Amount(amount.value + Fraction(1, 2)),))
    if used == 1 and words[0].endswith("ties"):
        decades = (amount.value, amount.value + 1900, amount.value + 2000)
        return replace(part, readings=tuple(map(Amount, decades)))
    parts = _FRACTIONS.get(words[used]) if used < len(words) else None
    if parts:
        return replace(part, readings=(Amount(amount.value / parts),), counts=False)
    return part


def _read_roman(text: str) -> Fraction:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return Fraction(sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True)))


def _add_unit(text: str, part: Part, lexicon: Lexicon) -> Part:
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
    is_plain = text[max(0, start - 1) : start] != "第" and text[part.start : end] not in lexicon.idioms
    is_han_count = not lexicon.has_spaces and readings[0].value > 1 and is_plain
    counts = part.counts or unit == PERCENT or is_han_count
    if text[part.end : end] in lexicon.attached:  # metres, or millions
        readings += (Amount(readings[0].value * lexicon.attached[text[part.end : end]]),)
    return replace(part, start=start, end=end, readings=readings, counts=counts)


def add_sign(text: str, part: Part) -> Part:
    """The amount below zero if a word or, with degrees and percent, a minus says so."""
    amount = part.readings[0]
    if not isinstance(amount, Amount):
        return part
    before, after = _below_zero()
    is_negative = before.search(text[max(0, part.start - 12) : part.start]) or after.match(text, part.end)
    if not is_negative and amount.unit in _SIGNED:
        is_negative = _MINUS.search(text[max(0, part.start - 12) : part.start])
    if not is_negative:
        return part
    amounts = tuple(Amount(-r.value, r.unit) for r in part.readings if isinstance(r, Amount))
    return replace(part, readings=amounts)


@cache
def _below_zero() -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """Words before, and words after, a number below zero."""
    before, after = ("|".join(map(regex.escape, list_words(key))) for key in ("minus", "below"))
    return (
        regex.compile(rf"(?<!\p{{L}})(?:{before})\s?$", regex.IGNORECASE),
        regex.compile(
            rf"(?:\s?(?:degrees?|grad|градус\p{{L}}*))?(?: celsius)?\s(?:{after})\b", regex.IGNORECASE
        ),
    )
