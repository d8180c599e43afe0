"""The records of a comparison: what `comparison.json` holds, and all that reports show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evalkit.entities.audit import AuditRow
from evalkit.runs.results import MetricInfo, Run
from evalkit.significance.units import Bootstrap
from evalkit.types import Unit

FORMAT_VERSION = 1
"""Of `comparison.json`; raised when a key changes its meaning or is removed."""

Unmatchable = Literal["not comparable", "missing"]
RowStatus = Literal["improved", "regressed", "within tolerance", "not significant", Unmatchable]
NameChange = Literal["broken", "mended"]
"""``mended``, which reports call fixed, keeps its name in `comparison.json`."""
BROKEN: NameChange = "broken"
FIXED: NameChange = "mended"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One system in one metric, in both runs."""

    system: str
    """In the candidate."""
    baseline_system: str
    """In the baseline: the same, or what ``baseline_systems`` says."""
    metric: str
    part: str = ""
    """Empty for the metric as a whole, otherwise a part of it, such as the entity type ``PER``."""
    status: RowStatus
    reason: str = ""
    """Why the two are not compared."""
    baseline: float | None = None
    candidate: float | None = None
    """Scores, in the scale of the metric."""
    delta: float | None = None
    """Candidate less baseline. If lower is better, as for TER, a negative one is an improvement."""
    interval: tuple[float, float] | None = None
    """Of the difference, by paired bootstrap."""
    p_value: float | None = None
    """The p that decides, before correction: see `evalkit.significance.paired_tests.Paired.p_value`."""
    p_bootstrap: float | None = None
    p_randomisation: float | None = None
    p_adjusted: float | None = None
    """`p_value` after Holm's correction over the systems of this comparison in this metric; `status` follows
    it."""
    detectable: float | None = None
    """The minimum detectable difference of these two outputs."""
    unit: Unit | Literal[""] = ""
    """What was drawn; empty if nothing was."""
    units: int = 0
    """How many of them there are."""

    @property
    def not_compared(self) -> Unmatchable | None:
        """The status if the two runs have no comparable scores, otherwise None."""
        if self.status == "not comparable":
            return "not comparable"
        return "missing" if self.status == "missing" else None


@dataclass(frozen=True, kw_only=True)
class DocumentChange:
    """One system in one metric on one document."""

    system: str
    metric: str
    document: str
    segments: int
    baseline: float | None
    """None if the document has nothing to score."""
    candidate: float | None
    delta: float | None


@dataclass(frozen=True, kw_only=True)
class SegmentChange:
    """One system in one metric on one segment."""

    system: str
    metric: str
    document: str | None
    segment: str
    baseline: float
    candidate: float
    delta: float
    reference: str | None = None
    """The first reference. Texts are None if the run was stored without them."""
    baseline_hypothesis: str | None = None
    candidate_hypothesis: str | None = None


@dataclass(frozen=True, kw_only=True)
class EntityChange:
    """One mention of a name that is right in one of the runs and wrong in the other."""

    change: NameChange
    system: str
    metric: str
    document: str | None
    segment: str
    start: int
    """Character offset in the document of the first reference; with entity and document, it identifies the
    mention."""
    end: int
    entity: str
    type: str
    reference: str
    """The name as the reference has it."""
    baseline_outcome: str
    baseline_hypothesis: str
    """The words in its place; empty if the name is missing."""
    candidate_outcome: str
    candidate_hypothesis: str

    @classmethod
    def of(cls, change: NameChange, system: str, metric: str, old: AuditRow, new: AuditRow) -> EntityChange:
        """Make the change from the two verdicts on one mention."""
        assert new.start is not None
        assert new.end is not None
        return cls(
            change=change,
            system=system,
            metric=metric,
            document=new.document,
            segment=new.segment,
            start=new.start,
            end=new.end,
            entity=str(new.entity),
            type=str(new.type),
            reference=new.reference,
            baseline_outcome=old.outcome,
            baseline_hypothesis=old.hypothesis,
            candidate_outcome=new.outcome,
            candidate_hypothesis=new.hypothesis,
        )


@dataclass(frozen=True, kw_only=True)
class Change:
    """A setting, version or input that differs; None if a run does not have it."""

    key: str
    """Dotted: ``config.metrics.bleu.lowercase``, ``packages.sacrebleu``, ``hypotheses.mine``."""
    baseline: object
    candidate: object


@dataclass(frozen=True, kw_only=True)
class RunInfo:
    """What a report says of a run."""

    name: str
    folder: str | None
    created: str
    evalkit_version: str
    fingerprint: str
    """Of its test set."""

    @classmethod
    def of(cls, run: Run) -> RunInfo:
        """Describe a run."""
        return cls(
            name=run.name,
            folder=run.folder,
            created=run.created,
            evalkit_version=run.evalkit_version,
            fingerprint=run.test_set.fingerprint,
        )


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All systems and metrics of two runs: all that a report shows, with every score computed."""

    baseline: RunInfo
    candidate: RunInfo
    test_set: str
    """Name of the candidate's."""
    metrics: Mapping[str, MetricInfo]
    """Label, decimals and direction, by metric, as the candidate has them, or the baseline alone."""
    rows: tuple[Row, ...]
    """Systems × metrics."""
    parts: tuple[Row, ...] = ()
    """Comparable systems × parts of a metric that have a score, such as entity types."""
    documents: tuple[DocumentChange, ...] = ()
    """Comparable systems × metrics × documents, in the order of the rows; empty without documents."""
    segments: tuple[SegmentChange, ...] = ()
    """By system and metric the segments that lost most, then those that gained most; the largest change
    first."""
    entities: tuple[EntityChange, ...] = ()
    """Every name that is right in one run and wrong in the other."""
    audited: tuple[tuple[str, str], ...] = ()
    """Systems and metrics for which both runs judged every name; for these `entities` is complete."""
    changes: tuple[Change, ...] = ()
    """Settings, versions and inputs that differ."""
    unpaired: str = ""
    """Why no segment has a counterpart, such as different test sets; empty if they have."""
    significance: Bootstrap
    tolerance: Mapping[str, float]
    """By metric: a smaller difference is within tolerance."""
    format_version: int = FORMAT_VERSION

    @property
    def units(self) -> str:
        """What was drawn, in words: ``10 documents``; all, if there are several kinds."""
        return " and ".join(sorted({f"{row.units} {row.unit}s" for row in self.rows if row.unit}))

    def find_row(self, system: str, metric: str, part: str = "") -> Row | None:
        """The row of a system and metric, or None."""
        wanted = (system, metric, part)
        return next((r for r in self.rows + self.parts if (r.system, r.metric, r.part) == wanted), None)
