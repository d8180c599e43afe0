"""Reading the rows of tables: JSONL, JSON, Parquet, Arrow, folders, and data sets on the Hugging Face hub.

Every value is kept as it is in the file. Nothing is converted to a number, a date or a missing value.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from evalkit.data.compression import strip_ending
from evalkit.data.fields import read_fields
from evalkit.data.json_lines import read_json_lines, refuse_duplicates
from evalkit.data.text import find_path, has_lone_surrogate, normalize_id, read_text
from evalkit.errors import ConfigError, DataError, quote, shorten

TABLES = (".jsonl", ".json", ".csv", ".tsv", ".parquet", ".arrow")
"""File name extensions of tables."""

_SAVED = ("dataset_dict.json", "state.json")
"""Files of a folder that ``save_to_disk`` wrote: of one with splits, and of one without."""

_Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table."""

    path: str
    """The table."""
    number: int
    """The row number, from 1, without a header."""
    values: _Values
    """By column."""

    @property
    def where(self) -> str:
        """Table and row, for messages."""
        return f"{self.path}, row {self.number}"

    def find(self, column: str) -> Any:
        """The value in a column; None without such a column.

        ``translation.en`` is the field ``en`` of a column with objects, unless there is a column of that name.
        """
        if column in self.values:
            return self.values[column]
        name, _, key = column.partition(".")
        value = self.values.get(name)
        return value.get(key) if isinstance(value, Mapping) else None

    def has(self, column: str) -> bool:
        """Whether the row has a column, as `find` reads it."""
        name, _, key = column.partition(".")
        value = self.values.get(name)
        return column in self.values or (isinstance(value, Mapping) and key in value)

    def value(self, column: str) -> Any:
        """The value in a column.

        Raises:
            DataError: there is no such column.
        """
        if not self.has(column):
            raise DataError(f"{self.where}: no column {column!r}; the table has {shorten(self._columns)}")
        return self.find(column)

    @property
    def _columns(self) -> list[str]:
        """The columns, and the fields of those with objects."""
        fields = [
            [f"{column}.{key}" for key in value] if isinstance(value, Mapping) else [column]
            for column, value in self.values.items()
        ]
        return [name for names in fields for name in names]

    def text(self, column: str) -> str:
        """The text in a column.

        Raises:
            DataError: there is no such column, or the value is not a text.
        """
        value = self.value(column)
        if not isinstance(value, str):
            hint = (
                f"; name a field: {column}.{next(iter(value))}"
                if isinstance(value, Mapping) and value
                else ""
            )
            found = 'null; an empty text is ""' if value is None else quote(repr(value))
            raise DataError(f"{self.where}: column {column!r}: expected text, found {found}{hint}")
        if has_lone_surrogate(value):
            raise DataError(
                f"{self.where}: column {column!r}: half of a surrogate pair is not valid text: "
                f"{quote(repr(value))}"
            )
        return value

    def id(self, column: str, setting: str) -> str:
        """The id in a column: a text, or a whole number.

        Args:
            column: name of the column.
            setting: what chose the column, for the message: ``test_set.id``.

        Raises:
            DataError: there is no such column, or the value is missing or not an id.
        """
        value = self.value(column)
        if value is None or value == "":
            raise DataError(f"{self.where}: missing {column}. Add one, or set {setting}=null")
        if isinstance(value, (list, dict, float, bool)):
            raise DataError(f"{self.where}: column {column!r}: expected an id, found {value!r}")
        return normalize_id(str(value))


def find_ending(path: Path) -> str:
    """The extension of a file, without that of a compressed file: ``.jsonl`` for ``a.jsonl.gz``."""
    return Path(strip_ending(path.name)).suffix


def is_table(path: Path) -> bool:
    """Whether a path is a table by its ending, or a folder that ``save_to_disk`` wrote."""
    return find_ending(path) in TABLES or any((path / name).is_file() for name in _SAVED)


def load_rows(
    path: str,
    split: str,
    subset: str | None = None,
    revision: str | None = None,
    quoting: str | None = None,
) -> list[TableRow]:
    """Read the rows of a table.

    JSONL, JSON and CSV are read by Python's own parsers, because `datasets` converts values: a column of
    dates becomes time stamps, and 007 becomes 7. It also gives no line number for an invalid line. Parquet
    files, folders and the hub are read by `datasets`.

    Args:
        path: a file, a folder with the layout of a hub data set or written by ``save_to_disk``, or the name
            of a data set on the hub.
        split: of a folder or a data set on the hub.
        subset: the same, None for the default.
        revision: branch, tag or commit of a data set on the hub, None for the default.
        quoting: of CSV and TSV; see `read_fields`.

    Raises:
        ConfigError: a file with an unknown extension.
        DataError: the table is not found, is invalid or has no rows.
    """
    rows = [
        TableRow(path, number, values)
        for number, values in enumerate(_load(path, split, subset, revision, quoting), 1)
    ]
    if not rows:
        raise DataError(f"{path}: the table has no rows; expected one per segment")
    return rows


