"""The audit of names: one row per mention and per spurious name, as stored and as reports read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evalkit.entities.outcomes import ACCEPTED, Outcome
from evalkit.types import Segment

SPURIOUS: Literal["spurious"] = "spurious"
"""The outcome of a name in the hypothesis that the reference does not have."""


@dataclass(frozen=True, slots=True)
class HypothesisSpan:
    """The judged words of a hypothesis."""

    segment: str
    """Id of the segment, which may be a neighbour of the mention's."""
    start: int
    end: int
    """Character offsets in the hypothesis of that segment, end exclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """The verdict on one mention, or one spurious name. A row of ``entities.jsonl``, with these keys."""

    document: str | None
    segment: str
    start: int | None
    """Character offset in the reference document. None for a spurious name, as are the next three."""
    end: int | None
    """End exclusive."""
    entity: str | None
    type: str | None
    reference: str
    """The name as the reference has it; empty for a spurious name."""
    outcome: Literal[Outcome, "spurious"]
    reason: str
    """Why, as a key of `evalkit.reports.names.REASONS`; may be empty."""
    hypothesis: str
    """The words judged; empty if the name is missing."""
    similarity: float | None
    """Of reference and hypothesis, 0–1; None if there is nothing to compare."""
    found: HypothesisSpan | None = None
    """Where the judged words are; None if the name is missing, and in runs of format version 1."""

    @classmethod
    def make_spurious(cls, segment: Segment, hypothesis: str, found: HypothesisSpan) -> AuditRow:
        """The row of something in a hypothesis that the reference does not have."""
        return cls(
            document=segment.document,
            segment=segment.id,
            start=None,
            end=None,
            entity=None,
            type=None,
            reference="",
            outcome=SPURIOUS,
            reason="",
            hypothesis=hypothesis,
            similarity=None,
            found=found,
        )

    @property
    def is_spurious(self) -> bool:
        """Whether the row is about a name that the reference does not have."""
        return self.outcome == SPURIOUS

    @property
    def is_right(self) -> bool:
        """Whether the name counts as right."""
        return self.outcome in ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """How evenly entities were translated. Entities count once per document."""

    entities: int
    repeated: int
    """With two mentions or more in the document."""
    mixed: int
    """Right at least once and wrong at least once."""
    always_wrong: int
    """Repeated, and never right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeScores:
    """Counts and scores of the mentions of one type.

    A score is 0–1, and None if there is nothing to divide by.
    """

    mentions: int
    counts: Mapping[Outcome, int]
    """Of the outcomes that the metric has."""
    accuracy: float | None
    exact: float | None
    soft: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllScores(TypeScores):
    """Counts and scores of all mentions that the headline counts, with those that need spurious names."""

    precision: float | None
    f1: float | None
    spurious: int
    soft_f1: float | None = None
    entities: float | None = None
    consistency: Consistency | None = None
    """None, as the two before, from a metric that does not know which mentions are of one entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameScores:
    """What entity accuracy reports beside its headline; stored as ``details``, types beside ``all``."""

    all: AllScores
    types: Mapping[str, TypeScores]
    """By entity type."""

    @property
    def rows(self) -> Mapping[str, TypeScores]:
        """``all``, then the types, as tables show them."""
        return {"all": self.all, **self.types}
