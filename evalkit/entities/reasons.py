"""The reasons of outcomes: how the words in the hypothesis differ from the name in the reference."""

from __future__ import annotations

from typing import Literal, TypeAlias

MatchingRule: TypeAlias = Literal[
    "",
    "case",
    "diacritic",
    "spacing",
    "alias",
    "translit",
    "acronym",
    "demonym",
    "reorder",
    "generic",
    "short",
    "inflection",
]
"""The rule that accepts a form (`evalkit.entities.variants.finding`); empty for the name itself."""

Reason: TypeAlias = (
    MatchingRule
    | Literal["spelling", "truncated", "garbled", "added", "other", "partial", "word", "exchanged"]
)
"""Why a mention has its outcome.

Of the outcome misspelled: spelling, truncated, reorder, garbled, and the right name with something put to it
(added). Of replaced: another name (other), the name
of another person or thing that shares a word (partial), a common word (word), a name of the same sentence
(exchanged).
"""
