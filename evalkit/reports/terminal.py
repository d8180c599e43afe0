"""The table of scores on a terminal. Piped output gets `evalkit.reports.table.format_plain_table` instead."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evalkit.reports.numbers import format_interval, format_number
from evalkit.reports.ranks import find_best
from evalkit.reports.table import describe_intervals, format_heading, list_notes, list_signatures

if TYPE_CHECKING:
    from evalkit.runs.results import MetricInfo, MetricScore, Run


def draw_table(run: Run, width: int) -> str:
    """The table with its notes, in colour unless NO_COLOR is set or the terminal is dumb.

    Args:
        width: of the terminal, in columns.
    """
    best = find_best(run)
    text = io.StringIO()
    console = _open_console(text, width)
    console.print(_build_table(run, best))
    if any(best.values()):
        console.print(Text("★ significantly better than every other system", style="dim"))
    for line in [describe_intervals(run), *list_notes(run), *list_signatures(run)]:
        console.print(Text(line, style="dim"), soft_wrap=True)
    return text.getvalue().rstrip("\n")


def _open_console(file: io.StringIO, width: int) -> Console:
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") in (None, "dumb")
    return Console(
        file=file,
        force_terminal=not plain,
        no_color=plain,
        width=width,
        legacy_windows=False,
        highlight=False,
    )


def _build_table(run: Run, best: dict[str, set[str]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("System", overflow="fold")
    for info in run.metrics.values():
        table.add_column(format_heading(info), justify="right", overflow="fold")
    for name, result in run.systems.items():
        cells = [
            _cell(result.metrics[key], info, best=name in best[key]) for key, info in run.metrics.items()
        ]
        table.add_row(Text(name, style="bold"), *cells)
    return table


def _cell(score: MetricScore, info: MetricInfo, *, best: bool) -> Text:
    if score.value is None:
        return Text(score.status, style="bold red" if score.status == "failed" else "dim")
    number = format_number(score.value, info.decimals)
    text = Text(f"★ {number}", style="bold green") if best else Text(number)
    if score.interval is not None:
        text.append(f" {format_interval(score.interval, info.decimals)}", style="not bold dim")
    return text
