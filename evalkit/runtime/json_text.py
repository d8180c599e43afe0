"""JSON as evalkit writes it: records become objects, and NaN and infinity become null."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import Any


def to_json(item: Any) -> Any:
    """Turn dataclasses, mappings and sequences into what `json` can write."""
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        return {field.name: to_json(getattr(item, field.name)) for field in dataclasses.fields(item)}
    if isinstance(item, Mapping):
        return {key: to_json(value) for key, value in item.items()}
    if isinstance(item, (list, tuple)):
        return [to_json(value) for value in item]
    if isinstance(item, float) and not math.isfinite(item):
        return None
    return item


def dumps(item: Any, indent: int | None = None) -> str:
    """Write dataclasses and plain values as JSON text."""
    return json.dumps(to_json(item), ensure_ascii=False, allow_nan=False, indent=indent)