def _load(
    path: str, split: str, subset: str | None, revision: str | None, quoting: str | None
) -> Iterable[_Values]:
    file = Path(path)
    if find_ending(file) in TABLES:
        file = find_path(path, "table")
    if file.is_file():
        return _read_file(file, quoting)
    with _explain_errors(path):
        if file.is_dir():
            return _read_folder(file, split, subset, quoting)
        data_set = _import_datasets().load_dataset(path, subset, split=split, revision=revision)
        return [dict(row) for row in data_set]


def _read_file(file: Path, quoting: str | None) -> Iterable[_Values]:
    ending = find_ending(file)
    if ending not in TABLES:
        raise ConfigError(f"{file}: expected a file ending in {', '.join(TABLES)}")
    if ending == ".jsonl":
        return _read_jsonl(file)
    if ending == ".json":
        return _read_json(file)
    if ending in (".csv", ".tsv"):
        return read_fields(file, "," if ending == ".csv" else "\t", quoting)
    return _read_parquet(file) if ending == ".parquet" else _read_arrow(file)


def _read_jsonl(file: Path) -> list[_Values]:
    return [line.row for line in read_json_lines(file)]


def _read_json(file: Path) -> list[_Values]:
    """Read a list of objects, or one object per line, which some tools write with this extension."""
    text = read_text(file)
    if not text.lstrip().startswith("["):
        return _read_jsonl(file)
    try:
        rows = json.loads(text, object_pairs_hook=refuse_duplicates)
    except json.JSONDecodeError as error:
        raise DataError(
            f"{file}:{error.lineno}: not valid JSON: {error.msg} at column {error.colno}"
        ) from error
    except RecursionError as error:
        raise DataError(f"{file}: nested too deeply; expected a list of JSON objects") from error
    except ValueError as error:  # a duplicate key, or an integer of more than 4300 digits
        raise DataError(f"{file}: not valid JSON: {error}") from error
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise DataError(f"{file}, row {number}: expected a JSON object, found {quote(str(row))}")
    return list(rows)


def _read_parquet(file: Path) -> list[_Values]:
    with _explain_errors(str(file)):
        # streaming reads the file itself, not a cached copy of it
        rows = _import_datasets().load_dataset("parquet", data_files=str(file), split="train", streaming=True)
        return [dict(row) for row in rows]


def _read_arrow(file: Path) -> list[_Values]:
    import pyarrow as pa

    with _explain_errors(str(file)), pa.memory_map(str(file)) as source:
        try:
            reader = pa.ipc.open_stream(source)
        except pa.ArrowInvalid:
            reader = pa.ipc.open_file(source)
        return list(reader.read_all().to_pylist())


def _read_saved(folder: Path, split: str) -> list[_Values]:
    """Read what ``save_to_disk`` wrote: a data set, or one per split."""
    saved = _import_datasets().load_from_disk(str(folder))
    if isinstance(saved, dict):
        _check_split(folder, split, list(saved))
        saved = saved[split]
    return list(saved.with_format(None))


def _check_split(folder: Path, split: str, splits: list[str]) -> None:
    if split not in splits:
        raise DataError(f"{folder}: no split {split!r}; set test_set.split to one of {shorten(splits)}")


def _read_folder(folder: Path, split: str, subset: str | None, quoting: str | None) -> list[_Values]:
    """Read a local data set.

    `datasets` only finds the files of the split. It does not read them, because it would convert values.
    """
    if is_table(folder):
        return _read_saved(folder, split)
    parts = _import_datasets().load_dataset_builder(str(folder), subset).config.data_files or {}
    _check_split(folder, split, [str(name) for name in parts])
    return [row for part in parts[split] for row in _load(str(part), split, None, None, quoting)]


def _import_datasets() -> Any:
    """Import `datasets`, which is slow, and silence it."""
    import datasets

    datasets.disable_progress_bars()
    for library in ("datasets", "huggingface_hub"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    return datasets


@contextmanager
def _explain_errors(path: str) -> Iterator[None]:
    """Turn errors of `datasets` into one line that says what to do."""
    errors = _import_datasets().exceptions.DatasetsError, OSError, ValueError, KeyError
    try:
        yield
    except errors as error:
        cause = error.__cause__ or error
        first_line = (str(cause).strip().splitlines() or ["no message"])[0]
        reason = f"{type(cause).__name__}: {first_line[:200]}"
        if Path(path).exists():
            raise DataError(f"{path}: cannot be read as a data set: {reason}") from error
        raise DataError(
            f"{path}: no such file or folder, and no such data set on the hub, or the hub cannot be reached "
            f"({reason}); give a local path, or download the data set on a machine with a network"
        ) from error
