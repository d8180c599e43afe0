"""The records of a run: what an evaluation computed, and what is stored of it.

`evalkit.runs.writing` says which file holds what. A score that is missing is None and has a reason; it is
never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from evalkit.entities.audit import AuditRow, NameScores
from evalkit.metrics.base import Metric, describe_class, describe_settings
from evalkit.metrics.scale import Scale
from evalkit.runtime.provenance import Environment
from evalkit.significance.pairwise import MetricTests
from evalkit.significance.units import Bootstrap
from evalkit.types import Addition, DocumentAlignment, Unit

if TYPE_CHECKING:
    from evalkit.types import FloatArray

FORMAT_VERSION = 3
"""Of `run.json`; raised when a key changes its meaning or is removed (see `evalkit.runs.migrations`).

1: first version. 2: `tests`, checksums, and the ids of segments in `statistics.npz`. 3: a metric is named by
its class and no longer by its module, and says what it can do; scores of its parts; the list of files
written."""

Status = Literal["ok", "unscored", "failed"]


@dataclass(frozen=True, kw_only=True)
class EntitiesInfo:
    """The names of a test set."""

    mentions: int
    origin: str
    """See `evalkit.types.EntityFile.mentions_origin`."""
    aliases: str
    """See `evalkit.types.EntityFile.aliases_origin`."""


@dataclass(frozen=True, kw_only=True)
class TestSetInfo:
    """The test set of a run, without its texts."""

    __test__ = False  # keeps pytest from collecting it

    name: str
    source_language: str | None
    target_language: str
    documents: int = 0
    """0 if the test set is not divided into documents."""
    segments: int
    segmentation: str = ""
    references: tuple[str, ...]
    entities: EntitiesInfo | None = None
    fingerprint: str
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """See `evalkit.types.TestSet.notes`; new in format version 3 without a change of it."""


@dataclass(frozen=True, kw_only=True)
class SignificanceInfo(Bootstrap):
    """How intervals and tests of a run were made: the settings, and what was drawn."""

    method: str = "percentile bootstrap"
    test: str = ""
    unit: Unit = "segment"
    units: int = 0
    """How many of them there are."""


@dataclass(frozen=True, kw_only=True)
class MetricInfo:
    """A metric of a run: how to show its scores, what it can do, and how to make it again."""

    label: str
    decimals: int
    higher_is_better: bool
    required: bool
    class_name: str
    settings: Mapping[str, object]
    """Class and fields of the metric, for `evalkit.metrics.base.rebuild`."""
    note: str = ""
    """What a reader has to know wherever the scores are shown."""
    best_value: float | None = None
    unit: Unit = "segment"
    keeps_verdicts: bool = False
    audit_file: str = ""
    verdicts_on: str = "names"
    """See `evalkit.metrics.base.Metric` for these five."""

    @classmethod
    def of(cls, metric: Metric) -> MetricInfo:
        """Describe a metric that has scored."""
        return cls(
            label=metric.heading(),
            decimals=metric.decimals,
            higher_is_better=metric.higher_is_better,
            required=metric.required,
            class_name=describe_class(metric),
            settings=describe_settings(metric),
            note=metric.note(),
            best_value=metric.best_value,
            unit=metric.unit,
            keeps_verdicts=metric.keeps_verdicts,
            audit_file=metric.audit_file,
            verdicts_on=metric.verdicts_on,
        )

    @property
    def scale(self) -> Scale:
        """Which scores are better."""
        return Scale(self.higher_is_better, self.best_value)


@dataclass(frozen=True, kw_only=True)
class MetricScore:
    """The score of one system in one metric."""

    status: Status
    """unscored: nothing to score; failed: the metric could not do its work."""
    value: float | None = None
    """In the metric's own scale: BLEU, chrF, TER 0–100; COMET about 0–1; entity accuracy 0–1."""
    interval: tuple[float, float] | None = None
    """Percentile interval by bootstrap."""
    signature: str | None = None
    """How the score was made; None only if the metric failed before it knew."""
    scored: int = 0
    """Segments that had something to score; documents, if the metric scores documents."""
    unscored: int = 0
    """Those that had nothing to score, such as no name."""
    reason: str | None = None
    """Why there is no score."""
    parts: Mapping[str, float | None] = field(default_factory=dict)
    """Scores of the parts of the metric, such as entity types."""
    names: NameScores | None = None
    """Scores by type, from a metric that keeps verdicts on names; stored in place of `details`."""
    details: Mapping[str, object] = field(default_factory=dict)
    """What else the metric says of the score; see its module."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DocumentScore:
    """One system on one document."""

    document: str
    segments: int
    scores: Mapping[str, float | None]
    """By metric."""
    alignment: DocumentAlignment | None = None
    """How much of the document is aligned; None for line-aligned input."""


@dataclass(frozen=True, kw_only=True)
class SystemSummary:
    """One system on the whole test set, as `run.json` has it."""

    slug: str
    """Name of its folder in ``systems/``."""
    origin: str
    """The file or folder that was read."""
    fingerprint: str
    empty: int
    """Segments with an empty hypothesis."""
    metrics: Mapping[str, MetricScore]
    coverage: float | None = None
    """Share of the reference segments that are aligned, 0–1; None for line-aligned input."""
    words_used: float | None = None
    """Share of the words of the system's texts that are in a hypothesis, 0–1; None for line-aligned input,
    and without words."""


@dataclass(frozen=True, kw_only=True)
class SystemResult(SystemSummary):
    """One system with its documents and its audit."""

    additions: tuple[Addition, ...] = ()
    """Text that matches nothing in the reference."""
    documents: tuple[DocumentScore, ...] = ()
    rows: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
    """Remarks by metric; see `evalkit.metrics.base.Statistics.rows`."""
    audits: Mapping[str, Sequence[AuditRow]] = field(default_factory=dict)
    """Verdicts on names by metric."""


@dataclass(frozen=True, kw_only=True)
class SegmentRow:
    """One system on one segment: a row of ``segments.jsonl``."""

    system: str
    document: str | None
    segment: str
    source: str | None
    references: tuple[str | None, ...]
    """None where a reference lacks the segment."""
    hypothesis: str
    scores: Mapping[str, float | None]
    start: int = 0
    """Character offset of the primary reference in the text of its document."""
    moved: bool = False
    """Whether the hypothesis is elsewhere in the system's text than the segment is in the reference."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """See `evalkit.types.Segment.groups`."""

    @property
    def reference(self) -> str:
        """The primary reference: the first that is not missing."""
        return next((text for text in self.references if text is not None), "")


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """What `run.json` holds: everything but texts and statistics."""

    name: str
    created: str
    evalkit_version: str
    test_set: TestSetInfo
    significance: SignificanceInfo
    metrics: Mapping[str, MetricInfo]
    systems: Mapping[str, SystemSummary]
    environment: Environment
    config: Mapping[str, object]
    warnings: tuple[str, ...] = ()
    controls: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Scores by metric of made-up systems, the floor and ceiling of the test set
    (`evalkit.evaluation.controls`)."""
    format_version: int = FORMAT_VERSION
    tests: Mapping[str, MetricTests] = field(default_factory=dict)
    """By metric: the systems against each other. Empty in a run of format version 1."""
    files: Mapping[str, str] = field(default_factory=dict)
    """``sha256:…`` by path of the files that the run needs besides `run.json`."""
    written: tuple[str, ...] = ()
    """Every file written into the folder: a later run of the same name removes these and no others."""

    @property
    def failures(self) -> list[str]:
        """Why required metrics have no score, one line per metric."""
        reasons = {
            key: score.reason
            for system in self.systems.values()
            for key, score in system.metrics.items()
            if score.status == "failed" and self.metrics[key].required
        }
        return [f"{key} failed: {reason}" for key, reason in reasons.items()]

    @property
    def names_metric(self) -> str | None:
        """The metric that keeps verdicts on names; the first, if there are several."""
        return self.verdict_metrics.get("names")

    @property
    def verdict_metrics(self) -> dict[str, str]:
        """By what they are on, such as names or numbers, the first metric that keeps verdicts on it."""
        metrics: dict[str, str] = {}
        for key, info in self.metrics.items():
            if info.keeps_verdicts:
                metrics.setdefault(info.verdicts_on, key)
        return metrics


@dataclass(frozen=True, kw_only=True)
class Run(RunRecord):
    """One evaluation: a test set, its systems, its metrics."""

    systems: Mapping[str, SystemResult]
    statistics: Mapping[str, Mapping[str, FloatArray]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """[segments, k] by system and metric."""
    documents_of_segments: tuple[str | None, ...] = field(default=(), repr=False)
    """The document of each segment."""
    segment_ids: tuple[str, ...] = field(default=(), repr=False)
    """The id of each segment within its document; empty in a run of format version 1."""
    segment_contents: tuple[str, ...] = field(default=(), repr=False)
    """Hash of source and references of each segment; empty in a run of format version 1."""
    segments: tuple[SegmentRow, ...] = field(default=(), repr=False)
    """Systems × segments. Empty in a run that was loaded: `evalkit.runs.texts` reads texts where they are
    needed."""
    folder: str | None = field(default=None, compare=False)
    """Where the run was loaded from."""
