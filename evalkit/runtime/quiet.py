"""Silence for libraries that print while they load and run models."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator

_LOUD = (
    "spacy",
    "transformers",
    "huggingface_hub",
    "gliner",
    "comet",
    "torch",
    "lightning",
    "pytorch_lightning",
    "lightning_fabric",
)
"""Loggers that report more than errors."""


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Hide what spaCy, torch, Lightning, transformers, comet and gliner print. They still raise errors."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    levels = {name: logging.getLogger(name).level for name in _LOUD}
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.ERROR)
    printed = io.StringIO()
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
