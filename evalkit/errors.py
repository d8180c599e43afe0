"""Errors that a user can mend, each with the exit code it ends in.

Exit codes of the command: 0 passed, 1 error, 2 usage, 3 gate failed.
"""

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


class ResultsError(EvalkitError):
    """Results that cannot be written or read back."""
