"""Ranges and lists: what one number says of the other."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import regex

from evalkit.numbers.amounts import YEARS, Amount
from evalkit.numbers.lexicon import list_words
from evalkit.numbers.quantities import Clock, Date, Reading
from evalkit.numbers.reading import Part


@cache
def _range() -> regex.Pattern[str]:
    """What may be between the ends of a range."""
    words = "|".join(map(regex.escape, list_words("ranges")))
    return regex.compile(rf"\s?(?:{words})\s?-?\s?", regex.IGNORECASE)


def complete_ranges(parts: list[Part], text: str) -> list[Part]:
    """Add to a number what the other end of its range says: its scale, unit, month or half of the day."""
    for index in range(len(parts) - 1, 0, -1):
        one, other = parts[index - 1], parts[index]
        if other.start >= one.end and _range().fullmatch(text, one.end, other.start):
            parts[index - 1], parts[index] = _complete(one, other), _complete(other, one)
    return parts


def _complete(part: Part, other: Part) -> Part:
    amount, model = part.readings[0], other.readings[0]
    if not isinstance(amount, Amount) or amount.unit or part.scale > 1:
        return part
    added: list[Reading] = []
    if isinstance(model, Amount):
        added += [Amount(amount.value, model.unit), Amount(amount.value * other.scale, model.unit)]
        added += [Amount(amount.value * other.scale)]
        if int(model.value) in YEARS and 10 <= amount.value < 100:
            added += [Amount(model.value // 100 * 100 + amount.value)]  # 2019-21
    elif isinstance(model, Date) and amount.value.denominator == 1 and amount.value <= 31:
        added += [model._replace(day=int(amount.value))]
    elif isinstance(model, Clock) and amount.value.denominator == 1 and amount.value <= 24:
        added += [Clock(int(amount.value), 0, is_certain=False)]
    return replace(part, readings=tuple(dict.fromkeys([*part.readings, *added])))
