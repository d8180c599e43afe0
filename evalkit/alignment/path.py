"""The best monotone path through two sequences of texts, by dynamic programming.

A step pairs a few texts of one sequence with a few of the other, or leaves one text of either out. The path with the
greatest sum of gains wins. The search goes through windows of the matrix, one after the other, so that memory grows with
the length of the texts and not with its square.
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


class Step(NamedTuple):
    """Texts that belong together: `height` of the first sequence from `first`, `width` of the second from `start`."""

    first: int
    height: int
    start: int
    width: int


class Window(NamedTuple):
    """Some rows of the matrix, and the columns to which the path is held there; ends exclusive."""

    top: int
    bottom: int
    left: int
    right: int


Gains: TypeAlias = "Callable[[Window], FloatArray]"
"""[shapes, rows, columns] of a window: gain of each step that ends with this row and column; -inf where there is no such step."""


def best_path(
    columns: int, shapes: Shapes, gains: Gains, windows: Sequence[Window], skip: float = 0.0
) -> list[Step]:
    """The steps of greatest total gain, in order. Of several such paths, the one that ends first in the columns.

    Args:
        columns: texts of the second sequence.
        windows: they cover all rows, in order; left and right edges never go back, and the last one reaches the last column.
        skip: what leaving out one text gains.
    """
    heights, widths = (np.array(sizes)[:, None] for sizes in zip(*shapes, strict=True))
    room, ring = int(widths.max()), int(heights.max()) + 1
    wide = room + columns + 1
    drift = skip * np.arange(columns + 1)
    best = np.full((ring, wide), -np.inf)  # of the last rows, with room on the left
    best[0, room:] = drift
    choices: list[tuple[int, NDArray[np.int8]]] = []
    for window in windows:
        found = gains(window)
        inside = slice(window.left + 1, window.right + 1)
        sources = np.arange(window.left, window.right) + 1 - widths + room
        flat = [(turn - heights) % ring * wide + sources for turn in range(ring)]
        for i in range(window.top + 1, window.bottom + 1):
            candidates = best.take(flat[i % ring])
            candidates += found[:, i - 1 - window.top]
            taken, stepped = candidates.argmax(axis=0), candidates.max(axis=0)
            row = np.add(best[(i - 1) % ring, room:], skip, out=best[i % ring, room:])
            here = row[inside]
            taken[stepped < here] = -1
            np.maximum(here, stepped, out=here)
            if skip:
                row -= drift
            np.maximum.accumulate(row, out=row)
            if skip:
                row += drift
            taken[row[window.left : window.right] + skip >= here] = -2
            choices.append((window.left, taken.astype(np.int8)))
    return _back(shapes, choices, columns)


def _back(shapes: Shapes, choices: Sequence[tuple[int, NDArray[np.int8]]], columns: int) -> list[Step]:
    """The path from its end. A choice is a shape, -1 to leave a row out, -2 to leave a column out."""
    steps: list[Step] = []
    i, j = len(choices), columns
    while i > 0 and j > 0:
        left, taken = choices[i - 1]
        place = j - 1 - left
        choice = -1 if place < 0 else -2 if place >= len(taken) else int(taken[place])
        if choice == -2:
            j -= 1
        elif choice == -1:
            i -= 1
        else:
            height, width = shapes[choice]
            i, j = i - height, j - width
            steps.append(Step(i, height, j, width))
    return steps[::-1]
