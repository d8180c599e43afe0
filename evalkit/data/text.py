"""Reading text files exactly: UTF-8 only, lines end at line feeds only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from evalkit.errors import DataError, quote, shorten


def existing(path: str | Path, what: str) -> Path:
    """The path, if there is something there.

    Raises:
        DataError: nothing is there; names the nearest existing folder and what it holds.
    """
    found = Path(path).expanduser()
    if found.exists():
        return found
    parent = found.parent
    while not parent.exists():
        parent = parent.parent
    inside = sorted(p.name for p in parent.iterdir() if not p.name.startswith(".")) if parent.is_dir() else []
    hint = f"; {parent}/ has {shorten(inside)}" if inside else ""
    raise DataError(f"{found}: {what} not found{hint}")


def read_text(path: Path) -> str:
    """The text of a file, without byte order mark and with line feeds as line ends.

    Raises:
        DataError: the file cannot be read or is not UTF-8; gives the offset of the first bad byte.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}: not UTF-8 at byte {error.start} (0x{raw[error.start]:02x}); convert the file to UTF-8"
        ) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def read_lines(path: Path) -> list[str]:
    r"""The lines of a file. Only ``\n`` and ``\r\n`` end a line; U+2028 and the like are text.

    Raises:
        DataError: as `read_text`, or the file has no line at all.
    """
    text = read_text(path)
    if not text:
        raise DataError(f"{path}: is empty, expected one segment per line")
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def check_line_count(path: Path, lines: Sequence[str], expected: int, expected_by: str) -> None:
    """Refuse a file whose lines do not pair up.

    Raises:
        DataError: file, expected, found, and the first line that is missing or too many.
    """
    if len(lines) < expected:
        first = f"first missing: line {len(lines) + 1}"
    elif len(lines) > expected:
        first = f"first extra: line {expected + 1} {quote(lines[expected])}"
    else:
        return
    raise DataError(f"{path}: {len(lines)} lines, expected {expected} (as many as {expected_by}); {first}")


def duplicate(items: Iterable[object]) -> object | None:
    """The first item that stands twice, or None."""
    seen = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None
