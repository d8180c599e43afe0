"""The data that the scripts of ``report.html`` read: texts, scores and names of the segments.

Every text is stored once, and names are lists of numbers to save space. Offsets count UTF-16 units, as
JavaScript does. If the texts are too large for one page, some segments are left out, the same for all
systems, and the page says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from evalkit.entities.audit import SPURIOUS, AuditRow
from evalkit.entities.matching import OUTCOMES
from evalkit.languages.registry import find_language
from evalkit.reports.names import REASONS, find_audits
from evalkit.types import ENTITY_TYPES, Addition

if TYPE_CHECKING:
    from evalkit.runs.results import DocumentScore, MetricInfo, Run, SegmentRow

_OUTCOMES = (*OUTCOMES, SPURIOUS)
_REASONS = ("", *REASONS)
_SCORE_BYTES, _NAME_BYTES = 7, 40
"""Approximate size of a score and of a name in JSON."""
_FEW_DOCUMENTS = 10
"""With fewer documents on the page, segments are left out instead of whole documents."""
NONE = -1
"""The index of a document or segment that does not exist or is left out."""


class _Page(NamedTuple):
    """What the page contains, and the indices by which its parts refer to each other."""

    run: Run
    rows: Mapping[str, Sequence[SegmentRow]]
    """Segments that are kept, by system."""
    segments: Mapping[tuple[str | None, str], int]
    """Index of a segment on the page, by document and id."""
    documents: Mapping[str, int]
    """Index of a document."""
    types: Sequence[str]
    """Of names and numbers."""


def build_page_data(run: Run, most: int) -> dict[str, Any]:
    """The data as JSON values, by the names that ``data.js`` and the other scripts use.

    Args:
        run: that was evaluated, with its texts.
        most: approximate limit for texts and names, in bytes; above it segments are left out.
    """
    rows: dict[str, list[SegmentRow]] = {name: [] for name in run.systems}
    for row in run.segments:
        rows[row.system].append(row)
    segments = next(iter(rows.values()), [])
    kept = _choose_segments(run, rows, most)
    documents = [document.document for document in next(iter(run.systems.values())).documents]
    page = _Page(
        run=run,
        rows={name: [rows[name][index] for index in kept] for name in run.systems},
        segments={
            (segments[index].document, segments[index].segment): place for place, index in enumerate(kept)
        },
        documents={document: index for index, document in enumerate(documents)},
        types=_list_types(run),
    )
    return {
        **_describe(page),
        "left": len(segments) - len(kept),
        "documents": documents,
        "segments": [_build_segment(page, segments[index]) for index in kept],
        "systems": [_build_system(page, name) for name in run.systems],
    }


def _list_types(run: Run) -> list[str]:
    """All types that a verdict may have, or has."""
    found = (str(row.type) for name in run.systems for row in find_audits(run, name) if row.type)
    return list(dict.fromkeys([*ENTITY_TYPES, *found]))


def _describe(page: _Page) -> dict[str, Any]:
    """What the scripts need besides segments: languages, references, metrics, and what the numbers mean."""
    run = page.run
    language = find_language(run.test_set.target_language)
    return {
        "run": run.name,
        "language": language.tag,
        "direction": "rtl" if language.is_right_to_left else "auto",
        "spaced": language.has_spaces,
        "references": list(run.test_set.references),
        "outcomes": list(_OUTCOMES),
        "reasons": [REASONS.get(reason, "") for reason in _REASONS],
        "types": page.types,
        "items": list(run.verdict_metrics) or ["names"],
        "metrics": [
            {
                "key": key,
                "label": info.label,
                "decimals": info.decimals,
                "higher": info.higher_is_better,
                "best": info.best_value,
                "names": key == run.names_metric,
            }
            for key, info in run.metrics.items()
        ],
    }


def _build_segment(page: _Page, row: SegmentRow) -> list[Any]:
    """Index of the document, id, source and references."""
    return [page.documents.get(row.document or "", NONE), row.segment, row.source, *row.references]


def _build_system(page: _Page, name: str) -> dict[str, Any]:
    run, rows, result = page.run, page.rows[name], page.run.systems[name]
    return {
        "name": name,
        "slug": result.slug,
        "texts": [row.hypothesis for row in rows],
        "scores": [[_round(row.scores.get(key), info) for row in rows] for key, info in run.metrics.items()],
        "documents": [
            [_round(document.scores.get(key), info) for key, info in run.metrics.items()]
            for document in result.documents
        ],
        "aligned": [_build_alignment(document) for document in result.documents],
        "moved": [index for index, row in enumerate(rows) if row.moved],
        "added": [_build_addition(page, addition) for addition in result.additions],
        "names": _build_names(page, name),
    }


def _build_alignment(document: DocumentScore) -> list[Any] | None:
    """Segments covered, segments, words used, words, and the warning; None for line-aligned input."""
    alignment = document.alignment
    if alignment is None:
        return None
    return [
        alignment.segments_covered,
        alignment.segments,
        alignment.words_used,
        alignment.words,
        alignment.warning,
    ]


def _build_addition(page: _Page, addition: Addition) -> list[Any]:
    """Index of the document, text, and index of the segment before it."""
    place = page.segments.get((addition.document, addition.after), NONE) if addition.after else NONE
    return [page.documents.get(addition.document or "", NONE), addition.text, place]


def _build_names(page: _Page, system: str) -> list[list[int]]:
    """Each name as a list of numbers, without names in segments that are left out.

    Outcome, reason and type; segment, start and end in the reference; if the name was found, segment, start
    and end in the hypothesis; similarity in percent, if there is one.
    """
    names = []
    for row in find_audits(page.run, system):
        index = page.segments.get((row.document, row.segment))
        if index is not None:
            reference = _place_in_reference(page.rows[system][index], index, row)
            names.append([*_encode(row, page.types), *reference, *_place_in_hypothesis(page, system, row)])
    return names


def _encode(row: AuditRow, types: Sequence[str]) -> tuple[int, int, int]:
    """Outcome, reason and type."""
    reason = _REASONS.index(row.reason) if row.reason in _REASONS else 0
    kind = NONE if row.type is None else types.index(row.type)
    return _OUTCOMES.index(row.outcome), reason, kind


def _place_in_reference(segment: SegmentRow, index: int, row: AuditRow) -> tuple[int, int, int]:
    """Segment, start and end."""
    if row.start is None or row.end is None:
        return NONE, 0, 0
    return index, *_count_units(segment.reference, row.start - segment.start, row.end - segment.start)


def _place_in_hypothesis(page: _Page, system: str, row: AuditRow) -> list[int]:
    """Segment, start, end and similarity in percent; empty if the name was not found or is left out."""
    if row.found is None:
        return []
    index = page.segments.get((row.document, row.found.segment))
    if index is None:
        return []
    text = page.rows[system][index].hypothesis
    place = [index, *_count_units(text, row.found.start, row.found.end)]
    return place if row.similarity is None else [*place, round(100 * row.similarity)]


def _count_units(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets in characters as offsets in UTF-16 units, where characters such as emoji count twice."""
    if text.isascii() or max(text) <= "\uffff":
        return start, end
    before = start + sum(character > "\uffff" for character in text[:start])
    return before, before + (end - start) + sum(character > "\uffff" for character in text[start:end])


