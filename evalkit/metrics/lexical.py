"""BLEU, chrF and TER through sacrebleu: its statistics, its signatures, its numbers.

Papers: BLEU, Papineni et al. 2002; chrF and chrF++, Popović 2015 and 2017; TER, Snover et al. 2006; all as
implemented in sacrebleu (Post 2018). Scores are 0–100. For TER lower is better, and it can exceed 100.

`aggregate` repeats sacrebleu's last step for many sums at once; tests hold it equal to sacrebleu's own.
"""

from __future__ import annotations

import contextlib
import io
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from evalkit.errors import ConfigError, MetricError
from evalkit.metrics.base import Metric, Statistics

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet, Unit


@dataclass(frozen=True, kw_only=True)
class Lexical(Metric):
    """What the metrics of sacrebleu have in common."""

    decimals: ClassVar[int] = 1
    _prepared: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @abstractmethod
    def _build(self, test_set: TestSet, references: list[list[str]]) -> Any:
        """Sacrebleu's metric object, with the references cached in it."""

    def _check_at_least(self, least: int, *settings: str) -> None:
        for setting in settings:
            if getattr(self, setting) < least:
                raise ConfigError(
                    f"metrics.{self.name}.{setting}: expected {least} or more, found {getattr(self, setting)}"
                )

    def _metric(self, test_set: TestSet) -> Any:
        if test_set.fingerprint not in self._prepared:
            references = [
                self._texts(test_set, [s.references[r] for s in test_set.segments])
                for r in range(len(test_set.references))
            ]
            self._prepared.clear()
            self._prepared[test_set.fingerprint] = self._build(test_set, references)
        return self._prepared[test_set.fingerprint]

    def _texts(self, test_set: TestSet, texts: list[str]) -> list[str]:
        """What is compared of texts by segment: these; by document, where that is the unit."""
        return texts

    def signature(self, test_set: TestSet) -> str:
        """The signature of sacrebleu; behind it the order of several references, and settings that it leaves out."""
        signature = str(self._metric(test_set).get_signature())
        if len(test_set.references) > 1:
            signature += f"|refs:{','.join(test_set.references)}"
        return signature + "".join(f"|{key}:{value}" for key, value in self._unsigned().items())

    def _unsigned(self) -> dict[str, object]:
        """Settings other than the default that sacrebleu's signature does not tell."""
        return {}

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Counts of every segment, as sacrebleu has them."""
        metric = self._metric(test_set)
        rows = metric._extract_corpus_statistics(list(output.hypotheses), None)
        return Statistics(np.asarray(rows, dtype=np.float64))


@dataclass(frozen=True, kw_only=True)
class Bleu(Lexical):
    """BLEU. Statistics: hypothesis length, reference length, matches and totals of each n-gram order."""

    name: str = "bleu"
    label: str = "BLEU"
    tokenize: str | None = None
    """sacrebleu's tokenizer; by default zh, ja-mecab or ko-mecab for these target languages, else 13a."""
    lowercase: bool = False
    smooth_method: str = "exp"
    """none, floor, add-k or exp."""
    smooth_value: float | None = None
    max_ngram_order: int = 4

    def __post_init__(self) -> None:
        """Check the values."""
        self._check_at_least(1, "max_ngram_order")

    def _build(self, test_set: TestSet, references: list[list[str]]) -> Any:
        from sacrebleu.metrics.bleu import BLEU

        if self.tokenize is not None and self.tokenize not in BLEU.TOKENIZERS:
            raise ConfigError(
                f"metrics.{self.name}.tokenize: expected one of {', '.join(sorted(BLEU.TOKENIZERS))}, found {self.tokenize!r}"
            )
        if self.smooth_method not in BLEU.SMOOTH_DEFAULTS:
            raise ConfigError(
                f"metrics.{self.name}.smooth_method: expected one of {', '.join(BLEU.SMOOTH_DEFAULTS)}, found {self.smooth_method!r}"
            )
        language = test_set.target_language.replace("_", "-").split("-")[0]
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                return BLEU(
                    tokenize=self.tokenize,
                    trg_lang=language,
                    lowercase=self.lowercase,
                    smooth_method=self.smooth_method,
                    smooth_value=self.smooth_value,
                    max_ngram_order=self.max_ngram_order,
                    force=True,
                    references=references,
                )
        except (ImportError, RuntimeError, OSError) as error:
            tokenizer = self.tokenize or BLEU._TOKENIZER_MAP.get(language, "13a")
            raise MetricError(
                f"BLEU's tokenizer {tokenizer!r} cannot be had: {' '.join(str(error).split()) or type(error).__name__}; "
                f"install it (pip install 'sacrebleu[ja]' or 'sacrebleu[ko]') or set metrics.{self.name}.tokenize=char"
            ) from error

    def _unsigned(self) -> dict[str, object]:
        return {} if self.max_ngram_order == 4 else {"order": self.max_ngram_order}

    def aggregate(self, total: FloatArray) -> FloatArray:
        """See `Metric.aggregate`; 0–100."""
        if total.ndim == 1:  # a headline score: sacrebleu's own last step, equal to the last bit
            from sacrebleu.metrics.bleu import BLEU

            matches, totals = (
                total[2 : 2 + self.max_ngram_order].tolist(),
                total[2 + self.max_ngram_order :].tolist(),
            )
            found = BLEU.compute_bleu(
                matches,
                totals,
                sys_len=int(total[0]),
                ref_len=int(total[1]),
                smooth_method=self.smooth_method,
                smooth_value=self.smooth_value,
                max_ngram_order=self.max_ngram_order,
            )
            return np.float64(found.score)  # type: ignore[return-value]  # a scalar for a single sum
        return self._score(total, effective_order=False)

    def segment_scores(self, values: FloatArray) -> FloatArray:
        """Sentence BLEU: with effective order, as sacrebleu's ``sentence_bleu``."""
        return self._score(values, effective_order=True)

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, Any]:
        """Brevity penalty, lengths, and the precision of each order in percent."""
        n = self.max_ngram_order
        matches, totals = total[2 : 2 + n], total[2 + n :]
        precisions = np.divide(100 * matches, totals, out=np.zeros(n), where=totals > 0)
        return {
            "brevity_penalty": float(_brevity_penalty(total[0], total[1])),
            "hypothesis_length": int(total[0]),
            "reference_length": int(total[1]),
            "precisions": [float(p) for p in precisions],
        }

    def _score(self, total: FloatArray, *, effective_order: bool) -> FloatArray:
        n = self.max_ngram_order
        matches, totals = total[..., 2 : 2 + n].copy(), total[..., 2 + n :].copy()
        something = matches.any(axis=-1)
        value = self.smooth_value
        if self.smooth_method == "add-k":
            k = 1.0 if value is None else value
            matches[..., 1:] += k
            totals[..., 1:] += k
        # an order without n-grams ends the loop in sacrebleu: this and all higher orders stay at precision 0
        present = np.logical_and.accumulate(totals > 0, axis=-1)
        zero = present & (matches == 0)
        numerator = matches
        if self.smooth_method == "exp":
            numerator = np.where(zero, 0.5 ** np.cumsum(zero, axis=-1), matches)
        elif self.smooth_method == "floor":
            numerator = np.where(zero, 0.1 if value is None else value, matches)
        precisions = np.divide(100.0 * numerator, totals, out=np.zeros_like(totals), where=present)
        with np.errstate(divide="ignore"):
            logs = np.where(precisions > 0, np.log(precisions), -9999999999.0)  # sacrebleu's log of zero
        if effective_order:
            order = np.maximum(present.sum(axis=-1), 1)
            logs = np.where(present, logs, 0.0)
        else:
            order = np.full(total.shape[:-1], n)
        mean = logs[..., 0]
        for i in range(1, n):  # in sacrebleu's order of addition, for equality to the last bit
            mean = mean + logs[..., i]
        score = _brevity_penalty(total[..., 0], total[..., 1]) * np.exp(mean / order)
        return np.where(something, score, 0.0)


