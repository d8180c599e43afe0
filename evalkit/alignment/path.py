"""The best monotone path through two sequences of texts, by dynamic programming.

A step pairs a few texts of one sequence with a few of the other; any text may be left out. The path with the
greatest sum of gains wins. The search goes through windows of the matrix, one after the other, so that memory
grows with the length of the texts and not with its square.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.types import FloatArray

Shapes: TypeAlias = Sequence[tuple[int, int]]
"""How many texts of each sequence a step may pair."""
_SKIP_ROW, _SKIP_COLUMN = -1, -2
"""Choices other than an index of a shape."""


class Step(NamedTuple):
    """Texts that belong together, from each sequence."""

    first: int
    """Index of its first text in the first sequence."""
    height: int
    """Number of texts of the first sequence."""
    start: int
    """Index of its first text in the second sequence."""
    width: int
    """Number of texts of the second sequence."""

    @property
    def rows(self) -> range:
        """Indices of its texts in the first sequence."""
        return range(self.first, self.first + self.height)

    @property
    def columns(self) -> range:
        """Indices of its texts in the second sequence."""
        return range(self.start, self.start + self.width)


class Window(NamedTuple):
    """Some rows of the matrix, and the columns that the path may use there; ends exclusive."""

    top: int
    bottom: int
    left: int
    right: int


Gains: TypeAlias = "Callable[[Window], FloatArray]"
"""Gain of each step in a window: [shapes, rows, columns] it ends with; -inf for impossible steps."""


class _Choices(NamedTuple):
    """The best way to end in each cell of a row."""

    left: int
    """Column of the first cell."""
    taken: NDArray[np.int8]
    """[columns] index of a shape, `_SKIP_ROW` or `_SKIP_COLUMN`."""


def find_best_path(
    columns: int, shapes: Shapes, gains: Gains, windows: Sequence[Window], skip: float = 0.0
) -> list[Step]:
    """Find the steps of greatest total gain, in order. Of equal paths, the one that ends first wins.

    Args:
        columns: number of texts in the second sequence.
        shapes: the steps that are allowed.
        gains: gives the gain of each step of a window.
        windows: they cover all rows, in order; left and right edges never decrease, and the last right edge
            is the last column.
        skip: gain of leaving out one text; 0 or negative.
    """
    heights, widths = (np.array(sizes)[:, None] for sizes in zip(*shapes, strict=True))
    room, ring = int(widths.max()), int(heights.max()) + 1
    wide = room + columns + 1
    drift = skip * np.arange(columns + 1)  # gain of leaving out so many columns
    best = np.full((ring, wide), -np.inf)  # of the last rows, with room for the widest step on the left
    best[0, room:] = drift
    choices: list[_Choices] = []
    for window in windows:
        window_gains = gains(window)
        inside = slice(window.left + 1, window.right + 1)
        sources = np.arange(window.left, window.right) + 1 - widths + room
        flat = [(turn - heights) % ring * wide + sources for turn in range(ring)]
        for i in range(window.top + 1, window.bottom + 1):
            candidates = best.take(flat[i % ring])
            candidates += window_gains[:, i - 1 - window.top]
            taken, stepped = candidates.argmax(axis=0), candidates.max(axis=0)
            row = np.add(best[(i - 1) % ring, room:], skip, out=best[i % ring, room:])
            here = row[inside]
            taken[stepped < here] = _SKIP_ROW
            np.maximum(here, stepped, out=here)
            _skip_columns(row, drift, skip)
            taken[row[window.left : window.right] + skip >= here] = _SKIP_COLUMN
            choices.append(_Choices(window.left, taken.astype(np.int8)))
    return _trace_back(shapes, choices, columns)


def _skip_columns(row: FloatArray, drift: FloatArray, skip: float) -> None:
    """Raise each cell of a row, in place, to what any cell on its left gains by skipping columns."""
    if skip:
        row -= drift
    np.maximum.accumulate(row, out=row)
    if skip:
        row += drift


def _trace_back(shapes: Shapes, choices: Sequence[_Choices], columns: int) -> list[Step]:
    """Follow the choices from the end of the path."""
    steps: list[Step] = []
    i, j = len(choices), columns
    while i > 0 and j > 0:
        choice = _choice_at(choices[i - 1], j - 1)
        if choice == _SKIP_COLUMN:
            j -= 1
        elif choice == _SKIP_ROW:
            i -= 1
        else:
            height, width = shapes[choice]
            i, j = i - height, j - width
            steps.append(Step(i, height, j, width))
    return steps[::-1]


def _choice_at(row: _Choices, column: int) -> int:
    place = column - row.left
    if place < 0:
        return _SKIP_ROW
    return int(row.taken[place]) if place < len(row.taken) else _SKIP_COLUMN
