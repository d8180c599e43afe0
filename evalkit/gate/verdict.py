"""The verdict of a gate, as `verdict.json` holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FORMAT_VERSION = 1
"""Of `verdict.json`; raised when a key changes its meaning or is removed."""

CheckVerdict = Literal["passed", "failed", "allowed"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule on one system, and its outcome."""

    rule: str
    """Name of the rule: a key of `Gate.rules`, ``must_hold`` or ``coverage``."""
    kind: str
    """What was checked: floor, baseline, must hold, coverage, or what another rule says."""
    run: str
    """The run that was judged."""
    system: str
    subject: str
    """What was judged: a metric, with its part such as ``entity_accuracy/PER``; a name; ``coverage``."""
    verdict: CheckVerdict
    sentence: str
    """Rule, values, limit, p and verdict in words."""
    status: str = ""
    """The status in the comparison, if a difference is judged; missing or not comparable if there is nothing
    to judge."""
    baseline: float | None = None
    candidate: float | None = None
    delta: float | None = None
    limit: float | None = None
    """Floor, or the drop that is allowed."""
    alpha: float | None = None
    p_value: float | None = None
    """After Holm's correction over systems."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The verdict on one run, or on several."""

    runs: tuple[str, ...]
    baseline: str | None
    checks: tuple[Check, ...]
    format_version: int = FORMAT_VERSION

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if check.verdict == "failed")

    @property
    def passed(self) -> bool:
        """Whether all checks passed or are allowed, and there is at least one."""
        return bool(self.checks) and not self.failed

    @property
    def summary(self) -> str:
        """``gate failed: 2 of 12 checks``."""
        checks = f"{len(self.checks)} check{'s' * (len(self.checks) != 1)}"
        return f"gate passed: {checks}" if self.passed else f"gate failed: {len(self.failed)} of {checks}"
