"""One side of the matrix of an alignment: the segments or the sentences, and sums over runs of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from evalkit.types import FloatArray, IntArray

LARGEST = 4
"""Texts in the largest block."""
_AT_ONCE = 256
"""Texts whose products with their neighbours are computed in one call."""


@dataclass(frozen=True)
class Side:
    """Segments, or sentences, in order."""

    features: tuple[sparse.csr_matrix | FloatArray, ...]
    """[texts, features] vectors, one matrix per kind of similarity."""
    lengths: FloatArray
    """[texts] in characters."""

    def __len__(self) -> int:
        """Number of texts."""
        return len(self.lengths)

    @cached_property
    def length_to(self) -> FloatArray:
        """[texts + 1] characters before each text."""
        return np.concatenate([[0.0], np.cumsum(self.lengths)])

    @cached_property
    def squares(self) -> tuple[FloatArray, ...]:
        """By kind: [LARGEST + 1, texts] squared norm of the sum of so many vectors from each text on.

        0 if fewer texts are left.
        """
        return tuple(_square_blocks(kind) for kind in self.features)

    def select(self, indices: IntArray) -> Side:
        """Keep some of the texts."""
        return Side(tuple(kind[indices] for kind in self.features), self.lengths[indices])

    def merge(self, ranges: Sequence[tuple[int, int]]) -> Side:
        """Turn each range of texts (end exclusive) into one text."""
        pointers = np.cumsum([0, *(end - start for start, end in ranges)])
        indices = np.concatenate([np.arange(start, end) for start, end in ranges])
        sums = sparse.csr_matrix((np.ones(len(indices)), indices, pointers), (len(ranges), len(self)))
        return Side(tuple(sums @ kind for kind in self.features), sums @ self.lengths)

    def group(self, size: int) -> Side:
        """Merge each `size` texts into one."""
        return self.merge([(start, min(start + size, len(self))) for start in range(0, len(self), size)])


def make_dense(products: Any) -> FloatArray:
    """The array of a sparse or dense matrix."""
    dense: FloatArray = products.toarray() if sparse.issparse(products) else products
    return dense


def _square_blocks(rows: sparse.csr_matrix | FloatArray) -> FloatArray:
    """Compute `Side.squares` of one kind: |a + b|² = |a|² + |b|² + 2ab."""
    products = _multiply_neighbours(rows)
    count = rows.shape[0]
    squares = np.zeros((LARGEST + 1, count))
    for size in range(1, min(LARGEST, count) + 1):
        for apart in range(size):
            for first in range(size - apart):
                squares[size, : count - size + 1] += products[apart, first : first + count - size + 1]
    return squares


def _multiply_neighbours(rows: sparse.csr_matrix | FloatArray) -> FloatArray:
    """[LARGEST, texts] product of each vector with itself, and twice the product with the next ones."""
    count = rows.shape[0]
    products = np.zeros((LARGEST, count))
    for start in range(0, count, _AT_ONCE):
        some = rows[start : start + _AT_ONCE + LARGEST - 1]
        gram = make_dense(some @ some.T)
        for apart in range(min(LARGEST, len(gram))):
            diagonal = np.diagonal(gram, apart)[:_AT_ONCE]
            products[apart, start : start + len(diagonal)] = diagonal if apart == 0 else 2 * diagonal
    return products
