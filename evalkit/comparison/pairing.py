"""Which segments, systems and scores of two runs belong together, and why others do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from evalkit.errors import ConfigError, ResultsError, shorten
from evalkit.metrics.base import Metric, rebuild
from evalkit.runs.results import OK, MetricScore, Run

if TYPE_CHECKING:
    from evalkit.types import FloatArray, IntArray

NOT_COMPARABLE, MISSING = "not comparable", "missing"


@dataclass(frozen=True, kw_only=True)
class Matched:
    """One system in one metric, where the two runs can be compared."""

    system: str
    baseline_system: str
    key: str
    """Of the metric."""
    metric: Metric
    baseline: FloatArray
    candidate: FloatArray
    """[segments, k] statistics, both in the order of the baseline."""


@dataclass(frozen=True, kw_only=True)
class Unmatched:
    """One system in one metric, where they cannot, and why."""

    system: str
    baseline_system: str
    key: str
    status: str
    """not comparable or missing."""
    reason: str
    baseline: float | None
    candidate: float | None


def pair_segments(baseline: Run, candidate: Run) -> tuple[IntArray | None, str]:
    """Where the segments of the baseline stand in the candidate, by document, id, source and references.

    Returns:
        [segments] indices, and an empty text; or None, and in words why the test sets cannot be compared.
    """
    here = np.arange(len(baseline.documents_of_segments), dtype=np.int64)
    if baseline.test_set["fingerprint"] == candidate.test_set["fingerprint"] and len(here) == len(
        candidate.documents_of_segments
    ):
        return here, ""
    for key in ("source_language", "target_language", "references"):
        found = [run.test_set[key] for run in (baseline, candidate)]
        if found[0] != found[1]:
            return (
                None,
                f"the test sets differ in {key.replace('_', ' ')} ({_text(found[0])}; {_text(found[1])})",
            )
    if not baseline.segment_ids or not candidate.segment_ids:
        return (
            None,
            f"the test sets differ ({baseline.test_set['name']}; {candidate.test_set['name']}), and one of the runs has no ids",
        )
    one, other = (
        dict(zip(_ids(run), enumerate(run.segment_contents), strict=True)) for run in (baseline, candidate)
    )
    for missing, run in (
        ([key for key in one if key not in other], "baseline"),
        ([key for key in other if key not in one], "candidate"),
    ):
        if missing:
            return (
                None,
                f"the test sets differ: {len(missing)} of {len(one | other)} segments only in the {run} ({_where(missing)})",
            )
    changed = [key for key, (_, content) in one.items() if content != other[key][1]]
    if changed:
        return (
            None,
            f"the test sets differ: other source or references in {len(changed)} of {len(one)} segments ({_where(changed)})",
        )
    return np.array([other[key][0] for key in one], dtype=np.int64), ""


def _ids(run: Run) -> list[tuple[str | None, str]]:
    return list(zip(run.documents_of_segments, run.segment_ids, strict=True))


def _where(keys: list[tuple[str | None, str]]) -> str:
    return shorten(
        [segment if document is None else f"{document}:{segment}" for document, segment in keys], 3
    )


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def pair_systems(baseline: Run, candidate: Run, renamed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Systems of the candidate with those of the baseline they compare with; then those that only the baseline has.

    A system of the baseline whose namesake was told to compare with another one has no counterpart, and is left out.

    Args:
        baseline: a run.
        candidate: a run.
        renamed: systems of the baseline by those of the candidate, where their names differ.

    Raises:
        ConfigError: a name that a run does not have.
    """
    for names, run in ((renamed.keys(), candidate), (renamed.values(), baseline)):
        unknown = [name for name in names if name not in run.systems]
        if unknown:
            raise ConfigError(
                f"baseline_systems: {run.name} has no system {shorten(unknown)}; it has {shorten(list(run.systems))}"
            )
    pairs = [(system, renamed.get(system, system)) for system in candidate.systems]
    named = {name for pair in pairs for name in pair}
    return pairs + [(system, system) for system in baseline.systems if system not in named]


def signature_difference(baseline: str | None, candidate: str | None) -> str:
    """In words, in what two signatures differ: ``tok:13a; tok:intl``."""
    old, new = ((signature or "").split("|") for signature in (baseline, candidate))
    if len(old) == len(new):
        parts = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
    else:
        parts = [
            (one or "", other or "")
            for one, other in zip_longest([p for p in old if p not in new], [p for p in new if p not in old])
        ]
    return ", ".join(f"{one or 'nothing'} → {other or 'nothing'}" for one, other in parts)


def match(
    baseline: Run, candidate: Run, systems: tuple[str, str], key: str, order: IntArray | None, reason: str
) -> Matched | Unmatched:
    """One system in one metric of both runs.

    Args:
        baseline: a run.
        candidate: a run.
        systems: in the candidate, and in the baseline.
        key: of the metric.
        order: see `pair_segments`.
        reason: see `pair_segments`.

    Raises:
        ResultsError: a score is not that of the statistics beside it.
    """
    new, old = _score(candidate, systems[0], key), _score(baseline, systems[1], key)
    status, found = NOT_COMPARABLE, reason
    for run, score in ((baseline, old), (candidate, new)):
        if score is None or score.status != OK:
            status = MISSING
            found = f"{run.name}: " + (
                "not in the run" if score is None else f"{score.status}: {score.reason}"
            )
            break
    if not found and old is not None and new is not None and old.signature != new.signature:
        found = f"the signatures differ: {signature_difference(old.signature, new.signature)}"
    if not found and order is not None:
        try:
            metric = rebuild(candidate.metrics[key].settings)
        except ResultsError as error:
            found = str(error)
        else:
            values = [
                _checked(run, system, key, metric)
                for run, system in ((baseline, systems[1]), (candidate, systems[0]))
            ]
            return Matched(
                system=systems[0],
                baseline_system=systems[1],
                key=key,
                metric=metric,
                baseline=values[0],
                candidate=values[1][order],
            )
    return Unmatched(
        system=systems[0],
        baseline_system=systems[1],
        key=key,
        status=status,
        reason=found,
        baseline=old.value if old else None,
        candidate=new.value if new else None,
    )


def _score(run: Run, system: str, key: str) -> MetricScore | None:
    result = run.systems.get(system)
    return None if result is None else result.metrics.get(key)


def _checked(run: Run, system: str, key: str, metric: Metric) -> FloatArray:
    """The statistics, which have to give the score that is stored beside them."""
    values, stored = run.statistics[system][key], run.systems[system].metrics[key].value
    assert stored is not None
    try:
        found = float(metric.aggregate(values.sum(axis=0)))
    except (
        IndexError,
        ValueError,
        TypeError,
        AssertionError,
    ) as error:  # settings or statistics that no metric has
        raise ResultsError(
            f"{run.folder or run.name}: {key} of {system}: {error}; is damaged or was edited: run again"
        ) from error
    if not abs(found - stored) <= 1e-6 * max(
        1.0, abs(stored)
    ):  # sums of floats are a little different on other machines
        raise ResultsError(
            f"{run.folder or run.name}: {key} of {system} is {stored} in run.json, and {found} by its statistics: was edited; run again"
        )
    return values
