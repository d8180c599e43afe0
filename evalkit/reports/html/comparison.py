"""``comparison.html``: what moved between two runs, with both hypotheses and what became of names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from evalkit.comparison.changes import BROKEN, MENDED
from evalkit.comparison.compare import IMPROVED, REGRESSED
from evalkit.reports.html import charts
from evalkit.reports.html.page import render
from evalkit.reports.markdown.comparison import comparison_note
from evalkit.reports.table import heading

if TYPE_CHECKING:
    from evalkit.comparison.changes import EntityChange, SegmentChange
    from evalkit.comparison.compare import Comparison, Row

_WORD = re.compile(r"\w+(?:['’-]\w+)*|\W")


class Name(NamedTuple):
    """An entity that broke or was mended in one system."""

    system: str
    name: str
    type: str
    mentions: int
    before: Sequence[tuple[str, str, int]]
    """Form (empty where it is missing), outcome, times."""
    after: Sequence[tuple[str, str, int]]
    where: Sequence[str]


class Piece(NamedTuple):
    """Text of a hypothesis, and whether the other run has it not."""

    text: str
    changed: bool


def comparison_page(comparisons: Sequence[Comparison], shown: int) -> str:
    """The page: one candidate or several, one after the other."""
    return render(
        "comparison.html.j2",
        scripts=(),
        comparisons=comparisons,
        shown=shown,
        note=comparison_note,
        heading=heading,
        counts=lambda comparison: Counter(row.status for row in comparison.rows).most_common(),
        bars=_bars,
        names=lambda comparison: {
            title: _names(comparison, change)
            for title, change in (("broke", BROKEN), ("were mended", MENDED))
        },
        segments=_segments,
        documents=_documents,
        pieces=pieces,
        size=charts,
    )


def _bars(comparison: Comparison) -> dict[int, tuple[charts.Range, float]]:
    """By number of the row: difference and interval on an axis around zero, which all systems of a metric share; and where zero is."""
    found = {}
    for key in comparison.metrics:
        rows = [
            (number, row)
            for number, row in enumerate(comparison.rows)
            if row.metric == key and row.delta is not None
        ]
        reach = max((abs(value) for _, row in rows for value in _extent(row)), default=0.0) or 1.0
        on = charts.Axis(-reach, reach, 3, charts.BAR - 3)
        for number, row in rows:
            low, high = row.interval or (row.delta or 0.0, row.delta or 0.0)
            found[number] = charts.Range(on.at(low), on.at(row.delta or 0.0), on.at(high), ()), on.at(0)
    return found


def _extent(row: Row) -> tuple[float, ...]:
    return (row.delta or 0.0, *(row.interval or ()))


def _names(comparison: Comparison, change: str) -> list[Name]:
    """The most mentions first."""
    groups: dict[tuple[str, str], list[EntityChange]] = {}
    for found in comparison.entities:
        if found.change == change:
            groups.setdefault((found.system, found.entity), []).append(found)
    names = [
        Name(
            system,
            max((found.reference for found in mentions), key=len),
            mentions[0].type,
            len(mentions),
            _forms((found.baseline_hypothesis, found.baseline_outcome) for found in mentions),
            _forms((found.candidate_hypothesis, found.candidate_outcome) for found in mentions),
            list(dict.fromkeys(found.document or found.segment for found in mentions)),
        )
        for (system, _), mentions in groups.items()
    ]
    return sorted(names, key=lambda name: (-name.mentions, name.system, name.name))


def _forms(of: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    return [(text, outcome, times) for (text, outcome), times in Counter(of).most_common()]


def _segments(comparison: Comparison) -> dict[str, list[SegmentChange]]:
    """By metric, the segments that moved most."""
    found: dict[str, list[SegmentChange]] = {}
    for change in sorted(comparison.segments, key=lambda change: -abs(change.delta)):
        found.setdefault(change.metric, []).append(change)
    return {key: found[key] for key in comparison.metrics if key in found}


def _documents(comparison: Comparison) -> dict[str, list[tuple[str, str, float, float, float]]]:
    """By metric that moved, or else of the first: system, document, baseline, candidate and difference, the greatest first."""
    moved = [
        key
        for key in comparison.metrics
        if any(r.metric == key and r.status in (IMPROVED, REGRESSED) for r in comparison.rows)
    ]
    found = {}
    for key in moved or list(comparison.metrics)[:1]:
        rows = [
            (change.system, change.document, change.baseline or 0.0, change.candidate or 0.0, change.delta)
            for change in comparison.documents
            if change.metric == key and change.delta
        ]
        if rows:
            found[key] = sorted(rows, key=lambda row: -abs(row[4]))
    return found


def pieces(text: str, other: str) -> list[Piece]:
    """A text, divided where its words are not those of the other."""
    own, others = _WORD.findall(text), _WORD.findall(other)
    found: list[Piece] = []
    at = 0
    for first, _, size in SequenceMatcher(None, own, others, autojunk=False).get_matching_blocks():
        found += [
            Piece("".join(own[at:first]), changed=True),
            Piece("".join(own[first : first + size]), changed=False),
        ]
        at = first + size
    return [piece for piece in found if piece.text]
