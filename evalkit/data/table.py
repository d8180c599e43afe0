"""Tables with one segment per row: JSONL, CSV, TSV, Parquet, and data sets of the hub.

Every value is kept as text exactly as it stands: nothing is guessed to be a number, a date or missing.
"""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from evalkit.data.entity_files import read_entities
from evalkit.data.lines import number_segments
from evalkit.data.reader import Articles, Hypotheses, Reader, check_languages
from evalkit.data.text import duplicate, existing, read_text
from evalkit.errors import ConfigError, DataError, quote, shorten
from evalkit.types import TestSet

TABLES = (".jsonl", ".json", ".csv", ".tsv", ".parquet")
"""Endings of files that are tables."""

_Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Table(Reader):
    """A file, a local folder with the layout of a hub data set, or the name of a data set on the hub."""

    split: str = "test"
    subset: str | None = None
    """Name of the data set's configuration on the hub."""
    revision: str | None = None
    """Branch, tag or commit on the hub."""
    id: str | None = "id"
    """Column of segment ids, unique in the table; null where rows pair up by their order."""
    document: str | None = None
    source: str | None = "source"
    reference: list[str] = field(default_factory=lambda: ["reference"])
    """Columns of references. A single column may hold lists of texts."""
    hypotheses: dict[str, str] | None = None
    """Columns of hypotheses in the same table, by system."""
    hypothesis: str = "hypothesis"
    """Column of hypotheses in the file of a system."""
    source_language: str | None = None
    target_language: str

    def read(self) -> TestSet:
        """See `Reader.read`."""
        check_languages(self.source_language, self.target_language)
        rows = self._own_rows
        ids = self._ids(rows, self.path)
        names, columns = self._references(rows)
        sources = (
            None
            if self.source is None
            else [self._text(r, self.source, self.path, n) for n, r in enumerate(rows, 1)]
        )
        documents = self.document and [
            self._key(r, self.document, self.path, n) for n, r in enumerate(rows, 1)
        ]
        segments = number_segments(columns, sources, documents or None)
        if ids is not None:
            segments = tuple(replace(segment, id=id_) for segment, id_ in zip(segments, ids, strict=True))
        test_set = TestSet(
            name=self.name or Path(self.path).stem,
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
        return tuple(self._text(row, column, self.path, n) for n, row in enumerate(self._own_rows, 1))

    def read_output(self, path: Path, test_set: TestSet) -> Hypotheses | Articles:
        """A table with the columns `id` and `hypothesis`, or what `Reader.read_output` takes."""
        if path.suffix not in TABLES:
            return super().read_output(path, test_set)
        rows = self._rows(str(path))
        found = [self._text(row, self.hypothesis, str(path), n) for n, row in enumerate(rows, 1)]
        expected = [segment.id for segment in test_set.segments]
        ids = self._ids(rows, str(path))
        if ids is None:
            if len(found) != len(expected):
                raise DataError(
                    f"{path}: {len(found)} hypotheses, {test_set.name} has {len(expected)} segments"
                )
            return tuple(found)
        by_id = dict(zip(ids, found, strict=True))
        missing, unknown = [i for i in expected if i not in by_id], sorted(set(ids) - set(expected))
        if missing or unknown:
            problem = f"missing ids: {shorten(missing)}" if missing else f"unknown ids: {shorten(unknown)}"
            raise DataError(
                f"{path}: {len(rows)} hypotheses, {test_set.name} has {len(expected)} segments; {problem}"
            )
        return tuple(by_id[id_] for id_ in expected)

    @cached_property
    def _own_rows(self) -> list[_Row]:
        return self._rows(self.path)

    def _rows(self, path: str) -> list[_Row]:
        rows = load_rows(path, self.split, self.subset, self.revision)
        if not rows:
            raise DataError(f"{path}: has no rows")
        return rows

    def _references(self, rows: list[_Row]) -> tuple[list[str], list[tuple[str, ...]]]:
        if len(self.reference) == 1 and isinstance(_value(rows[0], self.reference[0], self.path, 1), list):
            lists = [_value(row, self.reference[0], self.path, n) for n, row in enumerate(rows, 1)]
            for n, texts in enumerate(lists, 1):
                if (
                    not isinstance(texts, list)
                    or len(texts) != len(lists[0])
                    or not texts
                    or not all(isinstance(t, str) for t in texts)
                ):
                    raise DataError(
                        f"{self.path}: row {n}: column {self.reference[0]!r}: expected {len(lists[0]) or 'some'} texts as in row 1, found {quote(str(texts))}"
                    )
            available = {str(i + 1): [texts[i] for texts in lists] for i in range(len(lists[0]))}
        else:
            available = {
                c: [self._text(r, c, self.path, n) for n, r in enumerate(rows, 1)] for c in self.reference
            }
        names = self.choose_references(list(available))
        return names, list(zip(*(available[name] for name in names), strict=True))

    def _ids(self, rows: list[_Row], path: str) -> list[str] | None:
        if self.id is None:
            return None
        ids = [self._key(row, self.id, path, n) for n, row in enumerate(rows, 1)]
        twice = duplicate(ids)
        if twice is not None:
            at = [n for n, id_ in enumerate(ids, 1) if id_ == twice]
            raise DataError(f"{path}: duplicate id {twice!r} in rows {at[0]} and {at[1]}")
        return ids

    @staticmethod
    def _key(row: _Row, column: str, path: str, number: int) -> str:
        value = _value(row, column, path, number)
        if value is None or value == "" or isinstance(value, (list, dict, float, bool)):
            raise DataError(f"{path}: row {number}: column {column!r}: expected an id, found {value!r}")
        return str(value)

    @staticmethod
    def _text(row: _Row, column: str, path: str, number: int) -> str:
        value = _value(row, column, path, number)
        if not isinstance(value, str):
            raise DataError(
                f"{path}: row {number}: column {column!r}: expected text, found {quote(repr(value))}"
            )
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise DataError(
                f"{path}: row {number}: column {column!r}: half a surrogate pair, which is no text: {quote(repr(value))}"
            )
        return value


def load_rows(path: str, split: str, subset: str | None = None, revision: str | None = None) -> list[_Row]:
    """The rows of a table.

    JSONL and CSV are read by Python's own parsers, since `datasets` guesses there: a column of dates becomes time
    stamps, 007 becomes 7, and a broken line has no number. Parquet, folders and the hub go through `datasets`.

    Raises:
        DataError: it cannot be read; with the line where there is one, and with what to do offline.
    """
    file = Path(path)
    if file.suffix in TABLES:
        existing(path, "table")
    if file.is_file():
        if file.suffix not in TABLES:
            raise ConfigError(f"{path}: expected a file ending in {', '.join(TABLES)}")
        parse = {".jsonl": _jsonl, ".json": _json, ".csv": _csv, ".tsv": _csv}.get(file.suffix)
        if parse is not None:
            return parse(file)
    import datasets

    datasets.disable_progress_bars()
    for library in ("datasets", "huggingface_hub"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        if file.is_file():
            # streaming: rows come straight from the file, not from a cached copy of it
            loaded: Iterable[Any] = datasets.load_dataset(
                "parquet", data_files=str(file), split="train", streaming=True
            )
        elif file.is_dir():
            # datasets knows which files make up the split; their rows it would guess at
            parts = datasets.load_dataset_builder(str(file), subset).config.data_files or {}
            if split not in parts:
                raise DataError(
                    f"{path}: cannot be read as a data set: no split {split!r}; it has {shorten([str(name) for name in parts])}"
                )
            return [row for part in parts[split] for row in load_rows(str(part), split)]
        else:
            loaded = datasets.load_dataset(path, subset, split=split, revision=revision)
        return [dict(row) for row in loaded]
    except (datasets.exceptions.DatasetsError, OSError, ValueError, KeyError) as error:
        cause = error.__cause__ or error
        reason = f"{type(cause).__name__}: {(str(cause).strip().splitlines() or ['no message'])[0][:200]}"
        if not file.exists():
            raise DataError(
                f"{path}: no such file or folder, and the hub cannot be reached or has no such data set; give a local path, "
                f"or download it where there is a network ({reason})"
            ) from error
        raise DataError(f"{path}: cannot be read as a data set: {reason}") from error


def _jsonl(file: Path) -> list[_Row]:
    return [
        _object(line, f"{file}:{number}")
        for number, line in enumerate(read_text(file).split("\n"), 1)
        if line.strip()
    ]


def _json(file: Path) -> list[_Row]:
    """A list of objects; or, as some write it, one object per line."""
    text = read_text(file)
    if not text.lstrip().startswith("["):
        return _jsonl(file)
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(
            f"{file}:{error.lineno}: not valid JSON: {error.msg} at column {error.colno}"
        ) from error
    except RecursionError as error:
        raise DataError(f"{file}: not a table: nested too deeply") from error
    return [_checked(row, f"{file}: row {number}") for number, row in enumerate(rows, 1)]


def _object(line: str, where: str) -> _Row:
    try:
        return _checked(json.loads(line), where)
    except json.JSONDecodeError as error:
        raise DataError(f"{where}: not valid JSON: {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise DataError(f"{where}: not a table: nested too deeply") from error


def _checked(row: Any, where: str) -> _Row:
    if not isinstance(row, dict):
        raise DataError(f"{where}: expected an object, found {quote(str(row))}")
    return row


def _csv(file: Path) -> list[_Row]:
    csv.field_size_limit(1 << 30)
    reader = csv.reader(
        io.StringIO(read_text(file), newline="\n"),
        delimiter="\t" if file.suffix == ".tsv" else ",",
        strict=True,
    )
    try:
        header = next(reader, [])
        twice = duplicate(header)
        if not header or twice is not None:
            raise DataError(
                f"{file}:1: {'is empty, expected a line of column names' if not header else f'column {twice!r} stands twice'}"
            )
        rows = []
        for found in reader:
            values = found or [""] * (len(header) == 1)  # in a single column, a blank line is an empty text
            if values and len(values) != len(header):
                raise DataError(
                    f"{file}:{reader.line_num}: {len(values)} fields, expected {len(header)} ({shorten(header)})"
                )
            if values:
                rows.append(dict(zip(header, values, strict=True)))
    except csv.Error as error:
        raise DataError(f"{file}:{reader.line_num}: not valid CSV: {error}") from error
    return rows


def _value(row: _Row, column: str, path: str, number: int) -> Any:
    if column not in row:
        raise DataError(f"{path}: row {number}: no column {column!r}; the table has {shorten(list(row))}")
    return row[column]
