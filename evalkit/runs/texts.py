"""TODO runs.texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evalkit.errors import ResultsError
from evalkit.runs.results import Run
from evalkit.runs.writing import audit_file, checksum

STATISTICS, SEGMENTS = "statistics.npz", "segments.jsonl"


def _check_content(run: Run, path: str) -> None:
    """Raises ResultsError where a file is not the one that was written with `run.json`."""
    folder = Path(str(run.folder))
    if path in run.files and checksum(folder / path) != run.files[path]:
        raise ResultsError(
            f"{folder / path}: is damaged or was edited: not the file that run.json was written with; run again"
        )


def texts(run: Run, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """Rows of `segments.jsonl`; none where the run was stored without texts.

    Args:
        run: in memory, or loaded.
        wanted: systems, and indices of segments.

    Raises:
        ResultsError: the file is damaged or was edited.
    """
    order, count = list(run.systems), len(run.documents_of_segments)
    lines = {order.index(system) * count + index: (system, index) for system, index in wanted}
    if run.segments:
        return {key: vars(run.segments[line]) for line, key in lines.items()}
    path = Path(str(run.folder)) / SEGMENTS
    if not path.is_file():
        return {}
    _check_content(run, SEGMENTS)
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number in lines:
                found[lines[number]] = _row(line, path, number, lines[number][0])
    if len(found) != len(lines):
        raise ResultsError(
            f"{path}: is damaged or was edited: expected {len(order) * count} lines; run again"
        )
    return found


def _row(line: str, path: Path, number: int, system: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
        found = row["system"], row["references"][0], row["hypothesis"]
    except (ValueError, LookupError, TypeError) as error:
        raise ResultsError(
            f"{path}, line {number + 1}: is damaged or was edited: {error!r}; run again"
        ) from error
    if found[0] != system:
        raise ResultsError(
            f"{path}, line {number + 1}: is damaged or was edited: expected {system}, found {found[0]}; run again"
        )
    return dict(row)


def audit_rows(run: Run, system: str, metric: str) -> Sequence[Mapping[str, Any]] | None:
    """The audit of a metric, such as a verdict on every name; None where the run has none.

    Raises:
        ResultsError: the file is damaged or was edited.
    """
    result = run.systems[system]
    if run.folder is None:
        return result.rows.get(metric)
    name = f"systems/{result.slug}/{audit_file(metric)}"
    path = Path(run.folder) / name
    if not path.is_file():
        return None
    _check_content(run, name)
    try:
        return [dict(json.loads(line)) for line in path.read_text(encoding="utf-8").split("\n") if line]
    except (OSError, ValueError, TypeError) as error:
        raise ResultsError(f"{path}: is damaged or was edited: {error}; run again") from error
