"""Monotone alignment of sentences to reference segments, by dynamic programming.

Steps pair one to three segments with one to three sentences, leave a segment without a counterpart (omission)
or a sentence without one (addition). The path with the greatest sum of gains wins, where

    gain(block of segments, block of sentences) = (similarity - THRESHOLD) * mean length of the two blocks

so that a pair below the threshold is worse than no pair, and long evidence counts for more than short.
Similarity is the cosine of tf-idf vectors of character n-grams, idf within the document.

Sources in another language have no characters in common with the reference: they are aligned by length alone,
with the model of Gale and Church (1993), "A Program for Aligning Sentences in Bilingual Corpora".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse, stats

from evalkit.alignment.sentences import Span
from evalkit.types import written_with_spaces

if TYPE_CHECKING:
    from evalkit.types import FloatArray

ORDERS = (3, 4, 5)
"""Lengths of the character n-grams that are compared."""
ORDERS_WITHOUT_SPACES = (1, 2, 3)
"""The same for languages without spaces, whose words have one or two characters."""
THRESHOLD = 0.04
"""Similarity below which two blocks are rather left apart."""
STEPS = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (1, 4), (4, 1))
"""Segments and sentences that one step may pair."""
MERGE_PENALTY = 0.02
"""Similarity that a step has to gain for each segment or sentence beyond a single pair."""
PUNCTUATION_BONUS = 0.2
"""What a cut after punctuation is worth, in words that resemble their segment fully."""

_Step = tuple[int, int, int, int]
"""First segment, segments, first sentence, sentences."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """What the sentences of one document became."""

    texts: tuple[str, ...]
    """One per segment; empty for an omission."""
    additions: tuple[str, ...]
    """Sentences that match nothing, in order."""
    covered: int
    """Segments that have a counterpart."""


def align_by_text(segments: Sequence[str], sentences: Sequence[str], language: str) -> Alignment:
    """Give every segment the sentences that render it.

    Where sentences were merged across segments, their text is cut at the word boundary at which its parts
    resemble the segments best, so that no text is lost or counted twice.
    """
    if list(segments) == list(sentences):
        return Alignment(tuple(sentences), (), len(segments))
    glue = " " if written_with_spaces(language) else ""
    texts, used = [""] * len(segments), set[int]()
    vectors = _vectors([*segments, *sentences], glue)
    rows, columns = vectors[: len(segments)], vectors[len(segments) :]
    gains = _text_gains(rows, columns, segments, sentences)
    steps = _best_path(len(segments), len(sentences), gains)
    for first, height, start, width in [*steps, *_lone_pairs(steps, segments, sentences)]:
        used.update(range(start, start + width))
        text = glue.join(sentences[start : start + width])
        texts[first : first + height] = _cut(text, segments[first : first + height], glue)
    additions = tuple(sentence for index, sentence in enumerate(sentences) if index not in used)
    return Alignment(tuple(texts), additions, sum(bool(text) for text in texts))


def align_by_length(reference: str, segments: Sequence[Span], source: str, sentences: Sequence[Span]) -> list[str]:
    """The source text of every segment; one that covers several segments stands at each of them.

    Works paragraph by paragraph where both texts have as many paragraphs, else over the whole text.
    """
    groups = [(list(segments), list(sentences))]
    if segments[-1].paragraph == sentences[-1].paragraph:
        groups = [
            ([s for s in segments if s.paragraph == paragraph], [s for s in sentences if s.paragraph == paragraph])
            for paragraph in range(segments[-1].paragraph + 1)
        ]
    texts: list[str] = []
    for rows, columns in groups:
        found = [""] * len(rows)
        gains = _length_gains([row.end - row.start for row in rows], [c.end - c.start for c in columns])
        for first, height, start, width in _best_path(len(rows), len(columns), gains, skip=_SKIP):
            text = source[columns[start].start : columns[start + width - 1].end]
            found[first : first + height] = [text] * height
        texts += found
    return texts


def _lone_pairs(steps: Sequence[_Step], segments: Sequence[str], sentences: Sequence[str]) -> list[_Step]:
    """One segment and one sentence of about equal length, both left out between the same two steps: a bad translation."""
    pairs = []
    for (first, height, start, width), (next_first, _, next_start, _) in pairwise(steps):
        i, j = first + height, start + width
        if next_first - i == next_start - j == 1 and 0.5 <= len(sentences[j]) / max(len(segments[i]), 1) <= 2:
            pairs.append((i, 1, j, 1))
    return pairs


def _vectors(texts: Sequence[str], glue: str) -> sparse.csr_matrix:
    """tf-idf vectors of character n-grams, one row per text."""
    counts = [_ngrams(text, ORDERS if glue else ORDERS_WITHOUT_SPACES) for text in texts]
    frequency = Counter(ngram for count in counts for ngram in count)
    column = {ngram: index for index, ngram in enumerate(frequency)}
    indices = [column[ngram] for count in counts for ngram in count]
    values = [n * np.log((1 + len(texts)) / frequency[ngram]) for count in counts for ngram, n in count.items()]
    pointers = np.cumsum([0, *(len(count) for count in counts)])
    return sparse.csr_matrix((values, indices, pointers), shape=(len(texts), max(len(column), 1)))


def _ngrams(text: str, orders: Sequence[int]) -> Counter[str]:
    padded = " ".join(["", *text.casefold().split(), ""])
    return Counter(padded[i : i + order] for order in orders for i in range(len(padded) - order + 1))


def _text_gains(
    rows: sparse.csr_matrix, columns: sparse.csr_matrix, segments: Sequence[str], sentences: Sequence[str]
) -> dict[tuple[int, int], FloatArray]:
    """Per step (a, b) an array [segments - a + 1, sentences - b + 1] of gains."""
    products = (rows @ columns.T).toarray()
    heights, widths = [len(text) for text in segments], [len(text) for text in sentences]
    gains = {}
    for a, b in STEPS:
        if a > len(segments) or b > len(sentences):
            continue
        block = sum(products[i : len(segments) - a + 1 + i, j : len(sentences) - b + 1 + j] for i in range(a) for j in range(b))
        norms = np.sqrt(np.outer(_square_norms(rows, a), _square_norms(columns, b)))
        similarity = np.divide(block, norms, out=np.zeros_like(norms), where=norms > 0)
        gains[a, b] = (
            (similarity - THRESHOLD - MERGE_PENALTY * (a + b - 2)) * (_block_sums(heights, a)[:, None] + _block_sums(widths, b)) / 2
        )
    return gains


def _square_norms(vectors: sparse.csr_matrix, size: int) -> FloatArray:
    """Square norm of the sum of each `size` rows that follow each other."""
    blocks = sum(vectors[i : vectors.shape[0] - size + 1 + i] for i in range(size))
    return np.asarray(blocks.multiply(blocks).sum(axis=1), dtype=np.float64).ravel()


def _block_sums(values: Sequence[int], size: int) -> FloatArray:
    return np.convolve(values, np.ones(size), mode="valid")


_MEAN, _VARIANCE = 1.0, 6.8
"""Gale & Church: characters of target per character of source, and its variance per character."""
_PRIOR = {(1, 1): 0.89, (1, 2): 0.0445, (2, 1): 0.0445, (2, 2): 0.011}
_SKIP = float(np.log(0.0099 / 2)) - 4.0
"""Log probability of a sentence without counterpart, and of its length arising from nothing."""


def _length_gains(heights: Sequence[int], widths: Sequence[int]) -> dict[tuple[int, int], FloatArray]:
    """Log probabilities after Gale & Church, with the ratio of lengths taken from the texts themselves."""
    ratio = (sum(widths) / sum(heights)) or _MEAN
    gains = {}
    for (a, b), prior in _PRIOR.items():
        if a <= len(heights) and b <= len(widths):
            rows, columns = _block_sums(heights, a)[:, None] * ratio, _block_sums(widths, b)[None, :]
            delta = (columns - rows) / np.sqrt((rows + columns) / 2 * _VARIANCE)
            gains[a, b] = np.log(prior) + np.log(2) + stats.norm.logsf(np.abs(delta))
    return gains


def _best_path(segments: int, sentences: int, gains: dict[tuple[int, int], FloatArray], skip: float = 0.0) -> list[_Step]:
    """The steps of greatest total gain, in order; leaving a segment or sentence out gains `skip`."""
    best = np.full((segments + 1, sentences + 1), -np.inf)
    drift = skip * np.arange(sentences + 1)
    best[0] = drift
    for i in range(1, segments + 1):
        row = best[i - 1] + skip
        for (a, b), gain in gains.items():
            if a <= i:
                row[b:] = np.maximum(row[b:], best[i - a, : sentences - b + 1] + gain[i - a])
        best[i] = np.maximum.accumulate(row - drift) + drift
    steps: list[_Step] = []
    i, j = segments, sentences
    while i > 0 and j > 0:
        if np.isclose(best[i, j], best[i, j - 1] + skip, rtol=0, atol=1e-9):
            j -= 1
            continue
        options = [
            (a, b)
            for (a, b), gain in gains.items()
            if a <= i and b <= j and np.isclose(best[i, j], best[i - a, j - b] + gain[i - a, j - b], rtol=0, atol=1e-9)
        ]
        if options:
            a, b = options[0]
            i, j = i - a, j - b
            steps.append((i, a, j, b))
        else:
            i -= 1
    return steps[::-1]


def _cosines(rows: sparse.csr_matrix, columns: sparse.csr_matrix) -> FloatArray:
    norms = np.sqrt(np.outer(_square_norms(rows, 1), _square_norms(columns, 1)))
    cosines: FloatArray = np.divide((rows @ columns.T).toarray(), norms, out=np.zeros_like(norms), where=norms > 0)
    return cosines


def _cut(text: str, segments: Sequence[str], glue: str) -> list[str]:
    """Split a text into one part per segment, at word boundaries, where the parts resemble the segments best."""
    if len(segments) == 1:
        return [text]
    places = [match.span() for match in re.finditer(r"\S+" if glue else r"\S", text)]
    units = [text[start:end] for start, end in places]
    vectors = _vectors([*segments, *units], glue)
    rows = vectors[: len(segments)]
    affinity = _cosines(rows, vectors[len(segments) :])
    # best[k, w]: the first w units given to the first k segments; each unit counts for the segment it goes to
    best = np.full((len(segments) + 1, len(units) + 1), -np.inf)
    best[0, 0] = 0.0
    bonus = np.array([0.0, *(PUNCTUATION_BONUS * (unit[-1] in ".!?…,;:—。！？，；：、،؛؟") for unit in units)])
    for k in range(1, len(segments) + 1):
        total = np.concatenate([[0.0], np.cumsum(affinity[k - 1])])
        best[k] = np.maximum.accumulate(best[k - 1] - total) + total + bonus
    ends, end = [len(units)], len(units)
    for k in range(len(segments), 1, -1):
        total = np.concatenate([[0.0], np.cumsum(affinity[k - 1])])
        end = int(np.argmax((best[k - 1] - total)[: end + 1]))
        ends.append(end)
    bounds = [0, *ends[::-1]]
    return [text[places[first][0] : places[last - 1][1]] if last > first else "" for first, last in pairwise(bounds)]
