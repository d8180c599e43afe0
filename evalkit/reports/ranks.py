"""How each metric ranks the systems, and where names say something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from evalkit.reports.names import ENTITIES

if TYPE_CHECKING:
    from evalkit.results import Run


class Disagreement(NamedTuple):
    """A system that a metric puts higher than its names deserve."""

    system: str
    metric: str
    rank: int
    """By the metric."""
    rank_by_names: int
    wrong: float
    """Share of its names that are wrong, 0-1."""


def ranks(run: Run) -> dict[str, dict[str, int]]:
    """Ranks of the systems by metric, 1 for the best; a tie shares the better rank. Only metrics that scored all systems."""
    found: dict[str, dict[str, int]] = {}
    for key, info in run.metrics.items():
        values = {name: result.metrics[key].value for name, result in run.systems.items()}
        known = [value for value in values.values() if value is not None]
        if len(known) == len(values) > 1:
            found[key] = {
                name: 1 + sum((o > v) if info.higher_is_better else (o < v) for o in known) for name, v in values.items() if v is not None
            }
    return found


def disagreement(run: Run) -> Disagreement | None:
    """The greatest fall of a system from its rank by another metric to its rank by names; None where none falls."""
    by_metric = ranks(run)
    names = by_metric.pop(ENTITIES, None)
    if names is None:
        return None
    falls = [(names[system] - ranked[system], system, key) for key, ranked in by_metric.items() for system in run.systems]
    if not falls:
        return None
    fall, system, key = max(falls, key=lambda found: found[0])
    if fall <= 0:
        return None
    accuracy = run.systems[system].metrics[ENTITIES].details["all"]["accuracy"]
    return Disagreement(system, key, by_metric[key][system], names[system], 1 - accuracy)
