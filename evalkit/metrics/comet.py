"""COMET through unbabel-comet's own checkpoints (Rei et al. 2020; wmt22-comet-da: Rei et al. 2022). About 0–1.

What is scored, and what a reader has to know of it; `evalkit.models.scoring` does the work. The scores are those of
``model.predict()``. Several references: one score each, then the mean.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from evalkit.errors import ConfigError, MetricError, shorten
from evalkit.metrics.base import Metric, Statistics
from evalkit.models import mini
from evalkit.models.checkpoint import Checkpoint, find
from evalkit.models.scoring import PRECISIONS, Sample, Scorer, comet_version
from evalkit.runtime.cache import Cache

if TYPE_CHECKING:
    from evalkit.types import FloatArray, Segment, SystemOutput, TestSet

_SIDES = {"mt": "hypothesis", "src": "source", "ref": "reference"}


@dataclass(frozen=True, kw_only=True)
class Comet(Metric):
    """COMET. Statistics: sum of segment scores, and their number."""

    name: str = "comet"
    label: str = "COMET"
    decimals: ClassVar[int] = 4
    model: str = "Unbabel/wmt22-comet-da"
    """Name on the hub; or a folder with ``hparams.yaml``, ``checkpoints/model.ckpt`` and, for use without a network,
    ``encoder/`` (configuration and tokenizer of the encoder)."""
    precision: str = "fp32"
    """fp32, or bf16."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps. ``auto`` deals the GPUs out to the jobs of a sweep."""
    batch_tokens: int | None = None
    """Tokens of one batch, padding included; None for what suits the device. It has no influence on the scores."""
    missing_source: str = "error"
    """For models that need a source where the test set has none: error, reference (used in its place) or empty."""
    on_overflow: str = "truncate"
    """Texts longer than the encoder takes: truncate (as unbabel-comet does; counted and listed) or error."""
    cache: str | None = None
    """Folder that keeps embeddings and scores between runs; None for the user's own; ``off``."""
    _loaded: dict[str, Scorer] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the values that are words."""
        for key, allowed in (
            ("missing_source", ("error", "reference", "empty")),
            ("on_overflow", ("truncate", "error")),
            ("precision", PRECISIONS),
        ):
            if getattr(self, key) not in allowed:
                raise ConfigError(
                    f"metrics.{self.name}.{key}: expected one of {', '.join(allowed)}, found {getattr(self, key)!r}"
                )
        kind, _, number = self.device.partition(":")
        if kind not in ("auto", "cpu", "cuda", "mps") or (
            ":" in self.device and (kind != "cuda" or not number.isdecimal())
        ):
            raise ConfigError(
                f"metrics.{self.name}.device: expected auto, cpu, cuda, cuda:N or mps, found {self.device!r}"
            )
        if self.batch_tokens is not None and self.batch_tokens < 1:
            raise ConfigError(
                f"metrics.{self.name}.batch_tokens: expected 1 or more, found {self.batch_tokens}"
            )
        if (self.model == mini.NAME) != self._embedded:
            raise ConfigError(
                f"metrics.{self.name}.model={self.model}: this model is a metric of its own: 'metrics=[bleu,chrf,comet_mini]'"
            )

    @property
    def _embedded(self) -> bool:
        """Whether this is the metric of the model that comes with evalkit."""
        return False

    def heading(self) -> str:
        """The label; of a reference-free model, which is quality estimation, with QE behind it."""
        return f"{self.label} (QE)" if self._loaded and not self._checkpoint().uses_reference else self.label

    def prepare(self) -> str:
        """See `Metric.prepare`."""
        scorer = self._scorer()
        scorer.module()
        return f"{scorer.checkpoint.name} ({scorer.checkpoint.revision}) on {scorer.running_on}, {self.precision}"

    def signature(self, test_set: TestSet) -> str:
        """Model, its revision or content hash, precision, references, source, overflow rule, version."""
        checkpoint = self._checkpoint()
        count = len(test_set.references) if checkpoint.uses_reference else 0
        parts = {
            "model": checkpoint.name,
            "revision": checkpoint.revision,
            "prec": self.precision,
            "nrefs": str(count),
            **({"agg": "mean", "refs": ",".join(test_set.references)} if count > 1 else {}),
            "src": self._source_rule(checkpoint, test_set),
            "overflow": self.on_overflow,
            "version": comet_version(),
        }
        return "|".join(f"{key}:{value}" for key, value in parts.items())

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Score of every segment; one row for every text that the encoder cuts."""
        scorer = self._scorer()
        checkpoint = scorer.checkpoint
        rule = self._source_rule(checkpoint, test_set)
        columns = range(len(test_set.references) if checkpoint.uses_reference else 1)
        samples = [
            _sample(checkpoint, rule, segment.source, hypothesis, segment.references[column])
            for segment, hypothesis in zip(test_set.segments, output.hypotheses, strict=True)
            for column in columns
        ]
        scored = scorer.score(samples)
        scores = np.array([one.score for one in scored], np.float64).reshape(-1, len(columns))
        lost = [
            {
                side: max(one.lost.get(side, 0) for one in scored[start : start + len(columns)])
                for side in _SIDES
            }
            for start in range(0, len(scored), len(columns))
        ]
        cut = [
            (segment, tokens)
            for segment, tokens in zip(test_set.segments, lost, strict=True)
            if any(tokens.values())
        ]
        if cut and self.on_overflow == "error":
            raise MetricError(
                f"{output.system}: segments longer than {self.label}'s encoder takes: {len(cut)}: {_cut_short(cut)}; "
                f"metrics.{self.name}.on_overflow=truncate scores their beginnings"
            )
        return Statistics(
            np.column_stack([scores.mean(axis=1), np.ones(len(scores))]),
            rows=tuple(_row(segment, tokens) for segment, tokens in cut),
            warnings=(
                f"segments of which {self.label} saw only the beginning: {len(cut)}: {_cut_short(cut)}",
            )
            if cut
            else (),
        )

    def aggregate(self, total: FloatArray) -> FloatArray:
        """Mean of the segment scores."""
        return total[..., 0] / total[..., 1]

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, Any]:
        """SacreCOMET's signature (Zouhar et al. 2024), for papers."""
        checkpoint = self._checkpoint()
        python = ".".join(map(str, sys.version_info[:3]))
        count = len(test_set.references) if checkpoint.uses_reference else 0
        references = f"r{count}" + ("avg" if count > 1 else "")
        return {
            "sacrecomet": f"Python{python}|Comet{comet_version()}|{self.precision}|{checkpoint.name.rsplit('/', 1)[-1]}|{references}"
        }

    def _source_rule(self, checkpoint: Checkpoint, test_set: TestSet) -> str:
        if not checkpoint.uses_source:
            return "unused"
        if test_set.has_sources:
            return "given"
        if not checkpoint.needs_source:
            return "none"
        if self.missing_source == "error" or not checkpoint.uses_reference:
            raise MetricError(
                f"{checkpoint.name} needs source texts and {test_set.name} has none; "
                + (
                    f"metrics.{self.name}.missing_source=reference scores with the reference in their place"
                    if checkpoint.uses_reference
                    else "choose a model with references"
                )
            )
        return self.missing_source

    def _checkpoint(self) -> Checkpoint:
        return self._scorer().checkpoint

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


def _sample(checkpoint: Checkpoint, rule: str, source: str | None, hypothesis: str, reference: str) -> Sample:
    stand_in = {"given": source or "", "reference": reference, "empty": ""}
    return Sample(mt=hypothesis, src=stand_in.get(rule), ref=reference if checkpoint.uses_reference else None)


def _row(segment: Segment, lost: Mapping[str, int]) -> dict[str, Any]:
    """For the audit: the tokens that each side of a segment lost."""
    return {
        "document": segment.document,
        "segment": segment.id,
        "tokens_lost": {_SIDES[side]: tokens for side, tokens in lost.items() if tokens},
    }


def _cut_short(cut: Sequence[tuple[Segment, Mapping[str, int]]]) -> str:
    """``segment 5 (without 300 tokens of the hypothesis), …``."""
    return shorten(
        [
            f"{segment.where} (without {', '.join(f'{tokens} tokens of the {_SIDES[side]}' for side, tokens in lost.items() if tokens)})"
            for segment, lost in cut
        ],
        3,
    )
