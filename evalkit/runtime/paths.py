"""Paths as people type them."""

from __future__ import annotations

import os
from pathlib import Path


def expand_home(path: str | Path) -> Path:
    """A path with its home folder for ``~`` or ``~user``, and as it is if there is no such user.

    ``Path.expanduser`` raises an error instead, also for a file that is called ``~draft.en``.
    """
    return Path(os.path.expanduser(path))  # noqa: PTH111