def _round(value: float | None, info: MetricInfo) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, info.decimals)


def _choose_segments(run: Run, rows: Mapping[str, Sequence[SegmentRow]], most: int) -> list[int]:
    """Indices of the segments that fit on the page, spread evenly over the test set.

    Whole documents are kept or left out, unless fewer than `_FEW_DOCUMENTS` would remain.
    """
    segments = next(iter(rows.values()), [])
    size = _estimate_size(run, rows)
    if size <= most:
        return list(range(len(segments)))
    share = most / size
    documents = [row.document for row in segments]
    whole = None not in documents and len(set(documents)) * share >= _FEW_DOCUMENTS
    units: list[str | int | None] = list(dict.fromkeys(documents)) if whole else list(range(len(segments)))
    chosen = {units[int(k / share)] for k in range(max(1, int(len(units) * share)))}
    return [index for index, document in enumerate(documents) if (document if whole else index) in chosen]


def _estimate_size(run: Run, rows: Mapping[str, Sequence[SegmentRow]]) -> int:
    """Approximate size of all texts, scores and names, in bytes."""
    size = _NAME_BYTES * sum(len(find_audits(run, name)) for name in run.systems)
    for row in next(iter(rows.values()), []):
        size += sum(len((text or "").encode()) for text in (row.source, *row.references))
    for output in rows.values():
        size += sum(len(row.hypothesis.encode()) + _SCORE_BYTES * len(run.metrics) for row in output)
    return size
