"""The gain of pairing a block of segments with a block of sentences, and the best path of such steps.

    gain = (similarity - threshold - MERGE (a + b - 2) - CROSS [a > 1 and b > 1] - LENGTH |log ratio|) * mean
    length

for `a` segments and `b` sentences, where the ratio is that of the lengths of both blocks in characters, and
the mean is their harmonic mean. So a pair below the threshold is worse than no pair, long evidence counts for
more than short evidence, and merges and length mismatches are penalised. The similarity of blocks is the
cosine of the sums of their vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import sparse

from evalkit.alignment.band import find_band
from evalkit.alignment.path import Step, Window, find_best_path
from evalkit.alignment.side import Side, make_dense
from evalkit.alignment.similarity import square_norms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.types import FloatArray, IntArray

SHAPES = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (1, 4), (4, 1), (2, 2), (2, 3), (3, 2))
"""Segments and sentences that one step may pair; at most `evalkit.alignment.side.LARGEST` of either."""
MERGE = 0.02
"""Penalty, in similarity, for each segment or sentence beyond a single pair."""
CROSS = 0.03
"""Penalty for steps that merge on both sides."""
LENGTH = 0.1
"""Penalty for a block that is e times as long as its counterpart."""
SHORT = 20.0
"""Characters added to both lengths, so that short texts may differ by a word; a third without spaces."""
CLEAR = 0.3
"""Similarity from which two texts that are each other's best match are evidence of the order."""
WHOLE = 512 * 512
"""Cells up to which the whole matrix is searched; larger matrices are searched in a band."""
_GROUPS = 128
"""Groups of texts in which the band of a large matrix is searched."""
_HEIGHTS, _WIDTHS = (np.array(sizes)[:, None] for sizes in zip(*SHAPES, strict=True))


class _Blocks(NamedTuple):
    """[shapes, texts] the block of each shape that ends with each text."""

    first: IntArray
    end: IntArray
    """One past its last text."""


