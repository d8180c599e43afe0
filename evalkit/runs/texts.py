"""Texts and audits of a run, read only where they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from evalkit.data.json_lines import parse_object, read_json_lines
from evalkit.data.text import iterate_lines
from evalkit.entities.audit import AuditRow
from evalkit.errors import ResultsError
from evalkit.runs.checksums import checksum
from evalkit.runs.results import Run, SegmentRow
from evalkit.runs.writing import SEGMENTS
from evalkit.runtime.decoding import DecodeError, decode

T = TypeVar("T")


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
    for number, line in iterate_lines(path, ResultsError):
        if number - 1 in lines:
            key = lines[number - 1]
            rows[key] = _read_row(line, f"{path}, line {number}", key[0])
    if len(rows) != len(lines):
        raise ResultsError(f"{path}: damaged or edited: expected {len(order) * count} lines; run again")
    return rows


def _read_row(line: str, where: str, system: str) -> SegmentRow:
    row = _decode(SegmentRow, parse_object(line, where, error=ResultsError), where)
    if row.system != system:
        raise ResultsError(f"{where}: damaged or edited: expected {system}, found {row.system}; run again")
    return row


def _decode(kind: type[T], row: object, where: str) -> T:
    try:
        return decode(kind, row)
    except DecodeError as error:
        raise ResultsError(f"{where}: damaged or edited: {error}; run again") from error


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
    lines = read_json_lines(path, error=ResultsError)
    return [_decode(AuditRow, line.row, f"{path}, line {line.line_number}") for line in lines]


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
