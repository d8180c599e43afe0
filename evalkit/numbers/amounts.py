"""Amounts, and when two of them are the same: also in other units, such as miles for kilometres."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

PERCENT = "percent"
YEARS = range(1000, 2200)
"""Whole numbers of four digits that may be years."""
_TOLERANCE = Fraction(3, 100)
"""How far amounts in metric and other units may differ: a translator rounds 10 miles to 16 kilometres."""
_METRIC: Mapping[str, tuple[str, Fraction]] = {
    "millimeter": ("length", Fraction(1, 1000)),
    "centimeter": ("length", Fraction(1, 100)),
    "meter": ("length", Fraction(1)),
    "kilometer": ("length", Fraction(1000)),
    "gram": ("mass", Fraction(1)),
    "kilogram": ("mass", Fraction(1000)),
    "jin": ("mass", Fraction(500)),
    "tonne": ("mass", Fraction(10**6)),
    "milliliter": ("volume", Fraction(1, 1000)),
    "liter": ("volume", Fraction(1)),
    "square-meter": ("area", Fraction(1)),
    "hectare": ("area", Fraction(10**4)),
    "square-kilometer": ("area", Fraction(10**6)),
    "kilometer-per-hour": ("speed", Fraction(1)),
    "watt": ("power", Fraction(1)),
    "kilowatt": ("power", Fraction(1000)),
    "megawatt": ("power", Fraction(10**6)),
    "second": ("time", Fraction(1)),
    "minute": ("time", Fraction(60)),
    "hour": ("time", Fraction(3600)),
    "day": ("time", Fraction(86400)),
    "week": ("time", Fraction(7 * 86400)),
    "month": ("months", Fraction(1)),
    "year": ("months", Fraction(12)),
    "decade": ("months", Fraction(120)),
}
_OTHER: Mapping[str, tuple[str, Fraction]] = {
    "inch": ("length", Fraction("0.0254")),
    "foot": ("length", Fraction("0.3048")),
    "yard": ("length", Fraction("0.9144")),
    "mile": ("length", Fraction("1609.344")),
    "ounce": ("mass", Fraction("28.3495")),
    "pound": ("mass", Fraction("453.592")),
    "ton": ("mass", Fraction(10**6)),
    "acre": ("area", Fraction("4046.86")),
    "square-foot": ("area", Fraction("0.0929")),
    "square-mile": ("area", Fraction("2589988")),
    "mile-per-hour": ("speed", Fraction("1.609344")),
}


class Amount(NamedTuple):
    """A number, of something or of nothing in particular."""

    value: Fraction
    unit: str = ""
    """``percent``, a currency, a unit such as ``kilometer``; empty if it is unknown."""


def is_same_amount(a: Amount, b: Amount) -> bool:
    """Whether two amounts are the same, in another unit as well."""
    if _have_same_unit(a.unit, b.unit):
        return a.value == b.value
    return _is_converted(a, b)


def _have_same_unit(a: str, b: str) -> bool:
    """Whether two units may be the same. Percent is written in every language; other units may be unknown."""
    if a == b:
        return True
    if not (a and b):
        return PERCENT not in (a, b)
    return f"{a}-per-hour" == b or f"{b}-per-hour" == a


def _is_converted(a: Amount, b: Amount) -> bool:
    """Whether two amounts in different units are equal, or nearly so if a translator had to convert them."""
    one, other = (_METRIC.get(amount.unit) or _OTHER.get(amount.unit) for amount in (a, b))
    if one is None or other is None or one[0] != other[0]:
        return False
    first, second = a.value * one[1], b.value * other[1]
    if (a.unit in _METRIC) == (b.unit in _METRIC):
        return first == second
    return abs(first - second) <= _TOLERANCE * max(first, second)
