"""TODO cli.output."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.core.hydra_config import HydraConfig
from hydra.errors import CompactHydraException
from hydra.types import RunMode

from evalkit.errors import ERROR, GATE_FAILED

if TYPE_CHECKING:
    from evalkit.comparison.compare import Comparison
    from evalkit.gate.verdict import Verdict
    from evalkit.runs.results import Run

log = logging.getLogger("evalkit")


class JobFailed(CompactHydraException):
    """One job of a sweep failed. Carries its exit code back from wherever a launcher ran it."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message, exit_code)
        self.exit_code = exit_code

    def __str__(self) -> str:
        return str(self.args[0])


def _fail(message: str, exit_code: int) -> None:
    """End this job. In a sweep an exception lets the other jobs run; in a single run it would only add noise."""
    if HydraConfig.get().mode == RunMode.MULTIRUN:
        raise JobFailed(message, exit_code)
    log.error(message)
    raise SystemExit(exit_code)


def _judge(verdict: Verdict | None) -> None:
    """End this job where its gate failed."""
    if verdict is not None and not verdict.passed:
        _fail(verdict.summary, GATE_FAILED)


def _print(run: Run, output: Path) -> None:
    from evalkit.reports.markdown.comparison import format_comparison_table
    from evalkit.reports.markdown.differences import describe_differences

    for warning in run.warnings:
        log.warning(warning)
    shown = _shown(output)
    _point_latest(shown)
    comparisons = [] if run.comparison is None else [run.comparison]
    parts = [
        _table(run),
        "\n".join(describe_differences(run)),
        *map(format_comparison_table, comparisons),
        _where(output, "report", "run.json"),
    ]
    _show("\n\n".join(filter(None, parts)), f"the run is in {shown}")
    _announce(run.verdict, comparisons)


def _table(run: Run) -> str:
    """Plain where it is read by a program, drawn where it is read by a person."""
    if not sys.stdout.isatty():
        from evalkit.reports.table import format_plain_table

        return format_plain_table(run)
    from evalkit.reports.terminal import draw_table

    return draw_table(run, shutil.get_terminal_size().columns)


def _announce(verdict: Verdict | None, comparisons: Sequence[Comparison]) -> None:
    """Print what a gate says; on GitHub Actions, annotate the job and write its summary as well."""
    from evalkit.reports.markdown.comparison import render_comparison_summary
    from evalkit.reports.markdown.verdict import (
        format_github_annotations,
        format_verdict_lines,
        render_verdict_report,
    )

    if verdict is not None:
        annotations = format_github_annotations(verdict) if os.environ.get("GITHUB_ACTIONS") == "true" else ""
        _show(
            "\n" + "\n".join(filter(None, [format_verdict_lines(verdict), annotations])),
            "the verdict is in verdict.json",
        )
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    texts = [
        *([] if verdict is None else [render_verdict_report(verdict)]),
        *map(render_comparison_summary, comparisons),
    ]
    if summary and texts:
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write("\n".join(texts) + "\n")
        except OSError as error:
            _fail(
                f"{summary}: the summary cannot be written: {error.strerror}; unset GITHUB_STEP_SUMMARY, or mend its path",
                ERROR,
            )


def _shown(folder: Path) -> Path:
    """A folder as seen from where the user stands."""
    try:
        return folder.relative_to(Path.cwd())
    except ValueError:
        return folder


def _where(output: Path, report: str, otherwise: str = "") -> str:
    folder = _shown(output)
    drawn = (folder / f"{report}.{kind}" for kind in ("html", "md"))
    return (
        f"Report: {next((path for path in drawn if path.exists()), folder / (otherwise or f'{report}.json'))}"
    )


def _show(text: str, where: str) -> None:
    """Print what a job came to, or say where it is."""
    try:
        print(text, flush=True)
    except (
        OSError
    ) as error:  # all is written; the reader, such as head, has seen enough, or the table has no place to go
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # keeps Python from failing again on exit
        if not isinstance(error, BrokenPipeError):
            _fail(f"standard output: cannot be written: {error.strerror}; {where}", ERROR)


def _point_latest(output: Path) -> None:
    """Let ``outputs/latest`` point to the newest run in ``outputs/``."""
    if output.parts[:1] != ("outputs",) or len(output.parts) < 2:
        return
    link = Path("outputs", "latest")
    temporary = link.with_name(f".latest-{os.getpid()}")
    if link.exists() and not link.is_symlink():
        return
    try:
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(output.parts[1], target_is_directory=True)
        temporary.replace(link)
    except OSError as error:  # file systems without symbolic links
        log.debug("outputs/latest: %s", error)
