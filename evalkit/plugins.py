"""Classes by their dotted name, which settings and stored runs use for metrics and test-set formats."""

from __future__ import annotations

import dataclasses
from importlib import import_module

from evalkit.errors import ConfigError


def find_class(target: str, base: type) -> type:
    """Import the dataclass with a dotted name such as ``evalkit.metrics.lexical.Bleu``.

    Raises:
        ConfigError: it cannot be imported, or is not a dataclass derived from `base`.
    """
    module, _, name = target.rpartition(".")
    try:
        cls = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"{target}: cannot be imported: {' '.join(str(error).split())}") from error
    if not isinstance(cls, type) or not issubclass(cls, base) or not dataclasses.is_dataclass(cls):
        raise ConfigError(f"{target}: not a {base.__name__}; expected a dataclass derived from it")
    return cls
