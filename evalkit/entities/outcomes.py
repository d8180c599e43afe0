"""TODO entities.outcomes."""

from __future__ import annotations

OUTCOMES = ("exact", "variant", "misspelled", "replaced", "missing")


ACCEPTED = ("exact", "variant")
