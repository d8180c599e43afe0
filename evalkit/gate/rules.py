"""A gate for CI: its rules, and the verdict; `evalkit.gate.judging` holds runs against the rules."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from evalkit.errors import ConfigError, shorten


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
    """Share of the reference segments that every system has to cover, 0-1; of line-aligned output, with a hypothesis that is not empty."""
    allow: list[str] = field(default_factory=list)
    """What may be missing or not comparable: ``SYSTEM``, ``METRIC``, ``SYSTEM/METRIC``, or a name of `must_hold`."""

    def __post_init__(self) -> None:
        """Check the values."""
        if not self.parsed and not self.must_hold and self.coverage is None:
            raise ConfigError(
                "gate: no rules; give at least one, such as gate.rules.entity_accuracy.floor=0.9"
            )
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
            raise ConfigError(
                f"gate: {shorten(self.needs_baseline)}: max_drop and alpha judge a difference; say baseline=FOLDER"
            )


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
        right = (
            isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            if number
            else isinstance(value, str)
        )
        if not right and (value is not None or key == "metric"):
            raise ConfigError(
                f"gate.rules.{name}.{key}: expected {'a number' if number else 'text'}, found {value!r}"
            )
    rule = Rule(**{"metric": name, **values})
    if (rule.max_drop or 0) < 0 or (rule.alpha is not None and not 0 < rule.alpha < 1):
        raise ConfigError(
            f"gate.rules.{name}: expected max_drop >= 0 and 0 < alpha < 1, found max_drop={rule.max_drop}, alpha={rule.alpha}"
        )
    return rule
