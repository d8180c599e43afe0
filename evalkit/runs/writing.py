"""A run on disk.

    run.json          scores, signatures, intervals, tests, fingerprints, versions, configuration
    statistics.npz    statistics of every segment by system and metric, and ids: for comparisons and gates
    segments.jsonl    one row per system and segment, with texts and scores
    systems/<slug>/   report.json, and a file per metric that keeps an audit, such as entities.jsonl

Numbers keep full precision; a missing score is null. `evalkit.runs.reading` reads a run back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from evalkit.runs.checksums import add_checksum, checksum
from evalkit.runs.folder import list_files, staging
from evalkit.runs.results import Run, RunRecord, SystemResult, SystemSummary
from evalkit.runtime.files import write_text
from evalkit.runtime.json_text import dumps, to_json

STATISTICS, SEGMENTS = "statistics.npz", "segments.jsonl"
SEGMENT_ARRAYS = ("documents_of_segments", "segment_ids", "segment_contents")
"""What `statistics.npz` has of each segment besides the statistics; fields of `Run`."""


def save(run: Run, folder: Path, further_files: Mapping[str, str]) -> None:
    """Write a run into a folder, replacing an earlier run there only when all is written.

    Args:
        run: what to write.
        folder: where to.
        further_files: such as reports: texts by path within the folder.

    Raises:
        ResultsError: the folder cannot be written, or the disk is full; what was there before stays.
    """
    with staging(folder) as stage:
        for path, text in further_files.items():
            write_text(stage / path, text)
        needed = [STATISTICS, SEGMENTS]
        for name, system in run.systems.items():
            needed += _write_system(run, name, system, stage)
        write_text(stage / SEGMENTS, "".join(dumps(row) + "\n" for row in run.segments))
        _write_statistics(run, stage / STATISTICS)
        record = _to_record(run)
        record["files"] = {path: checksum(stage / path) for path in needed}
        record["written"] = [*list_files(stage), "run.json"]
        write_text(stage / "run.json", dumps(add_checksum(record), indent=2) + "\n")


def _write_system(run: Run, name: str, system: SystemResult, stage: Path) -> list[str]:
    """Write the folder of a system; returns the files in it that the run needs."""
    record = to_json(system)
    del record["rows"], record["audits"]
    _merge_details(record)
    write_text(stage / "systems" / system.slug / "report.json", dumps({"system": name, **record}, indent=2))
    audits = {**system.rows, **system.audits}
    paths = {key: f"systems/{system.slug}/{run.metrics[key].audit_file}" for key in audits}
    for key, rows in audits.items():
        write_text(stage / paths[key], "".join(dumps(row) + "\n" for row in rows))
    return list(paths.values())


def _write_statistics(run: Run, path: Path) -> None:
    arrays = {
        f"{name}\t{key}": values
        for name, metrics in run.statistics.items()
        for key, values in metrics.items()
    }
    ids = {key: np.array([text or "" for text in getattr(run, key)], dtype=np.str_) for key in SEGMENT_ARRAYS}
    with path.open("wb") as file:
        np.savez_compressed(file, **ids, **arrays)


def _to_record(run: Run) -> dict[str, Any]:
    """The content of `run.json`, before files are listed and the checksum is added."""
    record = {
        field.name: to_json(getattr(run, field.name))
        for field in fields(RunRecord)
        if field.name != "systems"
    }
    record["systems"] = {name: _summarise(system) for name, system in run.systems.items()}
    return record


def _summarise(system: SystemResult) -> dict[str, Any]:
    summary = {field.name: to_json(getattr(system, field.name)) for field in fields(SystemSummary)}
    _merge_details(summary)
    return summary | {"additions": len(system.additions)}


def _merge_details(system: dict[str, Any]) -> None:
    """Store the scores by type of name among the details, as all versions do."""
    for score in system["metrics"].values():
        names = score.pop("names")
        if names is not None:
            score["details"] = {"all": names["all"], **names["types"]}
