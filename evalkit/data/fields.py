"""Reading CSV and TSV: the fields of a row by column, each exactly as the file has it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evalkit.data.text import check_line_ends, find_duplicate, read_text
from evalkit.errors import ConfigError, DataError, format_count, quote, shorten

_QUOTED = re.compile(r'"(?:[^"]|"")*""(?:[^"]|"")*"')
"""A field that begins and ends with a quotation mark, and has a doubled one: hardly ever text."""


class _Record(NamedTuple):
    line_number: int
    cells: list[str]


def read_fields(file: Path, delimiter: str, quoting: str | None) -> list[Mapping[str, str]]:
    """Read a file whose first line has the names of the columns.

    Args:
        file: a CSV or TSV file.
        delimiter: a comma or a tab.
        quoting: ``csv`` if a field may be in quotation marks, which then are not text, and may contain
            delimiters and line feeds; ``none`` if quotation marks are text; None for ``csv`` with commas and
            ``none`` with tabs.

    Raises:
        ConfigError: another value of `quoting`.
        DataError: a row has more or fewer fields than columns, or quoting is wrong; names the line.
    """
    if quoting not in ("csv", "none", None):
        raise ConfigError(f"test_set.quoting: expected csv, none or null, found {quoting!r}")
    text = read_text(file)
    check_line_ends(text, file)
    is_quoted = quoting == "csv" or (quoting is None and delimiter == ",")
    records = _parse(text, delimiter, file) if is_quoted else _split(text, delimiter)
    if quoting is None and not is_quoted:
        records = _refuse_quoted(records, file)
    records = iter(records)
    header = [name.strip() for name in next(records, _Record(1, [])).cells]
    _check_header(header, file, delimiter)
    rows: list[Mapping[str, str]] = []
    for line_number, cells in records:
        if not cells and len(header) > 1:
            continue
        fields = cells or [""]  # in a single column, a blank line is an empty text
        if len(fields) != len(header):
            raise DataError(f"{file}:{line_number}: {_explain_count(fields, header, delimiter, is_quoted)}")
        rows.append(dict(zip(header, fields, strict=True)))
    return rows


def _parse(text: str, delimiter: str, file: Path) -> Iterator[_Record]:
    csv.field_size_limit(1 << 30)
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield _Record(reader.line_num, cells)
    except csv.Error as error:
        raise DataError(f"{file}:{reader.line_num}: not valid CSV: {error}") from error


def _split(text: str, delimiter: str) -> Iterator[_Record]:
    lines = text.removesuffix("\n").split("\n") if text else []
    for line_number, line in enumerate(lines, 1):
        yield _Record(line_number, line.split(delimiter) if line else [])


def _refuse_quoted(records: Iterable[_Record], file: Path) -> Iterator[_Record]:
    """Refuse a file that was most likely written with quoting: with quoted columns, or doubled marks."""
    for record in records:
        is_header = record.line_number == 1
        for cell in record.cells:
            if _QUOTED.fullmatch(cell) or (is_header and re.fullmatch(r'"[^"]+"', cell)):
                raise DataError(
                    f"{file}:{record.line_number}: {quote(cell)} looks like a quoted field; set "
                    "test_set.quoting=csv, or test_set.quoting=none if the quotation marks are text"
                )
        yield record


def _check_header(header: Sequence[str], file: Path, delimiter: str) -> None:
    if not header:
        raise DataError(f"{file}:1: the file is empty; expected a line of column names")
    if len(header) == 1 and re.search(r"[,;\t|]", header[0]):
        raise DataError(
            f"{file}:1: expected names of columns separated by a {_name_delimiter(delimiter)}, found "
            f"{quote(header[0])}; save the table with that separator"
        )
    repeated = find_duplicate(header)
    if repeated is not None:
        raise DataError(f"{file}:1: duplicate column {repeated!r}; rename one of the two")


def _name_delimiter(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else "comma"


def _explain_count(fields: Sequence[str], header: Sequence[str], delimiter: str, is_quoted: bool) -> str:
    name = _name_delimiter(delimiter)
    if len(fields) > len(header):
        advice = f"a {name} separates fields: " + (
            "put a text with one in quotation marks" if is_quoted else "replace it in texts by a space"
        )
    elif is_quoted:
        advice = f"separate the fields with a {name}"
    else:
        advice = (
            f"separate the fields with a {name}, and replace line breaks in texts by a space; "
            "if texts are in quotation marks, set test_set.quoting=csv"
        )
    return f"{format_count(len(fields), 'field')}, expected {len(header)} ({shorten(list(header))}); {advice}"
