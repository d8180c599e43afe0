"""What a run has to remember to be understood later: versions, machine, commit."""

from __future__ import annotations

import platform
import subprocess
import sys
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

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
"""Distribution by module: recorded where the run used it."""


def environment() -> dict[str, Any]:
    """Python, platform, package versions, and the commit of the folder the user stands in."""
    names = [*_ALWAYS, *(name for module, name in _WHEN_IMPORTED.items() if module in sys.modules)]
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in names},
        "git": _git(Path.cwd()),
    }


def now() -> str:
    """The time in UTC, to the second, as ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _git(folder: Path) -> dict[str, Any] | None:
    """Commit, and whether files differ from it; None outside a repository or without git."""
    try:
        commit, status = (
            subprocess.run(
                ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=10, check=True
            ).stdout
            for arguments in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit.strip(), "dirty": bool(status.strip())}
