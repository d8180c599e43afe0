"""TODO runs.writing."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import math
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from evalkit.errors import ResultsError, shorten
from evalkit.runs.results import Run

_WRITTEN = ("systems", "segments.jsonl", "statistics.npz", "report.md", "report.html", ".hydra")
"""What a run writes besides `run.json`; other files in its folder are left alone."""


_STALE = (
    *(
        "report.md",
        "report.html",
        "report.csv",
        "report.tex",
        "comparison.json",
        "comparison.md",
        "comparison.html",
    ),
    *("verdict.json", "verdict.md", "junit.xml"),
)
"""What an earlier run may have left that a later one without report, baseline or gate does not replace."""


_IN_STATISTICS = ("documents_of_segments", "segment_ids", "segment_contents")


_NOT_IN_RUN_JSON = ("statistics", *_IN_STATISTICS, "segments", "folder", "comparison", "verdict")


_NOT_IN_SUMMARY = ("additions", "documents", "rows")


def save(run: Run, folder: Path, reports: Mapping[str, str]) -> None:
    """Write a run into a folder, replacing an earlier run there only when all is written.

    Args:
        reports: further files, as text by path within the folder.

    Raises:
        ResultsError: the folder cannot be written, or the disk is full; what was there before stays.
    """
    with staging(folder) as stage:
        for path, text in reports.items():
            write(stage / path, text)
        for name, result in run.systems.items():
            own = stage / "systems" / result.slug
            write(own / "report.json", dumps({"system": name, **plain(result, without=("rows",))}, indent=2))
            for metric, rows in result.rows.items():
                write(own / audit_file(metric), "".join(dumps(row) + "\n" for row in rows))
        write(stage / "segments.jsonl", "".join(dumps(plain(row)) + "\n" for row in run.segments))
        arrays = {
            f"{system}\t{metric}": array
            for system, of in run.statistics.items()
            for metric, array in of.items()
        }
        ids = {
            key: np.array([text or "" for text in getattr(run, key)], dtype=np.str_) for key in _IN_STATISTICS
        }
        with (stage / "statistics.npz").open("wb") as file:
            np.savez_compressed(file, **ids, **arrays)
        record = plain(run, without=_NOT_IN_RUN_JSON)
        stored = ["statistics.npz", "segments.jsonl"]
        stored += [
            f"systems/{result.slug}/{audit_file(metric)}"
            for result in run.systems.values()
            for metric in result.rows
        ]
        record["files"] = {path: checksum(stage / path) for path in stored}
        record["systems"] = {
            name: plain(result, without=_NOT_IN_SUMMARY) for name, result in run.systems.items()
        }
        for name, result in run.systems.items():
            record["systems"][name]["additions"] = len(result.additions)
        write(stage / "run.json", dumps(sealed(json.loads(dumps(record))), indent=2) + "\n")


def audit_file(metric: str) -> str:
    """Name of the file that holds the audit rows of a metric."""
    return "entities.jsonl" if metric == "entity_accuracy" else f"{metric}.jsonl"


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """What goes into `run.json`, with a checksum that tells whether somebody edited it."""
    content = {key: value for key, value in record.items() if key != "checksum"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return content | {
        "checksum": "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    }


def checksum(path: Path) -> str:
    """``sha256:…`` of the content of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return f"sha256:{digest.hexdigest()}"


def check_writable(folder: Path, seal: str = "run.json") -> None:
    """Find out before the work, not after it, whether a run can go into a folder. Leaves nothing behind.

    Args:
        folder: where to.
        seal: the file that tells what may be replaced; see `staging`.

    Raises:
        ResultsError: the folder cannot be written, or holds what a run would overwrite and is no run.
    """
    if folder.is_dir() and not (folder / seal).is_file():
        others = [name for name in _WRITTEN if (folder / name).exists()]
        if others:
            raise ResultsError(
                f"{folder}: holds {shorten(others)} but no finished run; nothing of it is overwritten: choose another name, or remove it"
            )
    with _told(folder), tempfile.TemporaryDirectory(prefix=".incomplete-", dir=_make(folder)):
        pass
    _remove_if_empty(folder)


@contextmanager
def staging(folder: Path, seal: str = "run.json") -> Iterator[Path]:
    """A folder to write into, whose content is moved to `folder` when all went well, and removed else.

    Args:
        folder: where to.
        seal: the file that is moved last, and without which the folder holds nothing finished.

    Raises:
        ResultsError: writing failed; names file and reason.
    """
    with _told(folder):
        stage = Path(tempfile.mkdtemp(prefix=".incomplete-", dir=_make(folder)))
        try:
            yield stage
            for name in (seal, *_STALE):  # until the seal is back, the folder holds nothing finished
                (folder / name).unlink(missing_ok=True)
            for path in sorted(stage.iterdir(), key=lambda path: path.name == seal):
                target = folder / path.name
                if target.is_dir():
                    shutil.rmtree(target)
                path.replace(target)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
            _remove_if_empty(folder)


def _make(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in one line why a folder cannot be written, and what to do."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        where = re.sub(r"\.incomplete-[^/\\]*[/\\]?", "", str(error.filename or folder))
        raise ResultsError(
            f"{where}: cannot be written: {error.strerror or error}; "
            + ("free some space" if full else "choose another folder with hydra.run.dir=FOLDER")
        ) from error


def write(path: Path, text: str) -> None:
    """Write a text, and the folder it goes to. An OSError names the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error  # write errors do not name the file


def plain(item: Any, without: Sequence[str] = ()) -> Any:
    """Dataclasses to dictionaries; NaN and infinity, which JSON has not, to None."""
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        return {
            f.name: plain(getattr(item, f.name)) for f in dataclasses.fields(item) if f.name not in without
        }
    if isinstance(item, Mapping):
        return {key: plain(value) for key, value in item.items()}
    if isinstance(item, (list, tuple)):
        return [plain(value) for value in item]
    if isinstance(item, float) and not math.isfinite(item):
        return None
    return item


def dumps(item: Any, indent: int | None = None) -> str:
    """JSON of dataclasses and plain values."""
    return json.dumps(plain(item), ensure_ascii=False, allow_nan=False, indent=indent)


_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))
)
"""Names that Windows gives to devices, with any ending."""


def slugs(names: Sequence[str]) -> dict[str, str]:
    """A folder name for each system: its own name, made safe, and told apart also where case does not count."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".-") or "system"
        if safe.split(".")[0].lower() in _RESERVED:
            safe += "-"
        slug, number = safe, 2
        while slug.lower() in taken:
            slug, number = f"{safe}-{number}", number + 1
        taken.add(slug.lower())
        found[name] = slug
    return found
