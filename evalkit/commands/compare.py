"""Compare: stored runs with a baseline, and judge them by the rules of a gate.

Nothing is scored and no model is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.comparison.compare import compare
from evalkit.comparison.results import Comparison
from evalkit.errors import ResultsError
from evalkit.gate.judging import Gate, judge
from evalkit.gate.verdict import Verdict
from evalkit.reports.base import Report, render_comparisons, render_verdict
from evalkit.runs.finding import find_runs, make_names_unique
from evalkit.runs.folder import check_writable, write_files
from evalkit.runs.reading import load

if TYPE_CHECKING:
    from evalkit.significance.units import Bootstrap

SEAL = "comparison.json"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Candidates compared with one baseline."""

    comparisons: tuple[Comparison, ...]
    verdict: Verdict | None
    """None without a gate."""
    left_out: tuple[str, ...]
    """What matched and is not a candidate, with the reason."""


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
    """Compare stored runs with a baseline, and judge them by the rules of a gate.

    Args:
        baseline: folder of a run.
        candidates: folder of a run, a folder of runs, a glob of either, or a list of these. If there are
            several, the baseline is not among them.
        significance, baseline_systems, tolerance, most: see `evalkit.comparison.compare.compare`.
        gate: the rules.
        reports: the reports to write into the folder.
        output: folder to write to; None writes nothing.
        files: further files for the folder, as text by path.

    Raises:
        ConfigError: invalid settings.
        ResultsError: a run cannot be read, or the folder cannot be written.
    """
    matches = find_runs(candidates)
    folders, left_out = matches.folders, matches.left_out
    if len(folders) > 1:
        same = [folder for folder in folders if folder.resolve() == Path(baseline).resolve()]
        left_out = [*left_out, *(f"{folder}: is the baseline" for folder in same)]
        folders = [folder for folder in folders if folder not in same]
    check_output(output, SEAL)
    old, *new = make_names_unique([load(baseline), *map(load, folders)])
    how = {
        "significance": significance,
        "baseline_systems": baseline_systems,
        "tolerance": tolerance,
        "most": most,
    }
    comparisons = tuple(compare(old, run, **how) for run in new)  # type: ignore[arg-type]  # by name
    verdict = None if gate is None else judge(gate, list(zip(new, comparisons, strict=True)))
    if output is not None:
        rendered = render_comparisons(comparisons, reports) | (
            {} if verdict is None else render_verdict(verdict, reports)
        )
        write_files(Path(output), {**(files or {}), **rendered}, SEAL)
    return Compared(comparisons=comparisons, verdict=verdict, left_out=tuple(left_out))


def check_output(output: str | Path | None, seal: str) -> None:
    """Check, before anything is compared, that a comparison or history can be written.

    Raises:
        ResultsError: the folder contains a run, or cannot be written.
    """
    if output is None:
        return
    if (Path(output) / "run.json").exists():
        raise ResultsError(f"{output}: contains a run; choose another folder with name=NAME")
    check_writable(Path(output), seal)
