"""How each metric ranks the systems, and where names say something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from evalkit.reports.names import ENTITIES

if TYPE_CHECKING:
    from evalkit.runs.results import Run


class Disagreement(NamedTuple):
    """A system that a metric puts higher than its names deserve."""

    system: str
    metric: str
    rank: int
    """By the metric."""
    rank_by_names: int
    wrong: float
    """Share of its names that are wrong, 0-1."""
    more_wrong: tuple[tuple[str, float], ...]
    """Systems with a greater share, the greatest first."""


def ranks(run: Run) -> dict[str, dict[str, int]]:
    """Ranks of the systems by metric, 1 for the best; a tie shares the better rank. Only metrics that scored all systems."""
    found: dict[str, dict[str, int]] = {}
    for key, info in run.metrics.items():
        values = {name: result.metrics[key].value for name, result in run.systems.items()}
        known = [value for value in values.values() if value is not None]
        if len(known) == len(values) > 1:
            found[key] = {
                name: 1 + sum((o > v) if info.higher_is_better else (o < v) for o in known)
                for name, v in values.items()
                if v is not None
            }
    return found


def falls(run: Run, metric: str) -> list[str]:
    """Systems that a metric puts above another whose names are significantly better: a place lost by a hair is no fall."""
    by_metric = ranks(run)
    if metric == ENTITIES or metric not in by_metric or ENTITIES not in by_metric:
        return []
    order = by_metric[metric]
    return [
        name
        for name in run.systems
        if any(order[other] > order[name] and _better_names(run, other, name) for other in run.systems)
    ]


def _better_names(run: Run, one: str, other: str) -> bool:
    """Whether the names of one system are significantly better than those of another; without tests, whether their score is."""
    a, b = (run.systems[name].metrics[ENTITIES].value or 0.0 for name in (one, other))
    tests = run.tests.get(ENTITIES)
    p_values = (
        [pair.p_adjusted for pair in tests.pairs if {pair.baseline, pair.candidate} == {one, other}]
        if tests
        else []
    )
    return a > b and all(p is not None and p < run.significance["alpha"] for p in p_values)


def disagreement(run: Run) -> Disagreement | None:
    """The greatest fall of a system from its rank by another metric to its rank by names; None where none falls."""
    by_metric = ranks(run)
    found = [
        (by_metric[ENTITIES][system] - by_metric[key][system], system, key)
        for key in by_metric
        if key != ENTITIES
        for system in falls(run, key)
    ]
    fall, system, key = max(found, key=lambda of: of[0], default=(0, "", ""))
    if fall <= 0:
        return None
    wrong = {
        name: 1 - result.metrics[ENTITIES].details["all"]["accuracy"] for name, result in run.systems.items()
    }
    more = sorted(
        ((name, share) for name, share in wrong.items() if share > wrong[system]), key=lambda of: -of[1]
    )
    return Disagreement(
        system, key, by_metric[key][system], by_metric[ENTITIES][system], wrong[system], tuple(more)
    )


def best(run: Run) -> dict[str, set[str]]:
    """By metric the system that is significantly better than every other; empty where there is none."""
    found: dict[str, set[str]] = {key: set() for key in run.metrics}
    for key, tests in run.tests.items():
        if tests.pairs and len(tests.leaders) == 1:
            found[key] = set(tests.leaders)
    return found
