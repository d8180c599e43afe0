"""Names that must come out right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evalkit.comparison.results import BROKEN
from evalkit.entities.audit import AuditRow
from evalkit.errors import shorten
from evalkit.gate.rule import Finding, Rule, report_missing
from evalkit.runs.texts import read_audit

if TYPE_CHECKING:
    from evalkit.comparison.results import Comparison
    from evalkit.runs.results import Run

_KIND = "must hold"


@dataclass(frozen=True, kw_only=True)
class MustHold(Rule):
    """Names that must not regress from the baseline; without a baseline, names that must always be right."""

    names: list[str] = field(default_factory=list)
    """Names by entity id, or as the reference has them."""

    @property
    def is_active(self) -> bool:
        """See `Rule.is_active`."""
        return bool(self.names)

    def check(self, name: str, run: Run, comparison: Comparison | None) -> Iterator[Finding]:
        """See `Rule.check`."""
        for wanted in self.names:
            for system in run.systems:
                yield _check_name(wanted, run, system, comparison)


def _check_name(name: str, run: Run, system: str, comparison: Comparison | None) -> Finding:
    metric, mentions = _find_mentions(run, system, name)
    if not mentions:
        return report_missing(_KIND, system, name, "missing", "no mention of it was judged")
    if comparison is None:
        wrong = [(row.hypothesis, row.document or row.segment) for row in mentions if not row.is_right]
        return _judge(system, name, "must be right", wrong, len(mentions))
    row = comparison.find_row(system, metric)
    if row is None:
        return report_missing(_KIND, system, name, "missing", "not in the runs")
    if row.not_compared:
        return report_missing(_KIND, system, name, row.not_compared, row.reason)
    if (system, metric) not in comparison.audited:
        reason = f"{comparison.baseline.name} has no verdicts on names"
        return report_missing(_KIND, system, name, "missing", reason)
    entities = {mention.entity for mention in mentions}
    broken = [
        (change.candidate_hypothesis, change.document or change.segment)
        for change in comparison.entities
        if (change.change, change.system, change.metric) == (BROKEN, system, metric)
        and change.entity in entities
    ]
    return _judge(system, name, "must not regress", broken, len(mentions))


def _judge(system: str, name: str, rule: str, wrong: Sequence[tuple[str, str]], mentions: int) -> Finding:
    forms = [f"{hypothesis or 'missing'} in {where}" for hypothesis, where in wrong]
    listed = f" ({shorten(forms, 3)})" if forms else ""
    return Finding(
        kind=_KIND,
        system=system,
        subject=name,
        holds=not wrong,
        text=f"{name} {rule}: {len(wrong)} of {mentions} mentions wrong{listed}",
        candidate=float(len(wrong)),
        limit=0.0,
    )


def _find_mentions(run: Run, system: str, name: str) -> tuple[str, list[AuditRow]]:
    """The metric that judged the entities with this id or text, and its verdicts on all their mentions."""
    wanted = name.casefold()
    for metric in run.metrics:
        mentions = [row for row in read_audit(run, system, metric) or () if not row.is_spurious]
        entities = {
            row.entity for row in mentions if wanted in (str(row.entity).casefold(), row.reference.casefold())
        }
        if entities:
            return metric, [row for row in mentions if row.entity in entities]
    return "", []
