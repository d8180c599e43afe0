"""A comparison in Markdown, and as the plain table that the command prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tabulate import tabulate

from evalkit.comparison.changes import BROKEN, MENDED
from evalkit.comparison.compare import IMPROVED, REGRESSED
from evalkit.errors import shorten
from evalkit.reports.table import FEW, escape, heading, markdown_table

if TYPE_CHECKING:
    from evalkit.comparison.changes import DocumentChange, EntityChange, SegmentChange
    from evalkit.comparison.compare import Comparison, Row

HEADER = ["System", "Metric", "Baseline", "Candidate", "Difference", "p", "Status"]


def comparison_report(comparisons: Sequence[Comparison], shown: int) -> str:
    """``comparison.md``: one candidate or several, one after the other."""
    return "\n\n".join(part for comparison in comparisons for part in _one(comparison, shown)) + "\n"


def comparison_summary(comparison: Comparison) -> str:
    """The table alone, for the summary of a CI job."""
    title = f"## {escape(comparison.candidate.name)} compared with {escape(comparison.baseline.name)}"
    return (
        "\n\n".join(
            [
                title,
                f"**{_headline(comparison)}**",
                _table(comparison.rows, comparison),
                comparison_note(comparison),
            ]
        )
        + "\n"
    )


def comparison_table(comparison: Comparison) -> str:
    """The table that the command prints, and what it rests on."""
    table = tabulate(
        [_cells(row, comparison) for row in comparison.rows], HEADER, tablefmt="simple", disable_numparse=True
    )
    reasons = [
        f"{row.system}, {row.metric}: {row.reason}"
        for row in comparison.rows
        if row.reason not in ("", comparison.unpaired)
    ]
    names: dict[tuple[str, str], list[str]] = {}
    for change in comparison.entities:
        became = change.candidate_hypothesis if change.change == BROKEN else change.baseline_hypothesis
        arrow = "→" if change.change == BROKEN else "←"
        names.setdefault((change.system, change.change), []).append(
            f"{change.reference} {arrow} {became or 'missing'}"
        )
    lines = [
        f"{system}: names {change}: {len(found)}: {shorten(found, 5)}"
        for (system, change), found in names.items()
    ]
    title = f"{comparison.candidate.name} compared with {comparison.baseline.name} on {comparison.test_set}"
    return "\n".join([title, "", table, "", comparison_note(comparison), *reasons, *lines])


def comparison_note(comparison: Comparison) -> str:
    """What the numbers rest on."""
    how = comparison.significance
    if not comparison.units:
        return f"Nothing could be compared{f': {comparison.unpaired}' if comparison.unpaired else ''}."
    test = (
        f"approximate randomisation ({how.trials} trials)"
        if how.trials
        else f"paired bootstrap ({how.resamples} resamples)"
    )
    few = min(row.units for row in comparison.rows if row.unit) < FEW
    return (
        f"Difference: candidate less baseline, with its {how.level:.0%} interval (paired bootstrap, {how.resamples} resamples). "
        f"p: two-sided, {test}, Holm over systems; significant below {how.alpha:g}. Drawn: {comparison.units}, seed {how.seed}."
        + (f" Fewer than {FEW} units: neither is reliable." if few else "")
    )


def _one(comparison: Comparison, shown: int) -> list[str]:
    old, new = comparison.baseline, comparison.candidate
    parts = [
        f"# {escape(new.name)} compared with {escape(old.name)}",
        (
            f"Test set {escape(comparison.test_set)}. Baseline: {escape(old.folder or old.name)}, evalkit {old.evalkit_version}, {old.created}. "
            f"Candidate: {escape(new.folder or new.name)}, evalkit {new.evalkit_version}, {new.created}."
        ),
        f"**{_headline(comparison)}**",
        _table(comparison.rows, comparison),
        comparison_note(comparison),
        f"Detectable: the difference that a test of these two outputs would find {comparison.significance.power:.0%} of the time.",
        *_reasons(comparison),
        *(["## By type", _table(comparison.parts, comparison)] if comparison.parts else []),
        *_names(comparison, BROKEN, shown),
        *_names(comparison, MENDED, shown),
        *_documents(comparison, shown),
        *_segments(comparison, shown),
        *_changes(comparison),
    ]
    return [part for part in parts if part]


def _table(rows: Sequence[Row], comparison: Comparison) -> str:
    return markdown_table(
        [*HEADER, "Detectable"], [[*_cells(row, comparison), _detectable(row, comparison)] for row in rows]
    )


def _headline(comparison: Comparison) -> str:
    """How many rows have each status, and how many names broke and were mended."""
    counts = Counter(row.status for row in comparison.rows)
    names = Counter(change.change for change in comparison.entities)
    parts = [f"{count} {status}" for status, count in counts.most_common()]
    return (
        ", ".join(
            [*parts, *(f"names {change}: {names[change]}" for change in (BROKEN, MENDED) if names[change])]
        )
        + "."
    )


def _cells(row: Row, comparison: Comparison) -> list[str]:
    info = comparison.metrics[row.metric]
    digits = info.decimals
    system = row.system if row.system == row.baseline_system else f"{row.system} (was {row.baseline_system})"
    difference = "–" if row.delta is None else f"{row.delta:+.{digits}f}"
    if row.interval is not None:
        difference += f" [{row.interval[0]:+.{digits}f}, {row.interval[1]:+.{digits}f}]"
    return [
        system,
        f"{info.label}, {row.part}" if row.part else heading(info),
        *("–" if value is None else f"{value:.{digits}f}" for value in (row.baseline, row.candidate)),
        difference,
        "–" if row.p_adjusted is None else f"{row.p_adjusted:.4f}",
        row.status,
    ]


def _detectable(row: Row, comparison: Comparison) -> str:
    return "–" if not row.detectable else f"{row.detectable:.{comparison.metrics[row.metric].decimals}f}"


def _reasons(comparison: Comparison) -> list[str]:
    rows = [
        [row.system, comparison.metrics[row.metric].label, row.status, row.reason]
        for row in comparison.rows
        if row.reason
    ]
    return ["## Not compared", markdown_table(["System", "Metric", "Status", "Why"], rows)] if rows else []


def _names(comparison: Comparison, change: str, shown: int) -> list[str]:
    """Names that changed, by system and entity, the most mentions first."""
    groups: dict[tuple[str, str], list[EntityChange]] = {}
    for found in comparison.entities:
        if found.change == change:
            groups.setdefault((found.system, found.entity), []).append(found)
    if not groups:
        return []
    rows = []
    for (system, _), mentions in sorted(groups.items(), key=lambda item: -len(item[1])):
        name = max((found.reference for found in mentions), key=len)
        forms = [
            Counter(f"{form or 'missing'} ({outcome})" for form, outcome in column)
            for column in _columns(mentions)
        ]
        where = ", ".join(dict.fromkeys(found.document or found.segment for found in mentions))
        rows.append(
            [system, name, mentions[0].type, len(mentions), *(_counted(column) for column in forms), where]
        )
    header = ["System", "Name", "Type", "Mentions", "Baseline", "Candidate", "Where"]
    return [
        f"## Names that {'broke' if change == BROKEN else 'were mended'}",
        markdown_table(header, rows[:shown]),
        _more(len(rows) - shown),
    ]


def _columns(mentions: Sequence[EntityChange]) -> list[list[tuple[str, str]]]:
    return [
        [(found.baseline_hypothesis, found.baseline_outcome) for found in mentions],
        [(found.candidate_hypothesis, found.candidate_outcome) for found in mentions],
    ]


def _counted(forms: Counter[str]) -> str:
    return ", ".join(form if times == 1 else f"{form} ×{times}" for form, times in forms.most_common())


def _documents(comparison: Comparison, shown: int) -> list[str]:
    """The documents that moved most in the metrics that moved, or in the first."""
    moved = [
        key
        for key in comparison.metrics
        if any(r.metric == key and r.status in (IMPROVED, REGRESSED) for r in comparison.rows)
    ]
    parts: list[str] = []
    for key in moved or list(comparison.metrics)[:1]:
        info = comparison.metrics[key]
        found = [change for change in comparison.documents if change.metric == key and change.delta]
        found.sort(key=lambda change: -abs(change.delta or 0.0))
        if found:
            rows = [_document(change, info.decimals) for change in found[:shown]]
            parts += [
                f"## Documents by {info.label}",
                markdown_table(["System", "Document", "Baseline", "Candidate", "Difference"], rows),
            ]
            parts.append(_more(len(found) - shown))
    return parts


def _document(change: DocumentChange, digits: int) -> list[str]:
    values = [
        f"{change.baseline:.{digits}f}",
        f"{change.candidate:.{digits}f}",
        f"{change.delta:+.{digits}f}",
    ]
    return [change.system, change.document, *values]


def _segments(comparison: Comparison, shown: int) -> list[str]:
    """The segments that moved most in the first metric that has any."""
    for key, info in comparison.metrics.items():
        found = [change for change in comparison.segments if change.metric == key]
        if found:
            found.sort(key=lambda change: -abs(change.delta))
            texts = any(change.reference is not None for change in found)
            header = [
                "System",
                "Document",
                "Segment",
                info.label,
                *(["Reference", "Baseline", "Candidate"] if texts else []),
            ]
            rows = [_segment(change, info.decimals, texts=texts) for change in found[:shown]]
            without = "" if texts else "Neither run was stored with its texts."
            return [
                f"## Segments that moved most by {info.label}",
                without,
                markdown_table(header, rows),
                _more(len(found) - shown),
            ]
    return []


def _segment(change: SegmentChange, digits: int, *, texts: bool) -> list[str]:
    scores = f"{change.baseline:.{digits}f} → {change.candidate:.{digits}f}"
    cells = [change.system, change.document or "", change.segment, scores]
    shown = [change.reference, change.baseline_hypothesis, change.candidate_hypothesis] if texts else []
    return cells + ["not stored" if text is None else text for text in shown]


def _changes(comparison: Comparison) -> list[str]:
    rows = [
        [change.key, *("–" if value is None else str(value) for value in (change.baseline, change.candidate))]
        for change in comparison.changes
    ]
    if not rows:
        return ["## What changed between the runs", "Nothing: settings, versions and inputs are the same."]
    return [
        "## What changed between the runs",
        markdown_table(["Setting, version or input", "Baseline", "Candidate"], rows),
    ]


def _more(left: int) -> str:
    return f"… and {left} more in `comparison.json`." if left > 0 else ""
