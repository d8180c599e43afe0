"""Compressed files, made by the commands that people use, or by Python."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import shutil
import subprocess
import tarfile

import pyarrow as pa
import pytest

from evalkit.data import compression
from evalkit.data.compression import strip_ending
from evalkit.data.text import iterate_lines, read_lines, read_text
from evalkit.errors import DataError

TEXT = "Zürich\n東京\n" * 5000


def pack_zstandard(content):
    sink = io.BytesIO()
    sink.close = lambda: None
    with pa.CompressedOutputStream(pa.PythonFile(sink, "w"), "zstd") as stream:
        stream.write(content)
    return sink.getvalue()


PACK = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": pack_zstandard}
COMMANDS = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}


@pytest.fixture(params=PACK)
def packed(request, tmp_path):
    """A compressed file of `TEXT`."""
    path = tmp_path / f"text.{request.param}"
    path.write_bytes(PACK[request.param](TEXT.encode()))
    return path


def refused(path):
    with pytest.raises(DataError) as error:
        read_text(path)
    with pytest.raises(DataError, match=re.escape(str(error.value))):
        list(iterate_lines(path))
    return str(error.value)


def test_a_compressed_file_is_read_as_the_file_itself(packed):
    assert read_text(packed) == TEXT
    assert [line for _, line in iterate_lines(packed)] == TEXT.splitlines()


@pytest.mark.parametrize("ending", COMMANDS)
def test_what_the_command_writes_is_read(tmp_path, ending):
    if not shutil.which(COMMANDS[ending]):
        pytest.skip(f"{COMMANDS[ending]} is not installed")
    packed = subprocess.run(
        [COMMANDS[ending], "-q", "-c"], input=TEXT.encode(), capture_output=True, check=True
    ).stdout
    (tmp_path / "text").write_bytes(packed + packed)  # as cat a.gz b.gz > c.gz
    assert read_text(tmp_path / "text") == TEXT * 2


@pytest.mark.parametrize("name", ["text", "text.txt", "text.en.gz"])
def test_the_content_counts_and_not_the_name(packed, name):
    path = packed.rename(packed.with_name(name))
    assert read_text(path) == TEXT
    path.write_text("plain\n", encoding="utf-8")
    assert read_lines(path) == ["plain"]


def test_a_file_that_was_cut_off_is_refused(packed):
    content = packed.read_bytes()
    for size in (8, len(content) // 2, len(content) - 1):
        packed.write_bytes(content[:size])
        assert re.fullmatch(
            rf"{packed}: cannot be read: the \S+ file is damaged or cut off \(.*\); copy it again, "
            "or compress it again",
            refused(packed),
        )


@pytest.mark.parametrize("packed", [ending for ending in PACK if ending != "zst"], indirect=True)
def test_a_damaged_file_is_refused(packed):  # zst as pyarrow writes it has no checksum
    content = bytearray(packed.read_bytes())
    content[len(content) // 2] ^= 255
    packed.write_bytes(content)
    assert "file is damaged or cut off" in refused(packed)


def test_a_damaged_second_part_is_refused(packed):
    """Python's xz and bzip2 would read the first part alone."""
    content = packed.read_bytes()
    packed.write_bytes(content + b"?" + content[1:])
    assert "file is damaged or cut off" in refused(packed)


def test_xz_may_be_padded(tmp_path):
    path = tmp_path / "text.xz"
    path.write_bytes(lzma.compress(TEXT.encode()) + bytes(8) + lzma.compress(b"end\n") + bytes(4))
    assert read_text(path) == f"{TEXT}end\n"


def test_a_compressed_file_without_content_is_empty(tmp_path):
    for ending, pack in PACK.items():
        path = tmp_path / f"text.{ending}"
        path.write_bytes(pack(b""))
        with pytest.raises(DataError, match="the file is empty; expected one segment per line"):
            read_lines(path)


def test_a_file_that_expands_without_end_is_refused(packed, monkeypatch):
    monkeypatch.setattr(compression, "LIMIT", 1 << 16)
    assert re.search(r"expands to more than 0 MiB; decompress it first if that is intended$", refused(packed))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04....", "it is a zip archive (or a document of an office program)"),
        (b"%PDF-1.7", "it is a PDF document"),
        (b"7z\xbc\xaf\x27\x1c..", "it is a 7z archive"),
        (b"\x04\x22\x4d\x18..", "it is compressed with lz4"),
    ],
)
def test_other_kinds_of_files_are_named(tmp_path, content, what):
    (tmp_path / "text").write_bytes(content)
    assert f"text: cannot be read: {what}; extract the text" in refused(tmp_path / "text")


def test_a_tar_archive_is_named(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "a.txt", "a.txt")
    assert refused(tmp_path / "a.tar.gz").endswith("a.tar.gz: it is a tar archive; extract its files")


def test_endings_are_stripped_once():
    names = ["a.txt.gz", "a.txt", "a.xz", "gz", "a.gz.gz", "a.bz2", "a.zst"]
    assert [strip_ending(name) for name in names] == ["a.txt", "a.txt", "a", "gz", "a.gz", "a", "a"]
