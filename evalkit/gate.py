"""A gate for CI: rules over a run, and over its comparison with a baseline; every check says in a sentence what it found.

Scores are judged as they are, never rounded; a score that equals its limit holds. What is missing or not comparable has not
passed, unless it is allowed by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from evalkit.changes import BROKEN, RIGHT
from evalkit.comparison import Comparison
from evalkit.errors import ConfigError, shorten
from evalkit.pairing import MISSING, NOT_COMPARABLE
from evalkit.results import MetricInfo, Run
from evalkit.stored import audit_rows

if TYPE_CHECKING:
    from evalkit.comparison import Row

FORMAT_VERSION = 1
"""Of `verdict.json`; raised when a key changes its meaning or goes."""

PASSED, FAILED, ALLOWED = "passed", "failed", "allowed"
FLOOR, BASELINE, MUST_HOLD, COVERAGE = "floor", "baseline", "must hold", "coverage"
_NOISE = 1e-9
"""1.1 - 1 is 0.10000000000000009: a limit is missed only by more than this."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one metric has to keep to. A limit that is None is not judged.

    With `max_drop` and `alpha` together a score fails only where it dropped by more *and* is significantly worse; two rules
    fail where either does.
    """

    metric: str
    system: str | None = None
    """None: every system."""
    type: str | None = None
    """A part of the metric, such as the entity type ``PER``."""
    floor: float | None = None
    """The worst score allowed: at least this, or at most where less is better."""
    max_drop: float | None = None
    """How much worse than in the baseline it may be, in the scale of the metric."""
    alpha: float | None = None
    """It must not be significantly worse than the baseline at this level."""

    @property
    def needs_baseline(self) -> bool:
        """Whether it judges a difference."""
        return self.max_drop is not None or self.alpha is not None


@dataclass(frozen=True, kw_only=True)
class Gate:
    """The rules of a gate."""

    rules: dict[str, Any] = field(default_factory=dict)
    """By name: the settings of a `Rule`; null takes a rule away."""
    must_hold: list[str] = field(default_factory=list)
    """Names, by entity id or as the reference has them, that must not newly come out wrong; without a baseline, not at all."""
    coverage: float | None = None
    """Share of the reference segments that every system has to cover, 0-1, where outputs were aligned."""
    allow: list[str] = field(default_factory=list)
    """What may be missing or not comparable: ``SYSTEM``, ``METRIC``, ``SYSTEM/METRIC``, or a name of `must_hold`."""

    def __post_init__(self) -> None:
        """Check the values."""
        if not self.parsed and not self.must_hold and self.coverage is None:
            raise ConfigError("gate: no rules; give at least one, such as gate.rules.entity_accuracy.floor=0.9")
        if self.coverage is not None and not 0 <= self.coverage <= 1:
            raise ConfigError(f"gate.coverage: expected a share from 0 to 1, found {self.coverage}")

    @property
    def parsed(self) -> dict[str, Rule]:
        """The rules that judge something, by name.

        Raises:
            ConfigError: a setting that a rule does not have, or a value of another type.
        """
        rules = {name: _rule(name, values) for name, values in self.rules.items() if values is not None}
        return {name: rule for name, rule in rules.items() if rule.floor is not None or rule.needs_baseline}

    @property
    def needs_baseline(self) -> list[str]:
        """Names of the rules that judge a difference."""
        return [name for name, rule in self.parsed.items() if rule.needs_baseline]

    def check_baseline(self, *, there: bool) -> None:
        """Raises ConfigError where a rule judges a difference, and there is no baseline."""
        if self.needs_baseline and not there:
            raise ConfigError(f"gate: {shorten(self.needs_baseline)}: max_drop and alpha judge a difference; say baseline=FOLDER")


def _rule(name: str, values: object) -> Rule:
    known = [f.name for f in fields(Rule)]
    if isinstance(values, Rule):
        values = asdict(values)
    if not isinstance(values, Mapping):
        raise ConfigError(f"gate.rules.{name}: expected settings out of {', '.join(known)}, found {values!r}")
    unknown = [str(key) for key in values if key not in known]
    if unknown:
        raise ConfigError(f"gate.rules.{name}.{unknown[0]}: no such setting; a rule has {', '.join(known)}")
    for key, value in values.items():
        number = key in ("floor", "max_drop", "alpha")
        right = isinstance(value, int | float) and not isinstance(value, bool) if number else isinstance(value, str)
        if not right and (value is not None or key == "metric"):
            raise ConfigError(f"gate.rules.{name}.{key}: expected {'a number' if number else 'text'}, found {value!r}")
    rule = Rule(**{"metric": name, **values})
    if (rule.max_drop or 0) < 0 or (rule.alpha is not None and not 0 < rule.alpha < 1):
        raise ConfigError(
            f"gate.rules.{name}: expected max_drop >= 0 and 0 < alpha < 1, found max_drop={rule.max_drop}, alpha={rule.alpha}"
        )
    return rule


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

    @property
    def name(self) -> str:
        """Unique within a verdict."""
        return f"{self.run}: {self.system}: {self.subject}: {self.rule} ({self.kind})"


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
    return Check(**of, status=status, verdict=verdict, sentence=f"{of['system']}: {of['subject']} is {status} ({why}): {verdict}")


def _floor(gate: Gate, name: str, rule: Rule, run: Run, system: str) -> Check:
    assert rule.floor is not None
    subject = f"{rule.metric}/{rule.type}" if rule.type else rule.metric
    of: dict[str, Any] = {"rule": name, "kind": FLOOR, "run": run.name, "system": system, "subject": subject, "limit": rule.floor}
    score = run.systems[system].metrics.get(rule.metric) if system in run.systems else None
    value = score.value if score else None
    if score and rule.type:
        value = (score.details.get(rule.type) or {}).get(_headline(run.metrics[rule.metric]))
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
    of = {"rule": name, "kind": BASELINE, "run": run.name, "subject": subject, "limit": rule.max_drop, "alpha": rule.alpha}
    systems = [rule.system] if rule.system else list(dict.fromkeys(row.system for row in comparison.rows))
    for system in systems:
        whole = comparison.row(system, rule.metric)
        row = comparison.row(system, rule.metric, rule.type or "")
        if whole is not None and whole.status in (MISSING, NOT_COMPARABLE):
            yield _nothing(gate, whole.status, whole.reason, system=system, **of)
        elif row is None:
            yield _nothing(gate, MISSING, "not in the runs", system=system, **of)
        else:
            yield _difference(rule, row, comparison, {**of, "system": system})


def _difference(rule: Rule, row: Row, comparison: Comparison, of: Mapping[str, Any]) -> Check:
    assert row.delta is not None
    higher = comparison.metrics[rule.metric].higher_is_better
    drop = -row.delta if higher else row.delta
    too_much = rule.max_drop is None or drop > rule.max_drop + _NOISE
    significant = rule.alpha is None or (drop > 0 and row.p_adjusted is not None and row.p_adjusted < rule.alpha)
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
    of: dict[str, Any] = {"rule": "must_hold", "kind": MUST_HOLD, "run": run.name, "system": system, "subject": name}
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
            return _nothing(gate, row.status if row else MISSING, row.reason if row else "not in the runs", **of)
        if (system, metric) not in comparison.audited:
            return _nothing(gate, MISSING, f"{comparison.baseline.name} does not say what became of the names", **of)
        entities = {found["entity"] for found in mentions}
        broken = [e for e in comparison.entities if (e.change, e.system, e.metric) == (BROKEN, system, metric) and e.entity in entities]
        forms = [f"{change.candidate_hypothesis or 'missing'} in {change.document or change.segment}" for change in broken]
        rule = "must not newly come out wrong"
    verdict = FAILED if forms else PASSED
    times = f"{len(forms)} of {len(mentions)} mentions" + (f" ({shorten(forms, 3)})" if forms else "")
    return Check(**of, verdict=verdict, candidate=float(len(forms)), limit=0.0, sentence=f"{system}: {name} {rule}: {times}: {verdict}")


def _mentions(run: Run, system: str, name: str) -> tuple[str, list[Mapping[str, Any]]]:
    """What became of all mentions of the entities that have this id, or a mention with this text; and in which metric."""
    wanted = name.casefold()
    for metric in run.metrics:
        rows = [row for row in audit_rows(run, system, metric) or () if row.get("entity") is not None and "outcome" in row]
        entities = {row["entity"] for row in rows if wanted in (str(row["entity"]).casefold(), str(row["reference"]).casefold())}
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
