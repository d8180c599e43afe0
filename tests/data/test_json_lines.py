"""Reading JSON Lines: what is skipped, and what every reader refuses with file and line."""

from __future__ import annotations

import re

import pytest

from evalkit.data.json_lines import read_json_lines
from evalkit.errors import DataError, ResultsError


@pytest.fixture
def write(tmp_path):
    def make(content):
        path = tmp_path / "rows.jsonl"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def test_rows_come_with_their_line_numbers(write):
    path = write('\ufeff{"a": 1}\r\n\n \t\r\n{"b": "x\u2028y\\r"}')
    assert list(read_json_lines(path)) == [(1, {"a": 1}), (4, {"b": "x\u2028y\r"})]


def test_a_file_without_rows(write):
    assert list(read_json_lines(write("\n"))) == []


def test_rows_are_read_one_by_one(write):
    rows = read_json_lines(write('{"a": 1}\nbroken\n'))
    assert next(rows) == (1, {"a": 1})
    with pytest.raises(DataError):
        next(rows)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1}\n{"a": \n', ":2: not valid JSON: Expecting value at column 7"),
        ('{"a": 1}\n["a"]\n', ":2: expected a verdict, found '[\"a\"]'"),
        ("[" * 100_000, ":1: nested too deeply; expected a verdict"),
        ('{"a": 1, "b": 2, "a": 3}', ":1: not valid JSON: duplicate key 'a'; remove one of the two"),
        ('{"a": ' + "1" * 5000 + "}", ":1: not valid JSON: Exceeds the limit"),
        ('{"a": 1}\r\nКиїв'.encode("cp1251"), ": not UTF-8 at byte 10 (0xca); in "),
    ],
    ids=["not JSON", "no object", "too deep", "duplicate key", "too many digits", "not UTF-8"],
)
@pytest.mark.parametrize("error", [DataError, ResultsError])
def test_what_cannot_be_read_is_refused_with_the_chosen_error(write, content, message, error):
    path = write(content)
    with pytest.raises(error, match=re.escape(f"{path}{message}")):
        list(read_json_lines(path, error=error, expected="a verdict"))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ResultsError, match=r"gone\.jsonl: cannot be read: No such file or directory"):
        list(read_json_lines(tmp_path / "gone.jsonl", error=ResultsError))