@dataclass(frozen=True)
class Matrix:
    """All segments and all sentences of an article, and what their blocks gain.

    Cells are [shapes, rows, columns]: the blocks of this shape that end with this segment and this sentence.
    """

    segments: Side
    sentences: Side
    short: float
    """See `SHORT`."""
    weights: tuple[float, ...] = (1.0,)
    """Of the kinds of similarity; they sum to 1."""

    @cached_property
    def is_small(self) -> bool:
        """Whether the whole matrix is searched."""
        return len(self.segments) * len(self.sentences) <= WHOLE

    @cached_property
    def whole(self) -> tuple[FloatArray, FloatArray]:
        """`compare` for all cells."""
        return self.compare(Window(0, len(self.segments), 0, len(self.sentences)))

    @cached_property
    def worth_of_whole(self) -> FloatArray:
        """`rate` for all cells."""
        return self.rate(Window(0, len(self.segments), 0, len(self.sentences)), self.whole[0])

    @cached_property
    def worth_in_any_order(self) -> FloatArray:
        """`worth_of_whole`, less what the texts of a block lose against their best match in any place.

        Blocks are left out whose first and last texts changed places.
        """
        single = self.whole[0][0]  # of one segment and one sentence
        worth = self.worth_of_whole.copy()
        for cells, (a, b) in zip(worth, SHAPES, strict=True):
            if a <= len(self.segments) and b <= len(self.sentences):
                cells[a - 1 :, b - 1 :] -= _compute_regret(single, a, b)
                cells[a - 1 :, b - 1 :][_find_crossed(single, a, b)] = -np.inf
        return worth

    @cached_property
    def is_in_order(self) -> bool:
        """Whether the pairs that are clearly each other's best match have the same order on both sides."""
        single = self.whole[0][0]
        rows, best = np.arange(len(single)), single.argmax(axis=1)
        mutual = best[(single[rows, best] >= CLEAR) & (single.argmax(axis=0)[best] == rows)]
        return bool((np.diff(mutual) > 0).all())

    def find_path(
        self,
        threshold: float,
        segments: Sequence[int] | None = None,
        sentences: Sequence[int] | None = None,
        *,
        any_order: bool = False,
    ) -> list[Step]:
        """Find the best path through some of the texts. Only adjacent texts of the article form a block.

        Args:
            threshold: similarity below which texts are not paired.
            segments: indices of the segments to pair, in order; None for all.
            sentences: the same for sentences.
            any_order: leave out texts that have a much better match that the path cannot reach. Large
                matrices ignore it.
        """
        rows, columns = _list_indices(self.segments, segments), _list_indices(self.sentences, sentences)
        if not len(rows) or not len(columns):
            return []
        part = self if self.is_small else self._select(rows, columns)

        def compute_gains(window: Window) -> FloatArray:
            if self.is_small:
                worth, lengths = self._look_up(rows, columns, any_order=any_order)
            else:
                similarity, lengths = part.compare(window)
                worth = part.rate(window, similarity)
            unbroken = (
                _find_unbroken(rows, _HEIGHTS, window.top, window.bottom)[:, :, None]
                & _find_unbroken(columns, _WIDTHS, window.left, window.right)[:, None]
            )
            return np.where(unbroken, (worth - threshold) * lengths, -np.inf)

        windows = part.choose_windows(threshold, len(rows), len(columns))
        steps = find_best_path(len(columns), SHAPES, compute_gains, windows)
        return [
            Step(int(rows[first]), height, int(columns[start]), width)
            for first, height, start, width in steps
        ]

    def _select(self, rows: IntArray, columns: IntArray) -> Matrix:
        return Matrix(self.segments.select(rows), self.sentences.select(columns), self.short, self.weights)

    def _look_up(
        self, rows: IntArray, columns: IntArray, *, any_order: bool
    ) -> tuple[FloatArray, FloatArray]:
        """[shapes, rows, columns] worth and lengths of some texts of a small matrix, which is one window."""
        worth = self.worth_in_any_order if any_order and not self.is_in_order else self.worth_of_whole
        lengths = self.whole[1]
        if len(rows) == len(self.segments) and len(columns) == len(self.sentences):
            return worth, lengths
        return worth[:, rows[:, None], columns], lengths[:, rows[:, None], columns]

    def average_similarity(self, steps: Sequence[Step]) -> float | None:
        """Mean similarity of steps, 0-1, weighted by length; None without steps."""
        if not steps:
            return None
        known = self.is_small and all((step.height, step.width) in SHAPES for step in steps)
        similarity, weights = self._look_up_steps(steps) if known else self._compare_steps(steps)
        return float(np.average(similarity, weights=weights))

    def _look_up_steps(self, steps: Sequence[Step]) -> tuple[FloatArray, FloatArray]:
        first, height, start, width = np.array(steps).T
        shapes = [SHAPES.index((step.height, step.width)) for step in steps]
        similarity, lengths = self.whole
        cells = (shapes, first + height - 1, start + width - 1)
        return similarity[cells], lengths[cells]

    def _compare_steps(self, steps: Sequence[Step]) -> tuple[FloatArray, FloatArray]:
        rows = self.segments.merge([(step.rows.start, step.rows.stop) for step in steps])
        columns = self.sentences.merge([(step.columns.start, step.columns.stop) for step in steps])
        similarity = np.zeros(len(steps))
        for weight, left, right in zip(self.weights, rows.features, columns.features, strict=True):
            products = np.asarray(sparse.csr_matrix(left).multiply(right).sum(axis=1)).ravel()
            norms = np.sqrt(square_norms(left) * square_norms(right))
            similarity += weight * np.divide(products, norms, out=np.zeros_like(norms), where=norms > 0)
        return similarity, 1 / (1 / rows.lengths + 1 / columns.lengths)

    def choose_windows(self, threshold: float, rows: int, columns: int) -> list[Window]:
        """Choose what to search: a small matrix as a whole, a large one along the path of groups of texts."""
        if rows * columns <= WHOLE:
            return [Window(0, rows, 0, columns)]
        size = -(-max(rows, columns) // _GROUPS)
        segments, sentences = self.segments.group(size), self.sentences.group(size)
        steps = Matrix(segments, sentences, self.short * size, self.weights).find_path(threshold)
        return find_band(steps, size, rows, columns, WHOLE)

    def rate(self, window: Window, similarity: FloatArray) -> FloatArray:
        """Compute the gain per character of the cells of a window, without threshold."""
        height, width = self._measure(*_list_blocks(window))
        log_ratio = np.log(height + self.short)[:, :, None] - np.log(width + self.short)[:, None, :]
        merging = MERGE * (_HEIGHTS + _WIDTHS - 2) + CROSS * np.logical_and(_HEIGHTS > 1, _WIDTHS > 1)
        # rounded, so that the same text in two places has the same worth in both
        worth: FloatArray = np.round(similarity - merging[:, :, None] - LENGTH * np.abs(log_ratio), 9)
        return worth

    def compare(self, window: Window) -> tuple[FloatArray, FloatArray]:
        """Compute the similarity of the cells of a window, 0-1, and the harmonic mean of their lengths."""
        rows, columns = _list_blocks(window)
        height, width = self._measure(rows, columns)
        similarity = np.zeros((len(SHAPES), rows.end.shape[1], columns.end.shape[1]))
        for kind, weight in enumerate(self.weights):
            products = self._multiply(kind, window, rows, columns)
            row_squares = self.segments.squares[kind][_HEIGHTS, rows.first]
            column_squares = self.sentences.squares[kind][_WIDTHS, columns.first]
            norms = np.sqrt(row_squares[:, :, None] * column_squares[:, None, :])
            similarity += weight * np.divide(products, norms, out=np.zeros_like(products), where=norms > 0)
        mean = 2 / (1 / np.maximum(height, 1)[:, :, None] + 1 / np.maximum(width, 1)[:, None, :])
        return similarity, mean

    def _measure(self, rows: _Blocks, columns: _Blocks) -> tuple[FloatArray, FloatArray]:
        """[shapes, rows] and [shapes, columns] length of each block in characters."""
        height = self.segments.length_to[rows.end] - self.segments.length_to[rows.first]
        width = self.sentences.length_to[columns.end] - self.sentences.length_to[columns.first]
        return height, width

    def _multiply(self, kind: int, window: Window, rows: _Blocks, columns: _Blocks) -> FloatArray:
        """[shapes, rows, columns] product of the summed vectors of two blocks, by a summed-area table."""
        top, left = int(rows.first.min()), int(columns.first.min())
        segments = self.segments.features[kind][top : window.bottom]
        sentences = self.sentences.features[kind][left : window.right]
        sums = np.zeros((window.bottom - top + 1, window.right - left + 1))
        sums[1:, 1:] = make_dense(segments @ sentences.T).cumsum(axis=0).cumsum(axis=1)
        above, below = (rows.first - top)[:, :, None], (rows.end - top)[:, :, None]
        before, after = (columns.first - left)[:, None, :], (columns.end - left)[:, None, :]
        in_rows = sums[below, after] - sums[above, after]
        products: FloatArray = in_rows - sums[below, before] + sums[above, before]
        return products


def _compute_regret(single: FloatArray, a: int, b: int) -> FloatArray:
    """Compute what blocks of `a` segments and `b` sentences lose against their best match in any place.

    The regret of a text is its best similarity with any single text less that with one in the block; that of
    a block is the largest of its texts.

    Args:
        single: [segments, sentences] similarity.
        a: number of segments, at most all.
        b: number of sentences, at most all.

    Returns:
        [rows, columns] of the first text of each block.
    """
    blocks = sliding_window_view(single, (a, b))
    rows = sliding_window_view(single.max(axis=1), a)[:, None] - blocks.max(axis=3)
    columns = sliding_window_view(single.max(axis=0), b)[None] - blocks.max(axis=2)
    regret: FloatArray = np.maximum(rows.max(axis=2), columns.max(axis=2))
    return regret


def _find_crossed(single: FloatArray, a: int, b: int) -> NDArray[np.bool_]:
    """[rows, columns] whether the first and last texts of a block are more similar crosswise."""
    corners = sliding_window_view(single, (a, b))
    straight = corners[..., 0, 0] + corners[..., -1, -1]
    crossed: NDArray[np.bool_] = straight < corners[..., 0, -1] + corners[..., -1, 0]
    return crossed & (a > 1 and b > 1)


def _list_indices(side: Side, indices: Sequence[int] | None) -> IntArray:
    return np.arange(len(side)) if indices is None else np.array(indices, dtype=np.int64)


def _list_blocks(window: Window) -> tuple[_Blocks, _Blocks]:
    """The blocks of segments and of sentences that end in a window; cut off at the first text."""
    rows = np.arange(window.top, window.bottom) + np.ones_like(_HEIGHTS)
    columns = np.arange(window.left, window.right) + np.ones_like(_WIDTHS)
    return (
        _Blocks(np.maximum(rows - _HEIGHTS, 0), rows),
        _Blocks(np.maximum(columns - _WIDTHS, 0), columns),
    )


def _find_unbroken(indices: IntArray, sizes: IntArray, start: int, end: int) -> NDArray[np.bool_]:
    """[shapes, texts] whether the block of each size that ends with a text exists and has no gap.

    Args:
        indices: of the texts, in order.
        sizes: [shapes, 1] texts of a block.
        start: first text to look at.
        end: one past the last.
    """
    last = np.arange(start, end)
    first = last - sizes + 1
    unbroken: NDArray[np.bool_] = first >= 0
    unbroken &= indices[last] - indices[np.maximum(first, 0)] == sizes - 1
    return unbroken
