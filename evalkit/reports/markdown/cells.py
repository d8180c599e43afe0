"""TODO reports.markdown.cells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evalkit.runs.results import MetricInfo, SystemResult


def _moved(result: SystemResult) -> list[tuple[str, str]]:
    """Document and segment of what stands elsewhere in the text of a system."""
    return [
        (d.document, segment)
        for d in result.documents
        if d.alignment is not None
        for segment in d.alignment.moved
    ]


def _doubtful(result: SystemResult) -> list[tuple[str, str]]:
    """Documents whose alignment is not to be trusted, and why."""
    return [
        (d.document, d.alignment.warning)
        for d in result.documents
        if d.alignment is not None and d.alignment.warning
    ]


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _signed(value: float | None, info: MetricInfo) -> float:
    return (value or 0.0) if info.higher_is_better else -(value or 0.0)


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _more(left: int, where: str) -> str:
    return f"… and {left} more {where}." if left > 0 else ""
