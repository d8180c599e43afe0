"""Reading JSON Lines: one JSON object per line, with blank lines ignored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from evalkit.data.text import find_duplicate, iterate_lines
from evalkit.errors import DataError, EvalkitError, quote


class JsonLine(NamedTuple):
    """One line of a file."""

    line_number: int
    """Counted from 1, blank lines included."""
    row: dict[str, Any]


def read_json_lines(
    path: Path, *, error: type[EvalkitError] = DataError, expected: str = "a JSON object"
) -> Iterator[JsonLine]:
    """Read the objects of a JSON Lines file one by one, so that a large file need not fit into memory.

    Args:
        path: a UTF-8 file, read as `iterate_lines` does.
        error: the class of error to raise.
        expected: what a line contains, for messages.

    Raises:
        EvalkitError: of the class `error`. The file cannot be read or is not UTF-8, or a line is not an
            object.
    """
    for line_number, text in iterate_lines(path, error):
        if text.strip():
            row = parse_object(text, f"{path}:{line_number}", error=error, expected=expected)
            yield JsonLine(line_number, row)


def parse_object(
    text: str, where: str, *, error: type[EvalkitError] = DataError, expected: str = "a JSON object"
) -> dict[str, Any]:
    """Parse a JSON object.

    Args:
        text: the JSON.
        where: file and line, for messages.
        error: the class of error to raise.
        expected: what the text contains, for messages.

    Raises:
        EvalkitError: of the class `error`. The text is not valid JSON, is not an object, or is nested too
            deeply.
    """
    try:
        row = json.loads(text, object_pairs_hook=refuse_duplicates)
    except json.JSONDecodeError as problem:
        raise error(f"{where}: not valid JSON: {problem.msg} at column {problem.colno}") from problem
    except RecursionError as problem:
        raise error(f"{where}: nested too deeply; expected {expected}") from problem
    except ValueError as problem:  # a duplicate key, or an integer of more than 4300 digits
        raise error(f"{where}: not valid JSON: {problem}") from problem
    if not isinstance(row, dict):
        raise error(f"{where}: expected {expected}, found {quote(text.strip())}")
    return row


def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object for `json.loads`, which would otherwise keep only the last of two values of a key.

    Raises:
        ValueError: names the key.
    """
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError(f"duplicate key {find_duplicate(key for key, _ in pairs)!r}; remove one of the two")
    return row
