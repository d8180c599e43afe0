"""Texts and audits of a run, read only where they are needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from evalkit.entities.audit import AuditRow
from evalkit.errors import ResultsError
from evalkit.runs.results import Run, SegmentRow
from evalkit.runs.sealing import checksum
from evalkit.runs.writing import SEGMENTS
from evalkit.runtime.decoding import decode


def read_texts(run: Run, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], SegmentRow]:
    """The rows of some segments; none if the run was stored without texts.

    Args:
        run: in memory, or loaded.
        wanted: systems, and indices of segments.

    Raises:
        ResultsError: the file is damaged or was edited.
    """
    order, count = list(run.systems), len(run.documents_of_segments)
    lines = {order.index(system) * count + index: (system, index) for system, index in wanted}
    if run.segments:
        return {key: run.segments[line] for line, key in lines.items()}
    path = Path(str(run.folder)) / SEGMENTS
    if not path.is_file():
        return {}
    check_content(run, SEGMENTS)
    rows: dict[tuple[str, int], SegmentRow] = {}
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number in lines:
                rows[lines[number]] = _read_row(line, path, number, lines[number][0])
    if len(rows) != len(lines):
        raise ResultsError(f"{path}: damaged or edited: expected {len(order) * count} lines; run again")
    return rows


def _read_row(line: str, path: Path, number: int, system: str) -> SegmentRow:
    where = f"{path}, line {number + 1}: damaged or edited"
    try:
        row = decode(SegmentRow, json.loads(line))
    except ValueError as error:
        raise ResultsError(f"{where}: {error}; run again") from error
    if row.system != system:
        raise ResultsError(f"{where}: expected {system}, found {row.system}; run again")
    return row


def read_audit(run: Run, system: str, metric: str) -> Sequence[AuditRow] | None:
    """The verdicts of a metric on every name; None if the run has none.

    Raises:
        ResultsError: the file is damaged or was edited.
    """
    info, result = run.metrics.get(metric), run.systems[system]
    if info is None or not info.keeps_verdicts:
        return None
    if run.folder is None:
        return result.audits.get(metric)
    name = f"systems/{result.slug}/{info.audit_file}"
    path = Path(run.folder) / name
    if not path.is_file():
        return None
    check_content(run, name)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        return [decode(AuditRow, json.loads(line)) for line in lines if line]
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: damaged or edited: {error}; run again") from error


def check_content(run: Run, path: str) -> None:
    """Check that a file of a loaded run is the one that was written with `run.json`.

    Raises:
        ResultsError: it is another one.
    """
    place = Path(str(run.folder)) / path
    if path in run.files and checksum(place) != run.files[path]:
        raise ResultsError(
            f"{place}: damaged or edited: not the file written together with run.json; run again"
        )
