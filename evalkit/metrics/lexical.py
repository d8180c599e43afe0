"""BLEU, chrF and TER through sacrebleu: its statistics, signatures and scores.

Scores are 0–100. For TER lower is better, and it can exceed 100. `evalkit.metrics.sacrebleu_scores` names the
papers.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from evalkit.errors import ConfigError, MetricError
from evalkit.languages.registry import find_language
from evalkit.metrics.base import Statistics
from evalkit.metrics.sacrebleu_metric import Lexical, References, WholeDocuments
from evalkit.metrics.sacrebleu_scores import (
    compute_bleu,
    compute_brevity_penalty,
    compute_chrf,
    compute_ter,
)
from evalkit.metrics.tokenizers import LEAST_UNCUT, TERCOM, advise, describe_uncut, share_uncut

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet

_LOOKS_TOKENIZED = 100
"""Lines that end in a full stop after a space from which sacrebleu warns."""


@dataclass(frozen=True, kw_only=True)
class Bleu(Lexical):
    """BLEU. Statistics: hypothesis length, reference length, and matches and totals of each n-gram order."""

    name: str = "bleu"
    label: str = "BLEU"
    tokenize: str | None = None
    """sacrebleu's tokenizer; None for the one of the target language: zh, ja-mecab, ko-mecab, char if it has
    no spaces between words, otherwise 13a."""
    lowercase: bool = False
    smooth_method: str = "exp"
    """none, floor, add-k or exp."""
    smooth_value: float | None = None
    """For floor and add-k; None for sacrebleu's default, 0.1 and 1."""
    max_ngram_order: int = 4
    effective_order: bool = False
    """Leave out orders of which a whole test set has no n-grams, as is always done for single segments."""

    def __post_init__(self) -> None:
        """Check the values."""
        self._check_at_least(1, "max_ngram_order")

    def _build(self, test_set: TestSet, references: References) -> Any:
        from sacrebleu.metrics.bleu import BLEU

        if self.tokenize is not None:
            self._check_one_of("tokenize", sorted(BLEU.TOKENIZERS))
        self._check_one_of("smooth_method", list(BLEU.SMOOTH_DEFAULTS))
        tokenizer = self._choose_tokenizer(test_set)
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                return BLEU(
                    tokenize=tokenizer,
                    lowercase=self.lowercase,
                    smooth_method=self.smooth_method,
                    smooth_value=self.smooth_value,
                    max_ngram_order=self.max_ngram_order,
                    effective_order=self.effective_order,
                    force=True,
                    references=references,
                )
        except (ImportError, RuntimeError, OSError, SystemExit) as error:  # sacrebleu exits if SSL fails
            reason = (" ".join(str(error).split()) or type(error).__name__).rstrip(".")
            raise MetricError(
                f"the tokenizer {tokenizer!r} is not available: {reason}. {advise(tokenizer)}, "
                f"or set metrics.{self.name}.tokenize=char."
            ) from error

    def _choose_tokenizer(self, test_set: TestSet) -> str:
        return self.tokenize or find_language(test_set.target_language).tokenizer

    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """See `Lexical.statistics`; warns of tokenized output under the same condition as sacrebleu."""
        statistics = super().statistics(test_set, output)
        lines = sum(hypothesis.endswith(" .") for hypothesis in output.hypotheses)
        if lines < _LOOKS_TOKENIZED:
            return statistics
        warning = f"{lines} lines end in ' .': the output looks tokenized, which changes BLEU and TER; detokenize it"
        return replace(statistics, warnings=(*statistics.warnings, warning))

    def test_set_warnings(self, test_set: TestSet) -> Iterator[str]:
        """Warn where words are not the unit of the score; see `Metric.test_set_warnings`."""
        tokenizer = self._choose_tokenizer(test_set)
        if self.tokenize is None and tokenizer == "char":
            yield (
                f"{test_set.target_language} has no spaces between words, so the tokenizer is char (tok:char): "
                "n-grams of characters, not comparable with BLEU of words"
            )
        share = share_uncut(test_set, tokenizer)
        if share >= LEAST_UNCUT:
            better = find_language(test_set.target_language).tokenizer
            better = "char" if better in (tokenizer, "13a") else better
            yield (
                f"{describe_uncut(share)}, and the tokenizer {tokenizer} does not cut them into words; "
                f"set metrics.{self.name}.tokenize={better}"
            )

    def _check_one_of(self, setting: str, allowed: list[str]) -> None:
        value = getattr(self, setting)
        if value not in allowed:
            raise ConfigError(
                f"metrics.{self.name}.{setting}: expected one of {', '.join(allowed)}, found {value!r}"
            )

    def _unsigned(self) -> dict[str, object]:
        return {} if self.max_ngram_order == 4 else {"order": self.max_ngram_order}

    def aggregate(self, total: FloatArray) -> FloatArray:
        """BLEU, 0–100; see `Metric.aggregate`."""
        if total.ndim == 1:
            return self._compute_one(total)
        return self._compute(total, effective_order=self.effective_order)

    def segment_scores(self, values: FloatArray) -> FloatArray:
        """[segments] sentence BLEU, with effective order as in sacrebleu's ``sentence_bleu``."""
        return self._compute(values, effective_order=True)

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, object]:
        """Brevity penalty, lengths, and the precision of each order in percent."""
        orders = self.max_ngram_order
        matches, totals = total[2 : 2 + orders], total[2 + orders :]
        precisions = np.divide(100 * matches, totals, out=np.zeros(orders), where=totals > 0)
        return {
            "brevity_penalty": float(compute_brevity_penalty(total[0], total[1])),
            "hypothesis_length": int(total[0]),
            "reference_length": int(total[1]),
            "precisions": [float(precision) for precision in precisions],
        }

    def _compute(self, total: FloatArray, *, effective_order: bool) -> FloatArray:
        return compute_bleu(
            total,
            max_order=self.max_ngram_order,
            smooth_method=self.smooth_method,
            smooth_value=self.smooth_value,
            effective_order=effective_order,
        )

    def _compute_one(self, total: FloatArray) -> FloatArray:
        """Compute a headline score with sacrebleu itself, so that it is equal to the last bit."""
        from sacrebleu.metrics.bleu import BLEU

        orders = self.max_ngram_order
        bleu = BLEU.compute_bleu(
            total[2 : 2 + orders].tolist(),
            total[2 + orders :].tolist(),
            sys_len=int(total[0]),
            ref_len=int(total[1]),
            smooth_method=self.smooth_method,
            smooth_value=self.smooth_value,
            effective_order=self.effective_order,
            max_ngram_order=orders,
        )
        return np.float64(bleu.score)  # type: ignore[return-value]  # a scalar for a single sum


