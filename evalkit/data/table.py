"""Tables with one segment per row: JSONL, CSV, TSV, Parquet and hub data sets, through `datasets`.

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

from evalkit.data.lines import number_segments
from evalkit.data.reader import Articles, Hypotheses, Reader, check_language
from evalkit.data.text import duplicate, existing, quote, read_text, shorten
from evalkit.entities.files import read_entities
from evalkit.errors import ConfigError, DataError
from evalkit.types import TestSet

BUILDERS = {".jsonl": "json", ".json": "json", ".csv": "csv", ".tsv": "csv", ".parquet": "parquet"}
"""Which builder of `datasets` reads a file, by ending."""

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
    hypotheses: dict[str, str] = field(default_factory=dict)
    """Columns of hypotheses in the same table, by system."""
    hypothesis: str = "hypothesis"
    """Column of hypotheses in the file of a system."""
    source_language: str | None = None
    target_language: str

    def read(self) -> TestSet:
        """See `Reader.read`."""
        target_language = check_language(self.target_language, "test_set.target_language")
        source_language = self.source_language and check_language(self.source_language, "test_set.source_language")
        rows = self._own_rows
        ids = self._ids(rows, self.path)
        names, columns = self._references(rows)
        sources = None if self.source is None else [self._text(r, self.source, self.path, n) for n, r in enumerate(rows, 1)]
        documents = self.document and [self._key(r, self.document, self.path, n) for n, r in enumerate(rows, 1)]
        segments = number_segments(columns, sources, documents or None)
        if ids is not None:
            segments = tuple(replace(segment, id=id_) for segment, id_ in zip(segments, ids, strict=True))
        test_set = TestSet(
            name=self.name or Path(self.path).stem,
            source_language=source_language,
            target_language=target_language,
            references=tuple(names),
            segments=segments,
            files=(self.path,),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def bundled(self) -> list[str]:
        """The systems named in `hypotheses`."""
        return list(self.hypotheses)

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses:
        """See `Reader.read_bundled`."""
        column = self.hypotheses[name]
        return tuple(self._text(row, column, self.path, n) for n, row in enumerate(self._own_rows, 1))

    def read_output(self, path: Path, test_set: TestSet) -> Hypotheses | Articles:
        """A table with the columns `id` and `hypothesis`, or what `Reader.read_output` takes."""
        if path.suffix not in BUILDERS:
            return super().read_output(path, test_set)
        rows = self._rows(str(path))
        found = [self._text(row, self.hypothesis, str(path), n) for n, row in enumerate(rows, 1)]
        expected = [segment.id for segment in test_set.segments]
        ids = self._ids(rows, str(path)) or [str(n) for n in range(1, len(rows) + 1)]
        by_id = dict(zip(ids, found, strict=True))
        missing, unknown = [i for i in expected if i not in by_id], sorted(set(ids) - set(expected))
        if missing or unknown:
            problem = f"missing ids: {shorten(missing)}" if missing else f"unknown ids: {shorten(unknown)}"
            raise DataError(f"{path}: {len(rows)} hypotheses, {test_set.name} has {len(expected)} segments; {problem}")
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
                if not isinstance(texts, list) or len(texts) != len(lists[0]) or not texts or not all(isinstance(t, str) for t in texts):
                    raise DataError(
                        f"{self.path}: row {n}: column {self.reference[0]!r}: expected {len(lists[0]) or 'some'} texts as in row 1, found {quote(str(texts))}"
                    )
            available = {str(i + 1): [texts[i] for texts in lists] for i in range(len(lists[0]))}
        else:
            available = {c: [self._text(r, c, self.path, n) for n, r in enumerate(rows, 1)] for c in self.reference}
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
        if value is None or value == "" or isinstance(value, (list, dict, float)):
            raise DataError(f"{path}: row {number}: column {column!r}: expected an id, found {value!r}")
        return str(value)

    @staticmethod
    def _text(row: _Row, column: str, path: str, number: int) -> str:
        value = _value(row, column, path, number)
        if not isinstance(value, str):
            raise DataError(f"{path}: row {number}: column {column!r}: expected text, found {quote(repr(value))}")
        return value


def load_rows(path: str, split: str, subset: str | None = None, revision: str | None = None) -> list[_Row]:
    """The rows of a table.

    Raises:
        DataError: it cannot be read; with the line where a JSONL file is not valid, and with what to do offline.
    """
    file = Path(path)
    builder = BUILDERS.get(file.suffix)
    if builder or file.is_file():
        existing(path, "table")
        if builder is None:
            raise ConfigError(f"{path}: expected a file ending in {', '.join(BUILDERS)}")
        if builder != "parquet":
            read_text(file)  # says where it is not UTF-8
    import datasets

    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(logging.CRITICAL)
    logging.getLogger("huggingface_hub").setLevel(logging.CRITICAL)
    try:
        if builder:
            # streaming: rows come straight from the file, not from a cached copy of it
            options = _csv_options(file) if builder == "csv" else {}
            loaded: Iterable[Any] = datasets.load_dataset(builder, data_files=str(file), split="train", streaming=True, **options)
        elif file.is_dir():
            loaded = datasets.load_dataset(str(file), subset, split=split, streaming=True)
        else:
            loaded = datasets.load_dataset(path, subset, split=split, revision=revision)
        return [dict(row) for row in loaded]
    except (datasets.exceptions.DatasetsError, OSError, ValueError, KeyError) as error:
        raise DataError(_reason(path, builder, error)) from error


def _csv_options(file: Path) -> dict[str, Any]:
    import datasets

    separator = "\t" if file.suffix == ".tsv" else ","
    header = next(csv.reader(io.StringIO(read_text(file)), delimiter=separator), [])
    twice = duplicate(header)
    if twice is not None or not header:
        raise DataError(f"{file}:1: {'is empty, expected a line of column names' if not header else f'column {twice!r} stands twice'}")
    features = datasets.Features({column: datasets.Value("string") for column in header})
    return {"sep": separator, "features": features, "keep_default_na": False, "na_filter": False}


def _value(row: _Row, column: str, path: str, number: int) -> Any:
    if column not in row:
        raise DataError(f"{path}: row {number}: no column {column!r}; the table has {shorten(list(row))}")
    return row[column]


def _reason(path: str, builder: str | None, error: Exception) -> str:
    if builder == "json":
        for number, line in enumerate(read_text(Path(path)).split("\n"), 1):
            if line.strip():
                try:
                    json.loads(line)
                except json.JSONDecodeError as problem:
                    return f"{path}:{number}: not valid JSON: {problem.msg} at column {problem.colno}"
    if isinstance(error, (ConnectionError, OSError)) and builder is None and not Path(path).exists():
        return (
            f"{path}: no such file or folder, and the hub cannot be reached or has no such data set; "
            f"give a local path, or download it where there is a network ({type(error).__name__}: {_first_line(error)})"
        )
    cause = error.__cause__ or error
    return f"{path}: cannot be read as a data set: {type(cause).__name__}: {_first_line(cause)}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or ["no message"])[0][:200]
