"""Stored runs: compared with a baseline, judged by a gate, and traced over time. The story of `-cn compare` and `-cn history`.

No model is loaded and no text scored: all comes from what the runs left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.comparison.compare import Comparison, compare
from evalkit.errors import ConfigError, ResultsError
from evalkit.gate.judging import judge
from evalkit.gate.rules import Gate
from evalkit.gate.verdict import Verdict
from evalkit.reports.base import Report, render_comparisons, render_verdict
from evalkit.runs.finding import called_apart, find_runs
from evalkit.runs.reading import load
from evalkit.runs.writing import check_writable, staging, write

if TYPE_CHECKING:
    from evalkit.runs.results import Run
    from evalkit.significance.units import Bootstrap


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Candidates compared with one baseline."""

    comparisons: tuple[Comparison, ...]
    verdict: Verdict | None
    """None without a gate."""
    left_out: tuple[str, ...]
    """What was found beside candidates, and why it is none."""


def compare_runs(
    baseline: str | Path,
    candidates: str | Sequence[str],
    *,
    significance: Bootstrap | None = None,
    baseline_systems: Mapping[str, str] | None = None,
    tolerance: Mapping[str, float] | None = None,
    most: int = 10,
    gate: Gate | None = None,
    reports: Sequence[Report] = (),
    output: str | Path | None = None,
    files: Mapping[str, str] | None = None,
) -> Compared:
    """Compare stored runs with a baseline, and hold them against the rules of a gate.

    Args:
        baseline: folder of a run.
        candidates: folder of a run, a folder of runs, a glob of either, or a list of these. Among several the baseline is left out.
        significance: settings of the tests.
        baseline_systems: see `evalkit.comparison.compare`.
        tolerance: see `evalkit.comparison.compare`.
        most: see `evalkit.comparison.compare`.
        gate: the rules.
        reports: what to draw into the folder.
        output: folder to write to; None writes nothing.
        files: further files for the folder, as text by path.

    Raises:
        ConfigError: settings that cannot be used.
        ResultsError: a run cannot be read, or the folder not be written.
    """
    folders, left_out = find_runs(candidates)
    if len(folders) > 1:
        left_out += [
            f"{folder}: is the baseline" for folder in folders if folder.resolve() == Path(baseline).resolve()
        ]
        folders = [folder for folder in folders if folder.resolve() != Path(baseline).resolve()]
    _check_output(output, "comparison.json")
    old, *new = _told_apart([load(baseline), *map(load, folders)])
    comparisons = tuple(
        compare(
            old,
            run,
            significance=significance,
            baseline_systems=baseline_systems,
            tolerance=tolerance,
            most=most,
        )
        for run in new
    )
    verdict = None if gate is None else judge(gate, list(zip(new, comparisons, strict=True)))
    if output is not None:
        written = {**(files or {}), **render_comparisons(comparisons, reports)}
        _write(
            Path(output),
            written | ({} if verdict is None else render_verdict(verdict, reports)),
            "comparison.json",
        )
    return Compared(comparisons=comparisons, verdict=verdict, left_out=tuple(left_out))


def _told_apart(runs: Sequence[Run]) -> list[Run]:
    found = called_apart(runs)
    if len({run.name for run in found[1:]}) < len(found) - 1:
        raise ConfigError(f"candidate: the same run twice: {', '.join(run.name for run in found[1:])}")
    return found


def _check_output(output: str | Path | None, seal: str) -> None:
    if output is None:
        return
    if (Path(output) / "run.json").exists():
        raise ResultsError(f"{output}: holds a run; choose another folder with name=NAME")
    check_writable(Path(output), seal)


def _write(output: Path, files: Mapping[str, str], seal: str) -> None:
    with staging(output, seal) as stage:
        for path, text in files.items():
            write(stage / path, text)
