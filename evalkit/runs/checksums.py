"""Checksums, which say whether a stored run is still what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def add_checksum(record: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a `run.json` with a checksum of it."""
    content = {key: value for key, value in record.items() if key != "checksum"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return content | {
        "checksum": "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    }


def checksum(path: Path) -> str:
    """``sha256:…`` of the content of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return f"sha256:{digest.hexdigest()}"
