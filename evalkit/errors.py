"""Errors that a user can mend, each with the exit code it ends in, and helpers for their messages.

Exit codes of the command: 0 passed, 1 error, 2 usage, 3 gate failed.
"""

from __future__ import annotations

from collections.abc import Sequence

OK = 0
ERROR = 1
USAGE = 2
GATE_FAILED = 3


class EvalkitError(Exception):
    """Something a user can mend. The message is one line: what, where, expected, found, what to do."""

    exit_code = ERROR


class ConfigError(EvalkitError):
    """A setting that cannot be used, such as no systems or an unknown reference name."""

    exit_code = USAGE


class DataError(EvalkitError):
    """Input that cannot be read or does not fit together. Names the file and the line, id or byte."""


class MetricError(EvalkitError):
    """A metric that cannot give scores. The run goes on without it and records the reason."""


class NerError(EvalkitError):
    """Names that no model can find here. The run stops before anything is scored."""


class ModelError(EvalkitError):
    """A model, of a metric or for names, that cannot be had or cannot run here."""


class ResultsError(EvalkitError):
    """Results that cannot be written or read back."""


def shorten(items: Sequence[object], most: int = 8) -> str:
    """Items for a message: the first few, and how many more there are."""
    shown = ", ".join(str(item) for item in items[:most])
    return shown + (f" and {len(items) - most} more" if len(items) > most else "")


def quote(text: str, most: int = 40) -> str:
    """A text for a message, cut to length."""
    return repr(text if len(text) <= most else text[: most - 1] + "…")
