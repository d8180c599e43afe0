"""Sources in another language have no characters in common with the reference: they are aligned by length alone.

Gale and Church (1993), "A Program for Aligning Sentences in Bilingual Corpora", with the ratio of lengths taken from the
texts themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_ndtr

from evalkit.alignment.path import Window, best_path
from evalkit.alignment.sentences import Span

if TYPE_CHECKING:
    from evalkit.types import FloatArray

_VARIANCE = 6.8
"""Gale and Church: of the length of a translation, per character."""
_PRIORS = {(1, 1): 0.89, (1, 2): 0.0445, (2, 1): 0.0445, (2, 2): 0.011}
_SKIP = float(np.log(0.0099 / 2)) - 4.0
"""Log probability of a sentence without counterpart, and of its length arising from nothing."""


def align_by_length(
    reference: str, segments: Sequence[Span], source: str, sentences: Sequence[Span]
) -> list[str]:
    """The source text of every segment; one that covers several segments stands at each of them.

    Works paragraph by paragraph where both texts have as many paragraphs, else over the whole text.
    """
    groups = [(list(segments), list(sentences))]
    if segments[-1].paragraph == sentences[-1].paragraph:
        groups = [
            (
                [s for s in segments if s.paragraph == paragraph],
                [s for s in sentences if s.paragraph == paragraph],
            )
            for paragraph in range(segments[-1].paragraph + 1)
        ]
    texts: list[str] = []
    for rows, columns in groups:
        found = [""] * len(rows)
        heights, widths = ([span.end - span.start for span in spans] for spans in (rows, columns))
        window = Window(0, len(rows), 0, len(columns))
        steps = best_path(len(columns), list(_PRIORS), partial(_gains, heights, widths), [window], _SKIP)
        for first, height, start, width in steps:
            text = source[columns[start].start : columns[start + width - 1].end]
            found[first : first + height] = [text] * height
        texts += found
    return texts


def _gains(heights: Sequence[int], widths: Sequence[int], window: Window) -> FloatArray:
    """Log probabilities of the whole matrix, in the form of `evalkit.alignment.path.Gains`."""
    ratio = (sum(widths) / sum(heights)) or 1.0
    gains = np.full((len(_PRIORS), window.bottom, window.right), -np.inf)
    for gain, ((a, b), prior) in zip(gains, _PRIORS.items(), strict=True):
        if a <= len(heights) and b <= len(widths):
            rows, columns = _sums(heights, a)[:, None] * ratio, _sums(widths, b)[None, :]
            delta = (columns - rows) / np.sqrt((rows + columns) / 2 * _VARIANCE)
            gain[a - 1 :, b - 1 :] = np.log(prior) + np.log(2) + log_ndtr(-np.abs(delta))
    return gains


def _sums(lengths: Sequence[int], size: int) -> FloatArray:
    return np.convolve(lengths, np.ones(size), mode="valid")
