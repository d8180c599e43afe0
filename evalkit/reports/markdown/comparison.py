"""A comparison in Markdown, and as the plain table that the command prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tabulate import tabulate

from evalkit.comparison.results import BROKEN, NameChange
from evalkit.errors import format_count, shorten
from evalkit.reports.changes import (
    CHANGES,
    group_changed_mentions,
    list_changed_documents,
    list_changed_names,
    list_changed_segments,
)
from evalkit.reports.markdown.cells import escape, format_forms, format_section, format_table, join_parts
from evalkit.reports.numbers import MISSING, format_difference, format_number, format_p
from evalkit.reports.table import FEW, format_heading

if TYPE_CHECKING:
    from evalkit.comparison.results import (
        Comparison,
        DocumentChange,
        EntityChange,
        Row,
        RunInfo,
        SegmentChange,
    )

HEADER = ["System", "Metric", "Baseline", "Candidate", "Difference", "p", "Status"]


def render_comparison_report(comparisons: Sequence[Comparison], shown: int) -> str:
    """``comparison.md``: one or more candidates, one after the other.

    Args:
        comparisons: with the same baseline.
        shown: rows that a list shows.
    """
    return join_parts(part for comparison in comparisons for part in _render_parts(comparison, shown))


def render_comparison_summary(comparison: Comparison) -> str:
    """The table of differences alone, for the summary of a CI job."""
    return join_parts(
        [
            f"## {escape(_format_title(comparison))}",
            f"**{_describe_outcome(comparison)}**",
            _format_rows(comparison.rows, comparison),
            describe_tests(comparison),
        ]
    )


def format_comparison_table(comparison: Comparison) -> str:
    """The table that the command prints, how it was computed, and which names changed."""
    rows = [_list_cells(row, comparison) for row in comparison.rows]
    reasons = [
        f"{row.system}, {row.metric}: {row.reason}"
        for row in comparison.rows
        if row.reason not in ("", comparison.unpaired)
    ]
    return "\n".join(
        [
            f"{_format_title(comparison)} on {comparison.test_set}",
            "",
            tabulate(rows, HEADER, tablefmt="simple", disable_numparse=True),
            "",
            describe_tests(comparison),
            *reasons,
            *_describe_names(comparison),
        ]
    )


def describe_tests(comparison: Comparison) -> str:
    """How differences, intervals and p were computed."""
    how = comparison.significance
    if not comparison.units:
        return f"Nothing could be compared{f': {comparison.unpaired}' if comparison.unpaired else ''}."
    test = f"paired bootstrap ({how.resamples} resamples)"
    if how.trials:
        test = f"approximate randomisation ({how.trials} trials)"
    warning = ""
    if min(row.units for row in comparison.rows if row.unit) < FEW:
        warning = f" Fewer than {FEW} units: intervals and p are unreliable."
    return (
        f"Difference: candidate minus baseline, with its {how.level:.0%} confidence interval "
        f"(paired bootstrap, {how.resamples} resamples). "
        f"p: two-sided, {test}, Holm correction over systems; statistically significant below {how.alpha:g}. "
        f"Resampled: {comparison.units}, seed {how.seed}.{warning}"
    )


def describe_detectable(comparison: Comparison) -> str:
    """What the column *Detectable* contains."""
    return (
        "Detectable: the minimum detectable difference. A test of these two outputs finds a true difference "
        f"of this size {comparison.significance.power:.0%} of the time."
    )


def _format_title(comparison: Comparison) -> str:
    return f"{comparison.candidate.name} compared with {comparison.baseline.name}"


def _render_parts(comparison: Comparison, shown: int) -> list[str]:
    by_type = ["## By type", _format_rows(comparison.parts, comparison)] if comparison.parts else []
    return [
        f"# {escape(_format_title(comparison))}",
        (
            f"Test set {escape(comparison.test_set)}. Baseline: {_describe_run(comparison.baseline)} "
            f"Candidate: {_describe_run(comparison.candidate)}"
        ),
        f"**{_describe_outcome(comparison)}**",
        _format_rows(comparison.rows, comparison),
        describe_tests(comparison),
        describe_detectable(comparison),
        *_list_reasons(comparison),
        *by_type,
        *(
            part
            for items in group_changed_mentions(comparison)
            for change in CHANGES
            for part in _render_names(comparison, change, items, shown)
        ),
        *_render_documents(comparison, shown),
        *_render_segments(comparison, shown),
        *_render_settings(comparison),
    ]


def _describe_run(run: RunInfo) -> str:
    return f"{escape(run.folder or run.name)}, evalkit {run.evalkit_version}, {run.created}."


def _describe_outcome(comparison: Comparison) -> str:
    """As in ``Scores: 2 not significant, 1 not comparable. Names: 3 broken, 1 fixed``."""
    statuses = Counter(row.status for row in comparison.rows)
    scores = [f"{count} {status}" for status, count in statuses.most_common()]
    sentences = [f"Scores: {', '.join(scores)}."]
    for items, mentions in group_changed_mentions(comparison).items():
        changes = Counter(mention.change for mention in mentions)
        counts = [f"{changes[change]} {word}" for change, word in CHANGES.items() if changes[change]]
        sentences.append(f"{items.capitalize()}: {', '.join(counts)}.")
    return " ".join(sentences)


def _describe_names(comparison: Comparison) -> list[str]:
    """``mine: 2 names broken: Kursk → Corsak, Kyiv → missing``: one line per system and change."""
    groups: dict[tuple[str, str, NameChange], list[EntityChange]] = {}
    for items, changed in group_changed_mentions(comparison).items():
        for mention in changed:
            groups.setdefault((items, mention.system, mention.change), []).append(mention)
    return [
        f"{system}: {format_count(len(mentions), items.removesuffix('s'))} {CHANGES[change]}: "
        f"{shorten([_describe_change(mention) for mention in mentions], 5)}"
        for (items, system, change), mentions in groups.items()
    ]


def _describe_change(mention: EntityChange) -> str:
    """``Kursk → Corsak`` for a broken name, ``Kursk ← Corsak`` for a fixed one."""
    if mention.change == BROKEN:
        return f"{mention.reference} → {mention.candidate_hypothesis or 'missing'}"
    return f"{mention.reference} ← {mention.baseline_hypothesis or 'missing'}"


def _format_rows(rows: Sequence[Row], comparison: Comparison) -> str:
    cells = [[*_list_cells(row, comparison), _format_detectable(row, comparison)] for row in rows]
    return format_table([*HEADER, "Detectable"], cells)


def _list_cells(row: Row, comparison: Comparison) -> list[str]:
    """The values of `HEADER`."""
    info = comparison.metrics[row.metric]
    system = row.system if row.system == row.baseline_system else f"{row.system} (was {row.baseline_system})"
    return [
        system,
        f"{info.label}, {row.part}" if row.part else format_heading(info),
        format_number(row.baseline, info.decimals),
        format_number(row.candidate, info.decimals),
        format_difference(row.delta, row.interval, info.decimals),
        format_p(row.p_adjusted),
        row.status,
    ]


def _format_detectable(row: Row, comparison: Comparison) -> str:
    return format_number(row.detectable or None, comparison.metrics[row.metric].decimals)


def _list_reasons(comparison: Comparison) -> list[str]:
    rows = [
        [row.system, comparison.metrics[row.metric].label, row.status, row.reason]
        for row in comparison.rows
        if row.reason
    ]
    return format_section("## Not compared", ["System", "Metric", "Status", "Why"], rows, len(rows), "")


def _render_names(comparison: Comparison, change: NameChange, items: str, shown: int) -> list[str]:
    """Names, or numbers, that are broken, or fixed, by system and entity."""
    rows = [
        [
            name.system,
            name.name,
            name.type,
            name.mentions,
            format_forms(name.baseline),
            format_forms(name.candidate),
            ", ".join(name.places),
        ]
        for name in list_changed_names(comparison, change, items)
    ]
    header = [
        "System",
        items.removesuffix("s").capitalize(),
        "Type",
        "Mentions",
        "Baseline",
        "Candidate",
        "Where",
    ]
    title = f"## {CHANGES[change].capitalize()} {items}"
    return format_section(title, header, rows, shown, "in `comparison.json`")


def _render_documents(comparison: Comparison, shown: int) -> list[str]:
    parts = []
    header = ["System", "Document", "Baseline", "Candidate", "Difference"]
    for key, changes in list_changed_documents(comparison).items():
        info = comparison.metrics[key]
        rows = [_make_document_row(change, info.decimals) for change in changes]
        title = f"## Documents that changed most in {info.label}"
        parts += format_section(title, header, rows, shown, "in `comparison.json`")
    return parts


def _make_document_row(change: DocumentChange, decimals: int) -> list[str]:
    return [
        change.system,
        change.document,
        format_number(change.baseline, decimals),
        format_number(change.candidate, decimals),
        format_difference(change.delta, None, decimals),
    ]


def _render_segments(comparison: Comparison, shown: int) -> list[str]:
    """The segments that changed most in the first metric that has any."""
    for key, changes in list_changed_segments(comparison).items():
        info = comparison.metrics[key]
        header = ["System", "Document", "Segment", info.label]
        stored = any(change.reference is not None for change in changes)
        if stored:
            header += ["Reference", "Baseline", "Candidate"]
        rows = [_make_segment_row(change, info.decimals, texts=stored) for change in changes]
        title = f"## Segments that changed most in {info.label}"
        note = "" if stored else "Neither run was stored with its texts."
        return format_section(title, header, rows, shown, "in `comparison.json`", note)
    return []


def _make_segment_row(change: SegmentChange, decimals: int, *, texts: bool) -> list[str]:
    baseline, candidate = (format_number(value, decimals) for value in (change.baseline, change.candidate))
    cells = [change.system, change.document or "", change.segment, f"{baseline} → {candidate}"]
    if texts:
        stored = (change.reference, change.baseline_hypothesis, change.candidate_hypothesis)
        cells += ["not stored" if text is None else text for text in stored]
    return cells


def _render_settings(comparison: Comparison) -> list[str]:
    """Settings, versions and inputs that differ."""
    title = "## What changed between the runs"
    if not comparison.changes:
        return [title, "Settings, versions and inputs are the same."]
    rows = [
        [change.key, _format_value(change.baseline), _format_value(change.candidate)]
        for change in comparison.changes
    ]
    return [title, format_table(["Setting, version or input", "Baseline", "Candidate"], rows)]


def _format_value(value: object) -> str:
    return MISSING if value is None else str(value)
