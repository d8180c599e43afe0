"""Align sources by length alone: in another language they have no characters in common with the reference.

Gale and Church (1993), "A Program for Aligning Sentences in Bilingual Corpora", with the ratio of lengths
taken from the texts themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_ndtr

from evalkit.alignment.path import Step, Window, find_best_path
from evalkit.alignment.sentences import TextSpan

if TYPE_CHECKING:
    from evalkit.types import FloatArray

_VARIANCE = 6.8
"""Of the length of a translation, per character (Gale and Church)."""
_PRIORS = {(1, 1): 0.89, (1, 2): 0.0445, (2, 1): 0.0445, (2, 2): 0.011}
"""Probability of each shape of a step (Gale and Church)."""
_SKIP = float(np.log(0.0099 / 2)) - 4.0
"""Log probability that a sentence has no counterpart, and that it has this length."""


def align_by_length(
    units: Sequence[TextSpan],
    owners: Sequence[int],
    source: str,
    sentences: Sequence[TextSpan],
    *,
    by_paragraph: bool = False,
) -> list[str]:
    """Find the source text of every segment.

    Each segment gets all of a sentence that covers several. Paragraphs are aligned one by one if both texts
    have the same number of them, otherwise the texts as a whole.

    Args:
        units: spans of the sentences in the reference, at least one.
        owners: [units] index of the segment that each is part of, in order.
        source: the text of the sentences.
        sentences: spans in the source, at least one.
        by_paragraph: whether segments are paragraphs, among which all of the source is divided.
    """
    parts: list[list[TextSpan]] = [[] for _ in range(owners[-1] + 1)]
    start = 0
    for rows, columns in _pair_paragraphs(units, sentences):
        own = owners[start : start + len(rows)]
        start += len(rows)
        if own[0] == own[-1]:
            parts[own[0]] += columns
            continue
        # lengths may be too different for any step: one sentence for ten
        steps = _align_group(rows, columns) or [Step(0, len(rows), 0, len(columns))]
        for step in _leave_none_out(steps, len(columns)) if by_paragraph else steps:
            found = [columns[column] for column in step.columns]
            for owner in dict.fromkeys(own[row] for row in step.rows):
                parts[owner] += found
    return [source[spans[0].start : spans[-1].end] if spans else "" for spans in parts]


def _leave_none_out(steps: Sequence[Step], columns: int) -> list[Step]:
    """Give sentences without a counterpart to the step before them: a paragraph has all of its text."""
    ends = [step.start for step in steps[1:]] + [columns]
    starts = [0, *ends[:-1]]
    return [
        step._replace(start=start, width=end - start)
        for step, start, end in zip(steps, starts, ends, strict=True)
    ]


def _pair_paragraphs(
    units: Sequence[TextSpan], sentences: Sequence[TextSpan]
) -> list[tuple[list[TextSpan], list[TextSpan]]]:
    if units[-1].paragraph != sentences[-1].paragraph:
        return [(list(units), list(sentences))]
    return [
        (
            [span for span in units if span.paragraph == paragraph],
            [span for span in sentences if span.paragraph == paragraph],
        )
        for paragraph in range(units[-1].paragraph + 1)
    ]


def _align_group(units: Sequence[TextSpan], sentences: Sequence[TextSpan]) -> list[Step]:
    heights, widths = ([span.end - span.start for span in spans] for spans in (units, sentences))
    window = Window(0, len(units), 0, len(sentences))
    gains = partial(_compute_gains, heights, widths)
    return find_best_path(len(sentences), list(_PRIORS), gains, [window], _SKIP)


def _compute_gains(heights: Sequence[int], widths: Sequence[int], window: Window) -> FloatArray:
    """Compute the log probabilities of the whole matrix, in the form of `evalkit.alignment.path.Gains`."""
    ratio = (sum(widths) / sum(heights)) or 1.0
    gains = np.full((len(_PRIORS), window.bottom, window.right), -np.inf)
    for gain, ((a, b), prior) in zip(gains, _PRIORS.items(), strict=True):
        if a <= len(heights) and b <= len(widths):
            rows, columns = _sum_runs(heights, a)[:, None] * ratio, _sum_runs(widths, b)[None, :]
            delta = (columns - rows) / np.sqrt((rows + columns) / 2 * _VARIANCE)
            gain[a - 1 :, b - 1 :] = np.log(prior) + np.log(2) + log_ndtr(-np.abs(delta))
    return gains


def _sum_runs(lengths: Sequence[int], size: int) -> FloatArray:
    """[runs] sum of each run of `size` lengths."""
    return np.convolve(lengths, np.ones(size), mode="valid")
