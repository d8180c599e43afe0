"""Classes by dotted name: how settings refer to metrics, formats, reports, name finders and gate rules."""

from __future__ import annotations

import dataclasses
from importlib import import_module
from typing import Any, TypeVar, cast

from evalkit.errors import ConfigError

T = TypeVar("T")


def find_class(target: str, base: type[T], place: str = "") -> type[T]:
    """Import the dataclass that a dotted name such as ``evalkit.metrics.lexical.Bleu`` refers to.

    Args:
        target: the dotted name.
        base: what the class must be derived from.
        place: the setting that has the name, for messages.

    Raises:
        ConfigError: it cannot be imported, or is not a dataclass derived from `base`.
    """
    module, _, name = target.rpartition(".")
    where = f"{place}={target}" if place else target
    try:
        cls: Any = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"{where}: cannot be imported: {' '.join(str(error).split())}") from error
    if not isinstance(cls, type) or not issubclass(cls, base) or not dataclasses.is_dataclass(cls):
        raise ConfigError(f"{where}: expected a dataclass derived from {base.__name__}")
    return cast("type[T]", cls)
