"""A series of runs in Markdown, and as the plain table that the command prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tabulate import tabulate

from evalkit.reports.table import escape, heading, markdown_table

if TYPE_CHECKING:
    from evalkit.comparison.history import History, Series

BREAK = "‖"
"""Stands before a score that does not compare with the one before it."""


def history_report(history: History) -> str:
    """``history.md``: a table per metric, runs as rows, and where scores stop being comparable."""
    parts = [
        "# History",
        f"{len(history.runs)} runs, oldest first. {BREAK} before a score: it does not compare with the one above it.",
    ]
    for key, info in history.metrics.items():
        own = [series for series in history.series if series.metric == key]
        if own:
            parts += [f"## {escape(heading(info))}", markdown_table(*_table(history, own, info.decimals))]
    breaks = _breaks(history)
    if breaks:
        parts += ["## Where scores stop being comparable", "\n".join(f"- {escape(line)}" for line in breaks)]
    if history.left_out:
        parts += ["## Left out", "\n".join(f"- {escape(line)}" for line in history.left_out)]
    return "\n\n".join(parts) + "\n"


def history_table(history: History) -> str:
    """The tables that the command prints."""
    parts = []
    for key, info in history.metrics.items():
        own = [series for series in history.series if series.metric == key]
        if own:
            header, rows = _table(history, own, info.decimals)
            parts.append(
                heading(info) + "\n" + tabulate(rows, header, tablefmt="simple", disable_numparse=True)
            )
    breaks = _breaks(history)
    if breaks:
        parts.append("\n".join([f"{BREAK} does not compare with the score above it:", *breaks]))
    return "\n\n".join(parts)


def _table(history: History, series: list[Series], digits: int) -> tuple[list[str], list[list[str]]]:
    rows = []
    for index, run in enumerate(history.runs):
        cells = []
        for found in series:
            point = found.points[index]
            mark = f"{BREAK} " if point.value is not None and point.reason else ""
            cells.append("–" if point.value is None else f"{mark}{point.value:.{digits}f}")
        rows.append([run.name, run.created[:16].replace("T", " "), *cells])
    return ["Run", "Time (UTC)", *(found.system for found in series)], rows


def _breaks(history: History) -> list[str]:
    """``nightly-3, BLEU: the signatures differ: …``; systems that break for one reason stand together."""
    found: dict[str, list[str]] = {}
    for series in history.series:
        for point in series.points:
            if point.value is not None and point.reason:
                line = (
                    f"{history.runs[point.run].name}, {history.metrics[series.metric].label}: {point.reason}"
                )
                found.setdefault(line, []).append(series.system)
    return [f"{line} ({', '.join(systems)})" for line, systems in found.items()]
