"""Numbers as text: scores, intervals, differences and counts, the same in every report."""

from __future__ import annotations

import math

MISSING = "–"
"""Shown where there is no number."""


def format_number(value: float | None, decimals: int = 3) -> str:
    """``0.507``; a dash for None and NaN."""
    return MISSING if value is None or math.isnan(value) else f"{value:.{decimals}f}"


def format_share(share: float | None) -> str:
    """A share between 0 and 1 as ``50.7%``; a dash for None."""
    return MISSING if share is None else f"{share:.1%}"


def format_interval(interval: tuple[float, float] | None, decimals: int) -> str:
    """``[41.9, 46.0]``; empty for None."""
    if interval is None:
        return ""
    low, high = interval
    return f"[{low:.{decimals}f}, {high:.{decimals}f}]"


def format_difference(delta: float | None, interval: tuple[float, float] | None, decimals: int) -> str:
    """``+1.2 [+0.3, +2.1]``: a difference always has its sign. A dash for None."""
    if delta is None:
        return MISSING
    text = f"{delta:+.{decimals}f}"
    if interval is None:
        return text
    low, high = interval
    return f"{text} [{low:+.{decimals}f}, {high:+.{decimals}f}]"


def format_p(p_value: float | None) -> str:
    """``0.0088``; a dash for None."""
    return MISSING if p_value is None else f"{p_value:.4f}"


def format_ordinal(rank: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}th" if rank % 100 in (11, 12, 13) else f"{rank}{suffix}"
