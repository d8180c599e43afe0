"""The review sheet, ``entities.tsv``: one line per entity that a model found, for a person to keep, correct or drop.

Tab-separated, so that it opens in any spreadsheet and two versions of it can be compared line by line. Quotes, CRLF and
byte order marks, which spreadsheets write, are read; columns that a person added are kept.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evalkit.data.text import find_duplicate, read_text
from evalkit.errors import DataError, quote, shorten
from evalkit.types import ENTITY_TYPES

YES, NO, OPEN = "yes", "no", "?"
NEEDED = ("keep", "type", "entity", "forms", "aliases")
COLUMNS = (*NEEDED, "except", "suggestions", "mentions", "documents", "context")
HOW_TO = (
    "# Say yes or no in the first column where it says ?, correct type, entity (lines with one id are one entity), forms, aliases and "
    "except (documents where it is somebody else) where they are wrong, and run annotate again."
)
_BETWEEN = " | "
_BOM = "\ufeff"
"""Without it, some spreadsheets take the file for another encoding than UTF-8."""


@dataclass(frozen=True)
class Line:
    """One entity, or some spellings of one: lines with the same id belong together."""

    keep: str
    """`YES`, `NO` or `OPEN`."""
    type: str
    entity: str
    forms: tuple[str, ...]
    """Spellings in the references."""
    aliases: tuple[str, ...] = ()
    """Further spellings that count as right."""
    but_not: tuple[str, ...] = ()
    """The column ``except``: documents where these spellings are somebody else's; ``document: spelling`` for one of them."""
    number: int = 0
    """Where it stands in the file; 0 for a new one."""
    cells: Mapping[str, str] = field(default_factory=dict)
    """All columns as they are written."""


def new_line(line: Line, **others: str | int) -> Line:
    """A line that no file has yet, with its cells; `others` are the columns that only inform."""
    cells = {"keep": line.keep, "type": line.type, "entity": line.entity}
    cells |= {
        name: _BETWEEN.join(of)
        for name, of in (("forms", line.forms), ("aliases", line.aliases), ("except", line.but_not))
    }
    return replace(line, cells=cells | {key: _one_line(str(value)) for key, value in others.items()})


def fits_into_a_cell(name: str) -> bool:
    """Whether a name comes back from the sheet as it went in."""
    return _split(name) == (name,)


def sheet_text(lines: Iterable[Line], further_columns: Sequence[str] = ()) -> str:
    """The text of a sheet."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    header = [*COLUMNS, *further_columns]
    text.write(f"{_BOM}{HOW_TO}\n")
    writer.writerow(header)
    writer.writerows([line.cells.get(column, "") for column in header] for line in lines)
    return text.getvalue()


def read_sheet(path: Path) -> tuple[list[Line], list[str]]:
    """The lines of a sheet, and the columns that a person added.

    Raises:
        DataError: a line cannot be used; names file and line, what was expected and what was found.
    """
    rows = _rows(path)
    number, header = next(rows, (1, []))
    header = [cell.strip() for cell in header]
    while header and not header[-1]:
        header.pop()
    missing = [column for column in NEEDED if column not in header]
    if missing:
        raise DataError(
            f"{path}:{number}: no column {shorten(missing)}; expected tab-separated columns {', '.join(COLUMNS)}, found {quote(' '.join(header))}"
        )
    twice = find_duplicate(header)
    if twice is not None:
        raise DataError(f"{path}:{number}: column {twice!r} stands twice")
    lines = [_line(path, number, header, cells) for number, cells in rows]
    said: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        for form in line.forms if line.keep != OPEN else ():
            first = said.setdefault((line.entity, line.type, form), line)
            if first.keep != line.keep:
                raise DataError(
                    f"{path}:{line.number}: {line.keep} to {form!r} of {line.entity!r}, but line {first.number} says {first.keep}; remove it from one of them"
                )
    return lines, [column for column in header if column not in COLUMNS]


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row that is neither empty nor a comment."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), delimiter="\t", strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f'{path}:{number}: not a line of tab-separated cells: {error} (a cell with " in it stands in quotes, and has it twice)'
        ) from error


def _line(path: Path, number: int, header: Sequence[str], row: Sequence[str]) -> Line:
    where = f"{path}:{number}"
    if any(cell.strip() for cell in row[len(header) :]):
        raise DataError(f"{where}: expected {len(header)} cells, found {len(row)}")
    cells = dict(zip(header, [*row, *[""] * len(header)], strict=False))
    keep, type_, entity = cells["keep"].strip().lower(), cells["type"].strip(), cells["entity"].strip()
    if keep not in (YES, NO, OPEN):
        raise DataError(f"{where}: keep: expected yes, no or ?, found {cells['keep']!r}")
    if type_ not in ENTITY_TYPES:
        raise DataError(f"{where}: type: expected one of {', '.join(ENTITY_TYPES)}, found {cells['type']!r}")
    if not entity:
        raise DataError(f"{where}: entity: expected an id, found nothing")
    forms = _split(cells["forms"])
    if not forms:
        raise DataError(
            f"{where}: forms: expected the spellings in the references, found nothing; say no in keep if there is none"
        )
    return Line(
        keep, type_, entity, forms, _split(cells["aliases"]), _split(cells.get("except", "")), number, cells
    )


def _split(cell: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(r"(?:^|(?<=\s))\|(?=\s|$)", cell))
    return tuple(dict.fromkeys(part for part in parts if part))


def _one_line(text: str) -> str:
    return " ".join(text.split())
