"""Writing text files so that a failure leaves none half-written and is explained in one line."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from evalkit.errors import ResultsError


@contextmanager
def explain_write_errors(target: Path, advice: str) -> Iterator[None]:
    """Turn an OSError into a ResultsError that says what cannot be written, why, and what to do.

    Args:
        target: the file or folder, for errors that do not name a file.
        advice: what to do, such as ``choose another folder with output=FOLDER``, unless the disk is full.

    Raises:
        ResultsError: an OSError was raised.
    """
    try:
        yield
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        # files are staged in folders named .incomplete-…, which are removed
        path = re.sub(r"\.incomplete-[^/\\]*[/\\]?", "", str(error.filename or target))
        remedy = "free some space" if is_full else advice
        raise ResultsError(f"{path}: cannot be written: {error.strerror or error}; {remedy}") from error


def write_text(path: Path, text: str) -> None:
    """Write a text file, and create its folder if it is missing.

    A path may have bytes that are not UTF-8, which Python keeps as halves of surrogate pairs. They are
    written as the escapes of JSON.

    Raises:
        OSError: it cannot be written; names the file.
    """
    with _name_file(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")


def replace_files(texts: Mapping[Path, str]) -> None:
    """Write text files, each completely or not at all. None is replaced before all are written beside them.

    Args:
        texts: by path. A link is followed, and file modes are kept.

    Raises:
        OSError: a file cannot be written; names it. Then usually none is changed.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            target = path.resolve()
            staged[target] = target.with_name(f".{target.name}.incomplete-{os.getpid()}")
            with _name_file(path):
                write_text(staged[target], text)
                if target.exists():
                    shutil.copymode(target, staged[target])
        for target, stage in staged.items():
            with _name_file(target):
                stage.replace(target)
    finally:
        for stage in staged.values():
            with suppress(OSError):
                stage.unlink()


@contextmanager
def _name_file(path: Path) -> Iterator[None]:
    """Let every OSError name a file, which those of writing do not."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
