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

from evalkit.alignment.path import Window, find_best_path
from evalkit.alignment.sentences import TextSpan

if TYPE_CHECKING:
    from evalkit.types import FloatArray

_VARIANCE = 6.8
"""Of the length of a translation, per character (Gale and Church)."""
_PRIORS = {(1, 1): 0.89, (1, 2): 0.0445, (2, 1): 0.0445, (2, 2): 0.011}
"""Probability of each shape of a step (Gale and Church)."""
_SKIP = float(np.log(0.0099 / 2)) - 4.0
"""Log probability that a sentence has no counterpart, and that it has this length."""


def align_by_length(segments: Sequence[TextSpan], source: str, sentences: Sequence[TextSpan]) -> list[str]:
    """Find the source text of every segment.

    Each segment gets all of a sentence that covers several. Paragraphs are aligned one by one if both texts
    have the same number of them, otherwise the texts as a whole.

    Args:
        segments: spans in the reference, at least one.
        source: the text of the sentences.
        sentences: spans in the source, at least one.
    """
    texts: list[str] = []
    for rows, columns in _pair_paragraphs(segments, sentences):
        texts += _align_group(rows, source, columns)
    return texts


def align_paragraphs(segments: Sequence[TextSpan], source: str, sentences: Sequence[TextSpan]) -> list[str]:
    """Find the source text of every segment, if these are paragraphs, which may have many sentences.

    If both texts have the same number of paragraphs, it is the paragraph at the same place; otherwise, the
    sentences whose middle is in the same part of the text.

    Args:
        segments, source, sentences: as for `align_by_length`.
    """
    texts: list[str] = []
    for rows, columns in _pair_paragraphs(segments, sentences):
        heights, widths = (np.array([span.end - span.start for span in spans]) for spans in (rows, columns))
        middles = (np.cumsum(widths) - widths / 2) / widths.sum()
        owners = np.searchsorted(np.cumsum(heights) / heights.sum(), middles)
        for row in range(len(rows)):
            own = [span for span, owner in zip(columns, owners, strict=True) if owner == row]
            texts.append(source[own[0].start : own[-1].end] if own else "")
    return texts


def _pair_paragraphs(
    segments: Sequence[TextSpan], sentences: Sequence[TextSpan]
) -> list[tuple[list[TextSpan], list[TextSpan]]]:
    if segments[-1].paragraph != sentences[-1].paragraph:
        return [(list(segments), list(sentences))]
    return [
        (
            [span for span in segments if span.paragraph == paragraph],
            [span for span in sentences if span.paragraph == paragraph],
        )
        for paragraph in range(segments[-1].paragraph + 1)
    ]


def _align_group(segments: Sequence[TextSpan], source: str, sentences: Sequence[TextSpan]) -> list[str]:
    texts = [""] * len(segments)
    heights, widths = ([span.end - span.start for span in spans] for spans in (segments, sentences))
    window = Window(0, len(segments), 0, len(sentences))
    gains = partial(_compute_gains, heights, widths)
    for step in find_best_path(len(sentences), list(_PRIORS), gains, [window], _SKIP):
        text = source[sentences[step.start].start : sentences[step.start + step.width - 1].end]
        texts[step.first : step.first + step.height] = [text] * step.height
    return texts


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
