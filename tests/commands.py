"""The evalkit command in a process of its own, for tests of what only a whole process shows."""

from __future__ import annotations

import subprocess
import sys

SETTINGS = ["significance.resamples=20"]
"""Few resamples, for runs whose intervals do not matter."""


def process(*arguments, **settings):
    """Run the command in a separate process.

    Args:
        arguments: of the command.
        settings: of `subprocess.run`.
    """
    return subprocess.run(
        [sys.executable, "-m", "evalkit", *arguments], capture_output=True, text=True, check=False, **settings
    )
