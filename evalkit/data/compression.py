"""Opening files that may be compressed: gzip, bzip2, xz or zstandard, recognised by their first bytes."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

LIMIT = 1 << 30
"""Most bytes that a compressed file may expand to. A few kilobytes can expand to more than any memory."""
_PART = 1 << 16
_ENDINGS = (".gz", ".bz2", ".xz", ".zst")


class _Kind(NamedTuple):
    name: str
    first_bytes: re.Pattern[bytes]
    open: Callable[[BinaryIO], Any]


def _open_with_arrow(file: BinaryIO, codec: str) -> Any:
    """Open bzip2, of which Python's module ignores what follows a damaged header, or zstandard."""
    import pyarrow as pa

    return pa.CompressedInputStream(file, codec)


class _XzStream:
    """The content of an xz file. Python's own class ignores what follows a damaged header."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._decoder = file, lzma.LZMADecompressor()

    def read(self, size: int) -> bytes:
        """Read some bytes, at most `size`; none at the end."""
        content = b""
        while not content:
            part = self._file.read(_PART) if self._decoder.eof or self._decoder.needs_input else b""
            if self._decoder.eof:
                part = (self._decoder.unused_data + part).lstrip(b"\0")  # streams may be padded
                if not part:
                    return b""
                self._decoder = lzma.LZMADecompressor()
            elif self._decoder.needs_input and not part:
                raise EOFError("it ends before its content does")
            content = self._decoder.decompress(part, size)
        return content


_KINDS = (
    _Kind("gzip", re.compile(rb"\x1f\x8b"), gzip.open),
    _Kind("bzip2", re.compile(rb"BZh[1-9]"), partial(_open_with_arrow, codec="bz2")),
    _Kind("xz", re.compile(rb"\xfd7zXZ\x00"), _XzStream),
    _Kind(
        "zstandard",
        re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
        partial(_open_with_arrow, codec="zstd"),
    ),
)
_REFUSED = {
    b"PK\x03\x04": "a zip archive (or a document of an office program)",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x04\x22\x4d\x18": "compressed with lz4",
    b"%PDF-": "a PDF document",
}
"""Files that are often given in place of a text, by their first bytes."""


def strip_ending(name: str) -> str:
    """A file name without the ending of a compressed file: ``a.txt`` for ``a.txt.gz``."""
    return name.removesuffix(next((ending for ending in _ENDINGS if name.endswith(ending)), ""))


@contextmanager
def open_decompressed(path: Path) -> Iterator[io.BufferedReader]:
    """Open a file to read its bytes, decompressed if it is compressed, whatever its name.

    Raises:
        OSError: the file cannot be read, here or while reading: damaged, cut off, or of a kind that is not
            text.
    """
    with path.open("rb") as file:
        head = file.peek(16)
        for first_bytes, what in _REFUSED.items():
            if head.startswith(first_bytes):
                raise OSError(f"it is {what}; extract the text, or compress it with gzip, xz or zstd")
        kind = next((kind for kind in _KINDS if kind.first_bytes.match(head)), None)
        if kind is None:
            yield file
        else:
            yield io.BufferedReader(_Decompressed(file, kind))


class _Decompressed(io.RawIOBase):
    """The content of a compressed file, up to `LIMIT`."""

    def __init__(self, file: BinaryIO, kind: _Kind) -> None:
        self._stream, self._kind, self._size = kind.open(file), kind.name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """See `io.RawIOBase.readinto`."""
        try:
            content = self._stream.read(len(buffer))
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            raise OSError(
                f"the {self._kind} file is damaged or cut off ({error}); copy it again, or compress it again"
            ) from error
        self._size += len(content)
        if self._size > LIMIT:
            raise OSError(
                f"the {self._kind} file expands to more than {LIMIT >> 20:,} MiB; "
                "decompress it first if that is intended"
            )
        buffer[: len(content)] = content
        return len(content)
