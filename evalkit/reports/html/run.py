"""``report.html``: a run as one page that needs no server and no network."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from evalkit.entities.audit import NameScores
from evalkit.errors import format_count
from evalkit.evaluation.controls import LABELS
from evalkit.metrics.scale import Scale
from evalkit.reports.alignment import list_untrusted
from evalkit.reports.html import charts
from evalkit.reports.html.embedded import build_page_data
from evalkit.reports.html.page import render_page
from evalkit.reports.markdown.differences import describe_differences
from evalkit.reports.names import (
    InconsistentName,
    SpuriousForm,
    WrongName,
    describe_types,
    find_audit,
    list_inconsistent_names,
    list_spurious_names,
    list_types,
    list_wrong_names,
)
from evalkit.reports.numbers import MISSING, format_number, format_ordinal
from evalkit.reports.ranks import find_best, find_disagreement
from evalkit.reports.table import describe_intervals, format_heading, list_notes, list_signatures

if TYPE_CHECKING:
    from evalkit.runs.results import DocumentScore, Run, SystemResult

SCRIPTS = ("data.js", "text.js", "documents.js", "segments.js", "report.js")


class DocumentCell(NamedTuple):
    """The score of a document in a heat map."""

    text: str
    badness: float
    """0 for the best document of any system, 1 for the worst."""


class DocumentScale(NamedTuple):
    """The range of a metric over the documents of all systems."""

    worst: float
    best: float
    """Merits of the worst and the best document; see `evalkit.metrics.scale.Scale.merit`."""
    scale: Scale

    def rate(self, value: float) -> float:
        """How bad a score is: 0 for the best document, 1 for the worst."""
        extent = self.best - self.worst
        return (self.best - self.scale.merit(value)) / extent if extent else 1.0


class VerdictsView(NamedTuple):
    """What the page shows of the names, or the numbers, of one system."""

    items: str
    """What the verdicts are on: names, numbers."""
    file: str
    scores: NameScores
    wrong: Sequence[WrongName]
    inconsistent: Sequence[InconsistentName]
    spurious: Sequence[SpuriousForm]


class SystemView(NamedTuple):
    """What the page shows of one system."""

    name: str
    result: SystemResult
    verdicts: Sequence[VerdictsView]
    documents: Sequence[tuple[DocumentScore, list[DocumentCell]]]
    """Worst first."""


def render_run_page(run: Run, shown: int, most: int) -> str:
    """The page.

    Args:
        run: that was evaluated.
        shown: rows that a list shows.
        most: approximate limit for texts and names, in bytes.
    """
    languages = [run.test_set.source_language, run.test_set.target_language]
    return render_page(
        "report.html.j2",
        scripts=SCRIPTS,
        data=build_page_data(run, most),
        run=run,
        shown=shown,
        languages=" → ".join(filter(None, languages)),
        best=find_best(run),
        failed=_find_failures(run),
        disagreement=find_disagreement(run),
        ranges=charts.place_scores(run),
        scatters=charts.build_scatters(run),
        systems=[_view_system(run, name, result) for name, result in run.systems.items()],
        differences=describe_differences(run),
        intervals=describe_intervals(run),
        notes=list_notes(run),
        signatures=list_signatures(run),
        list_types=list_types,
        describe_types=partial(describe_types, run),
        controls=LABELS,
        list_untrusted=list_untrusted,
        format_count=format_count,
        format_heading=format_heading,
        format_ordinal=format_ordinal,
        size=charts,
    )


def _find_failures(run: Run) -> dict[str, str | None]:
    """Labels of failed metrics, and why they failed."""
    return {
        run.metrics[key].label: score.reason
        for result in run.systems.values()
        for key, score in result.metrics.items()
        if score.status == "failed"
    }


def _view_system(run: Run, name: str, result: SystemResult) -> SystemView:
    return SystemView(
        name=name,
        result=result,
        verdicts=list(_view_verdicts(run, name)),
        documents=_rank_documents(run, result),
    )


def _view_verdicts(run: Run, system: str) -> Iterator[VerdictsView]:
    """Names, then numbers; without scores, there is nothing to show."""
    for items, metric in run.verdict_metrics.items():
        rows, scores = find_audit(run, system, items), run.systems[system].metrics[metric].names
        if rows and scores is not None:
            yield VerdictsView(
                items=items,
                file=run.metrics[metric].audit_file,
                scores=scores,
                wrong=list_wrong_names(rows),
                inconsistent=list_inconsistent_names(rows) if items == "names" else (),
                spurious=list_spurious_names(rows),
            )


def _rank_documents(run: Run, result: SystemResult) -> list[tuple[DocumentScore, list[DocumentCell]]]:
    """Documents, worst first by the metric that judges names, or by the last that scored documents."""
    scales = {key: scale for key in run.metrics if (scale := _find_scale(run, key))}
    rated = [(document, _rate(document, scales)) for document in result.documents]
    if scales:
        key = run.names_metric if run.names_metric in scales else list(scales)[-1]
        # documents without a score last
        rated.sort(key=lambda item: -item[1].get(key, -1.0))
    return [
        (document, [_build_cell(run, document, key, badness.get(key)) for key in run.metrics])
        for document, badness in rated
    ]


def _find_scale(run: Run, key: str) -> DocumentScale | None:
    """The scale of a metric; None if it scored no document."""
    scores = [document.scores.get(key) for result in run.systems.values() for document in result.documents]
    values = [value for value in scores if _is_scored(value)]
    if not values:
        return None
    scale = run.metrics[key].scale
    merits = [scale.merit(value) for value in values]
    return DocumentScale(min(merits), max(merits), scale)


def _rate(document: DocumentScore, scales: dict[str, DocumentScale]) -> dict[str, float]:
    """How bad a document is, by metric; without metrics that did not score it."""
    rated = {}
    for key, scale in scales.items():
        value = document.scores.get(key)
        if _is_scored(value):
            rated[key] = scale.rate(value)
    return rated


def _build_cell(run: Run, document: DocumentScore, key: str, badness: float | None) -> DocumentCell:
    if badness is None:
        return DocumentCell(MISSING, 0.0)
    return DocumentCell(format_number(document.scores[key], run.metrics[key].decimals), badness)


def _is_scored(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)
