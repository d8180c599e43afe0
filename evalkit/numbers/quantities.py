"""Quantities as they are read in a text, and when two of them are the same.

A text may be read in more than one way: ``10 hours`` in some languages is also ten o'clock, and ``1.234`` may
be a decimal or a whole number. A quantity has all its readings, and two quantities agree if one reading of
each does.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias, get_args

from evalkit.numbers.amounts import PERCENT, YEARS, Amount, is_same_amount

QuantityType: TypeAlias = Literal["NUMBER", "DATE", "TIME", "PERCENT", "MONEY", "MEASURE"]
QUANTITY_TYPES: tuple[QuantityType, ...] = get_args(QuantityType)
CURRENCIES = frozenset(
    "dollar euro pound yen yuan ruble hryvnia won rupee lira franc krona zloty forint real shekel".split()
)


class Date(NamedTuple):
    """A date; what it does not say is None."""

    year: int | None
    month: int
    day: int | None = None


class Clock(NamedTuple):
    """A time of day."""

    hour: int
    minute: int = 0
    is_certain: bool = True
    """Whether it is known which half of the day is meant."""


Reading: TypeAlias = Amount | Date | Clock


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, date or time in a text."""

    start: int
    end: int
    """Character offsets, end exclusive."""
    text: str
    readings: tuple[Reading, ...]
    """The most likely one first."""
    counts: bool = True
    """Whether it counts by itself. A word such as ``one`` or ``both`` only counts for a number that the
    reference has in digits."""
    parts: tuple[Quantity, ...] = ()
    """What it is if it is not one quantity: ``16 100`` may be two numbers, and ``20:18`` the score of a game."""

    @property
    def type(self) -> QuantityType:
        """By its most likely reading."""
        reading = self.readings[0]
        if isinstance(reading, Date):
            return "DATE"
        if isinstance(reading, Clock):
            return "TIME"
        if reading.unit == PERCENT:
            return "PERCENT"
        if reading.unit in CURRENCIES:
            return "MONEY"
        if reading.unit:
            return "MEASURE"
        return "DATE" if _is_year(self.text, reading.value) else "NUMBER"

    @property
    def key(self) -> str:
        """The most likely reading in a form that does not depend on the language: ``2024-03-14``, ``5 percent``."""
        return format_reading(self.readings[0])


def _is_year(text: str, value: Fraction) -> bool:
    return value.denominator == 1 and int(value) in YEARS and not set(" .,'’") & set(text)


def format_reading(reading: Reading) -> str:
    """As in `Quantity.key`; ``--`` is for a year that is not given."""
    if isinstance(reading, Date):
        year = "-" if reading.year is None else f"{reading.year:04}"
        return f"{year}-{reading.month:02}" + ("" if reading.day is None else f"-{reading.day:02}")
    if isinstance(reading, Clock):
        return f"{reading.hour:02}:{reading.minute:02}"
    value = reading.value
    number = str(value) if value.denominator == 1 else f"{float(value):.10g}"
    return f"{number} {reading.unit}".strip()


def agree(reference: Quantity, hypothesis: Quantity) -> bool:
    """Whether the hypothesis has what the reference has: all parts of a date, the same amount of the same unit."""
    return any(_has(hyp, ref) for ref in reference.readings for hyp in hypothesis.readings)


def _has(hypothesis: Reading, reference: Reading) -> bool:
    """Whether one reading has all that another says. The order matters: a year may be added, but not left out."""
    if isinstance(reference, Date):
        return isinstance(hypothesis, Date) and _has_date(hypothesis, reference)
    if isinstance(reference, Clock):
        if isinstance(hypothesis, Clock):
            return _is_same_time(hypothesis, reference)
        return isinstance(hypothesis, Amount) and _is_hour(hypothesis, reference)
    if isinstance(hypothesis, Amount):
        return is_same_amount(hypothesis, reference)
    if isinstance(hypothesis, Clock):
        return bool(reference.unit) and _is_hour(reference, hypothesis)
    return not reference.unit and reference.value == hypothesis.year


def _has_date(hypothesis: Date, reference: Date) -> bool:
    same_day = reference.day is None or reference.day == hypothesis.day
    return same_day and hypothesis.month == reference.month and _has_year(hypothesis.year, reference.year)


def _has_year(hypothesis: int | None, reference: int | None) -> bool:
    if reference is None or hypothesis is None:
        return reference is None
    short = min(hypothesis, reference) < 100
    return hypothesis % 100 == reference % 100 if short else hypothesis == reference


def _is_same_time(a: Clock, b: Clock) -> bool:
    if a.minute != b.minute:
        return False
    if a.is_certain and b.is_certain:
        return a.hour % 24 == b.hour % 24
    return a.hour % 12 == b.hour % 12


def _is_hour(amount: Amount, time: Clock) -> bool:
    """Whether a bare number, or a number of hours, may be the time: from 10 to 11 a.m."""
    if amount.unit not in ("", "hour") or time.minute or amount.value.denominator != 1:
        return False
    return _is_same_time(Clock(int(amount.value), 0, is_certain=amount.value > 12), time)
