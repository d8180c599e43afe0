"""TODO gate.verdict."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT_VERSION = 1
"""Of `verdict.json`; raised when a key changes its meaning or goes."""


PASSED, FAILED, ALLOWED = "passed", "failed", "allowed"


FLOOR, BASELINE, MUST_HOLD, COVERAGE = "floor", "baseline", "must hold", "coverage"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule on one system, and what became of it."""

    rule: str
    """Name of the rule: a key of `Gate.rules`, ``must_hold`` or ``coverage``."""
    kind: str
    """floor, baseline, must hold or coverage."""
    run: str
    """The run that was judged."""
    system: str
    subject: str
    """What was judged: a metric, with its part such as ``entity_accuracy/PER``; a name; ``coverage``."""
    verdict: str
    """passed, failed or allowed."""
    sentence: str
    """Rule, values, limit, p and verdict in words."""
    status: str = ""
    """Of the comparison, where it judges a difference; missing or not comparable where there is nothing to judge."""
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
    """What a gate says of one run, or of several."""

    runs: tuple[str, ...]
    baseline: str | None
    checks: tuple[Check, ...]
    format_version: int = FORMAT_VERSION

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if check.verdict == FAILED)

    @property
    def passed(self) -> bool:
        """Whether all checks passed or are allowed, and there is one."""
        return bool(self.checks) and not self.failed

    @property
    def summary(self) -> str:
        """``gate failed: 2 of 12 checks``."""
        checks = f"{len(self.checks)} check{'s' * (len(self.checks) != 1)}"
        return f"gate passed: {checks}" if self.passed else f"gate failed: {len(self.failed)} of {checks}"
