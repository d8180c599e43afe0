"""Reading text files exactly: nothing is guessed, and only a line feed ends a line."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader, TextIOWrapper
from pathlib import Path

from evalkit.data.compression import open_decompressed
from evalkit.data.encodings import decode, decode_utf8, explain_mark, find_mark
from evalkit.errors import DataError, EvalkitError, format_count, quote, shorten
from evalkit.languages.registry import has_spaces
from evalkit.runtime.paths import expand_home

_SURROGATE = re.compile("[\ud800-\udfff]")


def find_path(path: str | Path, what: str) -> Path:
    """Expand ``~`` in a path and check that it exists.

    Args:
        path: a file or folder.
        what: what the path is, for the message: ``reference A``.

    Raises:
        DataError: the path does not exist; names the nearest existing folder and what it contains.
    """
    expanded = expand_home(path)
    found = find_existing(expanded)
    if found is not None:
        return found
    parent = expanded.parent
    while not parent.exists():
        parent = parent.parent
    names = sorted(p.name for p in parent.iterdir() if not p.name.startswith(".")) if parent.is_dir() else []
    hint = f"; {parent}/ contains {shorten(names)}" if names else ""
    raise DataError(f"{expanded}: {what} not found{hint}")


def find_existing(path: Path) -> Path | None:
    """A path that exists: as given, or with its last name in another Unicode normal form; otherwise None."""
    if path.exists():
        return path
    entries = path.parent.iterdir() if path.parent.is_dir() else iter(())
    return next((entry for entry in entries if normalize_id(entry.name) == normalize_id(path.name)), None)


def read_text(path: Path) -> str:
    """Read a file, decompressed, without byte order mark and with line feeds as line ends.

    Raises:
        DataError: the file cannot be read, or is not text as `decode` reads it.
    """
    return decode(read_content(path), path).replace("\r\n", "\n")


def read_content(path: Path) -> bytes:
    """Read the bytes of a file, decompressed.

    Raises:
        DataError: the file cannot be read.
    """
    with _explain_errors(path, DataError), open_decompressed(path) as file:
        return file.read()


@contextmanager
def _explain_errors(path: Path, error: type[EvalkitError]) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise error(f"{path}: cannot be read: {problem.strerror or problem}") from problem


def read_lines(path: Path) -> list[str]:
    r"""Read the lines of a file. Only ``\n`` and ``\r\n`` end a line; U+2028 and the like are text.

    Raises:
        DataError: as `read_text`, or the file is empty.
    """
    text = read_text(path)
    if not text:
        raise DataError(f"{path}: the file is empty; expected one segment per line")
    check_line_ends(text, path)
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def check_line_ends(text: str, path: Path) -> None:
    """Refuse a text of several lines that end with a carriage return only, as on old Macs.

    Raises:
        DataError: says how to convert the file.
    """
    if "\r" in text and "\n" not in text:
        raise DataError(
            f"{path}: its lines end with a carriage return, expected a line feed; convert the file: "
            f"tr '\\r' '\\n' < {shlex.quote(path.name)} > NEW"
        )


def iterate_lines(path: Path, error: type[EvalkitError] = DataError) -> Iterator[tuple[int, str]]:
    r"""Read a file line by line, so that a large file need not fit into memory.

    Args:
        path: a file. Only ``\n`` and ``\r\n`` end a line; a byte order mark is skipped.
        error: the class of error to raise.

    Yields:
        The line number, from 1, and the line without its end.

    Raises:
        EvalkitError: of the class `error`. The file cannot be read, or a line is not text as `decode` reads
            it.
    """
    with _explain_errors(path, error), open_decompressed(path) as file:
        mark = find_mark(file.peek(4))
        lines = (
            _decode_lines(file, path, error)
            if mark in (None, "utf-8-sig")
            else _decode_marked(file, path, mark, error)
        )
        for line_number, line in enumerate(lines, 1):
            text = line.removesuffix("\n").removesuffix("\r")
            yield line_number, text.removeprefix("\ufeff") if line_number == 1 else text


def _decode_lines(file: BufferedReader, path: Path, error: type[EvalkitError]) -> Iterator[str]:
    """The lines of an open UTF-8 file, with their ends."""
    offset = 0
    for content in file:
        yield decode_utf8(content, path, offset, error, file)
        offset += len(content)


def _decode_marked(
    file: BufferedReader, path: Path, encoding: str, error: type[EvalkitError]
) -> Iterator[str]:
    """The lines of an open file in the encoding of its byte order mark, with their ends."""
    try:
        with TextIOWrapper(file, encoding=encoding, newline="\n") as lines:
            yield from lines
    except UnicodeDecodeError as problem:
        raise error(explain_mark(path, encoding, problem)) from problem


def check_line_count(path: Path, lines: Sequence[str], expected: int, why: str) -> None:
    """Refuse a file with the wrong number of lines.

    Args:
        path: the file, for the message.
        lines: of the file.
        expected: the right number.
        why: why that number is expected, for the message: ``as in ref.en``.

    Raises:
        DataError: gives both counts and the first line that is missing or extra.
    """
    if len(lines) < expected:
        first = f"the first missing line is {len(lines) + 1}"
    elif len(lines) > expected:
        first = f"the first extra line is {expected + 1}: {quote(lines[expected])}"
    else:
        return
    raise DataError(f"{path}: {format_count(len(lines), 'line')}, expected {expected} ({why}); {first}")


def normalize_id(text: str) -> str:
    """An id or file name in the form in which they are compared: file names from macOS are decomposed."""
    return unicodedata.normalize("NFC", text)


def find_duplicate(items: Iterable[object]) -> object | None:
    """Return the first item that occurs twice, or None."""
    seen = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None


def has_lone_surrogate(text: str) -> bool:
    """Whether a text has half of a surrogate pair, which JSON can express and UTF-8 cannot."""
    return _SURROGATE.search(text) is not None


def compile_whole_words(text: str, language: str) -> re.Pattern[str]:
    """A pattern that matches a text between word boundaries, or anywhere in a language without spaces."""
    edge = r"\w" if has_spaces(language) else r"(?!)"
    return re.compile(rf"(?<!{edge}){re.escape(text)}(?!{edge})")
