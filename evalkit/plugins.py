"""Classes by their dotted name, which is how settings and stored runs refer to metrics and test-set formats."""

from __future__ import annotations

import dataclasses
from importlib import import_module

from evalkit.errors import ConfigError


def find_class(target: str, base: type) -> type:
    """The dataclass that a dotted name such as ``evalkit.metrics.lexical.Bleu`` stands for.

    Raises:
        ConfigError: it cannot be imported, or is no dataclass derived from `base`.
    """
    module, _, name = target.rpartition(".")
    try:
        cls = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"{target}: cannot be imported: {' '.join(str(error).split())}") from error
    if not isinstance(cls, type) or not issubclass(cls, base) or not dataclasses.is_dataclass(cls):
        raise ConfigError(f"{target}: is no {base.__name__}")
    return cls
