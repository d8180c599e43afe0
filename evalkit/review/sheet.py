"""The review sheet, ``entities.tsv``: one line per entity that a model found, to keep, correct or drop.

The sheet is tab-separated, so any spreadsheet opens it, and two versions of it can be compared line by line.
Quotes, CRLF line ends and byte order marks, which spreadsheets write, are accepted, and columns that you add
are kept.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, TypeAlias, cast

from evalkit.data.text import find_duplicate, read_text
from evalkit.errors import DataError, quote, shorten
from evalkit.types import ENTITY_TYPES, EntityType, is_entity_type

Decision: TypeAlias = Literal["yes", "no", "?"]
"""What the column ``keep`` has: keep, drop, or not reviewed yet."""
YES: Final = "yes"
NO: Final = "no"
OPEN: Final = "?"
REQUIRED = ("keep", "type", "entity", "forms", "aliases")
COLUMNS = (*REQUIRED, "except", "suggestions", "mentions", "documents", "context")
HOW_TO = (
    "# Replace each ? in the first column by yes or no. Correct type, entity (lines with the same id are one "
    "entity), forms, aliases and except (documents in which the name belongs to another entity). "
    "Then run annotate again."
)
_SEPARATOR = " | "
_BOM = "\ufeff"
"""Without it, some spreadsheets take the file for another encoding than UTF-8."""


@dataclass(frozen=True)
class SheetLine:
    """One entity, or some spellings of one. Lines with the same id belong together."""

    decision: Decision
    type: EntityType
    entity: str
    forms: tuple[str, ...]
    """Spellings in the references."""
    aliases: tuple[str, ...] = ()
    """Further accepted spellings."""
    exceptions: tuple[str, ...] = ()
    """The column ``except``: documents in which these spellings belong to another entity, or ``document:
    spelling`` for one of them."""
    line_number: int = 0
    """In the file, from 1; 0 for a new line."""
    cells: Mapping[str, str] = field(default_factory=dict)
    """All columns as they are written."""


@dataclass(frozen=True)
class Sheet:
    """A review sheet."""

    lines: tuple[SheetLine, ...] = ()
    extra_columns: tuple[str, ...] = ()
    """Columns that a person added."""


def add_cells(line: SheetLine, **others: str | int) -> SheetLine:
    """Add the cells of a new line.

    Args:
        line: without cells.
        others: columns that only inform: mentions, documents, context.
    """
    lists = {"forms": line.forms, "aliases": line.aliases, "except": line.exceptions}
    cells = {"keep": line.decision, "type": line.type, "entity": line.entity}
    cells |= {column: _SEPARATOR.join(items) for column, items in lists.items()}
    cells |= {column: " ".join(str(value).split()) for column, value in others.items()}
    return replace(line, cells=cells)


def fits_in_cell(name: str) -> bool:
    """Whether a name is read from the sheet as it was written to it."""
    return _split(name) == (name,)


def format_sheet(sheet: Sheet) -> str:
    """The text of a sheet."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    header = [*COLUMNS, *sheet.extra_columns]
    text.write(f"{_BOM}{HOW_TO}\n")
    writer.writerow(header)
    writer.writerows([line.cells.get(column, "") for column in header] for line in sheet.lines)
    return text.getvalue()


def read_sheet(path: Path) -> Sheet:
    """Read a sheet.

    Raises:
        DataError: a line is invalid; names file and line, what was expected and what was found.
    """
    rows = _read_rows(path)
    line_number, cells = next(rows, (1, []))
    header = _check_header(cells, f"{path}:{line_number}")
    lines = [_check_line(path, line_number, header, cells) for line_number, cells in rows]
    _check_decisions(path, lines)
    return Sheet(tuple(lines), tuple(column for column in header if column not in COLUMNS))


def _read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is neither empty nor a comment."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), delimiter="\t", strict=True)
    line_number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                yield line_number, cells
            line_number = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{path}:{line_number}: not valid tab-separated text: {error}; "
            'put a cell that contains " in quotes, and double each " in it'
        ) from error


def _check_header(cells: Sequence[str], where: str) -> list[str]:
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise DataError(
            f"{where}: missing columns {shorten(missing)}; "
            f"expected tab-separated columns {', '.join(COLUMNS)}, found {quote(' '.join(header))}"
        )
    repeated = find_duplicate(header)
    if repeated is not None:
        raise DataError(f"{where}: duplicate column {repeated!r}; rename one of the two")
    return header


def _check_line(path: Path, line_number: int, header: Sequence[str], row: Sequence[str]) -> SheetLine:
    where = f"{path}:{line_number}"
    if any(cell.strip() for cell in row[len(header) :]):
        raise DataError(f"{where}: expected {len(header)} cells, found {len(row)}")
    cells = dict(zip(header, [*row, *[""] * len(header)], strict=False))
    decision, type_, entity = cells["keep"].strip().lower(), cells["type"].strip(), cells["entity"].strip()
    if decision not in (YES, NO, OPEN):
        raise DataError(f"{where}: keep: expected yes, no or ?, found {cells['keep']!r}")
    if not is_entity_type(type_):
        raise DataError(f"{where}: type: expected one of {', '.join(ENTITY_TYPES)}, found {cells['type']!r}")
    if not entity:
        raise DataError(f"{where}: missing entity; add an id, which all lines of the entity share")
    forms = _split(cells["forms"])
    if not forms:
        raise DataError(f"{where}: missing forms; add the spellings in the references, or remove the line")
    return SheetLine(
        cast("Decision", decision),
        type_,
        entity,
        forms,
        aliases=_split(cells["aliases"]),
        exceptions=_split(cells.get("except", "")),
        line_number=line_number,
        cells=cells,
    )


def _check_decisions(path: Path, lines: Sequence[SheetLine]) -> None:
    """Refuse two lines that decide differently on a spelling of an entity."""
    decided: dict[tuple[str, str, str], SheetLine] = {}
    for line in lines:
        if line.decision == OPEN:
            continue
        for form in line.forms:
            first = decided.setdefault((line.entity, line.type, form), line)
            if first.decision != line.decision:
                raise DataError(
                    f"{path}:{line.line_number}: {line.decision} for {form!r} of {line.entity!r}, "
                    f"but {first.decision} in line {first.line_number}; remove the form from one of them"
                )


def _split(cell: str) -> tuple[str, ...]:
    """The names in a cell. A vertical bar within a word does not separate names."""
    parts = (part.strip() for part in re.split(r"(?:^|(?<=\s))\|(?=\s|$)", cell))
    return tuple(dict.fromkeys(part for part in parts if part))