def _brevity_penalty(hypothesis: FloatArray, reference: FloatArray) -> FloatArray:
    ratio = np.divide(
        reference,
        hypothesis,
        out=np.full_like(np.asarray(reference, dtype=np.float64), np.inf),
        where=hypothesis > 0,
    )
    return np.where(hypothesis < reference, np.exp(1 - ratio), 1.0)


@dataclass(frozen=True, kw_only=True)
class Chrf(Lexical):
    """chrF, and chrF++ with ``word_order=2``. Statistics: hypothesis, reference and matching n-grams of each order."""

    name: str = "chrf"
    label: str = "chrF"
    char_order: int = 6
    word_order: int = 0
    beta: int = 2
    lowercase: bool = False
    whitespace: bool = False
    eps_smoothing: bool = False

    def __post_init__(self) -> None:
        """Check the values."""
        self._check_at_least(1, "char_order", "beta")
        self._check_at_least(0, "word_order")

    def _build(self, test_set: TestSet, references: list[list[str]]) -> Any:
        from sacrebleu.metrics.chrf import CHRF

        return CHRF(
            char_order=self.char_order,
            word_order=self.word_order,
            beta=self.beta,
            lowercase=self.lowercase,
            whitespace=self.whitespace,
            eps_smoothing=self.eps_smoothing,
            references=references,
        )

    def _unsigned(self) -> dict[str, object]:
        return ({} if self.beta == 2 else {"beta": self.beta}) | (
            {"eps_smoothing": "yes"} if self.eps_smoothing else {}
        )

    def aggregate(self, total: FloatArray) -> FloatArray:
        """See `Metric.aggregate`; 0–100."""
        hypothesis, reference, match = total[..., 0::3], total[..., 1::3], total[..., 2::3]
        factor = float(self.beta**2)
        eps = 1e-16
        precision = np.divide(match, hypothesis, out=np.full_like(match, eps), where=hypothesis > 0)
        recall = np.divide(match, reference, out=np.full_like(match, eps), where=reference > 0)
        if self.eps_smoothing:
            denominator = factor * precision + recall
            score: FloatArray = np.divide(
                (1 + factor) * precision * recall,
                denominator,
                out=np.full_like(match, eps),
                where=denominator > 0,
            )
            return 100 * _sum(score) / score.shape[-1]
        counted = (hypothesis > 0) & (reference > 0)
        orders = np.maximum(counted.sum(axis=-1), 1)
        mean_precision = _sum(np.where(counted, precision, 0.0)) / orders
        mean_recall = _sum(np.where(counted, recall, 0.0)) / orders
        above = (1 + factor) * mean_precision * mean_recall
        below = factor * mean_precision + mean_recall
        mean: FloatArray = 100 * np.divide(above, below, out=np.zeros_like(above), where=below > 0)
        return mean


