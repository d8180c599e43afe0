"""What the metrics of sacrebleu share, by segment and by whole document.

sacrebleu's ``_extract_corpus_statistics`` gives the statistics of each text; it is not part of its public
interface.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from evalkit.errors import ConfigError, format_count, shorten
from evalkit.metrics.base import Metric, Statistics
from evalkit.types import Unit

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet


References: TypeAlias = list[list[Any]]
"""[references, units] texts, and None where a reference is missing, which sacrebleu's own types leave out."""


@dataclass(frozen=True, kw_only=True)
class Lexical(Metric):
    """What the metrics of sacrebleu share."""

    decimals: ClassVar[int] = 1
    _prepared: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """sacrebleu's metric object by fingerprint of the test set; one at most."""

    @abstractmethod
    def _build(self, test_set: TestSet, references: References) -> Any:
        """Build sacrebleu's metric object, which caches the references."""

    def _check_at_least(self, least: int, *settings: str) -> None:
        for setting in settings:
            value = getattr(self, setting)
            if value < least:
                raise ConfigError(f"metrics.{self.name}.{setting}: expected {least} or more, found {value}")

    def _prepare(self, test_set: TestSet) -> Any:
        if test_set.fingerprint not in self._prepared:
            self._prepared.clear()
            self._prepared[test_set.fingerprint] = self._build(test_set, self._list_references(test_set))
        return self._prepared[test_set.fingerprint]

    def _list_references(self, test_set: TestSet) -> References:
        """What hypotheses are compared with."""
        return list(map(list, zip(*(segment.references for segment in test_set.segments), strict=True)))

    def signature(self, test_set: TestSet) -> str:
        """The signature of sacrebleu, the order of several references, and settings that it leaves out."""
        signature = str(self._prepare(test_set).get_signature())
        if len(test_set.references) > 1:
            signature += f"|refs:{','.join(test_set.references)}"
        return signature + "".join(f"|{name}:{value}" for name, value in self._unsigned().items())

    def _unsigned(self) -> dict[str, object]:
        """Settings that are not the default and that sacrebleu's signature leaves out."""
        return {}

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """[segments, k] counts, as sacrebleu extracts them."""
        rows = self._prepare(test_set)._extract_corpus_statistics(list(output.hypotheses), None)
        return Statistics(np.asarray(rows, dtype=np.float64))


@dataclass(frozen=True, kw_only=True)
class WholeDocuments(Lexical):
    """Scores of whole documents: n-grams may cross segments, and additions count.

    The hypothesis of a document is all that the system wrote, in its order, additions included; for
    line-aligned output, its lines. So alignment has no influence on the score. For BLEU this is called d-BLEU
    (Liu et al. 2020, "Multilingual Denoising Pre-training for Neural Machine Translation").
    """

    unit: ClassVar[Unit] = "document"

    def unscored_reason(self, test_set: TestSet) -> str | None:
        """A test set without documents cannot be scored."""
        return "the test set has no documents" if None in test_set.segments_of else None

    def _list_references(self, test_set: TestSet) -> References:
        """The references that have all of a document; if none has, the first text of each segment."""
        documents = []
        for indices in test_set.segments_of.values():
            segments = [test_set.segments[index] for index in indices]
            columns = list(zip(*(segment.references for segment in segments), strict=True))
            joined = [None if None in texts else _join(map(str, texts)) for texts in columns]
            if not any(text is not None for text in joined):
                joined[0] = _join(segment.reference for segment in segments)
            documents.append(joined)
        return list(map(list, zip(*documents, strict=True)))

    def _unsigned(self) -> dict[str, object]:
        return {**super()._unsigned(), "unit": "document"}

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """[segments, k] counts of every document, in the row of its first segment; other rows are 0."""
        if output.texts:
            texts = [_join([output.texts[str(document)]]) for document in test_set.documents]
        else:
            texts = [
                _join(output.hypotheses[index] for index in indices)
                for indices in test_set.segments_of.values()
            ]
        rows = self._prepare(test_set)._extract_corpus_statistics(texts, None)
        values = np.zeros((len(test_set.segments), len(rows[0])))
        values[[indices[0] for indices in test_set.segments_of.values()]] = rows
        warnings = tuple(_warn_of_parts(test_set)) if output.texts else ()
        return Statistics(values, warnings=warnings)

    def segment_scores(self, values: FloatArray) -> FloatArray:
        """[segments] NaN, since only documents have scores."""
        return np.full(len(values), np.nan)


def _warn_of_parts(test_set: TestSet) -> Iterator[str]:
    """Warn of documents that articles have as a whole, and the references that are scored in part."""
    whole = test_set.whole.segments_of
    parts = [name for name, indices in test_set.segments_of.items() if len(indices) < len(whole[name])]
    if parts:
        yield (
            f"{format_count(len(parts), 'document')} with segments that are not scored ({shorten(parts, 3)}): "
            "the article has their text too, which lowers scores of whole documents"
        )


def _join(texts: Iterable[str]) -> str:
    """Texts as one, with single spaces."""
    return " ".join(" ".join(texts).split())
