"""History: the scores of stored runs over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evalkit.commands.compare import check_output
from evalkit.comparison.history import History, trace
from evalkit.reports.base import Report, render_history
from evalkit.runs.folder import write_files

SEAL = "history.json"


def trace_runs(
    runs: str | Sequence[str],
    *,
    reports: Sequence[Report] = (),
    output: str | Path | None = None,
    files: Mapping[str, str] | None = None,
) -> History:
    """Read the scores of stored runs, oldest first.

    Args:
        runs: folder of a run, a folder of runs, a glob of either, or a list of these.
        reports: the reports to write into the folder.
        output: folder to write to; None writes nothing.
        files: further files for the folder, as text by path.

    Raises:
        ResultsError: a run cannot be read, there is none, or the folder cannot be written.
    """
    check_output(output, SEAL)
    history = trace(runs)
    if output is not None:
        write_files(Path(output), {**(files or {}), **render_history(history, reports)}, SEAL)
    return history
