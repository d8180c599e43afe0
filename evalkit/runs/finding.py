"""TODO runs.finding."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evalkit.errors import ResultsError
from evalkit.runs.results import Run


def called_apart(runs: Sequence[Run]) -> list[Run]:
    """Runs of one name, such as the jobs of a sweep, called by their folders."""
    times = Counter(run.name for run in runs)
    return [replace(run, name=str(run.folder)) if times[run.name] > 1 else run for run in runs]


def _links_last(folder: Path) -> tuple[bool, Path]:
    """A key that puts ``latest``, which will be another run soon, behind the run that it is today."""
    return folder.is_symlink(), folder


def find_runs(where: str | Sequence[str]) -> tuple[list[Path], list[str]]:
    """Folders of runs, and what was left out and why.

    Args:
        where: the folder of a run, a folder of runs, a glob of either, or a list of these.

    Raises:
        ResultsError: something that was named is not there or holds no run, or there is no run at all.
    """
    found: dict[Path, Path] = {}
    left_out = []
    for name in [where] if isinstance(where, str) else where:
        found_by_glob = glob.has_magic(name) and not Path(name).exists()
        matches = sorted(map(Path, glob.glob(name)), key=_links_last) if found_by_glob else [Path(name)]  # noqa: PTH207  # may be absolute
        for folder in matches:
            runs = (
                [folder]
                if (folder / "run.json").is_file()
                else sorted((path.parent for path in folder.glob("*/run.json")), key=_links_last)
            )
            if not runs and matches == [Path(name)]:
                raise ResultsError(
                    f"{folder}: no run.json; expected the folder of a finished run, or a folder of such"
                )
            left_out += (
                [] if runs or folder.name == "multirun.yaml" else [f"{folder}: no run.json"]
            )  # Hydra's, beside the jobs of a sweep
            for run in runs:
                found.setdefault(run.resolve(), run)  # outputs/latest is one of the others
    if not found:
        raise ResultsError(
            f"{where}: no finished run; expected the folder of a run, a folder of runs, a glob, or a list of these"
        )
    return list(found.values()), left_out
