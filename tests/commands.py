"""What tests of the command share: a folder to run it in, and the command as a separate process."""

from __future__ import annotations

import subprocess
import sys

from miniature import in_folder

SETTINGS = ["significance.resamples=20"]
"""Few resamples, for runs whose intervals do not matter."""


def change_to_lines(folder, patch):
    """Change to a folder with `REFERENCE`, `GOOD` and `BAD`.

    Args:
        folder: an empty folder.
        patch: a `pytest.MonkeyPatch`, which changes back.

    Returns:
        The settings that read them.
    """
    in_folder(folder)
    patch.chdir(folder)
    return [
        "test_set=lines",
        "test_set.reference={A: ref.en}",
        "test_set.target_language=en",
        "systems=systems",
        "metrics=[bleu,chrf]",
    ]


def process(*arguments, **settings):
    """Run the command in a separate process.

    Args:
        arguments: of the command.
        settings: of `subprocess.run`.
    """
    return subprocess.run(
        [sys.executable, "-m", "evalkit", *arguments], capture_output=True, text=True, check=False, **settings
    )
