"""The interface of a gate rule.

A new rule is one module with one class, and an entry in a YAML file of `configs/gate`. The fields of the
class are the settings of the rule; their types are checked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.comparison.results import Unmatchable

if TYPE_CHECKING:
    from evalkit.comparison.results import Comparison
    from evalkit.runs.results import Run

ROUNDING_ERROR = 1e-9
"""1.1 - 1 is 0.10000000000000009: a limit is missed only by more than this."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule found for one system. The gate turns it into a check."""

    kind: str
    """What was checked, in a word or two."""
    system: str
    subject: str
    """What was judged: a metric, with its part such as ``entity_accuracy/PER``; a name; ``coverage``."""
    holds: bool
    """Whether the rule holds. If there is nothing to judge it does not; the gate may allow that by name."""
    text: str
    """The rule and the values in words: ``bleu >= 40: 43.9``."""
    status: str = ""
    """The status in the comparison; ``missing`` or ``not comparable`` if there is nothing to judge."""
    baseline: float | None = None
    candidate: float | None = None
    delta: float | None = None
    limit: float | None = None
    alpha: float | None = None
    p_value: float | None = None

    @property
    def has_nothing_to_judge(self) -> bool:
        """Whether a score or name is missing, or not comparable."""
        return self.status in ("missing", "not comparable")


@dataclass(frozen=True, kw_only=True)
class Rule(ABC):
    """One rule of a gate."""

    @property
    def needs_baseline(self) -> bool:
        """Whether the rule cannot be checked without a baseline."""
        return False

    @property
    def is_active(self) -> bool:
        """Whether the rule judges anything; False if none of its limits is set."""
        return True

    @abstractmethod
    def check(self, name: str, run: Run, comparison: Comparison | None) -> Iterator[Finding]:
        """Check a run.

        Scores are judged as they are, never rounded; a score equal to its limit passes.

        Args:
            name: of the rule in the gate.
            run: what to check.
            comparison: of the run with its baseline, if there is one.

        Raises:
            ResultsError: the verdicts of the run on its names cannot be read.
        """


def report_missing(kind: str, system: str, subject: str, status: Unmatchable, reason: str) -> Finding:
    """A finding that there is nothing to judge."""
    text = f"{subject} is {status} ({reason})"
    return Finding(kind=kind, system=system, subject=subject, holds=False, text=text, status=status)


def format_exactly(value: float | None) -> str:
    """A number with all the digits that distinguish a score from its limit."""
    return "–" if value is None else f"{value:.10g}"
