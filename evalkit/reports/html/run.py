"""``report.html``: the run as one page that needs no server and no network, to be looked at, searched and sent round."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from evalkit.entities.matching import OUTCOMES
from evalkit.evaluation.controls import LABELS
from evalkit.reports.html import charts
from evalkit.reports.html.embedded import page_data
from evalkit.reports.html.page import render
from evalkit.reports.markdown.differences import difference_lines
from evalkit.reports.names import ENTITIES, REASONS, Hurt, Mixed, hurt_most, not_in_reference, right_and_wrong
from evalkit.reports.ranks import best, disagreement
from evalkit.reports.table import interval_note, notes, signature_lines
from evalkit.runs.results import FAILED
from evalkit.types import NAME_TYPES

if TYPE_CHECKING:
    from evalkit.runs.results import DocumentScore, Run, SystemResult

SCRIPTS = ("data.js", "text.js", "documents.js", "segments.js", "report.js")


class Cell(NamedTuple):
    """A score of a document, and how bad it is among all documents and systems, 0-1."""

    text: str
    badness: float


class SystemView(NamedTuple):
    """What the page shows of one system."""

    name: str
    result: SystemResult
    hurt: Sequence[Hurt]
    mixed: Sequence[Mixed]
    spurious: Sequence[tuple[str, str, int]]
    documents: Sequence[tuple[DocumentScore, list[Cell]]]
    """Worst first."""


def report(run: Run, shown: int, most: int) -> str:
    """The page."""
    failed = {
        run.metrics[key].label: s.reason
        for r in run.systems.values()
        for key, s in r.metrics.items()
        if s.status == FAILED
    }
    return render(
        "report.html.j2",
        scripts=SCRIPTS,
        data=page_data(run, most),
        run=run,
        shown=shown,
        languages=" → ".join(
            filter(None, [run.test_set["source_language"], run.test_set["target_language"]])
        ),
        best=best(run),
        failed=failed,
        disagreement=disagreement(run),
        ranges=charts.score_ranges(run),
        scatters=charts.scatters(run),
        systems=[_system(run, name, result) for name, result in run.systems.items()],
        differences=difference_lines(run),
        interval_note=interval_note(run),
        notes=notes(run),
        signatures=signature_lines(run),
        entities=ENTITIES,
        outcomes=OUTCOMES,
        types=NAME_TYPES,
        reasons=REASONS,
        controls=LABELS,
        size=charts,
    )


def _system(run: Run, name: str, result: SystemResult) -> SystemView:
    rows = result.rows.get(ENTITIES, ())
    return SystemView(
        name, result, hurt_most(rows), right_and_wrong(rows), not_in_reference(rows), _documents(run, result)
    )


def _documents(run: Run, result: SystemResult) -> list[tuple[DocumentScore, list[Cell]]]:
    """Documents, worst first by entity accuracy, or by the last metric that has any scores."""
    extent = {key: _extent(run, key) for key in run.metrics}
    order = [key for key in (*run.metrics, ENTITIES) if extent.get(key) is not None]

    def badness(document: DocumentScore, key: str) -> float:
        value = document.scores.get(key)
        if value is None or not math.isfinite(value) or extent[key] is None:
            return -1.0
        low, high = extent[key] or (0.0, 0.0)
        share = (value - low) / (high - low) if high > low else 0.0
        return 1 - share if run.metrics[key].higher_is_better else share

    def cell(document: DocumentScore, key: str) -> Cell:
        bad = badness(document, key)
        return Cell(
            "–" if bad < 0 else f"{document.scores[key]:.{run.metrics[key].decimals}f}", max(bad, 0.0)
        )

    documents = (
        sorted(result.documents, key=lambda of: -badness(of, order[-1])) if order else result.documents
    )
    return [(of, [cell(of, key) for key in run.metrics]) for of in documents]


def _extent(run: Run, key: str) -> tuple[float, float] | None:
    """Lowest and highest score of a document in any system."""
    found = [of.scores.get(key) for result in run.systems.values() for of in result.documents]
    values: list[Any] = [value for value in found if value is not None and math.isfinite(value)]
    return (min(values), max(values)) if values else None
