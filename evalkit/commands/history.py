"""TODO commands.history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evalkit.commands.compare import _check_output, _write
from evalkit.comparison.history import History, trace
from evalkit.reports.base import Report, render_history


def trace_runs(
    runs: str | Sequence[str],
    *,
    reports: Sequence[Report] = (),
    output: str | Path | None = None,
    files: Mapping[str, str] | None = None,
) -> History:
    """The scores of stored runs over time.

    Args:
        runs: folder of a run, a folder of runs, a glob of either, or a list of these.
        reports: what to draw into the folder.
        output: folder to write to; None writes nothing.
        files: further files for the folder, as text by path.

    Raises:
        ResultsError: a run cannot be read, there is none, or the folder cannot be written.
    """
    _check_output(output, "history.json")
    history = trace(runs)
    if output is not None:
        _write(Path(output), {**(files or {}), **render_history(history, reports)}, "history.json")
    return history
