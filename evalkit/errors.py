"""Errors that you can fix, each with its exit code, and helpers for their messages.

Exit codes of the command: 0 passed, 1 error, 2 usage, 3 gate failed.
"""

from __future__ import annotations

from collections.abc import Sequence

OK = 0
ERROR = 1
USAGE = 2
GATE_FAILED = 3


class EvalkitError(Exception):
    """Something that you can fix.

    The message is one line: what is wrong, where, what was expected, and what to do.
    """

    exit_code = ERROR


class ConfigError(EvalkitError):
    """A setting is invalid, such as an unknown reference name."""

    exit_code = USAGE


class DataError(EvalkitError):
    """An input file is invalid or does not fit the others. The message names file and line, id or byte."""


class MetricError(EvalkitError):
    """A metric cannot score. The run continues without it and records the reason."""


class NerError(EvalkitError):
    """Names cannot be found. The run stops before anything is scored."""


class ModelError(EvalkitError):
    """A model, of a metric or for names, is not available or cannot run on this machine."""


class ResultsError(EvalkitError):
    """Results cannot be written or read."""


def shorten(items: Sequence[object], most: int = 8) -> str:
    """List items for a message: the first few, and how many more there are."""
    listed = ", ".join(str(item) for item in items[:most])
    return listed + (f" and {len(items) - most} more" if len(items) > most else "")


def format_count(count: int, noun: str, plural: str | None = None) -> str:
    """``1 entity``, ``2 entities``, ``1,200 lines``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def quote(text: str, most: int = 40) -> str:
    """Quote a text for a message, cut to `most` characters."""
    return repr(text if len(text) <= most else text[: most - 1] + "…")
