"""Classes by dotted name: how settings refer to metrics, formats, reports, name finders and gate rules."""

from __future__ import annotations

import dataclasses
from importlib import import_module
from typing import Any, TypeVar, cast

from evalkit.errors import ConfigError

T = TypeVar("T")


def find_class(target: str, base: type[T]) -> type[T]:
    """Import the dataclass that a dotted name such as ``evalkit.metrics.lexical.Bleu`` refers to.

    Raises:
        ConfigError: it cannot be imported, or is not a dataclass derived from `base`.
    """
    module, _, name = target.rpartition(".")
    try:
        cls: Any = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"{target}: cannot be imported: {' '.join(str(error).split())}") from error
    if not isinstance(cls, type) or not issubclass(cls, base) or not dataclasses.is_dataclass(cls):
        raise ConfigError(f"{target}: expected a dataclass derived from {base.__name__}")
    return cast("type[T]", cls)
