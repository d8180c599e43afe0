"""What changed between two runs: documents, segments, names, and what the runs were made with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from evalkit.comparison.pairing import Matched, SegmentPairs, SystemPair
from evalkit.comparison.results import (
    BROKEN,
    FIXED,
    Change,
    DocumentChange,
    EntityChange,
    NameChange,
    SegmentChange,
)
from evalkit.entities.audit import AuditRow
from evalkit.runs.texts import read_audit, read_texts
from evalkit.runtime.json_text import to_json

if TYPE_CHECKING:
    from evalkit.runs.results import Run

_NOT_SETTINGS = ("name", "baseline", "gate", "report")
"""Keys of the configuration that do not change a score."""


def list_document_changes(pair: Matched, documents: Sequence[str | None]) -> Iterator[DocumentChange]:
    """Scores by document.

    Args:
        pair: statistics of both runs.
        documents: the document of each segment.
    """
    segments: dict[str, list[int]] = {}
    for index, document in enumerate(documents):
        if document is not None:
            segments.setdefault(document, []).append(index)
    for document, indices in segments.items():
        old, new = (_score(pair, values[indices]) for values in (pair.baseline, pair.candidate))
        yield DocumentChange(
            system=pair.systems.candidate,
            metric=pair.key,
            document=document,
            segments=len(indices),
            baseline=old,
            candidate=new,
            delta=None if old is None or new is None else new - old,
        )


def _score(pair: Matched, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float | None:
    score = float(pair.metric.aggregate(values.sum(axis=0)))
    return score if np.isfinite(score) else None


def list_segment_changes(
    matched: Sequence[Matched], baseline: Run, candidate: Run, pairs: SegmentPairs, most: int
) -> tuple[SegmentChange, ...]:
    """The segments that changed most, by system and metric, with their texts if the runs have them.

    Args:
        matched: statistics of both runs.
        baseline: the run whose documents and ids name the segments.
        candidate: the other run.
        pairs: the segments of the two runs.
        most: how many to list for worse, and for better.
    """
    if pairs.order is None:
        return ()
    order: list[int] = pairs.order.tolist()
    chosen = [(pair, index) for pair in matched for index in _find_most_changed(pair, most)]
    old = read_texts(baseline, ((pair.systems.baseline, index) for pair, index in chosen))
    new = read_texts(candidate, ((pair.systems.candidate, order[index]) for pair, index in chosen))
    ids = baseline.segment_ids or candidate.segment_ids or [str(index + 1) for index in range(len(order))]
    changes = []
    for pair, index in chosen:
        before, after = (
            old.get((pair.systems.baseline, index)),
            new.get((pair.systems.candidate, order[index])),
        )
        scores = [float(pair.metric.segment_scores(v[[index]])[0]) for v in (pair.baseline, pair.candidate)]
        with_reference = after or before
        changes.append(
            SegmentChange(
                system=pair.systems.candidate,
                metric=pair.key,
                document=baseline.documents_of_segments[index],
                segment=ids[index],
                baseline=scores[0],
                candidate=scores[1],
                delta=scores[1] - scores[0],
                reference=with_reference.reference if with_reference else None,
                baseline_hypothesis=before.hypothesis if before else None,
                candidate_hypothesis=after.hypothesis if after else None,
            )
        )
    return tuple(changes)


def _find_most_changed(pair: Matched, most: int) -> list[int]:
    """Indices of the segments that lost most, then of those that gained most."""
    merit = pair.metric.scale.merit
    gain = merit(pair.metric.segment_scores(pair.candidate)) - merit(
        pair.metric.segment_scores(pair.baseline)
    )
    gain = np.where(np.isfinite(gain), gain, 0.0)
    ranked = np.argsort(gain, kind="stable").tolist()
    lost = [index for index in ranked[:most] if gain[index] < 0]
    return lost + [index for index in ranked[::-1][:most] if gain[index] > 0]


def list_entity_changes(pair: Matched, baseline: Run, candidate: Run) -> tuple[EntityChange, ...] | None:
    """Names that broke, then names that were fixed, in the order of the reference.

    Returns:
        None if a run has no verdicts on its names.
    """
    old = _by_mention(read_audit(baseline, pair.systems.baseline, pair.key))
    new = _by_mention(read_audit(candidate, pair.systems.candidate, pair.key))
    if not old or not new:
        return None
    both = [(old[mention], row) for mention, row in new.items() if mention in old]
    changed: dict[NameChange, list[tuple[AuditRow, AuditRow]]] = {
        BROKEN: [(before, after) for before, after in both if before.is_right and not after.is_right],
        FIXED: [(before, after) for before, after in both if after.is_right and not before.is_right],
    }
    return tuple(
        EntityChange.of(change, pair.systems.candidate, pair.key, before, after)
        for change, mentions in changed.items()
        for before, after in mentions
    )


def _by_mention(rows: Sequence[AuditRow] | None) -> dict[tuple[object, ...], AuditRow]:
    mentions = [row for row in rows or () if not row.is_spurious]
    return {(row.document, row.segment, row.start, row.end, row.entity): row for row in mentions}


def list_run_changes(baseline: Run, candidate: Run, systems: Sequence[SystemPair]) -> tuple[Change, ...]:
    """Settings, versions and inputs that differ.

    Args:
        baseline: a run.
        candidate: the other run.
        systems: in both runs; one that a run does not have is not a change of its hypotheses.
    """
    old, new = _list_facts(baseline), _list_facts(candidate)
    for pair in systems:
        if pair.candidate in candidate.systems and pair.baseline in baseline.systems:
            old[f"hypotheses.{pair.candidate}"] = baseline.systems[pair.baseline].fingerprint
            new[f"hypotheses.{pair.candidate}"] = candidate.systems[pair.candidate].fingerprint
    return tuple(
        Change(key=key, baseline=old.get(key), candidate=new.get(key))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    )


def _list_facts(run: Run) -> dict[str, object]:
    """All that a run was made with, flat; without its name, which always differs."""
    environment, test_set = run.environment, run.test_set
    return _flatten(
        {
            "test_set": {
                key: to_json(getattr(test_set, key))
                for key in ("name", "fingerprint", "segments", "documents", "entities")
            },
            "config": {key: value for key, value in run.config.items() if key not in _NOT_SETTINGS},
            "packages": environment.packages,
            "git": to_json(environment.git) or {},
            "machine": {"python": environment.python, "platform": environment.platform},
        }
    )


def _flatten(values: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in values.items():
        flat |= (
            _flatten(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
        )
    return flat
