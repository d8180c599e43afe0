"""The last step of sacrebleu, from statistics to scores, for many sums of statistics at once.

Papers: BLEU, Papineni et al. 2002; chrF and chrF++, Popović 2015 and 2017; TER, Snover et al. 2006. All as
implemented in sacrebleu (Post 2018), with its order of additions. Tests compare both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.types import FloatArray

_LOG_OF_ZERO = -9999999999.0
"""sacrebleu's."""
_EPSILON = 1e-16
"""sacrebleu's precision and recall of chrF without n-grams, for smoothing."""


def compute_bleu(
    total: FloatArray,
    *,
    max_order: int,
    smooth_method: str,
    smooth_value: float | None,
    effective_order: bool,
) -> FloatArray:
    """Compute BLEU, 0-100.

    Args:
        total: [..., 2 + 2 * max_order] hypothesis length, reference length, and matches and totals of each
            order.
        max_order: longest n-grams.
        smooth_method: none, floor, add-k or exp.
        smooth_value: of floor and add-k; None for sacrebleu's default.
        effective_order: ignore orders of which the hypothesis has no n-grams, as sacrebleu's
            ``sentence_bleu`` does.

    Returns:
        [...]; 0 without any match.
    """
    matches, totals = total[..., 2 : 2 + max_order].copy(), total[..., 2 + max_order :].copy()
    has_match = matches.any(axis=-1)
    if smooth_method == "add-k":
        k = 1.0 if smooth_value is None else smooth_value
        matches[..., 1:] += k
        totals[..., 1:] += k
    # sacrebleu's loop ends at an order without n-grams: this and all higher orders keep precision 0
    present = np.logical_and.accumulate(totals > 0, axis=-1)
    numerators = _smooth(matches, present, smooth_method, smooth_value)
    precisions = np.divide(100.0 * numerators, totals, out=np.zeros_like(totals), where=present)
    with np.errstate(divide="ignore"):
        logs = np.where(precisions > 0, np.log(precisions), _LOG_OF_ZERO)
    orders = np.full(total.shape[:-1], max_order)
    if effective_order:
        orders = np.maximum(present.sum(axis=-1), 1)
        logs = np.where(present, logs, 0.0)
    score = compute_brevity_penalty(total[..., 0], total[..., 1]) * np.exp(_sum_orders(logs) / orders)
    return np.where(has_match, score, 0.0)


def _smooth(matches: FloatArray, present: NDArray[np.bool_], method: str, value: float | None) -> FloatArray:
    """[..., orders] matches, with a small number in place of 0 if the method is exp or floor."""
    zero = present & (matches == 0)
    if method == "exp":
        return np.where(zero, 0.5 ** np.cumsum(zero, axis=-1), matches)
    if method == "floor":
        return np.where(zero, 0.1 if value is None else value, matches)
    return matches


def compute_brevity_penalty(hypothesis: FloatArray, reference: FloatArray) -> FloatArray:
    """Compute BLEU's brevity penalty, 0-1.

    Args:
        hypothesis: [...] lengths in tokens.
        reference: [...] lengths in tokens.
    """
    ratio = np.divide(
        reference,
        hypothesis,
        out=np.full_like(np.asarray(reference, dtype=np.float64), np.inf),
        where=hypothesis > 0,
    )
    return np.where(hypothesis < reference, np.exp(1 - ratio), 1.0)


def compute_chrf(total: FloatArray, *, beta: int, eps_smoothing: bool) -> FloatArray:
    """Compute chrF, 0-100.

    Args:
        total: [..., 3 * orders] hypothesis, reference and matching n-grams of each order.
        beta: weight of recall.
        eps_smoothing: average over all orders, as the original chrF++.py does, not only over those with
            n-grams.

    Returns:
        [...].
    """
    hypothesis, reference, match = total[..., 0::3], total[..., 1::3], total[..., 2::3]
    precision = np.divide(match, hypothesis, out=np.full_like(match, _EPSILON), where=hypothesis > 0)
    recall = np.divide(match, reference, out=np.full_like(match, _EPSILON), where=reference > 0)
    if eps_smoothing:
        scores = _compute_f_score(precision, recall, beta, default=_EPSILON)
        return 100 * _sum_orders(scores) / scores.shape[-1]
    counted = (hypothesis > 0) & (reference > 0)
    orders = np.maximum(counted.sum(axis=-1), 1)
    mean_precision = _sum_orders(np.where(counted, precision, 0.0)) / orders
    mean_recall = _sum_orders(np.where(counted, recall, 0.0)) / orders
    return 100 * _compute_f_score(mean_precision, mean_recall, beta, default=0.0)


def _compute_f_score(precision: FloatArray, recall: FloatArray, beta: int, *, default: float) -> FloatArray:
    factor = float(beta**2)
    numerator = (1 + factor) * precision * recall
    denominator = factor * precision + recall
    scores: FloatArray = np.divide(
        numerator, denominator, out=np.full_like(numerator, default), where=denominator > 0
    )
    return scores


def _sum_orders(values: FloatArray) -> FloatArray:
    """[...] sum over the last axis from left to right, as the loop in sacrebleu adds."""
    total = values[..., 0]
    for order in range(1, values.shape[-1]):
        total = total + values[..., order]
    return total


def compute_ter(total: FloatArray) -> FloatArray:
    """Compute TER, 0 or more; 0 is best.

    Args:
        total: [..., 2] edits and mean reference length in words.

    Returns:
        [...]; against an empty reference, 0 without edits, otherwise 100.
    """
    edits, length = total[..., 0], total[..., 1]
    against_nothing = np.where(edits > 0, 1.0, 0.0).astype(np.float64)
    score: FloatArray = 100.0 * np.divide(edits, length, out=against_nothing, where=length > 0)
    return score
