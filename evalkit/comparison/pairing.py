"""Which segments, systems and scores of two runs belong together, and why others do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evalkit.comparison.results import Unmatchable
from evalkit.errors import ConfigError, ResultsError, shorten
from evalkit.languages.registry import is_same_language
from evalkit.metrics.base import Metric, rebuild
from evalkit.runs.results import MetricScore, Run

if TYPE_CHECKING:
    from evalkit.types import FloatArray, IntArray

SegmentKey = tuple[str | None, str]
"""Document and id of a segment."""


class SystemPair(NamedTuple):
    """A system in both runs."""

    candidate: str
    baseline: str


@dataclass(frozen=True, kw_only=True)
class SegmentPairs:
    """Which segments of two runs are the same."""

    order: IntArray | None
    """[segments] index in the candidate of each segment of the baseline; None if the test sets cannot be
    compared."""
    reason: str = ""
    """Why they cannot."""


@dataclass(frozen=True, kw_only=True)
class Matched:
    """One system in one metric whose scores in the two runs can be compared."""

    systems: SystemPair
    key: str
    """Of the metric."""
    metric: Metric
    baseline: FloatArray
    candidate: FloatArray
    """[segments, k] statistics, both in the order of the baseline."""


@dataclass(frozen=True, kw_only=True)
class Unmatched:
    """One system in one metric whose scores cannot be compared."""

    systems: SystemPair
    key: str
    status: Unmatchable
    reason: str
    baseline: float | None
    candidate: float | None


def pair_segments(baseline: Run, candidate: Run) -> SegmentPairs:
    """Find the segments of the baseline in the candidate, by document, id, source and references."""
    count = len(baseline.documents_of_segments)
    same = baseline.test_set.fingerprint == candidate.test_set.fingerprint
    if same and count == len(candidate.documents_of_segments):
        return SegmentPairs(order=np.arange(count, dtype=np.int64))
    reason = _compare_test_sets(baseline, candidate)
    if reason:
        return SegmentPairs(order=None, reason=f"the test sets differ{reason}")
    index = {key: place for place, key in enumerate(_segment_keys(candidate))}
    return SegmentPairs(order=np.array([index[key] for key in _segment_keys(baseline)], dtype=np.int64))


def _compare_test_sets(baseline: Run, candidate: Run) -> str:
    """In what two test sets differ; empty if they have the same segments."""
    for key in ("source_language", "target_language", "references"):
        values = [getattr(run.test_set, key) for run in (baseline, candidate)]
        is_same = values[0] == values[1] if key == "references" else is_same_language(*values)
        if not is_same:
            return f" in {key.replace('_', ' ')} ({'; '.join(map(_show, values))})"
    if not baseline.segment_ids or not candidate.segment_ids:
        return f" ({baseline.test_set.name}; {candidate.test_set.name}), and one of the runs has no ids"
    old, new = (
        dict(zip(_segment_keys(run), run.segment_contents, strict=True)) for run in (baseline, candidate)
    )
    for only, run in ((old.keys() - new.keys(), "baseline"), (new.keys() - old.keys(), "candidate")):
        if only:
            keys = [key for key in (*old, *new) if key in only]
            return f": {len(only)} of {len(old | new)} segments only in the {run} ({_name_segments(keys)})"
    changed = [key for key, content in old.items() if content != new[key]]
    if changed:
        where = _name_segments(changed)
        return f": other source or references in {len(changed)} of {len(old)} segments ({where})"
    return ""


def _segment_keys(run: Run) -> list[SegmentKey]:
    return list(zip(run.documents_of_segments, run.segment_ids, strict=True))


def _name_segments(keys: Sequence[SegmentKey]) -> str:
    return shorten(
        [segment if document is None else f"{document}:{segment}" for document, segment in keys], 3
    )


def _show(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def pair_systems(baseline: Run, candidate: Run, renamed: Mapping[str, str]) -> list[SystemPair]:
    """Pair the systems of the candidate with those of the baseline, then list those of the baseline alone.

    If a system of the candidate is compared with another one, its namesake in the baseline is left out.

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
                f"baseline_systems: {run.name} has no system {shorten(unknown)}; "
                f"it has {shorten(list(run.systems))}"
            )
    pairs = [SystemPair(system, renamed.get(system, system)) for system in candidate.systems]
    named = {name for pair in pairs for name in pair}
    return pairs + [SystemPair(system, system) for system in baseline.systems if system not in named]


def describe_signature_change(baseline: str | None, candidate: str | None) -> str:
    """In what two signatures differ: ``tok:13a → tok:intl``."""
    old, new = ((signature or "").split("|") for signature in (baseline, candidate))
    if len(old) != len(new):
        old, new = [part for part in old if part not in new], [part for part in new if part not in old]
    changes = [(before, after) for before, after in zip_longest(old, new) if before != after]
    return ", ".join(f"{before or 'nothing'} → {after or 'nothing'}" for before, after in changes)


def match(
    baseline: Run, candidate: Run, systems: SystemPair, key: str, pairs: SegmentPairs
) -> Matched | Unmatched:
    """Match one system in one metric of both runs.

    Args:
        baseline: a run.
        candidate: a run.
        systems: their names.
        key: of the metric.
        pairs: the segments of the two runs.

    Raises:
        ResultsError: a score does not follow from the statistics stored with it.
    """
    old, new = _find_score(baseline, systems.baseline, key), _find_score(candidate, systems.candidate, key)
    missing = _explain_missing(baseline, old) or _explain_missing(candidate, new)
    reason = missing or pairs.reason or _compare_signatures(old, new)
    if not reason and pairs.order is not None:
        info = candidate.metrics[key]
        try:
            metric = rebuild(info.class_name, info.settings)
        except ResultsError as error:
            reason = str(error)
        else:
            return Matched(
                systems=systems,
                key=key,
                metric=metric,
                baseline=_check_statistics(baseline, systems.baseline, key, metric),
                candidate=_check_statistics(candidate, systems.candidate, key, metric)[pairs.order],
            )
    return Unmatched(
        systems=systems,
        key=key,
        status="missing" if missing else "not comparable",
        reason=reason,
        baseline=old.value if old else None,
        candidate=new.value if new else None,
    )


def _find_score(run: Run, system: str, key: str) -> MetricScore | None:
    result = run.systems.get(system)
    return None if result is None else result.metrics.get(key)


def _explain_missing(run: Run, score: MetricScore | None) -> str:
    if score is not None and score.status == "ok":
        return ""
    return f"{run.name}: " + ("not in the run" if score is None else f"{score.status}: {score.reason}")


def _compare_signatures(old: MetricScore | None, new: MetricScore | None) -> str:
    if old is None or new is None or old.signature == new.signature:
        return ""
    return f"the signatures differ: {describe_signature_change(old.signature, new.signature)}"


def _check_statistics(run: Run, system: str, key: str, metric: Metric) -> FloatArray:
    """The statistics, which have to give the score that is stored with them."""
    values, stored = run.statistics[system][key], run.systems[system].metrics[key].value
    assert stored is not None
    where = f"{run.folder or run.name}: {key} of {system}"
    try:
        computed = float(metric.aggregate(values.sum(axis=0)))
    except (
        IndexError,
        ValueError,
        TypeError,
        AssertionError,
    ) as error:  # settings or statistics of no metric
        raise ResultsError(f"{where}: {error}; damaged or edited: run again") from error
    if not abs(computed - stored) <= 1e-6 * max(
        1.0, abs(stored)
    ):  # sums of floats differ a little between machines
        raise ResultsError(
            f"{where} is {stored} in run.json, and {computed} by its statistics: edited; run again"
        )
    return values
