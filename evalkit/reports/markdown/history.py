"""A series of runs in Markdown, and as the plain tables that the command prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tabulate import tabulate

from evalkit.reports.markdown.cells import escape, format_list, format_table
from evalkit.reports.numbers import MISSING
from evalkit.reports.table import format_heading

if TYPE_CHECKING:
    from evalkit.comparison.history import History, HistoryPoint, Series
    from evalkit.runs.results import MetricInfo

BREAK = "‖"
"""Marks a score that is not comparable with the one before it."""


def render_history_report(history: History) -> str:
    """``history.md``: a table per metric with a row per run, and why scores stop being comparable."""
    parts = [
        "# History",
        f"{len(history.runs)} runs, oldest first. {BREAK}: not comparable with the score above it.",
    ]
    for info, series in _by_metric(history):
        header, rows = _table(history, series, info.decimals)
        parts += [f"## {escape(format_heading(info))}", format_table(header, rows)]
    breaks = _list_breaks(history)
    if breaks:
        parts += ["## Where scores stop being comparable", format_list(breaks)]
    if history.left_out:
        parts += ["## Skipped", format_list(history.left_out)]
    return "\n\n".join(parts) + "\n"


def format_history_table(history: History) -> str:
    """The tables that the command prints, one per metric."""
    parts = []
    for info, series in _by_metric(history):
        header, rows = _table(history, series, info.decimals)
        table = tabulate(rows, header, tablefmt="simple", disable_numparse=True)
        parts.append(f"{format_heading(info)}\n{table}")
    breaks = _list_breaks(history)
    if breaks:
        parts.append("\n".join([f"{BREAK} not comparable with the score above it:", *breaks]))
    return "\n\n".join(parts)


def _by_metric(history: History) -> Iterator[tuple[MetricInfo, list[Series]]]:
    """Each metric that has scores, with its systems."""
    for key, info in history.metrics.items():
        series = [entry for entry in history.series if entry.metric == key]
        if series:
            yield info, series


def _table(history: History, series: Sequence[Series], decimals: int) -> tuple[list[str], list[list[str]]]:
    """Header and rows: runs × systems."""
    header = ["Run", "Time (UTC)", *(entry.system for entry in series)]
    rows = [
        [
            run.name,
            run.created[:16].replace("T", " "),
            *(_cell(entry.points[index], decimals) for entry in series),
        ]
        for index, run in enumerate(history.runs)
    ]
    return header, rows


def _cell(point: HistoryPoint, decimals: int) -> str:
    if point.value is None:
        return MISSING
    return f"{BREAK} {point.value:.{decimals}f}" if point.reason else f"{point.value:.{decimals}f}"


def _list_breaks(history: History) -> list[str]:
    """``nightly-3, BLEU: the signatures differ: … (mine, other)``: one line per run, metric and reason."""
    systems: dict[str, list[str]] = {}
    for series in history.series:
        label = history.metrics[series.metric].label
        for point in series.points:
            if point.value is not None and point.reason:
                line = f"{history.runs[point.run].name}, {label}: {point.reason}"
                systems.setdefault(line, []).append(series.system)
    return [f"{line} ({', '.join(names)})" for line, names in systems.items()]
