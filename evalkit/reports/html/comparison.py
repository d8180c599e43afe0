"""``comparison.html``: what changed between two runs, with both hypotheses, and broken and fixed names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from evalkit.reports.changes import (
    CHANGES,
    group_changed_mentions,
    list_changed_documents,
    list_changed_names,
    list_changed_segments,
)
from evalkit.reports.html import charts
from evalkit.reports.html.page import render_page
from evalkit.reports.markdown.comparison import describe_detectable, describe_tests
from evalkit.reports.table import format_heading

if TYPE_CHECKING:
    from evalkit.comparison.results import Comparison, Row

_WORD = re.compile(r"\w+(?:['’-]\w+)*|\W")


class TextPiece(NamedTuple):
    """Part of a hypothesis."""

    text: str
    changed: bool
    """Whether the hypothesis of the other run lacks it."""


def render_comparison_page(comparisons: Sequence[Comparison], shown: int) -> str:
    """The page: one or more candidates, one after the other.

    Args:
        comparisons: with the same baseline.
        shown: rows that a list shows.
    """
    return render_page(
        "comparison.html.j2",
        scripts=(),
        comparisons=comparisons,
        shown=shown,
        changes=CHANGES,
        describe_tests=describe_tests,
        describe_detectable=describe_detectable,
        format_heading=format_heading,
        count_statuses=_count_statuses,
        count_changes=_count_changes,
        place_differences=place_differences,
        list_changed_names=list_changed_names,
        list_changed_documents=list_changed_documents,
        list_changed_segments=list_changed_segments,
        mark_changed=mark_changed,
        size=charts,
    )


def _count_statuses(comparison: Comparison) -> Sequence[tuple[str, int]]:
    """How many rows have each status, most frequent first."""
    return Counter(row.status for row in comparison.rows).most_common()


def _count_changes(comparison: Comparison) -> dict[str, dict[str, int]]:
    """How many names, or numbers, are broken and fixed; only changes that occur."""
    counted = {}
    for items, mentions in group_changed_mentions(comparison).items():
        counts = Counter(mention.change for mention in mentions)
        counted[items] = {word: counts[change] for change, word in CHANGES.items() if counts[change]}
    return counted


def place_differences(comparison: Comparison) -> dict[int, charts.ScoreRange]:
    """Differences and intervals by the index of the row; systems share the axis of a metric, around zero."""
    ranges = {}
    for key in comparison.metrics:
        rows = [
            (index, row.delta, _ends(row, row.delta))
            for index, row in enumerate(comparison.rows)
            if row.metric == key and row.delta is not None
        ]
        reach = max((abs(value) for _, delta, ends in rows for value in (delta, *ends)), default=0.0) or 1.0
        axis = charts.Axis(-reach, reach, 3, charts.BAR - 3)
        zero = [charts.ControlLine("zero", axis.at(0))]
        for index, delta, (low, high) in rows:
            ranges[index] = charts.ScoreRange(axis.at(low), axis.at(delta), axis.at(high), zero)
    return ranges


def _ends(row: Row, delta: float) -> tuple[float, float]:
    return row.interval or (delta, delta)


def mark_changed(text: str, other: str) -> list[TextPiece]:
    """A text in pieces, split where its words differ from those of the other."""
    words, other_words = _WORD.findall(text), _WORD.findall(other)
    pieces: list[TextPiece] = []
    end = 0
    for start, _, size in SequenceMatcher(None, words, other_words, autojunk=False).get_matching_blocks():
        pieces += [
            TextPiece("".join(words[end:start]), changed=True),
            TextPiece("".join(words[start : start + size]), changed=False),
        ]
        end = start + size
    return [piece for piece in pieces if piece.text]
