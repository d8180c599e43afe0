"""Limits for a score: a floor, and how much worse than the baseline it may be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalkit.errors import ConfigError
from evalkit.gate.rule import ROUNDING_ERROR, Finding, Rule, format_exactly, report_missing

if TYPE_CHECKING:
    from evalkit.comparison.results import Comparison, Row
    from evalkit.metrics.scale import Scale
    from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class Score(Rule):
    """Limits for one metric. A limit of None is not checked.

    With `max_drop` and `alpha` together a score fails only if it dropped by more *and* is significantly
    worse. Two rules fail if either limit is exceeded.
    """

    metric: str = ""
    """Key of the metric; empty: the name of the rule."""
    system: str | None = None
    """None: every system."""
    type: str | None = None
    """A part of the metric, such as the entity type ``PER``."""
    floor: float | None = None
    """The worst score allowed: at least this, or at most if lower is better."""
    max_drop: float | None = None
    """How much worse than in the baseline it may be, in the scale of the metric."""
    alpha: float | None = None
    """It must not be significantly worse than the baseline at this level."""

    def __post_init__(self) -> None:
        """Check the values."""
        if self.floor is not None and not math.isfinite(self.floor):
            raise ConfigError(f"floor: expected a finite number, found {self.floor}")
        if self.max_drop is not None and not 0 <= self.max_drop < math.inf:
            raise ConfigError(f"max_drop: expected a finite number of 0 or more, found {self.max_drop}")
        if self.alpha is not None and not 0 < self.alpha < 1:
            raise ConfigError(f"alpha: expected a number between 0 and 1, found {self.alpha}")

    @property
    def needs_baseline(self) -> bool:
        """See `Rule.needs_baseline`."""
        return self.max_drop is not None or self.alpha is not None

    @property
    def is_active(self) -> bool:
        """See `Rule.is_active`."""
        return self.floor is not None or self.needs_baseline

    def check(self, name: str, run: Run, comparison: Comparison | None) -> Iterator[Finding]:
        """See `Rule.check`."""
        metric = self.metric or name
        if self.floor is not None:
            for system in [self.system] if self.system else run.systems:
                yield self._check_floor(self.floor, metric, run, system)
        if self.needs_baseline and comparison is not None:
            systems = dict.fromkeys(row.system for row in comparison.rows)
            for system in [self.system] if self.system else systems:
                yield self._check_drop(metric, comparison, system)

    def _subject(self, metric: str) -> str:
        return f"{metric}/{self.type}" if self.type else metric

    def _check_floor(self, floor: float, metric: str, run: Run, system: str) -> Finding:
        subject = self._subject(metric)
        score = run.systems[system].metrics.get(metric) if system in run.systems else None
        value = None if score is None else score.parts.get(self.type) if self.type else score.value
        if value is None:
            reason = score.reason if score is not None and score.reason else "not in the run"
            return replace(report_missing("floor", system, subject, "missing", reason), limit=floor)
        scale = run.metrics[metric].scale
        return Finding(
            kind="floor",
            system=system,
            subject=subject,
            holds=scale.merit(value) >= scale.merit(floor) - ROUNDING_ERROR,
            text=f"{subject} {_describe_floor(floor, scale)}: {format_exactly(value)}",
            candidate=value,
            limit=floor,
        )

    def _check_drop(self, metric: str, comparison: Comparison, system: str) -> Finding:
        subject = self._subject(metric)
        whole = comparison.find_row(system, metric)
        row = comparison.find_row(system, metric, self.type or "")
        if whole is not None and whole.not_compared:
            finding = report_missing("baseline", system, subject, whole.not_compared, whole.reason)
        elif row is None:
            finding = report_missing("baseline", system, subject, "missing", "not in the runs")
        elif self.alpha is not None and row.p_adjusted is None:
            finding = report_missing("baseline", system, subject, "missing", "there is no p")
        else:
            finding = self._judge_drop(subject, row, comparison.metrics[metric].scale)
        return replace(finding, limit=self.max_drop, alpha=self.alpha)

    def _judge_drop(self, subject: str, row: Row, scale: Scale) -> Finding:
        assert row.baseline is not None
        assert row.candidate is not None
        drop = scale.merit(row.baseline) - scale.merit(row.candidate)
        too_large = self.max_drop is None or drop > self.max_drop + ROUNDING_ERROR
        significant = self.alpha is None or (
            drop > 0 and row.p_adjusted is not None and row.p_adjusted < self.alpha
        )
        limits = [] if self.max_drop is None else [f"worse by more than {format_exactly(self.max_drop)}"]
        limits += [] if self.alpha is None else [f"significantly worse at {format_exactly(self.alpha)}"]
        p_value = "" if row.p_adjusted is None else f", p = {row.p_adjusted:.4f}"
        change = (
            f"{format_exactly(row.baseline)} → {format_exactly(row.candidate)} ({row.delta:+.6g}{p_value})"
        )
        return Finding(
            kind="baseline",
            system=row.system,
            subject=subject,
            holds=not (too_large and significant),
            text=f"{subject} must not be {' and '.join(limits)}: {change}",
            status=row.status,
            baseline=row.baseline,
            candidate=row.candidate,
            delta=row.delta,
            p_value=row.p_adjusted,
        )


def _describe_floor(floor: float, scale: Scale) -> str:
    if scale.best_value is not None:
        return f"as close to {format_exactly(scale.best_value)} as {format_exactly(floor)}"
    return f"{'>=' if scale.higher_is_better else '<='} {format_exactly(floor)}"
