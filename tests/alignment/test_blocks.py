"""What blocks of texts gain, compared with sums of vectors that are computed one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from evalkit.alignment import blocks, side
from evalkit.alignment.blocks import SHAPES, Matrix
from evalkit.alignment.path import Step, Window
from evalkit.alignment.side import LARGEST, Side

VECTORS = st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=7).map(
    lambda rows: np.array(rows, np.float64)
)


def make_side(rows, *, dense):
    return Side((rows if dense else sparse.csr_matrix(rows),), np.arange(10.0, 10.0 + len(rows)))


@given(VECTORS, VECTORS, st.booleans())
def test_similarity_is_the_cosine_of_sums(rows, columns, dense):
    matrix = Matrix(make_side(rows, dense=dense), make_side(columns, dense=dense), 20.0)
    found, lengths = matrix.compare(Window(0, len(rows), 0, len(columns)))
    for shape, (a, b) in enumerate(SHAPES):
        for i in range(len(rows) - a + 1):
            for j in range(len(columns) - b + 1):
                one, other = rows[i : i + a].sum(axis=0), columns[j : j + b].sum(axis=0)
                norms = np.linalg.norm(one) * np.linalg.norm(other)
                assert found[shape, i + a - 1, j + b - 1] == pytest.approx(
                    one @ other / norms if norms else 0
                )
                height, width = (np.arange(10.0, 99.0)[at : at + n].sum() for at, n in ((i, a), (j, b)))
                assert lengths[shape, i + a - 1, j + b - 1] == pytest.approx(
                    2 * height * width / (height + width)
                )


def test_no_shape_is_larger_than_the_sums_that_are_kept():
    assert max(size for shape in SHAPES for size in shape) == LARGEST


def test_norms_are_the_same_chunk_by_chunk(monkeypatch):
    rows = np.random.default_rng(0).random((50, 6))
    expected = make_side(rows, dense=False).squares[0]
    monkeypatch.setattr(side, "_AT_ONCE", 7)
    assert make_side(rows, dense=False).squares[0] == pytest.approx(expected)
    assert make_side(rows, dense=True).squares[0] == pytest.approx(expected)


def test_the_mean_similarity_is_that_of_a_small_matrix_also_in_a_large_one(monkeypatch):
    rows, columns = np.random.default_rng(1).random((2, 6, 5))
    steps = [Step(0, 1, 0, 2), Step(1, 2, 2, 1), Step(4, 1, 4, 1)]
    small = Matrix(make_side(rows, dense=False), make_side(columns, dense=False), 20.0).average_similarity(
        steps
    )
    monkeypatch.setattr(blocks, "WHOLE", 0)
    assert Matrix(make_side(rows, dense=False), make_side(columns, dense=False), 20.0).average_similarity(
        steps
    ) == pytest.approx(small)
    assert small is not None
    assert 0 < small <= 1
    assert (
        Matrix(make_side(rows, dense=False), make_side(columns, dense=False), 20.0).average_similarity([])
        is None
    )
