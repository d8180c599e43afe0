"""What it gains to pair a block of segments with a block of sentences: the steps of the path, and what each is worth.

    gain = (similarity - threshold - MERGE (a + b - 2) - CROSS [a > 1 and b > 1] - LENGTH |log(length / length)|) * mean length

for a segments and b sentences, with the lengths of both blocks in characters and their harmonic mean: a pair below the threshold
is worse than no pair, long evidence counts for more than short, and a block that is much longer than its counterpart has too much
in it. The similarity of blocks is the cosine of the sums of their vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import sparse

from evalkit.alignment.path import Step, Window, best_path
from evalkit.alignment.similarity import square_norms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.types import FloatArray, IntArray

SHAPES = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (1, 4), (4, 1), (2, 2), (2, 3), (3, 2))
"""Segments and sentences that one step may pair."""
MERGE = 0.02
"""Similarity that a step has to gain for each segment or sentence beyond a single pair."""
CROSS = 0.05
"""The same for steps that join on both sides."""
LENGTH = 0.15
"""Similarity that a block has to gain where it is e times as long as its counterpart."""
SHORT = 20.0
"""Characters by which short texts may differ in length without a word; a third in languages without spaces."""
CLEAR = 0.3
"""Similarity from which two texts that are each other's best say something of the order."""
WHOLE = 512 * 512
"""Cells up to which the whole matrix is searched; beyond, a band."""
_AT_ONCE = 256
"""Texts whose products with their neighbours are worked out in one go."""
_GROUPS = 128
"""Into how many groups the texts of a large matrix are put to find the band."""
_LARGEST = max(size for shape in SHAPES for size in shape)
_HEIGHTS, _WIDTHS = (np.array(sizes)[:, None] for sizes in zip(*SHAPES, strict=True))


@dataclass(frozen=True)
class Side:
    """Segments, or sentences, in order."""

    features: tuple[sparse.csr_matrix | FloatArray, ...]
    """[texts, features] vectors, one matrix per kind of similarity."""
    lengths: FloatArray
    """[texts] in characters."""

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.lengths)

    @cached_property
    def length_to(self) -> FloatArray:
        """[texts + 1] characters before each text."""
        return np.concatenate([[0.0], np.cumsum(self.lengths)])

    @cached_property
    def squares(self) -> tuple[FloatArray, ...]:
        """[sizes, texts] by kind: squared norm of the sum of so many vectors, from this one on; 0 where there are not so many."""
        return tuple(_block_squares(kind) for kind in self.features)

    def only(self, numbers: IntArray) -> Side:
        """Some of the texts."""
        return Side(tuple(kind[numbers] for kind in self.features), self.lengths[numbers])

    def summed(self, ranges: Sequence[tuple[int, int]]) -> Side:
        """Each range of texts, first and one past the last, as one text."""
        pointers = np.cumsum([0, *(end - start for start, end in ranges)])
        numbers = np.concatenate([np.arange(start, end) for start, end in ranges])
        sums = sparse.csr_matrix((np.ones(len(numbers)), numbers, pointers), (len(ranges), len(self)))
        return Side(tuple(sums @ kind for kind in self.features), sums @ self.lengths)

    def grouped(self, size: int) -> Side:
        """Each `size` texts as one."""
        return self.summed([(start, min(start + size, len(self))) for start in range(0, len(self), size)])


