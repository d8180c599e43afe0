"""What a run records so that it can be understood later: versions, machine, commit."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ALWAYS = ("evalkit", "sacrebleu", "numpy", "scipy", "sentencex", "rapidfuzz", "hydra-core", "omegaconf")
_WHEN_IMPORTED = {
    "torch": "torch",
    "transformers": "transformers",
    "comet": "unbabel-comet",
    "datasets": "datasets",
    "spacy": "spacy",
    "gliner": "gliner",
    "pyarrow": "pyarrow",
}
"""Distribution by module: recorded if the run used it."""


@dataclass(frozen=True, kw_only=True)
class GitState:
    """The state of a git work tree."""

    commit: str
    dirty: bool
    """Whether files differ from the commit."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What a run was made with."""

    python: str = ""
    platform: str = ""
    packages: Mapping[str, str | None] = field(default_factory=dict)
    """Versions by distribution; None if it is not installed as a distribution."""
    git: GitState | None = None
    """Of the working directory; None outside a repository, or without git."""


def describe_environment() -> Environment:
    """Python, platform, package versions, and the commit of the working directory."""
    names = [*_ALWAYS, *(name for module, name in _WHEN_IMPORTED.items() if module in sys.modules)]
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(),
        packages={name: _find_version(name) for name in names},
        git=_read_git_state(Path.cwd()),
    )


def now() -> str:
    """The time in UTC, to the second, as ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _find_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _read_git_state(folder: Path) -> GitState | None:
    try:
        commit = _run_git(folder, "rev-parse", "HEAD").strip()
        changes = _run_git(folder, "status", "--porcelain", "--untracked-files=no").strip()
    except (OSError, subprocess.SubprocessError):
        return None
    return GitState(commit=commit, dirty=bool(changes))


def _run_git(folder: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=10, check=True)
    return done.stdout
