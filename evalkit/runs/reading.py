"""Stored runs, read back and checked: all files are there, nothing was damaged or edited.

Older format versions are migrated on reading; newer ones are refused.
"""

from __future__ import annotations

import json
import math
import zipfile
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.errors import ConfigError, ResultsError, shorten
from evalkit.runs.checksums import add_checksum
from evalkit.runs.migrations import migrate
from evalkit.runs.results import FORMAT_VERSION, MetricScore, Run, RunRecord, SystemResult
from evalkit.runs.texts import check_content
from evalkit.runs.writing import SEGMENT_ARRAYS, STATISTICS
from evalkit.runtime.decoding import decode

if TYPE_CHECKING:
    from evalkit.types import FloatArray


def load(folder: str | Path, *, statistics: bool = True) -> Run:
    """Read a stored run, without its texts.

    Args:
        folder: of the run.
        statistics: whether to read the statistics of its segments as well.

    Raises:
        ResultsError: the folder holds no finished run, a file is missing, damaged or edited, or a newer
            evalkit wrote it.
    """
    folder = Path(folder)
    path = folder / "run.json"
    try:
        record = _decode_record(migrate(_read_content(path)))
        _check_scores(record)
        run = _to_run(record, folder)
        _check_files(run, folder)
        return _read_statistics(run, folder / STATISTICS) if statistics else run
    except (ValueError, ConfigError) as error:
        raise ResultsError(f"{path}: damaged or edited: {error}; run again") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ResultsError(
            f"{path}: damaged or edited: {type(error).__name__}: {error}; run again"
        ) from error


def _read_content(path: Path) -> dict[str, Any]:
    """The JSON of a `run.json`, if its version is known and its checksum is right; without the checksum."""
    if not path.is_file():
        raise ResultsError(f"{path.parent}: no run.json; expected the folder of a finished run")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        found = type(content).__name__
        raise ResultsError(f"{path}: damaged or edited: expected an object, found {found}; run again")
    _check_version(content.get("format_version"), path)
    if content["format_version"] > 1 and content.get("checksum") != add_checksum(content)["checksum"]:
        raise ResultsError(f"{path}: damaged or edited: its checksum does not match its content; run again")
    return {key: value for key, value in content.items() if key != "checksum"}


def _check_version(version: object, path: Path) -> None:
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        expected = f"expected a number from 1 to {FORMAT_VERSION}"
        raise ResultsError(f"{path}: damaged or edited: format version {version!r}, {expected}; run again")
    if version > FORMAT_VERSION:
        raise ResultsError(
            f"{path}: format version {version}, and this evalkit reads up to {FORMAT_VERSION}; "
            "use a newer evalkit"
        )


def _decode_record(content: dict[str, Any]) -> RunRecord:
    systems = content["systems"]
    for name, system in systems.items():
        systems[name] = {key: value for key, value in system.items() if key != "additions"}
        unknown = [key for key in system["metrics"] if key not in content["metrics"]]
        if unknown:
            raise ValueError(
                f"systems.{name}: scores in {shorten(unknown)}, which is not a metric of the run"
            )
        for key, score in system["metrics"].items():
            if content["metrics"][key]["keeps_verdicts"] and score["details"]:
                score["names"] = _split_details(score.pop("details"))
    return decode(RunRecord, content)


def _split_details(details: dict[str, Any]) -> dict[str, Any]:
    """See `evalkit.runs.writing._merge_details`."""
    return {"all": details["all"], "types": {key: value for key, value in details.items() if key != "all"}}


def _check_scores(record: RunRecord) -> None:
    """What types do not say."""
    for key, info in record.metrics.items():
        if info.decimals < 0:
            raise ValueError(f"metrics.{key}.decimals: expected 0 or more, found {info.decimals}")
    for name, system in record.systems.items():
        for key, score in system.metrics.items():
            if not _is_whole(score):
                raise ValueError(
                    f"systems.{name}.metrics.{key}: expected a number and the two of its interval, "
                    f"found {score.value!r} and {score.interval!r}"
                )


def _is_whole(score: MetricScore) -> bool:
    """Whether there is a score if there should be, and all numbers are finite."""
    numbers = [*(score.interval or ()), *([] if score.value is None else [score.value])]
    return (score.status != "ok" or score.value is not None) and all(map(math.isfinite, numbers))


def _to_run(record: RunRecord, folder: Path) -> Run:
    values = {field.name: getattr(record, field.name) for field in fields(RunRecord)}
    values["systems"] = {name: SystemResult(**vars(summary)) for name, summary in record.systems.items()}
    return Run(**values, folder=str(folder))


def _check_files(run: Run, folder: Path) -> None:
    """Files that belong to the run must be there; what they hold is checked where they are read."""
    missing = [path for path in run.files if not (folder / path).is_file()]
    if missing:
        raise ResultsError(
            f"{folder}: {shorten(missing)} missing, which run.json lists. Run again, or copy runs with "
            "python -m evalkit -cn baseline run=FOLDER output=FOLDER, which leaves the texts out and says so."
        )


def _read_statistics(run: Run, path: Path) -> Run:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ResultsError(f"{path}: cannot be read: {error}") from error
    check_content(run, STATISTICS)
    if "documents" in arrays:  # the name in version 1
        arrays["documents_of_segments"] = arrays.pop("documents")
    documents, ids, contents = (tuple(map(str, arrays.pop(key, ()))) for key in SEGMENT_ARRAYS)
    statistics = _sort_statistics(run, arrays, len(documents), path.name)
    return replace(
        run,
        statistics=statistics,
        documents_of_segments=tuple(document or None for document in documents),
        segment_ids=ids,
        segment_contents=contents,
    )


def _sort_statistics(
    run: Run, arrays: dict[str, FloatArray], segments: int, file: str
) -> dict[str, dict[str, FloatArray]]:
    """[segments, k] by system and metric, of every score that the run has."""
    statistics: dict[str, dict[str, FloatArray]] = {name: {} for name in run.systems}
    for name, values in arrays.items():
        system, _, key = name.rpartition("\t")
        if system not in statistics:
            raise ValueError(f"{file}: statistics of {system}, which is not a system of the run")
        if values.ndim != 2 or len(values) != segments:
            raise ValueError(f"{file}: {system}, {key}: {values.shape} statistics of {segments} segments")
        statistics[system][key] = values
    for name, result in run.systems.items():
        scored = [key for key, score in result.metrics.items() if score.status == "ok"]
        missing = [key for key in scored if key not in statistics[name]]
        if missing:
            raise ValueError(f"{file}: {name}: no statistics of {shorten(missing)}")
    return statistics
