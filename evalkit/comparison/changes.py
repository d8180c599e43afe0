"""What moved between two runs: documents, segments, names, and what the runs were made with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.comparison.pairing import Matched
from evalkit.runs.texts import audit_rows, texts

if TYPE_CHECKING:
    from evalkit.runs.results import Run
    from evalkit.types import IntArray

RIGHT = ("exact", "variant")
"""Outcomes of a name that count as right; `evalkit.entities.matching.ACCEPTED`, which takes long to import."""
BROKEN, MENDED = "broken", "mended"


@dataclass(frozen=True, kw_only=True)
class DocumentChange:
    """One system in one metric on one document."""

    system: str
    metric: str
    document: str
    segments: int
    baseline: float | None
    """None where the document has nothing to score."""
    candidate: float | None
    delta: float | None


@dataclass(frozen=True, kw_only=True)
class SegmentChange:
    """One system in one metric on one segment."""

    system: str
    metric: str
    document: str | None
    segment: str
    baseline: float
    candidate: float
    delta: float
    reference: str | None = None
    """The first reference. Texts are None where the run was stored without them."""
    baseline_hypothesis: str | None = None
    candidate_hypothesis: str | None = None


@dataclass(frozen=True, kw_only=True)
class EntityChange:
    """One mention of a name that is right in one of the runs and wrong in the other."""

    change: str
    """broken or mended."""
    system: str
    metric: str
    document: str | None
    segment: str
    start: int
    """Characters in the document of the first reference; with entity and document, what names the mention."""
    end: int
    entity: str
    type: str
    reference: str
    """The name as the reference has it."""
    baseline_outcome: str
    baseline_hypothesis: str
    """What stands in its place; empty where it is missing."""
    candidate_outcome: str
    candidate_hypothesis: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """A setting, version or input that differs; None where a run does not have it."""

    key: str
    """Dotted: ``config.metrics.bleu.lowercase``, ``packages.sacrebleu``, ``hypotheses.mine``."""
    baseline: Any
    candidate: Any


def document_changes(pair: Matched, documents: Sequence[str | None]) -> Iterator[DocumentChange]:
    """Scores by document.

    Args:
        pair: of statistics.
        documents: the document of each segment.
    """
    segments: dict[str, list[int]] = {}
    for index, document in enumerate(documents):
        if document is not None:
            segments.setdefault(document, []).append(index)
    for document, own in segments.items():
        old, new = (
            _number(float(pair.metric.aggregate(of[own].sum(axis=0))))
            for of in (pair.baseline, pair.candidate)
        )
        delta = None if old is None or new is None else new - old
        yield DocumentChange(
            system=pair.system,
            metric=pair.key,
            document=document,
            segments=len(own),
            baseline=old,
            candidate=new,
            delta=delta,
        )


def _number(value: float) -> float | None:
    return value if np.isfinite(value) else None


def segment_changes(
    pairs: Sequence[Matched], baseline: Run, candidate: Run, order: IntArray | None, most: int
) -> tuple[SegmentChange, ...]:
    """The segments that moved most, by system and metric, with their texts where the runs have them.

    Args:
        pairs: of statistics.
        baseline: whose documents and ids name the segments.
        candidate: the other run.
        order: where the segments of the baseline stand in the candidate.
        most: how many to give for worse, and for better.
    """
    if order is None:
        return ()
    found = [(pair, index) for pair in pairs for index in _moved(pair, most)]
    old = texts(baseline, ((pair.baseline_system, index) for pair, index in found))
    new = texts(candidate, ((pair.system, int(order[index])) for pair, index in found))
    names = baseline.segment_ids or candidate.segment_ids or [str(index + 1) for index in range(len(order))]
    changes = []
    for pair, index in found:
        was, now = old.get((pair.baseline_system, index)), new.get((pair.system, int(order[index])))
        shown = now or was
        before, after = (
            float(pair.metric.segment_scores(of[[index]])[0]) for of in (pair.baseline, pair.candidate)
        )
        changes.append(
            SegmentChange(
                system=pair.system,
                metric=pair.key,
                document=baseline.documents_of_segments[index],
                segment=names[index],
                baseline=before,
                candidate=after,
                delta=after - before,
                reference=shown["references"][0] if shown else None,
                baseline_hypothesis=was["hypothesis"] if was else None,
                candidate_hypothesis=now["hypothesis"] if now else None,
            )
        )
    return tuple(changes)


def _moved(pair: Matched, most: int) -> list[int]:
    """Indices of the segments that lost most, then of those that gained most."""
    delta = pair.metric.segment_scores(pair.candidate) - pair.metric.segment_scores(pair.baseline)
    gain = np.where(np.isfinite(delta), delta, 0.0) * (1 if pair.metric.higher_is_better else -1)
    ranked = np.argsort(gain, kind="stable").tolist()
    return [index for index in ranked[:most] if gain[index] < 0] + [
        index for index in ranked[::-1][:most] if gain[index] > 0
    ]


def entity_changes(pair: Matched, baseline: Run, candidate: Run) -> tuple[EntityChange, ...] | None:
    """Names that broke, then names that were mended, in the order of the reference; None where a run says nothing of its names.

    Args:
        pair: of statistics.
        baseline: whose audit of the metric says what became of every name.
        candidate: the other run.
    """
    audits = (
        audit_rows(baseline, pair.baseline_system, pair.key),
        audit_rows(candidate, pair.system, pair.key),
    )
    old, new = (
        {_mention(row): row for row in rows or () if row.get("entity") and "outcome" in row}
        for rows in audits
    )
    if not old or not new:
        return None
    broken = [
        key
        for key, row in new.items()
        if key in old and old[key]["outcome"] in RIGHT and row["outcome"] not in RIGHT
    ]
    mended = [
        key
        for key, row in new.items()
        if key in old and old[key]["outcome"] not in RIGHT and row["outcome"] in RIGHT
    ]
    return tuple(
        EntityChange(
            change=change,
            system=pair.system,
            metric=pair.key,
            baseline_outcome=old[key]["outcome"],
            baseline_hypothesis=old[key]["hypothesis"],
            candidate_outcome=new[key]["outcome"],
            candidate_hypothesis=new[key]["hypothesis"],
            **{
                name: new[key][name]
                for name in ("document", "segment", "start", "end", "entity", "type", "reference")
            },
        )
        for change, keys in ((BROKEN, broken), (MENDED, mended))
        for key in keys
    )


def _mention(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(key) for key in ("document", "segment", "start", "end", "entity"))


def run_changes(baseline: Run, candidate: Run, systems: Sequence[tuple[str, str]]) -> tuple[Change, ...]:
    """Settings, versions and inputs that differ.

    Args:
        baseline: a run.
        candidate: the other run.
        systems: in the candidate, and in the baseline; ones that a run does not have are no change of their hypotheses.
    """
    old, new = (_facts(run) for run in (baseline, candidate))
    for system, before in systems:
        if system in candidate.systems and before in baseline.systems:
            old[f"hypotheses.{system}"] = baseline.systems[before].fingerprint
            new[f"hypotheses.{system}"] = candidate.systems[system].fingerprint
    return tuple(
        Change(key=key, baseline=old.get(key), candidate=new.get(key))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    )


def _facts(run: Run) -> dict[str, Any]:
    """All that a run was made with, flat; without its name, which always differs."""
    environment = dict(run.environment)
    git = environment.pop("git", None) or {}
    packages = environment.pop("packages", {})
    config = {
        key: value for key, value in run.config.items() if key not in ("name", "baseline", "gate", "report")
    }
    test_set = {
        key: run.test_set.get(key) for key in ("name", "fingerprint", "segments", "documents", "entities")
    }
    return _flat(
        {"test_set": test_set, "config": config, "packages": packages, "git": git, "machine": environment}
    )


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return found
