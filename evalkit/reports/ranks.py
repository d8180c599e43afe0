"""How each metric ranks the systems, and which ranks the names contradict."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from evalkit.runs.results import MetricScore, Run


class Disagreement(NamedTuple):
    """A system that a metric overrates, judged by its names."""

    system: str
    metric: str
    rank: int
    """By the metric."""
    rank_by_names: int
    wrong: float
    """Share of its names that are wrong, 0-1."""
    more_wrong: tuple[tuple[str, float], ...]
    """Systems with a greater share and that share, the greatest first."""


def rank_systems(run: Run) -> dict[str, dict[str, int]]:
    """Ranks of the systems by metric, 1 for the best; tied systems share the better rank.

    Metrics that did not score every system are left out, as are all if there is only one system.
    """
    ranks: dict[str, dict[str, int]] = {}
    for key, info in run.metrics.items():
        values = {name: result.metrics[key].value for name, result in run.systems.items()}
        known = {name: info.scale.merit(value) for name, value in values.items() if value is not None}
        if len(known) == len(values) > 1:
            ranks[key] = {
                name: 1 + sum(other > value for other in known.values()) for name, value in known.items()
            }
    return ranks


def find_overrated(run: Run, metric: str) -> list[str]:
    """Systems that a metric ranks above another whose names are significantly better."""
    by_metric = rank_systems(run)
    if metric == run.names_metric or metric not in by_metric or run.names_metric not in by_metric:
        return []
    ranks = by_metric[metric]
    return [
        name
        for name in run.systems
        if any(ranks[other] > ranks[name] and _has_better_names(run, other, name) for other in run.systems)
    ]


def _has_better_names(run: Run, system: str, other: str) -> bool:
    """Whether a system has significantly better names; if the run stores no tests, a higher score."""
    names = str(run.names_metric)
    value, than = (run.systems[name].metrics[names].value or 0.0 for name in (system, other))
    tests = run.tests.get(names)
    pairs = tests.pairs if tests else ()
    p_values = [pair.p_adjusted for pair in pairs if {pair.baseline, pair.candidate} == {system, other}]
    return value > than and all(p is not None and p < run.significance.alpha for p in p_values)


def find_disagreement(run: Run) -> Disagreement | None:
    """The overrated system whose rank by names is furthest below its rank by a metric, if there is one."""
    by_metric, names = rank_systems(run), str(run.names_metric)
    drops = [
        (by_metric[names][system] - ranks[system], system, key)
        for key, ranks in by_metric.items()
        for system in find_overrated(run, key)
    ]
    drop, system, key = max(drops, key=lambda candidate: candidate[0], default=(0, "", ""))
    if drop <= 0:
        return None
    wrong = {name: _share_wrong(result.metrics[names]) for name, result in run.systems.items()}
    more_wrong = [(name, share) for name, share in wrong.items() if share > wrong[system]]
    return Disagreement(
        system=system,
        metric=key,
        rank=by_metric[key][system],
        rank_by_names=by_metric[names][system],
        wrong=wrong[system],
        more_wrong=tuple(sorted(more_wrong, key=lambda item: -item[1])),
    )


def _share_wrong(score: MetricScore) -> float:
    """Share of the names that are wrong, 0–1."""
    assert score.names is not None
    return 1 - (score.names.all.accuracy or 0.0)


def find_best(run: Run) -> dict[str, set[str]]:
    """By metric, the system that is significantly better than every other; an empty set if there is none."""
    return {key: _find_leader(run, key) for key in run.metrics}


def _find_leader(run: Run, metric: str) -> set[str]:
    tests = run.tests.get(metric)
    return set(tests.leaders) if tests and tests.pairs and len(tests.leaders) == 1 else set()
