"""What a command prints, how a job ends, and the link to the newest run."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from hydra.core.hydra_config import HydraConfig
from hydra.errors import CompactHydraException
from hydra.types import RunMode
from omegaconf import OmegaConf, read_write

from evalkit.errors import ERROR, GATE_FAILED

if TYPE_CHECKING:
    from evalkit.comparison.results import Comparison
    from evalkit.evaluation.evaluation import Evaluation
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


def fail(message: str, exit_code: int) -> NoReturn:
    """End this job.

    In a sweep an exception lets the other jobs run; in a single run it would only add noise. Hydra raises only
    the first one again, so each job says at once why it failed.
    """
    if HydraConfig.get().mode == RunMode.MULTIRUN:
        message = f"job {HydraConfig.get().job.num}: {message}"
        log.error(message)
        raise JobFailed(message, exit_code)
    log.error(message)
    raise SystemExit(exit_code)


def fail_if_gate_failed(verdict: Verdict | None) -> None:
    """End this job if its gate failed."""
    if verdict is not None and not verdict.passed:
        fail(verdict.summary, GATE_FAILED)


def find_output_folder() -> Path:
    """The folder of this job.

    Hydra stores folders without escapes. They are added here, so that a ``${`` in a name is not read as an
    interpolation, here or in ``${hydra:runtime.cwd}``.
    """
    runtime: Any = HydraConfig.get().runtime
    stored: Any = OmegaConf.to_container(runtime, resolve=False)
    with read_write(runtime):
        for key in ("cwd", "output_dir"):
            runtime[key] = re.sub(r"(\\*)\$\{", r"\1\1\\${", stored[key])
    return Path(runtime.output_dir)


def print_evaluation(evaluation: Evaluation, output: Path) -> None:
    """Print warnings, the table of scores, the comparison, where the report is, and the verdict."""
    from evalkit.reports.markdown.comparison import format_comparison_table
    from evalkit.reports.markdown.differences import describe_differences

    run = evaluation.run
    for warning in run.warnings:
        log.warning(warning)
    _link_latest(shorten_path(output))
    comparisons = [] if evaluation.comparison is None else [evaluation.comparison]
    parts = [
        _draw_table(run),
        "\n".join(describe_differences(run)),
        *map(format_comparison_table, comparisons),
    ]
    parts.append(locate_report(output, "report", "run.json"))
    show("\n\n".join(filter(None, parts)), f"the run is in {shorten_path(output)}")
    announce(evaluation.verdict, comparisons)


def _draw_table(run: Run) -> str:
    """The table of scores: plain text for programs, in colour for a terminal."""
    if not sys.stdout.isatty():
        from evalkit.reports.table import format_plain_table

        return format_plain_table(run)
    from evalkit.reports.terminal import draw_table

    return draw_table(run, shutil.get_terminal_size().columns)


def announce(verdict: Verdict | None, comparisons: Sequence[Comparison]) -> None:
    """Print the verdict of a gate; on GitHub Actions, also annotate the job and write its summary."""
    from evalkit.reports.markdown.comparison import render_comparison_summary
    from evalkit.reports.markdown.verdict import (
        format_github_annotations,
        format_verdict_lines,
        render_verdict_report,
    )

    if verdict is not None:
        annotations = format_github_annotations(verdict) if os.environ.get("GITHUB_ACTIONS") == "true" else ""
        lines = filter(None, [format_verdict_lines(verdict), annotations])
        show("\n" + "\n".join(lines), "the verdict is in verdict.json")
    reports = [
        *([] if verdict is None else [render_verdict_report(verdict)]),
        *map(render_comparison_summary, comparisons),
    ]
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and reports:
        _append(Path(summary), "\n".join(reports) + "\n")


def _append(summary: Path, text: str) -> None:
    try:
        with summary.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        advice = "unset GITHUB_STEP_SUMMARY, or fix its path"
        fail(f"{summary}: the summary cannot be written: {error.strerror}; {advice}", ERROR)


def shorten_path(folder: Path) -> Path:
    """A folder relative to the working directory, if it is inside."""
    try:
        return folder.relative_to(Path.cwd())
    except ValueError:
        return folder


def locate_report(output: Path, report: str, fallback: str) -> str:
    """The line that says where the report is: the page if there is one, then Markdown, then the fallback."""
    folder = shorten_path(output)
    names = [f"{report}.html", f"{report}.md"]
    written = [folder / name for name in names if (folder / name).exists()]
    return f"Report: {[*written, folder / fallback][0]}"


def make_printable(text: str) -> str:
    """The text with escapes for what standard output cannot encode, such as an arrow in Latin-1."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def show(text: str, where: str) -> None:
    """Print a text.

    Args:
        text: what to print.
        where: in which file it is as well, in words, for the message if it cannot be printed.
    """
    try:
        print(make_printable(text), flush=True)
    except OSError as error:
        # all is written; the reader, such as head, has seen enough, or standard output is full or closed
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # keeps Python from failing again on exit
        if not isinstance(error, BrokenPipeError):
            fail(f"standard output: cannot be written: {error.strerror}; {where}", ERROR)


def _link_latest(output: Path) -> None:
    """Let ``outputs/latest`` link to the newest run in ``outputs/``."""
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