def _sum(values: FloatArray) -> FloatArray:
    """Sum over the last axis from left to right, as Python's loop in sacrebleu does it."""
    total = np.zeros(values.shape[:-1])
    for i in range(values.shape[-1]):
        total = total + values[..., i]
    return total


@dataclass(frozen=True, kw_only=True)
class ChrfPlusPlus(Chrf):
    """chrF++: chrF with word unigrams and bigrams."""

    name: str = "chrfpp"
    label: str = "chrF++"
    word_order: int = 2


@dataclass(frozen=True, kw_only=True)
class Ter(Lexical):
    """TER. Statistics: edits, and the mean length of the references. Lower is better."""

    name: str = "ter"
    label: str = "TER"
    higher_is_better: ClassVar[bool] = False
    normalized: bool = False
    no_punct: bool = False
    asian_support: bool = False
    case_sensitive: bool = False

    def _build(self, test_set: TestSet, references: list[list[str]]) -> Any:
        from sacrebleu.metrics.ter import TER

        return TER(
            normalized=self.normalized,
            no_punct=self.no_punct,
            asian_support=self.asian_support,
            case_sensitive=self.case_sensitive,
            references=references,
        )

    def aggregate(self, total: FloatArray) -> FloatArray:
        """See `Metric.aggregate`; 0 is best, without upper limit."""
        edits, length = total[..., 0], total[..., 1]
        against_nothing = np.where(edits > 0, 1.0, 0.0).astype(np.float64)
        score: FloatArray = 100.0 * np.divide(edits, length, out=against_nothing, where=length > 0)
        return score

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, Any]:
        """Edits, and mean reference length in words."""
        return {"edits": int(total[0]), "reference_length": float(total[1])}


@dataclass(frozen=True, kw_only=True)
class WholeDocuments(Lexical):
    """Scores of whole texts: n-grams may cross segments, and what no segment accounts for counts as well.

    The hypothesis of a document is all that the system wrote, additions and all, in its own order; of line-aligned output, its lines.
    So alignment has no part in the score. For BLEU this is known as d-BLEU (Liu et al. 2020, "Multilingual Denoising Pre-training
    for Neural Machine Translation").
    """

    unit: ClassVar[Unit] = "document"

    def unscored_reason(self, test_set: TestSet) -> str | None:
        """Without documents there is nothing to score."""
        return "the test set has no documents" if None in test_set.segments_of else None

    def _texts(self, test_set: TestSet, texts: list[str]) -> list[str]:
        return [
            _one_line(" ".join(texts[index] for index in indices))
            for indices in test_set.segments_of.values()
        ]

    def _unsigned(self) -> dict[str, object]:
        return {**super()._unsigned(), "unit": "document"}

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Counts of every document, in the row of its first segment."""
        texts = self._texts(test_set, list(output.hypotheses))
        if output.texts:
            texts = [_one_line(output.texts[str(document)]) for document in test_set.documents]
        rows = self._metric(test_set)._extract_corpus_statistics(texts, None)
        values = np.zeros((len(test_set.segments), len(rows[0])))
        values[[indices[0] for indices in test_set.segments_of.values()]] = rows
        return Statistics(values)

    def segment_scores(self, values: FloatArray) -> FloatArray:
        """Segments have none."""
        return np.full(len(values), np.nan)


@dataclass(frozen=True, kw_only=True)
class DocumentBleu(WholeDocuments, Bleu):
    """d-BLEU: BLEU of whole documents."""

    name: str = "d_bleu"
    label: str = "d-BLEU"


@dataclass(frozen=True, kw_only=True)
class DocumentChrf(WholeDocuments, Chrf):
    """chrF of whole documents."""

    name: str = "d_chrf"
    label: str = "d-chrF"


def _one_line(text: str) -> str:
    return " ".join(text.split())