@dataclass(frozen=True, kw_only=True)
class Chrf(Lexical):
    """chrF, and chrF++ with ``word_order=2``.

    Statistics: hypothesis, reference and matching n-grams of each order.
    """

    name: str = "chrf"
    label: str = "chrF"
    char_order: int = 6
    word_order: int = 0
    beta: int = 2
    """How many times as much recall counts as precision."""
    lowercase: bool = False
    whitespace: bool = False
    eps_smoothing: bool = False

    def __post_init__(self) -> None:
        """Check the values."""
        self._check_at_least(1, "char_order", "beta")
        self._check_at_least(0, "word_order")

    def _build(self, test_set: TestSet, references: References) -> Any:
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

    def test_set_warnings(self, test_set: TestSet) -> Iterator[str]:
        """Warn of n-grams of words that are not cut; see `Metric.test_set_warnings`."""
        share = share_uncut(test_set) if self.word_order else 0.0
        if share >= LEAST_UNCUT:
            yield f"{describe_uncut(share)}, so its words are clauses or sentences; use chrF with word_order=0"

    def _unsigned(self) -> dict[str, object]:
        settings: dict[str, object] = {}
        if self.beta != 2:
            settings["beta"] = self.beta
        if self.eps_smoothing:
            settings["eps_smoothing"] = "yes"
        return settings

    def aggregate(self, total: FloatArray) -> FloatArray:
        """chrF, 0–100; see `Metric.aggregate`."""
        return compute_chrf(total, beta=self.beta, eps_smoothing=self.eps_smoothing)


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

    def _build(self, test_set: TestSet, references: References) -> Any:
        from sacrebleu.metrics.ter import TER

        if self.asian_support and not (self.normalized or self.no_punct):
            raise ConfigError(
                f"metrics.{self.name}.asian_support=true changes nothing alone; "
                f"set metrics.{self.name}.normalized=true too, which cuts Chinese and Japanese into characters"
            )
        return TER(
            normalized=self.normalized,
            no_punct=self.no_punct,
            asian_support=self.asian_support,
            case_sensitive=self.case_sensitive,
            references=references,
        )

    def test_set_warnings(self, test_set: TestSet) -> Iterator[str]:
        """Warn of edits of words that are not cut; see `Metric.test_set_warnings`."""
        cuts = self.normalized and self.asian_support
        share = share_uncut(test_set, TERCOM if cuts else None)
        if share >= LEAST_UNCUT:
            fits = not cuts and share_uncut(test_set, TERCOM) < LEAST_UNCUT
            settings = f"metrics.{self.name}.normalized=true metrics.{self.name}.asian_support=true"
            advice = f"set {settings}" if fits else "use chrf instead"
            yield f"{describe_uncut(share)}, so its edits are of clauses or sentences; {advice}"

    def aggregate(self, total: FloatArray) -> FloatArray:
        """TER, 0 or more; 0 is best. See `Metric.aggregate`."""
        return compute_ter(total)

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, object]:
        """Edits, and mean reference length in words."""
        return {"edits": int(total[0]), "reference_length": float(total[1])}


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
