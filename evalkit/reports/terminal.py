"""The table of scores on a terminal. Where output is piped, `evalkit.reports.table.terminal_table` is printed instead."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evalkit.reports.ranks import best
from evalkit.reports.table import heading, interval_note, notes, signature_lines
from evalkit.runs.results import FAILED

if TYPE_CHECKING:
    from evalkit.runs.results import MetricInfo, MetricScore, Run


def drawn_table(run: Run, width: int) -> str:
    """The table with lines and, unless NO_COLOR or a dumb terminal forbids, colours; then what the plain one has below.

    Args:
        width: of the terminal, in columns.
    """
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") in (None, "dumb")
    leads = best(run)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("System", overflow="fold")
    for info in run.metrics.values():
        table.add_column(heading(info), justify="right", overflow="fold")
    for name, result in run.systems.items():
        cells = [
            _cell(result.metrics[key], info, leads=name in leads[key]) for key, info in run.metrics.items()
        ]
        table.add_row(Text(name, style="bold"), *cells)
    text = io.StringIO()
    console = Console(
        file=text,
        force_terminal=not plain,
        no_color=plain,
        width=width,
        legacy_windows=False,
        highlight=False,
    )
    console.print(table)
    if any(leads.values()):
        console.print(Text("★ significantly better than every other system", style="dim"))
    below = [interval_note(run), *notes(run), *signature_lines(run)]
    for line in below:
        console.print(Text(line, style="dim"), soft_wrap=True)
    return text.getvalue().rstrip("\n")


def _cell(score: MetricScore, info: MetricInfo, *, leads: bool) -> Text:
    if score.value is None:
        return Text(score.status, style="bold red" if score.status == FAILED else "dim")
    text = Text(
        f"{'★ ' if leads else ''}{score.value:.{info.decimals}f}", style="bold green" if leads else ""
    )
    if score.interval is not None:
        low, high = score.interval
        text.append(f" [{low:.{info.decimals}f}, {high:.{info.decimals}f}]", style="not bold dim")
    return text
