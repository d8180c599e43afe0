"""Stored runs, read back: what is there, whether it is whole, and texts where they are needed.

`evalkit.runs.results` says what a run consists of on disk. Older format versions are brought up to date on reading; newer ones
are refused.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.errors import ResultsError, shorten
from evalkit.runs.results import FORMAT_VERSION, OK, MetricInfo, MetricScore, Run, SystemResult
from evalkit.runs.texts import STATISTICS, _check_content
from evalkit.runs.writing import sealed
from evalkit.significance.pairwise import MetricTests, Pair

if TYPE_CHECKING:
    from evalkit.types import FloatArray


def load(folder: str | Path, *, statistics: bool = True) -> Run:
    """A stored run, without its texts.

    Args:
        folder: of the run.
        statistics: whether to read the statistics of its segments as well.

    Raises:
        ResultsError: there is no finished run, a file is missing, damaged or edited, or a newer evalkit wrote it.
    """
    folder = Path(folder)
    path = folder / "run.json"
    record = _migrated(_read(path), path)
    try:
        _check_record(record)
        systems = {name: _system(values) for name, values in record.pop("systems").items()}
        metrics = {name: MetricInfo(**values) for name, values in record.pop("metrics").items()}
        tests = {name: _tests(values) for name, values in record.pop("tests").items()}
        run = Run(**record, systems=systems, metrics=metrics, tests=tests, folder=str(folder))
        _check_files(run, folder)
        return _with_statistics(run, folder / STATISTICS) if statistics else run
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ResultsError(f"{path}: is damaged or was edited: {type(error).__name__}: {error}") from error


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ResultsError(f"{path.parent}: no run.json; expected the folder of a finished run")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: cannot be read: {error}") from error
    if not isinstance(record, dict):
        raise ResultsError(
            f"{path}: is damaged or was edited: expected an object, found {type(record).__name__}"
        )
    return record


def _from_1(record: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had neither tests nor checksums."""
    return sealed(record | {"tests": {}, "files": {}})


_MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1}
"""By version: what makes the next one of it."""


def _migrated(record: dict[str, Any], path: Path) -> dict[str, Any]:
    found = record.get("format_version")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise ResultsError(
            f"{path}: is damaged or was edited: format version {found!r}, expected a number from 1 to {FORMAT_VERSION}"
        )
    if found > FORMAT_VERSION:
        raise ResultsError(
            f"{path}: format version {found}, and this evalkit reads up to {FORMAT_VERSION}; use a newer evalkit"
        )
    for version in range(found, FORMAT_VERSION):
        record = _MIGRATIONS[version](record)
    if record.get("checksum") != sealed(record)["checksum"]:
        raise ResultsError(
            f"{path}: is damaged or was edited: its checksum is not that of its content; run again"
        )
    return {key: value for key, value in record.items() if key != "checksum"} | {
        "format_version": FORMAT_VERSION
    }


def _check_record(record: dict[str, Any]) -> None:
    """What nothing else looks at before it is used; version 1 has no checksum that would tell of an edit."""
    for key, kind in (("name", str), ("test_set", dict), ("environment", dict), ("config", dict)):
        if not isinstance(record[key], kind):
            raise TypeError(f"{key}: expected {kind.__name__}, found {record[key]!r}")
    for key in ("name", "fingerprint"):
        if not isinstance(record["test_set"][key], str):
            raise TypeError(f"test_set.{key}: expected str, found {record['test_set'][key]!r}")
    for name, info in record["metrics"].items():
        if (
            not isinstance(info["decimals"], int)
            or info["decimals"] < 0
            or not isinstance(info["settings"]["_target_"], str)
        ):
            raise TypeError(f"metrics.{name}: expected decimals and settings, found {info!r}")
    for name, result in record["systems"].items():
        if not isinstance(result["empty"], int) or not isinstance(result["coverage"], int | float | None):
            raise TypeError(
                f"systems.{name}: expected numbers, found empty={result['empty']!r}, coverage={result['coverage']!r}"
            )
        if not result["metrics"].keys() <= record["metrics"].keys():
            raise TypeError(f"systems.{name}: expected metrics out of {', '.join(record['metrics'])}")


def _system(values: dict[str, Any]) -> SystemResult:
    scores = {name: _score(name, score) for name, score in values.pop("metrics").items()}
    values.pop("additions", None)
    return SystemResult(**values, metrics=scores)


def _score(name: str, values: dict[str, Any]) -> MetricScore:
    score = MetricScore(**values)
    bounds = [] if score.interval is None else list(score.interval)
    numbers = [*bounds, score.value] if score.status == OK else bounds
    if not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers) or len(
        bounds
    ) not in (0, 2):
        raise ValueError(
            f"{name}: expected a number and the two of its interval, found {score.value!r} and {score.interval!r}"
        )
    if not isinstance(score.signature, str | None) or not isinstance(score.details, dict):
        raise TypeError(
            f"{name}: expected a signature and details, found {score.signature!r} and {score.details!r}"
        )
    return replace(score, interval=None if not bounds else (bounds[0], bounds[1]))


def _tests(values: dict[str, Any]) -> MetricTests:
    pairs = tuple(Pair(**pair) for pair in values.pop("pairs"))
    return MetricTests(**values | {"leaders": tuple(values["leaders"])}, pairs=pairs)


def _check_files(run: Run, folder: Path) -> None:
    """Files that belong to the run must be there; what they hold is checked where they are read."""
    missing = [path for path in run.files if not (folder / path).is_file()]
    if missing:
        raise ResultsError(
            f"{folder}: {shorten(missing)} missing, which run.json says belongs to the run; run again, or copy runs with "
            "python -m evalkit -cn baseline run=FOLDER output=FOLDER, which leaves the texts out and says so"
        )


def _with_statistics(run: Run, path: Path) -> Run:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ResultsError(f"{path}: cannot be read: {error}") from error
    _check_content(run, STATISTICS)
    documents = arrays.pop(
        "documents_of_segments" if "documents_of_segments" in arrays else "documents"
    )  # version 1
    ids, contents = (tuple(map(str, arrays.pop(key, ()))) for key in ("segment_ids", "segment_contents"))
    statistics: dict[str, dict[str, FloatArray]] = {system: {} for system in run.systems}
    for key, array in arrays.items():
        system, _, metric = key.rpartition("\t")
        if array.ndim != 2 or len(array) != len(documents):
            raise ValueError(
                f"{path.name}: {system}, {metric}: {array.shape} statistics of {len(documents)} segments"
            )
        statistics[system][metric] = array
    for system, result in run.systems.items():
        missing = [
            metric
            for metric, score in result.metrics.items()
            if score.status == OK and metric not in statistics[system]
        ]
        if missing:
            raise ValueError(f"{path.name}: {system}: no statistics of {shorten(missing)}")
    return replace(
        run,
        statistics=statistics,
        documents_of_segments=tuple(str(document) or None for document in documents),
        segment_ids=ids,
        segment_contents=contents,
    )
