"""Reading of the YAML files with what is known of languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent


def has_file(name: str) -> bool:
    """Whether there is a file of this name; subfolders are part of it."""
    return (_FOLDER / name).is_file()


def read_file(name: str) -> Any:  # as the reader describes it
    """Read a file with the fast loader; an empty mapping if there is no such file."""
    if not has_file(name):
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((_FOLDER / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # both are safe
