"""COMET through unbabel-comet's checkpoints (Rei et al. 2020; wmt22-comet-da: Rei et al. 2022). About 0–1.

This module decides what is scored and what the reader must know; `evalkit.models.scoring` computes the
scores. They are those of ``model.predict()`` on texts without outer whitespace, as ``comet-score`` reads them.
With several references, the score of a segment is the mean of the scores with each that it has.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from evalkit.errors import ConfigError, MetricError, shorten
from evalkit.metrics.base import Metric, Statistics
from evalkit.models import mini
from evalkit.models.checkpoint import Checkpoint, find
from evalkit.models.inputs import FIELDS, Field, ModelInput, Scored
from evalkit.models.scoring import PRECISIONS, Scorer, comet_version
from evalkit.runtime.cache import Cache

if TYPE_CHECKING:
    from evalkit.types import FloatArray, Segment, SystemOutput, TestSet

_SIDES: Mapping[Field, str] = {"mt": "hypothesis", "src": "source", "ref": "reference"}
"""How reports call the fields."""
_CHOICES = {
    "missing_source": ("error", "reference", "empty"),
    "on_overflow": ("truncate", "error"),
    "precision": PRECISIONS,
}
"""Values that settings may have."""


@dataclass(frozen=True, kw_only=True)
class Comet(Metric):
    """COMET. Statistics: sum of segment scores, and their number."""

    name: str = "comet"
    label: str = "COMET"
    decimals: ClassVar[int] = 4
    model: str = "Unbabel/wmt22-comet-da"
    """Name on the hub; or a folder with ``hparams.yaml``, ``checkpoints/model.ckpt`` and, for use without a
    network, ``encoder/`` (configuration and tokenizer of the encoder)."""
    precision: str = "fp32"
    """fp32 or bf16."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps. ``auto`` assigns the GPUs to the jobs of a sweep in turn."""
    batch_tokens: int | None = None
    """Tokens of one batch, padding included; None to suit the device. It has no influence on the scores."""
    missing_source: str = "error"
    """If the model needs a source and the test set has none: error, reference (used as source) or empty."""
    on_overflow: str = "truncate"
    """If a text is too long for the encoder: truncate (as unbabel-comet does; it is listed) or error."""
    cache: str | None = None
    """Folder that keeps embeddings and scores between runs; None for the default folder; ``off``."""
    _loaded: dict[str, Scorer] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the values that mypy does not."""
        for setting, allowed in _CHOICES.items():
            if getattr(self, setting) not in allowed:
                self._refuse(setting, f"one of {', '.join(allowed)}")
        if not _is_device(self.device):
            self._refuse("device", "auto, cpu, cuda, cuda:N or mps")
        if self.batch_tokens is not None and self.batch_tokens < 1:
            self._refuse("batch_tokens", "1 or more")
        if (self.model == mini.NAME) != self._uses_mini:
            raise ConfigError(
                f"metrics.{self.name}.model={self.model}: this model is a separate metric. "
                "Set 'metrics=[bleu,chrf,comet_mini]'."
            )

    def _refuse(self, setting: str, expected: str) -> None:
        value = getattr(self, setting)
        raise ConfigError(f"metrics.{self.name}.{setting}: expected {expected}, found {value!r}")

    @property
    def _uses_mini(self) -> bool:
        """Whether this is the metric of evalkit-mini."""
        return False

    def heading(self) -> str:
        """The label, followed by QE (quality estimation) if the model reads no reference."""
        return f"{self.label} (QE)" if self._loaded and not self._checkpoint.uses_reference else self.label

    def prepare(self) -> str:
        """Load the model; see `Metric.prepare`."""
        scorer = self._scorer
        scorer.module()
        checkpoint = scorer.checkpoint
        return f"{checkpoint.name} ({checkpoint.revision}) on {scorer.running_on}, {self.precision}"

    def signature(self, test_set: TestSet) -> str:
        """Model, its revision or content hash, precision, references, source, overflow rule, version."""
        checkpoint = self._checkpoint
        several = checkpoint.uses_reference and len(test_set.references) > 1
        parts = {
            "model": checkpoint.name,
            "revision": checkpoint.revision,
            "prec": self.precision,
            "nrefs": self._describe_count(test_set),
            **({"agg": "mean", "refs": ",".join(test_set.references)} if several else {}),
            **({"space": "stripped"} if _has_outer_whitespace(test_set) else {}),
            "src": self._source_rule(test_set),
            "overflow": self.on_overflow,
            "version": comet_version(),
        }
        return "|".join(f"{key}:{value}" for key, value in parts.items())

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """[segments, 2] score of every segment, and 1; one row for every segment that the encoder cuts."""
        inputs = self._make_inputs(test_set, output)
        flat = iter(self._scorer.score([model_input for of_segment in inputs for model_input in of_segment]))
        scored = [list(islice(flat, len(of_segment))) for of_segment in inputs]
        scores = [[result.score for result in results] for results in scored]
        values = np.array([[np.mean(of_segment), 1] for of_segment in scores], np.float64)
        cuts = _find_cuts(test_set.segments, scored)
        if not cuts:
            return Statistics(values)
        described = f"{len(cuts)}: {shorten([cut.describe() for cut in cuts], 3)}"
        if self.on_overflow == "error":
            raise MetricError(
                f"{output.system}: segments too long for the encoder of {self.label}: {described}. "
                f"Set metrics.{self.name}.on_overflow=truncate to score their beginnings."
            )
        return Statistics(
            values,
            rows=tuple(cut.make_row() for cut in cuts),
            warnings=(f"segments that {self.label} read only in part: {described}",),
        )

    def aggregate(self, total: FloatArray) -> FloatArray:
        """Mean of the segment scores."""
        return total[..., 0] / total[..., 1]

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, object]:
        """The signature of SacreCOMET (Zouhar et al. 2024), for papers."""
        count = self._describe_count(test_set)
        parts = [
            f"Python{'.'.join(map(str, sys.version_info[:3]))}",
            f"Comet{comet_version()}",
            self.precision,
            self._checkpoint.name.rsplit("/", 1)[-1],
            f"r{count}" + ("avg" if count not in ("0", "1") else ""),
        ]
        return {"sacrecomet": "|".join(parts)}

    def _describe_count(self, test_set: TestSet) -> str:
        """How many references a segment is scored with; ``var`` if that differs, as in sacrebleu."""
        counts = {len(self._list_references(segment)) for segment in test_set.segments}
        return str(*counts) if len(counts) == 1 else "var"

    def _list_references(self, segment: Segment) -> list[str]:
        """The references of a segment that the model reads."""
        return segment.present_references if self._checkpoint.uses_reference else []

    def _make_inputs(self, test_set: TestSet, output: SystemOutput) -> list[list[ModelInput]]:
        """By segment, one input per reference that it has; one input if the model reads no reference."""
        rule = self._source_rule(test_set)
        inputs = []
        for segment, hypothesis in zip(test_set.segments, output.hypotheses, strict=True):
            of_segment = []
            references: list[str] | list[None] = self._list_references(segment) or [None]
            for reference in references:
                sources = {"given": segment.source or "", "reference": reference or "", "empty": ""}
                of_segment.append(ModelInput.strip(hypothesis, sources.get(rule), reference))
            inputs.append(of_segment)
        return inputs

    def _source_rule(self, test_set: TestSet) -> str:
        """What the model gets as source: given, reference or empty; unused or none if it gets nothing."""
        checkpoint = self._checkpoint
        if not checkpoint.uses_source:
            return "unused"
        if test_set.has_sources:
            return "given"
        if not checkpoint.needs_source:
            return "none"
        if self.missing_source == "error" or not checkpoint.uses_reference:
            advice = (
                f"Set metrics.{self.name}.missing_source=reference to use the reference in their place."
                if checkpoint.uses_reference
                else "Choose a model that reads references."
            )
            raise MetricError(f"{test_set.name}: no source texts, which {checkpoint.name} needs. {advice}")
        return self.missing_source

    @property
    def _checkpoint(self) -> Checkpoint:
        return self._scorer.checkpoint

    @property
    def _scorer(self) -> Scorer:
        if "scorer" not in self._loaded:
            setting = f"metrics.{self.name}"
            cache = Cache.choose(self.cache)
            self._loaded["scorer"] = Scorer(
                checkpoint=find(self.model, f"{setting}.model", cache),
                precision=self.precision,
                device=self.device,
                batch_tokens=self.batch_tokens,
                setting=setting,
                cache=cache,
            )
        return self._loaded["scorer"]


def _is_device(name: str) -> bool:
    kind, colon, index = name.partition(":")
    if colon:
        return kind == "cuda" and index.isdecimal()
    return kind in ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True)
class _Cut:
    """A segment that the encoder could read only in part."""

    segment: Segment
    lost: Mapping[str, int]
    """Tokens that were cut off, by hypothesis, source and reference."""

    def make_row(self) -> dict[str, object]:
        """Make the row for the audit file."""
        return {"document": self.segment.document, "segment": self.segment.id, "tokens_lost": dict(self.lost)}

    def describe(self) -> str:
        """Describe it for a message: ``segment 5 (without 300 tokens of the hypothesis)``."""
        losses = ", ".join(f"{tokens} tokens of the {side}" for side, tokens in self.lost.items())
        return f"{self.segment.where} (without {losses})"


def _has_outer_whitespace(test_set: TestSet) -> bool:
    """Whether a source or a reference has whitespace that is removed; earlier versions scored it."""
    return any(
        text is not None and text != text.strip()
        for segment in test_set.segments
        for text in (segment.source, *segment.references)
    )


def _find_cuts(segments: Sequence[Segment], scored: Sequence[Sequence[Scored]]) -> list[_Cut]:
    """Find the segments that lost tokens; of several references, the one that loses most counts.

    Args:
        segments: of the test set.
        scored: for each segment, the scores with each reference.
    """
    cuts = []
    for segment, results in zip(segments, scored, strict=True):
        most = {_SIDES[name]: max(result.lost.get(name, 0) for result in results) for name in FIELDS}
        lost = {side: tokens for side, tokens in most.items() if tokens}
        if lost:
            cuts.append(_Cut(segment, lost))
    return cuts
