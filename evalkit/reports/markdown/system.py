"""``report.md`` of one system in Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evalkit.entities.audit import AllScores, AuditRow, Consistency, NameScores
from evalkit.errors import format_count
from evalkit.reports.alignment import list_untrusted
from evalkit.reports.markdown.cells import (
    escape,
    format_counts,
    format_forms,
    format_section,
    format_table,
    join_parts,
)
from evalkit.reports.names import (
    find_audit,
    list_inconsistent_names,
    list_outcomes,
    list_spurious_names,
    list_wrong_names,
)
from evalkit.reports.numbers import format_number, format_share
from evalkit.reports.table import describe_intervals, format_heading, format_score, list_notes

if TYPE_CHECKING:
    from evalkit.runs.results import DocumentScore, MetricInfo, MetricScore, Run, SegmentRow, SystemResult

WEAKEST = 10
"""Segments that the list of the lowest scores shows."""


def render_system_report(run: Run, name: str, shown: int) -> str:
    """``report.md`` of a system: scores, names, documents, alignment and the segments with the lowest scores.

    Args:
        run: that was evaluated.
        name: of the system.
        shown: rows that a list shows.
    """
    result = run.systems[name]
    segments = [row for row in run.segments if row.system == name]
    signatures = [
        f"- `{run.metrics[key].label}: {score.signature}`"
        for key, score in result.metrics.items()
        if score.signature
    ]
    return join_parts(
        [
            f"# {escape(name)}",
            f"Run {escape(run.name)} on {escape(run.test_set.name)}; read from {escape(result.origin)}.",
            *_render_scores(run, result),
            *(part for items in run.verdict_metrics for part in _render_names(run, name, items, shown)),
            *_render_documents(run, result, shown),
            *_render_untrusted(result, shown),
            *_render_moved(segments, shown),
            *_render_additions(result, shown),
            *_render_omissions(segments, shown),
            *_render_weakest(run, segments),
            "## Signatures",
            "\n".join(signatures),
        ]
    )


def _render_scores(run: Run, result: SystemResult) -> list[str]:
    rows = [_make_score_row(result.metrics[key], info) for key, info in run.metrics.items()]
    return [
        "## Scores",
        format_table(["Metric", "Score", "Segments scored", "Remark"], rows),
        describe_intervals(run),
        *map(escape, list_notes(run)),
    ]


def _make_score_row(score: MetricScore, info: MetricInfo) -> list[str]:
    scored = f"{score.scored} of {score.scored + score.unscored}"
    return [format_heading(info), format_score(score, info), scored, score.reason or ""]


def _render_names(run: Run, system: str, items: str, shown: int) -> list[str]:
    """Outcomes by type, and lists of wrong, inconsistent and spurious names, or numbers."""
    metric = run.verdict_metrics[items]
    rows = find_audit(run, system, items)
    names = run.systems[system].metrics[metric].names
    # without scores, none of the names has a type that counts
    if not rows or names is None:
        return []
    where = f"in `{run.metrics[metric].audit_file}`"
    return [
        f"## {items.capitalize()}",
        _format_outcomes(names),
        *_describe_names(names.all, items),
        *_list_names(rows, items, shown, where),
    ]


def _format_outcomes(names: NameScores) -> str:
    by_type = [
        [
            kind,
            scores.mentions,
            *scores.counts.values(),
            format_number(scores.accuracy),
            *([] if names.all.soft is None else [format_number(scores.soft)]),
        ]
        for kind, scores in names.rows.items()
    ]
    soft = [] if names.all.soft is None else ["soft"]
    return format_table(["Type", "Mentions", *list_outcomes(names), "accuracy", *soft], by_type)


def _list_names(rows: Sequence[AuditRow], items: str, shown: int, where: str) -> list[str]:
    """Lists of wrong, inconsistent and spurious names.

    Args:
        rows: of the audit.
        items: what they are: names, numbers. Only a name can be inconsistent.
        shown: rows that a list shows.
        where: which file has all of them.
    """
    wrong = [
        [name.name, name.type, name.wrong, name.mentions, format_forms(name.forms)]
        for name in list_wrong_names(rows)
    ]
    inconsistent = [
        [name.document, name.name, name.right, name.mentions, format_counts(name.forms)]
        for name in (list_inconsistent_names(rows) if items == "names" else ())
    ]
    heading, one = items.capitalize(), items.removesuffix("s").capitalize()
    columns = [one, "Type", "Wrong", "Mentions", "Translated as"]
    all_of_them = f"{where}, which has the verdict on every mention"
    return [
        *format_section(f"### {heading} most often wrong", columns, wrong, shown, all_of_them),
        *format_section(
            "### Right and wrong in one document",
            ["Document", "Name", "Right", "Mentions", "Translated as"],
            inconsistent,
            shown,
            where,
        ),
        *format_section(
            f"### {heading} not in the reference",
            ["Document", one, "Times"],
            list_spurious_names(rows),
            shown,
            where,
        ),
    ]


def _describe_names(scores: AllScores, items: str) -> list[str]:
    """A sentence on the scores that count spurious names, and one on consistency."""
    precision, f1, soft_f1 = map(format_number, (scores.precision, scores.f1, scores.soft_f1))
    if scores.consistency is None:
        return [f"Spurious {items}: {scores.spurious}. Precision {precision}, F1 {f1}."]
    sentence = (
        f"Spurious names: {scores.spurious}. Precision {precision}, F1 {f1}, soft F1 {soft_f1}; "
        f"mean over distinct entities {format_number(scores.entities)}."
    )
    return [sentence, _describe_consistency(scores.consistency)]


def _describe_consistency(counts: Consistency) -> str:
    if not counts.repeated:
        return "No entity has two mentions in one document, so consistency cannot be measured."
    entities = format_count(counts.entities, "distinct entity", "distinct entities")
    return (
        f"Of {entities} per document, {counts.repeated} have two or more mentions: "
        f"{counts.mixed} both right and wrong, {counts.always_wrong} always wrong."
    )


def _render_documents(run: Run, result: SystemResult, shown: int) -> list[str]:
    """Scores by document, worst first by the last metric that scored documents."""
    keys = [key for key in run.metrics if any(d.scores.get(key) is not None for d in result.documents)]
    header = ["Document", "Segments"]
    if result.coverage is not None:
        header += ["Covered", "Words used", "Similarity"]
    header += [run.metrics[key].label for key in keys]
    documents, order = list(result.documents), ""
    if keys:
        info = run.metrics[keys[-1]]
        documents.sort(key=lambda document: _quality(document.scores.get(keys[-1]), info))
        order = f"Worst first, by {info.label}."
    rows = [_make_document_row(run, document, keys) for document in documents]
    return format_section("## Documents", header, rows, shown, "in `report.json`", order)


def _make_document_row(run: Run, document: DocumentScore, keys: list[str]) -> list[object]:
    alignment = document.alignment
    aligned = []
    if alignment is not None:
        aligned = [
            format_share(alignment.coverage),
            format_share(alignment.words_share),
            format_number(alignment.similarity),
        ]
    scores = (format_number(document.scores.get(key), run.metrics[key].decimals) for key in keys)
    return [document.document, document.segments, *aligned, *scores]


def _quality(value: float | None, info: MetricInfo) -> float:
    """A score that is higher for better; infinite if there is none."""
    if value is None or math.isnan(value):
        return math.inf
    return info.scale.merit(value)


def _render_untrusted(result: SystemResult, shown: int) -> list[str]:
    return format_section(
        "## Documents with alignment not trusted",
        ["Document", "Why"],
        list_untrusted(result),
        shown,
        "in `report.json`",
    )


def _render_moved(segments: list[SegmentRow], shown: int) -> list[str]:
    return format_section(
        "## Moved segments",
        ["Document", "Segment", "Hypothesis"],
        [[row.document or "", row.segment, row.hypothesis] for row in segments if row.moved],
        shown,
        "in `segments.jsonl`",
        "These hypotheses appear elsewhere in the system's text. They are scored as if they were in place.",
    )


def _render_additions(result: SystemResult, shown: int) -> list[str]:
    return format_section(
        "## Additions",
        ["Document", "After segment", "Text"],
        [
            [addition.document, addition.after or "the beginning", addition.text]
            for addition in result.additions
        ],
        shown,
        "in `report.json`",
        "Text that matches nothing in the reference. Metrics that score segments (`unit:segment`) ignore it.",
    )


def _render_omissions(segments: list[SegmentRow], shown: int) -> list[str]:
    return format_section(
        "## Segments without a hypothesis",
        ["Document", "Segment", "Reference"],
        [[row.document or "", row.segment, row.reference] for row in segments if not row.hypothesis.strip()],
        shown,
        "in `segments.jsonl`",
    )


def _render_weakest(run: Run, segments: list[SegmentRow]) -> list[str]:
    """The segments with the lowest scores in the first metric that scores segments."""
    for key, info in run.metrics.items():
        scored = [
            row
            for row in segments
            if math.isfinite(_quality(row.scores.get(key), info)) and row.hypothesis.strip()
        ]
        if not scored or info.keeps_verdicts:
            continue
        scored.sort(key=lambda row: _quality(row.scores.get(key), info))
        rows = [
            [
                row.document or "",
                row.segment,
                format_number(row.scores[key], info.decimals),
                row.reference,
                row.hypothesis,
            ]
            for row in scored[:WEAKEST]
        ]
        return [
            f"## Weakest segments by {info.label}",
            f"The worst {len(rows)} of {len(scored)}, without segments that have no hypothesis.",
            format_table(["Document", "Segment", info.label, "Reference", "Hypothesis"], rows),
        ]
    return []
