"""What the script of ``report.html`` reads: texts, scores and names of the segments, each text once and names as numbers.

Offsets count UTF-16 units, as JavaScript does. Where texts are too large for one page, some segments are left out, the
same for all systems, and the page says so; the summary is always of all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evalkit.entities.matching import OUTCOMES
from evalkit.reports.names import ENTITIES, REASONS, SPURIOUS
from evalkit.types import ENTITY_TYPES, written_with_spaces

if TYPE_CHECKING:
    from evalkit.runs.results import MetricInfo, Run, SegmentRow, SystemResult

_SHOWN = (*OUTCOMES, SPURIOUS)
_WHY = ("", *REASONS)
_SCORE_BYTES, _NAME_BYTES = 7, 40
"""Of one score and one name in JSON, about."""


def page_data(run: Run, most: int) -> dict[str, Any]:
    """Everything that the script shows.

    Args:
        most: bytes of the segments, about; above it segments are left out.
    """
    rows: dict[str, list[SegmentRow]] = {name: [] for name in run.systems}
    for row in run.segments:
        rows[row.system].append(row)
    every = next(iter(rows.values()), [])
    kept = _kept(run, rows, most)
    place = {(every[index].document, every[index].segment): new for new, index in enumerate(kept)}
    documents = [of.document for of in next(iter(run.systems.values())).documents]
    number = {document: index for index, document in enumerate(documents)}
    return {
        "run": run.name,
        "left": len(every) - len(kept),
        "language": run.test_set["target_language"].replace("_", "-"),
        "spaced": written_with_spaces(run.test_set["target_language"]),
        "references": list(run.test_set["references"]),
        "outcomes": list(_SHOWN),
        "reasons": [REASONS.get(reason, "") for reason in _WHY],
        "types": list(ENTITY_TYPES),
        "metrics": [
            {"key": key, "label": info.label, "decimals": info.decimals, "higher": info.higher_is_better}
            for key, info in run.metrics.items()
        ],
        "documents": documents,
        "segments": [
            [number.get(row.document or "", -1), row.segment, row.source, *row.references]
            for row in (every[index] for index in kept)
        ],
        "systems": [
            _system(run, name, [rows[name][index] for index in kept], place, number) for name in run.systems
        ],
    }


def _system(
    run: Run,
    name: str,
    rows: Sequence[SegmentRow],
    place: Mapping[tuple[str | None, str], int],
    number: Mapping[str, int],
) -> dict[str, Any]:
    result = run.systems[name]
    return {
        "name": name,
        "slug": result.slug,
        "texts": [row.hypothesis for row in rows],
        "scores": [
            [_rounded(row.scores.get(key), info) for row in rows] for key, info in run.metrics.items()
        ],
        "documents": [
            [_rounded(of.scores.get(key), info) for key, info in run.metrics.items()]
            for of in result.documents
        ],
        "aligned": [
            of.alignment
            and [
                of.alignment.segments_covered,
                of.alignment.segments,
                of.alignment.words_used,
                of.alignment.words,
                of.alignment.warning,
            ]
            for of in result.documents
        ],
        "moved": [index for index, row in enumerate(rows) if row.moved],
        "added": [
            [
                number.get(of["document"] or "", -1),
                of["text"],
                place.get((of["document"], of["after"]), -1) if of["after"] else -1,
            ]
            for of in result.additions
        ],
        "names": _names(result, rows, place),
    }


def _names(
    result: SystemResult, rows: Sequence[SegmentRow], place: Mapping[tuple[str | None, str], int]
) -> list[list[int]]:
    """Outcome, reason and type; segment and offsets in the reference, then in the hypothesis, where there are any; similarity in percent.

    -1 stands for no segment.
    """
    found = []
    for row in result.rows.get(ENTITIES, ()):
        here, there = place.get((row["document"], row["segment"])), None
        if row["found"] is not None:
            there = place.get((row["document"], row["found"]["segment"]))
        if here is None:
            continue  # left out
        spurious = row["outcome"] == SPURIOUS
        kind = -1 if spurious else ENTITY_TYPES.index(row["type"])
        entry = [
            _SHOWN.index(row["outcome"]),
            _WHY.index(row["reason"]) if row["reason"] in _WHY else 0,
            kind,
        ]
        if spurious:
            entry += [-1, 0, 0]
        else:
            own = rows[here]
            entry += [here, *_units(own.references[0], row["start"] - own.start, row["end"] - own.start)]
        if there is not None:
            entry += [there, *_units(rows[there].hypothesis, row["found"]["start"], row["found"]["end"])]
            entry += [] if row["similarity"] is None else [round(100 * row["similarity"])]
        found.append(entry)
    return found


def _units(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets in characters to offsets in UTF-16 units, which differ behind an emoji and the like."""
    if text.isascii() or max(text) <= "\uffff":
        return start, end
    before = start + sum(character > "\uffff" for character in text[:start])
    return before, before + (end - start) + sum(character > "\uffff" for character in text[start:end])


def _rounded(value: float | None, info: MetricInfo) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, info.decimals)


def _kept(run: Run, rows: Mapping[str, Sequence[SegmentRow]], most: int) -> list[int]:
    """Which segments the page holds: all, or whole documents (segments, where there are few documents) spread evenly over the test set."""
    size = [0] * len(next(iter(rows.values()), []))
    every = next(iter(rows.values()), [])
    for index, row in enumerate(every):
        size[index] = sum(len(text.encode()) for text in (row.source or "", *row.references))
    for of in rows.values():
        for index, row in enumerate(of):
            size[index] += len(row.hypothesis.encode()) + _SCORE_BYTES * len(run.metrics)
    names = sum(len(result.rows.get(ENTITIES, ())) for result in run.systems.values()) * _NAME_BYTES
    share = most / (sum(size) + names) if size else 1.0
    if share >= 1:
        return list(range(len(size)))
    documents = [row.document for row in every]
    whole = None not in documents and len(set(documents)) * share >= 10
    units = list(dict.fromkeys(documents)) if whole else list(range(len(every)))
    chosen = {units[int(k / share)] for k in range(max(1, int(len(units) * share)))}
    return [index for index, document in enumerate(documents) if (document if whole else index) in chosen]
