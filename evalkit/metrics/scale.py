"""Which of two scores is better: one rule for ranks, tests, comparisons, gates and reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from evalkit.types import FloatArray

Value = TypeVar("Value", float, "FloatArray")


@dataclass(frozen=True, slots=True)
class Scale:
    """The direction of a metric."""

    higher_is_better: bool = True
    best_value: float | None = None
    """The best score, if it lies in the middle of the scale, such as 1 for a length ratio; then
    `higher_is_better` is ignored."""

    def merit(self, score: Value) -> Value:
        """The score so that higher is better: itself, negated, or the negated distance to `best_value`."""
        if self.best_value is not None:
            return -abs(score - self.best_value)
        return score if self.higher_is_better else -score

    @property
    def hint(self) -> str:
        """``lower is better`` or ``best at 1``, for headings; empty if higher is better."""
        if self.best_value is not None:
            return f"best at {self.best_value:g}"
        return "" if self.higher_is_better else "lower is better"
