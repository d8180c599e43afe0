"""The results of a run, and their form on disk.

    run.json            everything but texts: scores, signatures, intervals, tests, fingerprints, versions, configuration
    statistics.npz      per system and metric, the statistics of every segment, and its ids: what comparison and gate need
    segments.jsonl      one row per system and segment, with texts and scores
    systems/<slug>/     report.json, and one file per metric that keeps an audit, such as entities.jsonl

Files are written to a folder beside their place and moved there at the end, `run.json` last: a folder without it holds
no finished run. Numbers keep full precision; what could not be scored is null. `evalkit.runs.reading` reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evalkit.types import DocumentAlignment

if TYPE_CHECKING:
    from evalkit.comparison.compare import Comparison
    from evalkit.gate.verdict import Verdict
    from evalkit.significance.pairwise import MetricTests
    from evalkit.types import FloatArray

FORMAT_VERSION = 2
"""Raised when a key changes its meaning or goes. 1: first version; 2: `tests`, checksums, and the ids of segments in `statistics.npz`.

`evalkit.runs.reading` reads older versions as well."""

OK, UNSCORED, FAILED = "ok", "unscored", "failed"


@dataclass(frozen=True, kw_only=True)
class MetricScore:
    """The score of one system in one metric."""

    status: str
    """ok; unscored: nothing to score; failed: the metric could not do its work."""
    value: float | None = None
    """In the metric's own scale: BLEU, chrF, TER 0–100; COMET about 0–1; entity accuracy 0–1."""
    interval: tuple[float, float] | None = None
    """Percentile interval by bootstrap."""
    signature: str | None = None
    """How the score was made; None only where the metric failed before it knew."""
    scored: int = 0
    """Segments that had something to score; documents, where the metric scores these."""
    unscored: int = 0
    """Those that had nothing to score, such as no name."""
    reason: str | None = None
    """Why there is no score."""
    details: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetricInfo:
    """What reports need to know of a metric."""

    label: str
    decimals: int
    higher_is_better: bool
    required: bool
    settings: Mapping[str, Any]
    """Class and fields of the metric, as `evalkit.metrics.base.rebuild` takes them."""
    note: str = ""
    """What a reader of the scores has to know wherever they are shown."""


@dataclass(frozen=True, kw_only=True)
class DocumentScore:
    """One system on one document."""

    document: str
    segments: int
    scores: Mapping[str, float | None]
    """By metric."""
    alignment: DocumentAlignment | None = None
    """How much of the document found its counterpart; None for line-aligned input."""


@dataclass(frozen=True, kw_only=True)
class SystemResult:
    """One system on the whole test set."""

    slug: str
    """Name of its folder in ``systems/``."""
    origin: str
    """What was read."""
    fingerprint: str
    empty: int
    """Segments with an empty hypothesis."""
    metrics: Mapping[str, MetricScore]
    coverage: float | None = None
    """Share of all reference segments that have a counterpart, 0-1; None for line-aligned input."""
    words_used: float | None = None
    """Share of the words of the system's texts that stand in a hypothesis, 0-1; None for line-aligned input, and without words."""
    additions: tuple[Mapping[str, str | None], ...] = ()
    """Text that matches nothing in the reference: document, text, and the segment after which it stands (`evalkit.types.Addition`)."""
    documents: tuple[DocumentScore, ...] = ()
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Audit rows by metric."""


@dataclass(frozen=True, kw_only=True)
class SegmentRow:
    """One system on one segment, as it stands in ``segments.jsonl``."""

    system: str
    document: str | None
    segment: str
    source: str | None
    references: tuple[str, ...]
    hypothesis: str
    scores: Mapping[str, float | None]
    start: int = 0
    """Character offset of the primary reference in the text of its document."""
    moved: bool = False
    """Whether the hypothesis stands elsewhere in the text of the system than the reference has the segment."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One evaluation: a test set, its systems, its metrics."""

    name: str
    created: str
    evalkit_version: str
    test_set: Mapping[str, Any]
    significance: Mapping[str, Any]
    metrics: Mapping[str, MetricInfo]
    systems: Mapping[str, SystemResult]
    environment: Mapping[str, Any]
    config: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    controls: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Scores by metric of made-up systems, the floor and the ceiling of the test set (`evalkit.evaluation.controls`)."""
    format_version: int = FORMAT_VERSION
    tests: Mapping[str, MetricTests] = field(default_factory=dict)
    """By metric: the systems against each other. Empty in a run of format version 1."""
    files: Mapping[str, str] = field(default_factory=dict)
    """``sha256:…`` of what belongs to a stored run beside `run.json`, by path."""
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
    """Systems × segments. Empty in a run that was loaded: `evalkit.runs.reading` reads texts where they are needed."""
    folder: str | None = field(default=None, compare=False)
    """Where it was loaded from."""
    comparison: Comparison | None = field(default=None, repr=False, compare=False)
    """With the baseline that it was evaluated against; stored in a file of its own."""
    verdict: Verdict | None = field(default=None, repr=False, compare=False)
    """Of the gate that it was evaluated with; stored in a file of its own."""

    @property
    def failures(self) -> list[str]:
        """Why required metrics have no score, one line per metric."""
        reasons = {
            metric: score.reason
            for result in self.systems.values()
            for metric, score in result.metrics.items()
            if score.status == FAILED and self.metrics[metric].required
        }
        return [f"{metric} failed: {reason}" for metric, reason in reasons.items()]
