"""Runs, and their comparisons with a baseline, held against the rules of a gate; every check says in a sentence what it found.

Scores are judged as they are, never rounded; a score that equals its limit holds. What is missing or not comparable has not
passed, unless it is allowed by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evalkit.comparison.changes import BROKEN, RIGHT
from evalkit.comparison.pairing import MISSING, NOT_COMPARABLE
from evalkit.errors import shorten
from evalkit.gate.rules import Gate, Rule
from evalkit.gate.verdict import ALLOWED, BASELINE, COVERAGE, FAILED, FLOOR, MUST_HOLD, PASSED, Check, Verdict
from evalkit.runs.texts import audit_rows

if TYPE_CHECKING:
    from evalkit.comparison.compare import Comparison, Row
    from evalkit.runs.results import MetricInfo, Run

_NOISE = 1e-9
"""1.1 - 1 is 0.10000000000000009: a limit is missed only by more than this."""


def judge(gate: Gate, runs: Sequence[tuple[Run, Comparison | None]]) -> Verdict:
    """Hold runs against the rules.

    Args:
        gate: the rules.
        runs: each with its comparison with the baseline, where there is one.

    Raises:
        ConfigError: a rule judges a difference, and there is no baseline.
        ResultsError: what a run says of its names cannot be read.
    """
    gate.check_baseline(there=all(comparison is not None for _, comparison in runs))
    checks = tuple(check for run, comparison in runs for check in _checks(gate, run, comparison))
    baseline = next((comparison.baseline.name for _, comparison in runs if comparison is not None), None)
    return Verdict(runs=tuple(run.name for run, _ in runs), baseline=baseline, checks=checks)


def _checks(gate: Gate, run: Run, comparison: Comparison | None) -> Iterator[Check]:
    for name, rule in gate.parsed.items():
        if rule.floor is not None:
            for system in [rule.system] if rule.system else run.systems:
                yield _floor(gate, name, rule, run, system)
        if rule.needs_baseline and comparison is not None:
            yield from _against_baseline(gate, name, rule, run, comparison)
    for name in gate.must_hold:
        for system in run.systems:
            yield _must_hold(gate, name, run, system, comparison)
    if gate.coverage is not None:
        for system in run.systems:
            yield _coverage(gate.coverage, run, system)


def _nothing(gate: Gate, status: str, why: str, **of: Any) -> Check:
    """A check with nothing to judge."""
    names = {of["system"], of["subject"], of["subject"].split("/")[0], f"{of['system']}/{of['subject']}"}
    names.add(f"{of['system']}/{of['subject'].split('/')[0]}")
    verdict = ALLOWED if names & set(gate.allow) else FAILED
    return Check(
        **of,
        status=status,
        verdict=verdict,
        sentence=f"{of['system']}: {of['subject']} is {status} ({why}): {verdict}",
    )


def _floor(gate: Gate, name: str, rule: Rule, run: Run, system: str) -> Check:
    assert rule.floor is not None
    subject = f"{rule.metric}/{rule.type}" if rule.type else rule.metric
    of: dict[str, Any] = {
        "rule": name,
        "kind": FLOOR,
        "run": run.name,
        "system": system,
        "subject": subject,
        "limit": rule.floor,
    }
    score = run.systems[system].metrics.get(rule.metric) if system in run.systems else None
    value = score.value if score else None
    if score and rule.type:
        part = score.details.get(rule.type)
        value = part.get(_headline(run.metrics[rule.metric])) if isinstance(part, Mapping) else None
    if value is None:
        return _nothing(gate, MISSING, (score.reason if score else None) or "not in the run", **of)
    higher = run.metrics[rule.metric].higher_is_better
    holds = value >= rule.floor - _NOISE if higher else value <= rule.floor + _NOISE
    verdict = PASSED if holds else FAILED
    return Check(
        **of,
        candidate=value,
        verdict=verdict,
        sentence=f"{system}: {subject} {'>=' if higher else '<='} {_exact(rule.floor)}: {_exact(value)}: {verdict}",
    )


def _headline(info: MetricInfo) -> str:
    """Which score by type is the headline of entity accuracy."""
    return str(info.settings.get("score", "accuracy"))


def _against_baseline(gate: Gate, name: str, rule: Rule, run: Run, comparison: Comparison) -> Iterator[Check]:
    subject = f"{rule.metric}/{rule.type}" if rule.type else rule.metric
    of = {
        "rule": name,
        "kind": BASELINE,
        "run": run.name,
        "subject": subject,
        "limit": rule.max_drop,
        "alpha": rule.alpha,
    }
    systems = [rule.system] if rule.system else list(dict.fromkeys(row.system for row in comparison.rows))
    for system in systems:
        whole = comparison.row(system, rule.metric)
        row = comparison.row(system, rule.metric, rule.type or "")
        if whole is not None and whole.status in (MISSING, NOT_COMPARABLE):
            yield _nothing(gate, whole.status, whole.reason, system=system, **of)
        elif row is None:
            yield _nothing(gate, MISSING, "not in the runs", system=system, **of)
        elif rule.alpha is not None and row.p_adjusted is None:
            yield _nothing(gate, MISSING, "there is no p", system=system, **of)
        else:
            yield _difference(rule, row, comparison, {**of, "system": system})


def _difference(rule: Rule, row: Row, comparison: Comparison, of: Mapping[str, Any]) -> Check:
    assert row.delta is not None
    higher = comparison.metrics[rule.metric].higher_is_better
    drop = -row.delta if higher else row.delta
    too_much = rule.max_drop is None or drop > rule.max_drop + _NOISE
    significant = rule.alpha is None or (
        drop > 0 and row.p_adjusted is not None and row.p_adjusted < rule.alpha
    )
    verdict = FAILED if too_much and significant else PASSED
    limits = []
    if rule.max_drop is not None:
        limits.append(f"worse by more than {_exact(rule.max_drop)}")
    if rule.alpha is not None:
        limits.append(f"significantly worse at {_exact(rule.alpha)}")
    p = "" if row.p_adjusted is None else f", p = {row.p_adjusted:.4f}"
    return Check(
        **of,
        verdict=verdict,
        status=row.status,
        baseline=row.baseline,
        candidate=row.candidate,
        delta=row.delta,
        p_value=row.p_adjusted,
        sentence=(
            f"{of['system']}: {of['subject']} must not be {' and '.join(limits)}: "
            f"{_exact(row.baseline)} → {_exact(row.candidate)} ({row.delta:+.6g}{p}): {verdict}"
        ),
    )


def _must_hold(gate: Gate, name: str, run: Run, system: str, comparison: Comparison | None) -> Check:
    """No mention of the name that was right in the baseline may be wrong; without a baseline, no mention at all."""
    of: dict[str, Any] = {
        "rule": "must_hold",
        "kind": MUST_HOLD,
        "run": run.name,
        "system": system,
        "subject": name,
    }
    metric, mentions = _mentions(run, system, name)
    if not mentions:
        return _nothing(gate, MISSING, "no mention of it was judged", **of)
    if comparison is None:
        wrong = [row for row in mentions if row["outcome"] not in RIGHT]
        forms = [f"{row['hypothesis'] or 'missing'} in {row['document'] or row['segment']}" for row in wrong]
        rule = "must not come out wrong"
    else:
        row = comparison.row(system, metric)
        if row is None or row.status in (MISSING, NOT_COMPARABLE):
            return _nothing(
                gate, row.status if row else MISSING, row.reason if row else "not in the runs", **of
            )
        if (system, metric) not in comparison.audited:
            return _nothing(
                gate, MISSING, f"{comparison.baseline.name} does not say what became of the names", **of
            )
        entities = {found["entity"] for found in mentions}
        broken = [
            e
            for e in comparison.entities
            if (e.change, e.system, e.metric) == (BROKEN, system, metric) and e.entity in entities
        ]
        forms = [
            f"{change.candidate_hypothesis or 'missing'} in {change.document or change.segment}"
            for change in broken
        ]
        rule = "must not newly come out wrong"
    verdict = FAILED if forms else PASSED
    times = f"{len(forms)} of {len(mentions)} mentions" + (f" ({shorten(forms, 3)})" if forms else "")
    return Check(
        **of,
        verdict=verdict,
        candidate=float(len(forms)),
        limit=0.0,
        sentence=f"{system}: {name} {rule}: {times}: {verdict}",
    )


def _mentions(run: Run, system: str, name: str) -> tuple[str, list[Mapping[str, Any]]]:
    """What became of all mentions of the entities that have this id, or a mention with this text; and in which metric."""
    wanted = name.casefold()
    for metric in run.metrics:
        rows = [
            row
            for row in audit_rows(run, system, metric) or ()
            if row.get("entity") is not None and "outcome" in row
        ]
        entities = {
            row["entity"]
            for row in rows
            if wanted in (str(row["entity"]).casefold(), str(row["reference"]).casefold())
        }
        if entities:
            return metric, [row for row in rows if row["entity"] in entities]
    return "", []


def _coverage(least: float, run: Run, system: str) -> Check:
    """The share of segments with a counterpart; where the output was not aligned, with a hypothesis that is not empty."""
    result = run.systems[system]
    value = 1 - result.empty / len(run.documents_of_segments) if result.coverage is None else result.coverage
    verdict = PASSED if value >= least - _NOISE else FAILED
    return Check(
        rule="coverage",
        kind=COVERAGE,
        run=run.name,
        system=system,
        subject="coverage",
        verdict=verdict,
        candidate=value,
        limit=least,
        sentence=f"{system}: coverage >= {_exact(least)}: {_exact(value)}: {verdict}",
    )


def _exact(value: float | None) -> str:
    """All the digits that tell a score from its limit."""
    return "–" if value is None else f"{value:.10g}"
