"""Two runs side by side: what moved, whether it means anything, and what cannot be compared and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalkit.errors import ConfigError
from evalkit.metrics.base import rebuild
from evalkit.results import Run, load
from evalkit.significance import Bootstrap, Units, choose_units, interval, paired_p_value, resample

IMPROVED, REGRESSED, NOT_SIGNIFICANT = "improved", "regressed", "not significant"
NOT_COMPARABLE, MISSING = "not comparable", "missing"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One system in one metric, in both runs."""

    system: str
    metric: str
    status: str
    """improved, regressed, not significant, not comparable or missing."""
    reason: str = ""
    """Why it cannot be compared."""
    baseline: float | None = None
    candidate: float | None = None
    delta: float | None = None
    """Candidate less baseline, in the scale of the metric."""
    interval: tuple[float, float] | None = None
    """Of the difference, by paired bootstrap."""
    p_value: float | None = None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All systems and metrics of two runs."""

    baseline: str
    candidate: str
    rows: tuple[Row, ...]
    unit: str
    """What was resampled: document or segment."""


def compare(
    baseline: Run | str | Path,
    candidate: Run | str | Path,
    *,
    significance: Bootstrap | None = None,
    alpha: float = 0.05,
) -> Comparison:
    """Compare two runs, system by system and metric by metric, by paired bootstrap over their statistics.

    Args:
        baseline: a run, or the folder of one.
        candidate: a run, or the folder of one.
        significance: settings of the bootstrap.
        alpha: a difference with a smaller p is improved or regressed.

    Raises:
        ConfigError: alpha is no probability.
        ResultsError: a run cannot be read.
    """
    if not 0 < alpha < 1:
        raise ConfigError(f"alpha: expected a number between 0 and 1, found {alpha}")
    old, new = (run if isinstance(run, Run) else load(run) for run in (baseline, candidate))
    bootstrap = significance or Bootstrap()
    units = choose_units(list(old.documents_of_segments), bootstrap)
    rows = [
        _row(old, new, system, metric, units, bootstrap, alpha)
        for system in dict.fromkeys([*old.systems, *new.systems])
        for metric in dict.fromkeys([*old.metrics, *new.metrics])
    ]
    return Comparison(baseline=old.name, candidate=new.name, rows=tuple(rows), unit=units.kind)


def _row(old: Run, new: Run, system: str, key: str, units: Units, bootstrap: Bootstrap, alpha: float) -> Row:
    results = [run.systems.get(system) for run in (old, new)]
    scores = [result.metrics.get(key) if result else None for result in results]
    for run, score in zip((old, new), scores, strict=True):
        if score is None or score.value is None:
            reason = "not in the run" if score is None else f"{score.status}: {score.reason}"
            return Row(system=system, metric=key, status=MISSING, reason=f"{run.name}: {reason}")
    before, after = (score.value for score in scores if score is not None)
    assert before is not None
    assert after is not None
    signatures = [score.signature for score in scores if score is not None]
    if old.test_set["fingerprint"] != new.test_set["fingerprint"]:
        reason = f"the test sets differ ({old.test_set['name']}, {new.test_set['name']})"
    elif signatures[0] != signatures[1]:
        reason = f"the signatures differ ({signatures[0]}; {signatures[1]})"
    else:
        metric = rebuild(new.metrics[key].settings)
        values = [run.statistics[system][key] for run in (old, new)]
        samples = [resample(metric.aggregate, value, units, bootstrap) for value in values]
        delta = after - before
        p_value = paired_p_value(delta, *samples)
        better = (delta > 0) == metric.higher_is_better
        status = NOT_SIGNIFICANT if p_value is None or p_value >= alpha else IMPROVED if better else REGRESSED
        return Row(
            system=system,
            metric=key,
            baseline=before,
            candidate=after,
            status=status,
            delta=delta,
            interval=interval(samples[1] - samples[0], bootstrap.level),
            p_value=p_value,
        )
    return Row(system=system, metric=key, baseline=before, candidate=after, status=NOT_COMPARABLE, reason=reason)