@dataclass(frozen=True)
class Matrix:
    """All segments and all sentences of an article, and what their blocks are worth to each other."""

    segments: Side
    sentences: Side
    short: float
    """See `SHORT`."""
    weights: tuple[float, ...] = (1.0,)
    """Of the kinds of similarity; they sum to 1."""

    @cached_property
    def is_small(self) -> bool:
        """Whether it is searched as a whole."""
        return len(self.segments) * len(self.sentences) <= WHOLE

    @cached_property
    def whole(self) -> tuple[FloatArray, FloatArray]:
        """`compare` of everything."""
        return self.compare(Window(0, len(self.segments), 0, len(self.sentences)))

    @cached_property
    def worth_of_whole(self) -> FloatArray:
        """`worth` of everything."""
        return self.worth(Window(0, len(self.segments), 0, len(self.sentences)), self.whole[0])

    @cached_property
    def worth_in_any_order(self) -> FloatArray:
        """`worth_of_whole`, less what the texts of a block find better elsewhere, whatever the order.

        The regret of a block is the most that one of its texts has in another block: its best similarity with any single text less
        that with one in the block.
        """
        single = self.whole[0][0]  # of one segment and one sentence
        worth = self.worth_of_whole.copy()
        for shape, (a, b) in zip(worth, SHAPES, strict=True):
            if a <= len(self.segments) and b <= len(self.sentences):
                # [rows, columns] of the first text of a block: the best in the block, of each text on either side
                views = sliding_window_view(single, (a, b))
                rows = single.max(axis=1)[_numbers(a, len(single))][:, None] - views.max(axis=3)
                columns = single.max(axis=0)[_numbers(b, single.shape[1])][None] - views.max(axis=2)
                shape[a - 1 :, b - 1 :] -= np.maximum(rows.max(axis=2), columns.max(axis=2))
        return worth

    @cached_property
    def is_in_order(self) -> bool:
        """Whether the pairs of which each is the other's best stand in the same order on both sides."""
        single = self.whole[0][0]
        rows, best = np.arange(len(single)), single.argmax(axis=1)
        mutual = best[(single[rows, best] >= CLEAR) & (single.argmax(axis=0)[best] == rows)]
        return bool((np.diff(mutual) > 0).all())

    def path(
        self,
        threshold: float,
        segments: Sequence[int] | None = None,
        sentences: Sequence[int] | None = None,
        *,
        any_order: bool = False,
    ) -> list[Step]:
        """The best path through some of the texts, or all. Only texts that follow each other in the article form a block.

        Args:
            threshold: similarity below which texts are rather left apart.
            segments: numbers of those to pair, in order; None for all.
            sentences: the same.
            any_order: leave out what has a much better counterpart where the path cannot go. Large matrices do without.
        """
        rows, columns = (
            np.arange(len(side)) if numbers is None else np.array(numbers, dtype=np.int64)
            for side, numbers in ((self.segments, segments), (self.sentences, sentences))
        )
        if not len(rows) or not len(columns):
            return []
        part = (
            self
            if self.is_small
            else Matrix(self.segments.only(rows), self.sentences.only(columns), self.short, self.weights)
        )

        def gains(window: Window) -> FloatArray:
            at, to = rows[window.top : window.bottom], columns[window.left : window.right]
            if self.is_small:
                whole = self.worth_in_any_order if any_order and not self.is_in_order else self.worth_of_whole
                everything = len(rows) == len(self.segments) and len(columns) == len(self.sentences)
                worth, lengths = (
                    values if everything else values[:, at[:, None], to] for values in (whole, self.whole[1])
                )
            else:
                similarity, lengths = part.compare(window)
                worth = part.worth(window, similarity)
            fits = (
                _unbroken(rows, _HEIGHTS, window.top, window.bottom)[:, :, None]
                & _unbroken(columns, _WIDTHS, window.left, window.right)[:, None]
            )
            return np.where(fits, (worth - threshold) * lengths, -np.inf)

        steps = best_path(len(columns), SHAPES, gains, part.windows(threshold, len(rows), len(columns)))
        return [
            Step(int(rows[first]), height, int(columns[start]), width)
            for first, height, start, width in steps
        ]

    def similarity(self, steps: Sequence[Step]) -> float | None:
        """Mean similarity of steps, 0-1, weighted by length; None without steps."""
        if not steps:
            return None
        if self.is_small:
            height, width = np.array([(step.height, step.width) for step in steps]).T
            first, start = np.array([(step.first, step.start) for step in steps]).T
            at = (
                [SHAPES.index((step.height, step.width)) for step in steps],
                first + height - 1,
                start + width - 1,
            )
            similarity, lengths = self.whole
            return float(np.average(similarity[at], weights=lengths[at]))
        rows = self.segments.summed([(step.first, step.first + step.height) for step in steps])
        columns = self.sentences.summed([(step.start, step.start + step.width) for step in steps])
        similarity = np.zeros(len(steps))
        for weight, own, other in zip(self.weights, rows.features, columns.features, strict=True):
            products = np.asarray(sparse.csr_matrix(own).multiply(other).sum(axis=1)).ravel()
            norms = np.sqrt(square_norms(own) * square_norms(other))
            similarity += weight * np.divide(products, norms, out=np.zeros_like(norms), where=norms > 0)
        return float(np.average(similarity, weights=1 / (1 / rows.lengths + 1 / columns.lengths)))

    def windows(self, threshold: float, rows: int, columns: int) -> list[Window]:
        """All of a small matrix. Of a large one a band along the path of groups of texts."""
        if rows * columns <= WHOLE:
            return [Window(0, rows, 0, columns)]
        size = -(-max(rows, columns) // _GROUPS)
        steps = Matrix(
            self.segments.grouped(size), self.sentences.grouped(size), self.short * size, self.weights
        ).path(threshold)
        # a group's texts are not further left or right than those of the steps around it, one more group aside
        windows, left, done = [], 0, 0
        for number in range(-(-rows // size)):
            while done < len(steps) and steps[done].first + steps[done].height < number:
                left = max(left, (steps[done].start - 1) * size)
                done += 1
            after = next((step for step in steps[done:] if step.first > number + 1), None)
            right = columns if after is None else min(columns, (after.start + after.width + 1) * size)
            windows.append(
                Window(number * size, min(rows, (number + 1) * size), min(left, columns - 1), right)
            )
        return [part for window in windows for part in _parts(window)]

    def worth(self, window: Window, similarity: FloatArray) -> FloatArray:
        """[shapes, rows, columns] gain per character of the blocks that end there, with no threshold."""
        rows, columns = _ends(window)
        height, width = (
            side.length_to[end] - side.length_to[begin]
            for side, (begin, end) in ((self.segments, rows), (self.sentences, columns))
        )
        longer = np.log(height + self.short)[:, :, None] - np.log(width + self.short)[:, None, :]
        joined = MERGE * (_HEIGHTS + _WIDTHS - 2) + CROSS * np.logical_and(_HEIGHTS > 1, _WIDTHS > 1)
        # rounded, so that the same text in two places is worth the same in both
        worth: FloatArray = np.round(similarity - joined[:, :, None] - LENGTH * np.abs(longer), 9)
        return worth

    def compare(self, window: Window) -> tuple[FloatArray, FloatArray]:
        """[shapes, rows, columns] similarity of the blocks that end there, 0-1, and the harmonic mean of their lengths in characters."""
        (i0, i1), (j0, j1) = _ends(window)
        top, left = int(i0.min()), int(j0.min())
        similarity = np.zeros((len(SHAPES), i0.shape[1], j0.shape[1]))
        for kind, (rows, columns) in enumerate(
            zip(self.segments.features, self.sentences.features, strict=True)
        ):
            sums = np.zeros((window.bottom - top + 1, window.right - left + 1))
            sums[1:, 1:] = (
                _dense(rows[top : window.bottom] @ columns[left : window.right].T)
                .cumsum(axis=0)
                .cumsum(axis=1)
            )
            a0, a1, b0, b1 = (
                (i0 - top)[:, :, None],
                (i1 - top)[:, :, None],
                (j0 - left)[:, None, :],
                (j1 - left)[:, None, :],
            )
            block = sums[a1, b1] - sums[a0, b1] - sums[a1, b0] + sums[a0, b0]
            heights, widths = (
                self.segments.squares[kind][_HEIGHTS, i0],
                self.sentences.squares[kind][_WIDTHS, j0],
            )
            norms = np.sqrt(heights[:, :, None] * widths[:, None, :])
            similarity += self.weights[kind] * np.divide(
                block, norms, out=np.zeros_like(block), where=norms > 0
            )
        height, width = (
            (side.length_to[end] - side.length_to[begin])
            for side, (begin, end) in zip((self.segments, self.sentences), ((i0, i1), (j0, j1)), strict=True)
        )
        return similarity, 2 / (1 / np.maximum(height, 1)[:, :, None] + 1 / np.maximum(width, 1)[:, None, :])


def _parts(window: Window) -> list[Window]:
    """A window as several with fewer rows, where it has more cells than are worked out at once."""
    top, bottom, left, right = window
    size = max(1, WHOLE // (right - left))
    return [Window(start, min(start + size, bottom), left, right) for start in range(top, bottom, size)]


def _block_squares(rows: sparse.csr_matrix | FloatArray) -> FloatArray:
    """See `Side.squares`: |a + b|² = |a|² + |b|² + 2ab, with all products of texts that are up to three apart."""
    count = rows.shape[0]
    products = np.zeros((_LARGEST, count))
    for start in range(0, count, _AT_ONCE):
        some = rows[start : start + _AT_ONCE + _LARGEST - 1]
        gram = _dense(some @ some.T)
        for apart in range(min(_LARGEST, len(gram))):
            found = np.diagonal(gram, apart)[:_AT_ONCE]
            products[apart, start : start + len(found)] = found if apart == 0 else 2 * found
    squares = np.zeros((_LARGEST + 1, count))
    for size in range(1, min(_LARGEST, count) + 1):
        for apart in range(size):
            for first in range(size - apart):
                squares[size, : count - size + 1] += products[apart, first : first + count - size + 1]
    return squares


def _numbers(size: int, count: int) -> IntArray:
    """[blocks, size] the texts of each block."""
    return np.arange(count - size + 1)[:, None] + np.arange(size)


def _dense(products: Any) -> FloatArray:
    dense: FloatArray = products.toarray() if sparse.issparse(products) else products
    return dense


def _ends(window: Window) -> tuple[tuple[IntArray, IntArray], tuple[IntArray, IntArray]]:
    """[shapes, rows] first and one past the last segment of each block, and [shapes, columns] of each sentence."""
    rows = np.arange(window.top, window.bottom) + np.ones_like(_HEIGHTS)
    columns = np.arange(window.left, window.right) + np.ones_like(_WIDTHS)
    return (np.maximum(rows - _HEIGHTS, 0), rows), (np.maximum(columns - _WIDTHS, 0), columns)


def _unbroken(numbers: IntArray, sizes: IntArray, start: int, end: int) -> NDArray[np.bool_]:
    """[shapes, texts] whether the block of each size that ends with a text exists, and its texts follow each other."""
    last = np.arange(start, end)
    first = last - sizes + 1
    found: NDArray[np.bool_] = (first >= 0) & (numbers[last] - numbers[np.maximum(first, 0)] == sizes - 1)
    return found
