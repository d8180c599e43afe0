"""The best path, against trying all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.alignment.path import Step, Window, find_best_path

SHAPES = ((1, 1), (1, 2), (2, 1), (2, 2))
GAINS = st.integers(-4, 9).map(lambda tenths: tenths / 2)


@st.composite
def problems(draw):
    """Gain of every step, by shape and the row and column it ends with."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    gains = np.full((len(SHAPES), rows, columns), -np.inf)
    for number, (a, b) in enumerate(SHAPES):
        for i in range(a - 1, rows):
            for j in range(b - 1, columns):
                gains[number, i, j] = draw(GAINS)
    return gains, draw(st.sampled_from([0.0, -0.75]))


def greatest(gains, skip, i, j):
    """The greatest total gain of the first i rows and j columns."""
    if i == 0 or j == 0:
        return skip * (i + j)
    steps = [
        greatest(gains, skip, i - a, j - b) + gains[n, i - 1, j - 1]
        for n, (a, b) in enumerate(SHAPES)
        if a <= i and b <= j
    ]
    return max([*steps, greatest(gains, skip, i - 1, j) + skip, greatest(gains, skip, i, j - 1) + skip])


def total(steps, gains, skip):
    _, rows, columns = gains.shape
    paired = sum(
        gains[
            SHAPES.index((step.height, step.width)), step.first + step.height - 1, step.start + step.width - 1
        ]
        for step in steps
    )
    return paired + skip * (rows + columns - sum(step.height + step.width for step in steps))


@given(problems())
def test_no_path_gains_more(problem):
    gains, skip = problem
    _, rows, columns = gains.shape
    steps = find_best_path(columns, SHAPES, lambda _window: gains, [Window(0, rows, 0, columns)], skip)
    ends = [(step.first + step.height, step.start + step.width) for step in steps]
    assert all(step.first >= i and step.start >= j for step, (i, j) in zip(steps[1:], ends, strict=False)), (
        "steps overlap"
    )
    assert total(steps, gains, skip) == pytest.approx(greatest(gains, skip, rows, columns))


@given(problems())
def test_row_by_row_the_path_is_the_same(problem):
    gains, skip = problem
    _, rows, columns = gains.shape
    whole = find_best_path(columns, SHAPES, lambda _window: gains, [Window(0, rows, 0, columns)], skip)
    windows = [Window(row, row + 1, 0, columns) for row in range(rows)]
    assert (
        find_best_path(columns, SHAPES, lambda window: gains[:, window.top : window.bottom], windows, skip)
        == whole
    )


def test_the_path_keeps_to_its_windows():
    gains = np.full((len(SHAPES), 4, 4), -np.inf)
    gains[0] = np.eye(4) + 5 * np.eye(4)[::-1]
    windows = [Window(0, 2, 0, 2), Window(2, 4, 2, 4)]
    found = find_best_path(4, SHAPES, lambda w: gains[:, w.top : w.bottom, w.left : w.right], windows)
    assert found == [Step(number, 1, number, 1) for number in range(4)]


def test_of_equal_paths_the_first_columns_are_taken():
    gains = np.full((len(SHAPES), 2, 4), -np.inf)
    gains[0, [0, 1, 0, 1], [0, 1, 2, 3]] = 1.0
    assert find_best_path(4, SHAPES, lambda _window: gains, [Window(0, 2, 0, 4)]) == [
        Step(0, 1, 0, 1),
        Step(1, 1, 1, 1),
    ]
