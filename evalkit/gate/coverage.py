"""How much of the reference a system must cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.errors import ConfigError
from evalkit.gate.rule import ROUNDING_ERROR, Finding, Rule, format_exactly

if TYPE_CHECKING:
    from evalkit.comparison.results import Comparison
    from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class Coverage(Rule):
    """The share of reference segments that are aligned, or that have a hypothesis in line-aligned output."""

    least: float
    """0–1."""

    def __post_init__(self) -> None:
        """Check the value."""
        if not 0 <= self.least <= 1:
            raise ConfigError(f"expected a share from 0 to 1, found {self.least}")

    def check(self, name: str, run: Run, comparison: Comparison | None) -> Iterator[Finding]:
        """See `Rule.check`."""
        segments = len(run.documents_of_segments)
        for system, result in run.systems.items():
            share = 1 - result.empty / segments if result.coverage is None else result.coverage
            yield Finding(
                kind="coverage",
                system=system,
                subject="coverage",
                holds=share >= self.least - ROUNDING_ERROR,
                text=f"coverage >= {format_exactly(self.least)}: {format_exactly(share)}",
                candidate=share,
                limit=self.least,
            )
