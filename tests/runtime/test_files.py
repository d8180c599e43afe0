"""Text files that are written wholly or not at all, and what is said where they cannot be written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from evalkit.errors import ResultsError
from evalkit.runtime.files import explain_write_errors, replace_files, write_text


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "free some space"),
        (errno.EACCES, "choose another folder"),
        (errno.EROFS, "choose another folder"),
    ],
)
def test_the_remedy_follows_the_reason(number, remedy):
    reason = os.strerror(number)
    with (
        pytest.raises(ResultsError) as error,
        explain_write_errors(Path("out"), "choose another folder"),
    ):
        raise OSError(number, reason, "out/run.json")
    assert str(error.value) == f"out/run.json: cannot be written: {reason}; {remedy}"


def test_an_error_that_names_no_file_or_no_reason_is_explained_all_the_same():
    with pytest.raises(ResultsError) as error, explain_write_errors(Path("out"), "try again"):
        raise OSError(errno.EIO, "Input/output error")
    assert str(error.value) == "out: cannot be written: Input/output error; try again"
    with pytest.raises(ResultsError) as error, explain_write_errors(Path("out"), "try again"):
        raise OSError("the disk is gone")
    assert str(error.value) == "out: cannot be written: the disk is gone; try again"


def test_a_file_is_named_where_it_was_to_be_and_not_where_it_was_prepared():
    for found, shown in (
        ("out/.incomplete-x1/systems/a/report.md", "out/systems/a/report.md"),
        ("out/.incomplete-x1", "out/"),
        ("out/run.json", "out/run.json"),
    ):
        with pytest.raises(ResultsError) as error, explain_write_errors(Path("out"), "try again"):
            raise OSError(errno.EIO, "Input/output error", found)
        assert str(error.value).startswith(f"{shown}: cannot be written: ")


def test_text_is_written_as_utf_8_with_line_feeds(tmp_path):
    write_text(tmp_path / "a" / "b" / "text", "Kyiv – Київ\n\r\nend")
    assert (tmp_path / "a" / "b" / "text").read_bytes() == "Kyiv – Київ\n\r\nend".encode()
    write_text(tmp_path / "path", os.fsdecode(b"a\xffb"))
    assert (tmp_path / "path").read_bytes() == rb"a\udcffb"


def test_files_that_are_replaced_keep_their_modes_and_their_links(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to("target")
    replace_files({link: "new", tmp_path / "another": "first"})
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["another", "link", "target"]


def test_no_file_is_replaced_where_one_cannot_be_written(tmp_path):
    (tmp_path / "first").write_text("old", encoding="utf-8")
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(OSError, match=r"file.second") as error:
        replace_files({tmp_path / "first": "new", tmp_path / "file" / "second": "new"})
    assert error.value.filename == str(tmp_path / "file" / "second")
    assert (tmp_path / "first").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "first"], "nothing is left behind"
