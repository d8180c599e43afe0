"""What a run records about where it ran: versions, machine, commit."""

from __future__ import annotations

import platform
import subprocess
import sys
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypedDict

_ALWAYS = ("evalkit", "sacrebleu", "numpy", "scipy", "sentencex", "rapidfuzz", "hydra-core", "omegaconf")
"""Distributions that every run uses."""
_WHEN_IMPORTED = {
    "torch": "torch",
    "transformers": "transformers",
    "comet": "unbabel-comet",
    "datasets": "datasets",
    "spacy": "spacy",
    "gliner": "gliner",
    "pyarrow": "pyarrow",
}
"""Distributions by module, recorded if the run imported the module."""


class Commit(TypedDict):
    """The state of a git repository."""

    commit: str
    dirty: bool
    """Whether tracked files differ from the commit."""


class Environment(TypedDict):
    """Where a run took place, as stored in ``run.json``."""

    python: str
    platform: str
    packages: dict[str, str | None]
    """Version by distribution; None if it is not installed."""
    git: Commit | None
    """Of the current folder; None outside a repository or without git."""


def environment() -> Environment:
    """Python, platform, package versions, and the commit of the current folder."""
    names = [*_ALWAYS, *(name for module, name in _WHEN_IMPORTED.items() if module in sys.modules)]
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _find_version(name) for name in names},
        "git": _find_commit(Path.cwd()),
    }


def now() -> str:
    """The time in UTC, to the second, as ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _find_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _find_commit(folder: Path) -> Commit | None:
    try:
        commit = _run_git(folder, "rev-parse", "HEAD")
        status = _run_git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit, "dirty": bool(status)}


def _run_git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=10, check=True
    )
    return done.stdout.strip()
