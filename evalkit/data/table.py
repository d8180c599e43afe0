"""Tables with one segment per row: JSONL, CSV, TSV, Parquet, Arrow, and data sets on the Hugging Face hub."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

from evalkit.data.compression import strip_ending
from evalkit.data.entity_files import read_entities
from evalkit.data.lines import number_segments
from evalkit.data.missing import check_blank_rule, mark_missing
from evalkit.data.reader import DocumentTexts, Hypotheses, Reader, check_languages
from evalkit.data.selection import describe_counts, pair_rows
from evalkit.data.table_rows import TableRow, is_table, load_rows
from evalkit.data.text import find_duplicate
from evalkit.errors import ConfigError, DataError, format_count, quote, shorten
from evalkit.types import TestSet


@dataclass(frozen=True, kw_only=True)
class Table(Reader):
    """A file, a local folder, or the name of a data set on the hub.

    A folder has the layout of a hub data set, or was written by ``save_to_disk`` of `datasets`.
    """

    split: str = "test"
    subset: str | None = None
    """Name of the data set's configuration on the hub."""
    revision: str | None = None
    """Branch, tag or commit on the hub."""
    id: str | None = "id"
    """Column of segment ids, unique in the table; null if rows pair up by their order."""
    document: str | None = None
    source: str | None = "source"
    reference: Any = "reference"
    """Columns of references, or one. A single column may hold lists of texts. A reference that is null, or whose
    key is absent in JSONL, is missing."""
    blank_reference: str | None = "empty"
    """What a blank text of a reference is: ``empty``, or ``missing``. None: missing if another reference has a
    text for the segment, otherwise empty."""
    groups: Any = ()
    """Columns of groups, such as ``domain``, or one."""
    hypotheses: dict[str, str] | None = None
    """Columns of hypotheses in the same table, by system."""
    hypothesis: str = "hypothesis"
    """Column of hypotheses in the file of a system."""
    quoting: str | None = None
    """Whether fields of CSV and TSV may be in quotation marks: ``csv`` or ``none``. By default, they may be
    in CSV. In TSV, a quotation mark is text."""
    source_language: str | None = None
    target_language: str

    def read(self) -> TestSet:
        """See `Reader.read`."""
        check_languages(self.source_language, self.target_language)
        check_blank_rule(self.blank_reference)
        rows = self._rows
        ids = self._read_ids(rows)
        names, references = self._read_references(rows)
        sources = None if self.source is None else _read_sources(rows, self.source)
        references = mark_missing(references, self.blank_reference)
        groups = {kind: _read_groups(rows, kind) for kind in _list_columns(self.groups, "groups")}
        segments = number_segments(references, sources, self._read_documents(rows), groups)
        if ids is not None:
            segments = tuple(replace(segment, id=id_) for segment, id_ in zip(segments, ids, strict=True))
        test_set = TestSet(
            name=self.name or Path(strip_ending(self.path)).stem,
            source_language=self.source_language,
            target_language=self.target_language,
            references=tuple(names),
            segments=segments,
            files=(self.path,),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def bundled(self) -> list[str]:
        """The systems named in `hypotheses`."""
        return list(self.hypotheses or {})

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses:
        """See `Reader.read_bundled`."""
        column = (self.hypotheses or {})[name]
        return tuple(row.text(column) for row in self._rows)

    def read_output(self, path: Path, test_set: TestSet) -> Hypotheses | DocumentTexts:
        """Read a table with the columns `id` and `hypothesis`, or what `Reader.read_output` reads."""
        if not is_table(path):
            return super().read_output(path, test_set)
        rows = self._load(str(path))
        texts = [row.text(self.hypothesis) for row in rows]
        ids = self._read_ids(rows)
        expected = [segment.id for segment in test_set.segments]
        if ids is None:
            if pair_rows(texts, test_set) is None:
                raise DataError(f"{path}: {_compare_counts(texts, test_set)}")
            return tuple(texts)
        by_id = dict(zip(ids, texts, strict=True))
        missing = [id_ for id_ in expected if id_ not in by_id]
        unknown = sorted(by_id.keys() - {segment.id for segment in test_set.whole.segments})
        if missing or unknown:
            problem = f"missing ids: {shorten(missing)}" if missing else f"unknown ids: {shorten(unknown)}"
            raise DataError(f"{path}: {problem}; {_compare_counts(texts, test_set)}")
        return tuple(by_id.get(segment.id, "") for segment in test_set.whole.segments)

    @cached_property
    def _rows(self) -> list[TableRow]:
        return self._load(self.path)

    def _load(self, path: str) -> list[TableRow]:
        return load_rows(path, self.split, self.subset, self.revision, self.quoting)

    def _read_documents(self, rows: list[TableRow]) -> list[str] | None:
        if not self.document:
            return None
        return [row.id(self.document, "test_set.document") for row in rows]

    def _read_ids(self, rows: list[TableRow]) -> list[str] | None:
        if self.id is None:
            return None
        ids = [row.id(self.id, "test_set.id") for row in rows]
        repeated = find_duplicate(ids)
        if repeated is not None:
            first, second, *_ = [row.number for row, id_ in zip(rows, ids, strict=True) if id_ == repeated]
            raise DataError(
                f"{rows[0].path}: duplicate id {repeated!r} in rows {first} and {second}; remove one of them"
            )
        return ids

    def _read_references(self, rows: list[TableRow]) -> tuple[list[str], list[tuple[str | None, ...]]]:
        """Names of the references to use, and their texts by row."""
        columns = _list_columns(self.reference, "reference")
        if len(columns) == 1 and any(isinstance(row.find(columns[0]), list) for row in rows):
            available = _read_lists(rows, columns[0])
        else:
            available = {column: _read_texts(rows, column) for column in columns}
        names = self.choose_references(list(available))
        return names, list(zip(*(available[name] for name in names), strict=True))


def _list_columns(value: Any, setting: str) -> list[str]:
    """The columns of a setting that is one or a list of them."""
    columns = [value] if isinstance(value, str) else value
    if not isinstance(columns, list | tuple) or not all(isinstance(column, str) for column in columns):
        raise ConfigError(
            f"test_set.{setting}: expected a column, or a list of columns such as [a,b], found {value!r}"
        )
    return list(columns)


def _read_sources(rows: list[TableRow], column: str) -> list[str]:
    """The column of sources."""
    if not any(row.has(column) for row in rows):
        raise DataError(
            f"{rows[0].where}: no column {column!r}; the table has {shorten(list(rows[0].values))}. "
            "Name another in test_set.source, or set test_set.source=null"
        )
    return [row.text(column) for row in rows]


def _check_column(rows: list[TableRow], column: str) -> None:
    """Refuse a column that no row has."""
    if not any(row.has(column) for row in rows):
        rows[0].value(column)  # names the columns that there are


def _read_texts(rows: list[TableRow], column: str) -> list[str | None]:
    """A column of texts; None where a row has null, or nothing."""
    _check_column(rows, column)
    return [None if row.find(column) is None else row.text(column) for row in rows]


def _read_groups(rows: list[TableRow], column: str) -> list[str | None]:
    """A column of groups; None where a row has none."""
    _check_column(rows, column)
    missing = (None, "")
    return [None if row.find(column) in missing else row.id(column, "test_set.groups") for row in rows]


def _read_lists(rows: list[TableRow], column: str) -> dict[str, list[str | None]]:
    """A column of lists of texts, as one column per place in the lists: 1, 2 and so on.

    A reference is missing where the list has null, or is shorter than the longest.
    """
    lists: list[list[str | None]] = []
    for row in rows:
        texts: Any = row.find(column)
        texts = [] if texts is None else texts
        if not isinstance(texts, list) or not all(isinstance(text, str | None) for text in texts):
            raise DataError(
                f"{row.where}: column {column!r}: expected a list of texts, found {quote(str(texts))}"
            )
        lists.append(texts)
    columns = enumerate(zip_longest(*lists), 1)
    return {str(number): list(texts) for number, texts in columns}


def _compare_counts(texts: list[str], test_set: TestSet) -> str:
    found = format_count(len(texts), "hypothesis", "hypotheses")
    return f"{found}, expected {describe_counts(test_set)}"
