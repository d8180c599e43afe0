"""Reading text files exactly: only UTF-8 is accepted, and only a line feed ends a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from evalkit.errors import DataError, EvalkitError, quote, shorten
from evalkit.languages.registry import has_spaces

_SURROGATE = re.compile("[\ud800-\udfff]")


def find_path(path: str | Path, what: str) -> Path:
    """Expand ``~`` in a path and check that it exists.

    Args:
        path: a file or folder.
        what: what the path is, for the message: ``reference A``.

    Raises:
        DataError: the path does not exist; names the nearest existing folder and what it contains.
    """
    expanded = Path(path).expanduser()
    if expanded.exists():
        return expanded
    parent = expanded.parent
    while not parent.exists():
        parent = parent.parent
    names = sorted(p.name for p in parent.iterdir() if not p.name.startswith(".")) if parent.is_dir() else []
    hint = f"; {parent}/ contains {shorten(names)}" if names else ""
    raise DataError(f"{expanded}: {what} not found{hint}")


def read_text(path: Path) -> str:
    """Read a file, without byte order mark and with line feeds as line ends.

    Raises:
        DataError: the file cannot be read or is not UTF-8; gives the offset of the first invalid byte.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    return decode_utf8(content, path).removeprefix("\ufeff").replace("\r\n", "\n")


def decode_utf8(content: bytes, path: Path, offset: int = 0, error: type[EvalkitError] = DataError) -> str:
    """Decode UTF-8.

    Args:
        content: of a file, or a part of it.
        path: the file, for the message.
        offset: where the part begins in the file, in bytes.
        error: the class of error to raise.

    Raises:
        EvalkitError: of the class `error`. The content is not UTF-8; gives the offset of the first invalid
            byte.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        place = f"byte {offset + problem.start} (0x{content[problem.start]:02x})"
        raise error(f"{path}: not UTF-8 at {place}; convert the file to UTF-8") from problem


def read_lines(path: Path) -> list[str]:
    r"""Read the lines of a file. Only ``\n`` and ``\r\n`` end a line; U+2028 and the like are text.

    Raises:
        DataError: as `read_text`, or the file is empty.
    """
    text = read_text(path)
    if not text:
        raise DataError(f"{path}: the file is empty; expected one segment per line")
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def iterate_lines(path: Path, error: type[EvalkitError] = DataError) -> Iterator[tuple[int, str]]:
    r"""Read a file line by line, so that a large file need not fit into memory.

    Args:
        path: a UTF-8 file. Only ``\n`` and ``\r\n`` end a line; a byte order mark is skipped.
        error: the class of error to raise.

    Yields:
        The line number, from 1, and the line without its end.

    Raises:
        EvalkitError: of the class `error`. The file cannot be read, or a line is not UTF-8.
    """
    offset = 0
    try:
        with path.open("rb") as file:
            for line_number, content in enumerate(file, 1):
                line = decode_utf8(content, path, offset, error).removesuffix("\n").removesuffix("\r")
                yield line_number, line.removeprefix("\ufeff") if line_number == 1 else line
                offset += len(content)
    except OSError as problem:
        raise error(f"{path}: cannot be read: {problem.strerror or problem}") from problem


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
    raise DataError(f"{path}: {len(lines)} lines, expected {expected} ({why}); {first}")


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
