"""The outcomes of a mention: how the hypothesis translated one name of the reference."""

from __future__ import annotations

from typing import Literal, get_args

Outcome = Literal["exact", "variant", "misspelled", "replaced", "missing"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
ACCEPTED: tuple[Outcome, ...] = ("exact", "variant")
"""The outcomes that count as right."""
