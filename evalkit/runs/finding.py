"""Which folders hold stored runs, and what to call the runs."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evalkit.errors import ResultsError
from evalkit.runs.results import Run

_OF_SWEEPS = "multirun.yaml"
"""Hydra's file beside the jobs of a sweep."""


@dataclass(frozen=True)
class RunFolders:
    """What a pattern matched."""

    folders: list[Path]
    """Folders of runs, each once."""
    left_out: list[str]
    """What matched and is not a run, with the reason."""


def find_runs(where: str | Sequence[str]) -> RunFolders:
    """Find the folders of runs.

    Args:
        where: the folder of a run, a folder of runs, a glob of either, or a list of these.

    Raises:
        ResultsError: a folder that was named does not exist or holds no run, or there is no run at all.
    """
    folders: dict[Path, Path] = {}
    left_out: list[str] = []
    patterns = [where] if isinstance(where, str) else where
    for pattern in patterns:
        for folder in _match(pattern):
            runs = _find_in(folder)
            if not runs and folder == Path(pattern):
                raise ResultsError(
                    f"{folder}: no run.json; expected the folder of a finished run, or a folder of runs"
                )
            if not runs and folder.name != _OF_SWEEPS:
                left_out.append(f"{folder}: no run.json")
            for run in runs:
                folders.setdefault(run.resolve(), run)  # outputs/latest is one of the others
    if not folders:
        raise ResultsError(
            f"{', '.join(patterns) or 'no folders'}: no finished run; "
            "expected the folder of a run, a folder of runs, a glob, or a list of these"
        )
    return RunFolders(list(folders.values()), left_out)


def _match(pattern: str) -> list[Path]:
    """The paths that a glob matches; a path that exists, or is not a glob, is taken as it is."""
    if Path(pattern).exists() or not glob.has_magic(pattern):
        return [Path(pattern)]
    return _sort(map(Path, glob.glob(pattern)))  # noqa: PTH207 - Path.glob refuses absolute patterns


def _find_in(folder: Path) -> list[Path]:
    if (folder / "run.json").is_file():
        return [folder]
    return _sort(path.parent for path in folder.glob("*/run.json"))


def _sort(folders: Iterable[Path]) -> list[Path]:
    """Links last: ``latest`` is another run soon, and so the run gets its own name today."""
    return sorted(folders, key=lambda folder: (folder.is_symlink(), folder))


def make_names_unique(runs: Sequence[Run]) -> list[Run]:
    """The runs, with those that share a name, such as the jobs of a sweep, named by their folders."""
    times = Counter(run.name for run in runs)
    return [replace(run, name=str(run.folder)) if times[run.name] > 1 else run for run in runs]
