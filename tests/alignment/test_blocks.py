"""What blocks of texts gain, compared with sums of vectors that are computed one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matrices import make_matrix
from scipy import sparse

from evalkit.alignment import blocks, side
from evalkit.alignment.band import find_band
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


def worth_of(worth, shape, row, column):
    return worth[SHAPES.index(shape), row, column]


def test_merges_and_length_mismatches_are_penalised():
    """-0.02 (a + b - 2) - 0.03 [a > 1 and b > 1] - 0.1 |log((height + 20) / (width + 20))|, by hand."""
    matrix = make_matrix(np.zeros((2, 2)), heights=[20, 60], widths=[20, 20])
    worth = matrix.rate(Window(0, 2, 0, 2), np.zeros((len(SHAPES), 2, 2)))
    assert worth_of(worth, (1, 1), 0, 0) == 0
    assert worth_of(worth, (1, 1), 1, 0) == pytest.approx(-0.1 * np.log(80 / 40), abs=1e-9)
    assert worth_of(worth, (2, 1), 1, 0) == pytest.approx(-0.02 - 0.1 * np.log(100 / 40), abs=1e-9)
    assert worth_of(worth, (1, 2), 1, 1) == pytest.approx(-0.02 - 0.1 * np.log(80 / 60), abs=1e-9)
    assert worth_of(worth, (1, 2), 0, 1) == pytest.approx(-0.02 - 0.1 * np.log(60 / 40), abs=1e-9)
    assert worth_of(worth, (2, 2), 1, 1) == pytest.approx(-0.07 - 0.1 * np.log(100 / 60), abs=1e-9)


def test_worth_is_rounded_so_that_equal_texts_tie():
    worth = make_matrix([[0.0]]).rate(Window(0, 1, 0, 1), np.full((len(SHAPES), 1, 1), 1 / 3))
    assert worth_of(worth, (1, 1), 0, 0) == 0.333333333


@pytest.mark.parametrize(
    ("similarity", "expected"),
    [
        ([[0.5, 0.0], [0.0, 0.5]], True),
        ([[0.0, 0.5], [0.5, 0.0]], False),
        ([[0.0, 0.29], [0.29, 0.0]], True),  # below CLEAR, so no evidence of another order
        ([[0.0, 0.31], [0.31, 0.0]], False),
        ([[0.0, 0.5], [0.0, 0.6]], True),  # the first segment is not the best match of its best match
    ],
)
def test_clear_pairs_show_the_order(similarity, expected):
    assert make_matrix(similarity).is_in_order is expected


def test_the_regret_of_a_block_is_the_largest_of_its_texts():
    single = np.array([[0.9, 0.2], [0.3, 0.5]])
    # text by text: best of its row or column less the best in the block
    assert blocks._compute_regret(single, 1, 1) == pytest.approx(np.array([[0.0, 0.7], [0.6, 0.0]]))
    assert blocks._compute_regret(single, 2, 1) == pytest.approx(np.array([[0.2, 0.7]]))
    assert blocks._compute_regret(single, 1, 2) == pytest.approx(np.array([[0.3], [0.6]]))
    assert blocks._compute_regret(single, 2, 2) == pytest.approx(np.array([[0.0]]))


def test_the_mean_similarity_is_weighted_by_the_harmonic_mean_of_lengths():
    # weights: 2 / (1/10 + 1/30) = 15, and 30
    matrix = make_matrix([[0.6, 0.0], [0.0, 0.3]], heights=[10, 30], widths=[30, 30])
    expected = (15 * 0.6 + 30 * 0.3) / 45
    assert matrix.average_similarity([Step(0, 1, 0, 1), Step(1, 1, 1, 1)]) == pytest.approx(expected)
    assert matrix.average_similarity([Step(0, 1, 0, 1)]) == pytest.approx(0.6)


def test_a_band_follows_the_path():
    path = [Step(group, 1, group, 1) for group in range(6)]
    windows = find_band(path, 10, 58, 60, most=10**6)
    # up to three groups on either side of the path: two whose steps are near, and one more
    assert windows == [
        Window(0, 10, 0, 40),
        Window(10, 20, 0, 50),
        Window(20, 30, 0, 60),
        Window(30, 40, 0, 60),
        Window(40, 50, 10, 60),
        Window(50, 58, 20, 60),
    ]
    assert find_band(path, 10, 58, 60, most=200)[-2:] == [Window(50, 55, 20, 60), Window(55, 58, 20, 60)]
    assert find_band([], 10, 20, 30, most=10**6) == [Window(0, 10, 0, 30), Window(10, 20, 0, 30)]


def test_blocks_whose_texts_changed_places_are_crossed():
    single = np.array([[0.1, 0.9], [0.8, 0.2]])
    assert blocks._find_crossed(single, 2, 2).tolist() == [[True]]
    assert blocks._find_crossed(single[::-1], 2, 2).tolist() == [[False]]
    assert not blocks._find_crossed(single, 1, 2).any()
