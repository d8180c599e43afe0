"""Folders that evalkit writes: replaced only when all is written, and only what evalkit wrote itself.

The *seal* is the file without which a folder holds nothing finished: `run.json`, `comparison.json` or
`history.json`. It is removed first and moved into place last, and it lists every file that was written
(`written`), so that the next run of the same name removes these and leaves everything else alone.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from evalkit.errors import ResultsError, shorten
from evalkit.runtime.files import explain_write_errors, write_text
from evalkit.runtime.json_text import dumps

_ADVICE = "choose another folder with hydra.run.dir=FOLDER"
Written = Sequence[str]
"""Paths within the folder."""

_PARTS_OF_RUNS = ("systems", "segments.jsonl", "statistics.npz", "report.md", "report.html", ".hydra")
"""If a folder holds one of these but no seal, it is not a finished run, and nothing in it is overwritten."""
_WRITTEN_BY_0_1 = (
    *(
        "segments.jsonl",
        "statistics.npz",
        "systems/*/*.jsonl",
        "systems/*/report.json",
        "systems/*/report.md",
    ),
    *("report.md", "report.html", "report.csv", "report.tex", ".hydra/*.yaml"),
    *("comparison.json", "comparison.md", "comparison.html", "history.json", "history.md", "history.html"),
    *("verdict.json", "verdict.md", "junit.xml"),
)
"""What evalkit wrote before seals listed files (format version 2 of `run.json`, and comparisons of that
time)."""


def check_writable(folder: Path, seal: str = "run.json") -> None:
    """Check, before the work and not after it, that a folder can be written. Leaves nothing behind.

    Args:
        folder: the folder of a run, comparison or history.
        seal: the file that marks it as finished.

    Raises:
        ResultsError: the folder cannot be written, or holds files that would be overwritten and are not
            evalkit's.
    """
    if (folder / seal).is_file():
        list_written(folder, seal)
    elif parts := [name for name in _PARTS_OF_RUNS if (folder / name).exists()]:
        raise ResultsError(
            f"{folder}: contains {shorten(parts)} but no finished run, so nothing is overwritten. "
            "Choose another name, or remove the folder."
        )
    with (
        explain_write_errors(folder, _ADVICE),
        tempfile.TemporaryDirectory(prefix=".incomplete-", dir=_make(folder)),
    ):
        pass
    _remove_empty(folder)


def list_written(folder: Path, seal: str) -> Written:
    """The files in a folder that evalkit wrote, the seal among them; none without a seal.

    Raises:
        ResultsError: the seal is not a file of evalkit.
    """
    path = folder / seal
    if not path.is_file():
        return ()
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = {"format_version": None}  # damaged, and so replaced like a run of version 0.1
    if not isinstance(record, dict) or "format_version" not in record:
        raise ResultsError(
            f"{path}: not a file of evalkit, so nothing in the folder is overwritten. Choose another name."
        )
    written = record.get("written")
    if not isinstance(written, list):
        older = (
            found.relative_to(folder).as_posix()
            for pattern in _WRITTEN_BY_0_1
            for found in folder.glob(pattern)
        )
        return [*older, seal]
    return [name for name in map(str, written) if _is_inside(folder, name)]


def _is_inside(folder: Path, name: str) -> bool:
    """Whether a path cannot lead out of its folder, through links in it either."""
    path = Path(name)
    if path.is_absolute() or ".." in path.parts or path == Path():
        return False
    return (folder / path).parent.resolve().is_relative_to(folder.resolve())


def list_files(folder: Path) -> list[str]:
    """All files below a folder, by their path within it."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@contextmanager
def staging(folder: Path, seal: str = "run.json") -> Iterator[Path]:
    """Give a folder to write into; at the end its files replace what evalkit wrote into `folder` before.

    After an error nothing is moved, and what was there before stays.

    Args:
        folder: where the files go.
        seal: the file that marks the folder as finished.

    Raises:
        ResultsError: writing failed; names file and reason.
    """
    with explain_write_errors(folder, _ADVICE):
        stage = Path(tempfile.mkdtemp(prefix=".incomplete-", dir=_make(folder)))
        try:
            yield stage
            written = list_written(folder, seal)
            for name in (seal, *written):  # the seal first: from here on the folder holds nothing finished
                (folder / name).unlink(missing_ok=True)
            for name in sorted(list_files(stage), key=lambda name: name == seal):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (stage / name).replace(folder / name)
            _remove_empty_folders(folder, written)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
            _remove_empty(folder)


def _remove_empty_folders(folder: Path, written: Written) -> None:
    """Remove the folders of removed files that hold nothing else, the deepest first."""
    parents = {parent for name in written for parent in Path(name).parents if parent != Path()}
    for parent in sorted(parents, key=lambda path: -len(path.parts)):
        _remove_empty(folder / parent)


def _make(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def write_files(folder: Path, files: Mapping[str, str], seal: str) -> None:
    """Write texts into a folder, and their list into the seal, which is one of them and JSON.

    Args:
        folder: where to.
        files: texts by path within the folder.
        seal: the file that marks the folder as finished.

    Raises:
        ResultsError: writing failed; what was there before stays.
    """
    record = json.loads(files[seal]) | {"written": sorted(files)}
    with staging(folder, seal) as stage:
        for path, text in {**files, seal: dumps(record, indent=2) + "\n"}.items():
            write_text(stage / path, text)
