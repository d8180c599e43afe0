"""A gate: its rules, and its verdict on runs. Every check says in a sentence what was found.

What is missing or not comparable does not pass, unless it is allowed by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from evalkit.errors import ConfigError, shorten
from evalkit.gate.coverage import Coverage
from evalkit.gate.names import MustHold
from evalkit.gate.rule import Finding, Rule
from evalkit.gate.scores import Score
from evalkit.gate.verdict import Check, CheckVerdict, Verdict
from evalkit.plugins import find_class
from evalkit.runtime.decoding import DecodeError, decode

if TYPE_CHECKING:
    from evalkit.comparison.results import Comparison
    from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class Gate:
    """The rules of a gate."""

    rules: dict[str, Any] = field(default_factory=dict)
    """By name: a `Rule`, or its settings with its class in ``_target_``, by default `Score`. None removes a
    rule."""
    must_hold: list[str] = field(default_factory=list)
    """The names of a `MustHold` rule."""
    coverage: float | None = None
    """The limit of a `Coverage` rule, 0–1."""
    allow: list[str] = field(default_factory=list)
    """What may be missing or not comparable: ``SYSTEM``, ``METRIC``, ``SYSTEM/METRIC``, or a name that must
    hold."""

    def __post_init__(self) -> None:
        """Check the settings of all rules."""
        if not self.active_rules:
            raise ConfigError("gate: no rules; set at least one, such as gate.rules.bleu.floor=40")

    @property
    def active_rules(self) -> dict[str, Rule]:
        """The rules that check something, by name.

        Raises:
            ConfigError: a rule of an unknown class, an unknown setting, or an invalid value.
        """
        rules = {name: _make_rule(name, rule) for name, rule in self.rules.items() if rule is not None}
        if self.must_hold:
            rules["must_hold"] = MustHold(names=self.must_hold)
        if self.coverage is not None:
            rules["coverage"] = _build(Coverage, {"least": self.coverage}, "gate.coverage")
        return {name: rule for name, rule in rules.items() if rule.is_active}

    def check_baseline(self, *, exists: bool) -> None:
        """Raise a ConfigError if a rule needs a baseline and there is none."""
        names = [name for name, rule in self.active_rules.items() if rule.needs_baseline]
        if names and not exists:
            raise ConfigError(
                f"gate: no baseline, which these rules need: {shorten(names)}; set baseline=FOLDER"
            )


def _make_rule(name: str, rule: object) -> Rule:
    where = f"gate.rules.{name}"
    if isinstance(rule, Rule):
        return rule
    if not isinstance(rule, Mapping):
        raise ConfigError(f"{where}: expected the settings of a rule, found {rule!r}")
    settings = {key: value for key, value in rule.items() if key != "_target_"}
    target = rule.get("_target_")
    cls = find_class(str(target), Rule, f"{where}._target_") if target else Score
    return _build(cls, settings, where)


def _build(cls: type[Rule], settings: Mapping[str, object], where: str) -> Rule:
    known = [field.name for field in fields(cls)]
    for key in settings:
        if key not in known:
            raise ConfigError(f"{where}.{key}: unknown setting; {cls.__name__} has {', '.join(known)}")
    try:
        return decode(cls, dict(settings))
    except DecodeError as error:
        place = f"{where}.{error.path}" if error.path else where
        raise ConfigError(f"{place}: expected {error.expected}, found {error.value!r}") from error
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error


def judge(gate: Gate, runs: Sequence[tuple[Run, Comparison | None]]) -> Verdict:
    """Check runs against the rules.

    Args:
        gate: the rules.
        runs: each with the comparison with its baseline, if there is one.

    Raises:
        ConfigError: a rule needs a baseline, and there is none.
        ResultsError: the verdicts of a run on its names cannot be read.
    """
    gate.check_baseline(exists=all(comparison is not None for _, comparison in runs))
    checks = tuple(check for run, comparison in runs for check in _check(gate, run, comparison))
    baseline = next((comparison.baseline.name for _, comparison in runs if comparison is not None), None)
    return Verdict(runs=tuple(run.name for run, _ in runs), baseline=baseline, checks=checks)


def _check(gate: Gate, run: Run, comparison: Comparison | None) -> Iterator[Check]:
    for name, rule in gate.active_rules.items():
        for finding in rule.check(name, run, comparison):
            verdict = _decide(finding, gate.allow)
            yield Check(
                rule=name,
                kind=finding.kind,
                run=run.name,
                system=finding.system,
                subject=finding.subject,
                verdict=verdict,
                sentence=f"{finding.system}: {finding.text}: {verdict}",
                status=finding.status,
                baseline=finding.baseline,
                candidate=finding.candidate,
                delta=finding.delta,
                limit=finding.limit,
                alpha=finding.alpha,
                p_value=finding.p_value,
            )


def _decide(finding: Finding, allow: Sequence[str]) -> CheckVerdict:
    if finding.holds:
        return "passed"
    metric = finding.subject.split("/")[0]
    names = {finding.system, finding.subject, metric}
    names |= {f"{finding.system}/{finding.subject}", f"{finding.system}/{metric}"}
    return "allowed" if finding.has_nothing_to_judge and names & set(allow) else "failed"
