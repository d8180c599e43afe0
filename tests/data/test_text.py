"""Reading text files: what ends a line, what is refused, and the messages."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.data.text import check_line_count, find_duplicate, find_path, read_lines, read_text
from evalkit.errors import DataError, quote, shorten


def file(folder, content):
    path = folder / "file.en"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_byte_order_mark_is_removed(tmp_path):
    assert read_text(file(tmp_path, "\ufeffKyiv\n")) == "Kyiv\n"


def test_only_the_first_byte_order_mark_is_removed(tmp_path):
    assert read_text(file(tmp_path, "\ufeffKy\ufeffiv\n")) == "Ky\ufeffiv\n"


def test_crlf_line_ends_become_line_feeds(tmp_path):
    assert read_lines(file(tmp_path, "one\r\n\r\ntwo\r\n")) == ["one", "", "two"]


@pytest.mark.parametrize(
    "character", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\x1e", "\r"], ids=ascii
)
def test_only_a_line_feed_splits_a_line(tmp_path, character):
    assert read_lines(file(tmp_path, f"one{character}two\nthree\n")) == [f"one{character}two", "three"]


@pytest.mark.parametrize("content", ["one\n two \n", "one\n two "], ids=["line end", "no line end"])
def test_the_last_line_may_lack_its_end_and_space_is_kept(tmp_path, content):
    assert read_lines(file(tmp_path, content)) == ["one", " two "]


@pytest.mark.parametrize(("content", "expected"), [("\n", [""]), ("one\n\n\n", ["one", "", ""])])
def test_blank_lines_are_lines(tmp_path, content, expected):
    assert read_lines(file(tmp_path, content)) == expected


def strings():
    return st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\n\r")), min_size=1)


@given(strings().filter(lambda lines: lines != [""] and not lines[0].startswith("\ufeff")))
def test_lines_are_read_back_as_they_were_written(lines):
    with tempfile.TemporaryDirectory() as folder:
        assert read_lines(file(Path(folder), "".join(line + "\n" for line in lines))) == lines


@pytest.mark.parametrize(
    ("content", "offset", "byte"),
    [
        (b"Ky\xffiv", 2, "ff"),
        ("Київ".encode("cp1251"), 0, "ca"),
        (b"\xed\xa0\x80", 0, "ed"),
    ],
    ids=["stray byte", "cp1251", "surrogate"],
)
def test_a_file_that_is_not_utf8_is_refused_with_the_byte_offset(tmp_path, content, offset, byte):
    with pytest.raises(DataError, match=rf"file\.en: not UTF-8 at byte {offset} \(0x{byte}\); "):
        read_text(file(tmp_path, content))


@pytest.mark.parametrize("content", ["", "\ufeff"], ids=["no byte", "byte order mark only"])
def test_an_empty_file_has_no_lines(tmp_path, content):
    with pytest.raises(DataError, match=r"file\.en: the file is empty; expected one segment per line$"):
        read_lines(file(tmp_path, content))


def test_a_folder_cannot_be_read_as_text(tmp_path):
    with pytest.raises(DataError, match=re.escape(f"{tmp_path}: cannot be read: ")):
        read_text(tmp_path)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a", "b"], "hyp: 2 lines, expected 3 (as in ref); the first missing line is 3"),
        (
            ["a", "b", "c", "delta", "e"],
            "hyp: 5 lines, expected 3 (as in ref); the first extra line is 4: 'delta'",
        ),
    ],
    ids=["too few", "too many"],
)
def test_a_wrong_line_count_says_file_expected_found_and_first_line(lines, message):
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        check_line_count(Path("hyp"), lines, 3, "as in ref")


def test_an_equal_line_count_passes():
    check_line_count(Path("hyp"), ["a", "b"], 2, "as in ref")


def test_a_missing_path_names_the_nearest_folder_and_its_content(tmp_path):
    for name in ("b.txt", "a.txt", ".hidden"):
        (tmp_path / name).touch()
    missing = tmp_path / "no" / "where.txt"
    with pytest.raises(
        DataError,
        match=f"^{re.escape(f'{missing}: reference A not found; {tmp_path}/ contains a.txt, b.txt')}$",
    ):
        find_path(missing, "reference A")


def test_a_tilde_is_expanded_to_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_path("~", "home") == tmp_path


@pytest.mark.parametrize(("items", "expected"), [("abc", None), ("abcba", "b"), ([], None)])
def test_the_first_duplicate(items, expected):
    assert find_duplicate(items) == expected


def test_long_lists_and_texts_are_cut_for_messages():
    assert (shorten(range(3)), shorten(range(10), 2)) == ("0, 1, 2", "0, 1 and 8 more")
    assert (quote("a'b"), quote("abcdef", 4)) == ('"a\'b"', "'abc…'")


def test_lines_that_end_with_a_carriage_return_only_are_refused(tmp_path):
    path = tmp_path / "old mac.txt"
    path.write_bytes(b"one\rtwo\r")
    with pytest.raises(DataError, match="lines end with a carriage return") as refusal:
        read_lines(path)
    command = str(refusal.value).partition("convert the file: ")[2].replace("NEW", "new.txt")
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True)
    assert read_lines(tmp_path / "new.txt") == ["one", "two"]
