"""The part of a large matrix that is searched: a band along the path of groups of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalkit.alignment.path import Step, Window


def find_band(steps: Sequence[Step], size: int, rows: int, columns: int, most: int) -> list[Window]:
    """Find the windows around a path of groups.

    Args:
        steps: the path, by index of group.
        size: texts in one group.
        rows: segments of the whole matrix.
        columns: sentences of the whole matrix.
        most: cells of a window, unless a single row has more.
    """
    return [part for window in _follow(steps, size, rows, columns) for part in _split_by_rows(window, most)]


def _follow(steps: Sequence[Step], size: int, rows: int, columns: int) -> Iterator[Window]:
    """One window per group of segments: the sentences of the steps around it, plus a group on either side."""
    left, done = 0, 0
    for group in range(-(-rows // size)):
        while done < len(steps) and steps[done].rows.stop < group:
            left = max(left, (steps[done].start - 1) * size)
            done += 1
        after = next((step for step in steps[done:] if step.first > group + 1), None)
        right = columns if after is None else min(columns, (after.columns.stop + 1) * size)
        yield Window(group * size, min(rows, (group + 1) * size), min(left, columns - 1), right)


def _split_by_rows(window: Window, most: int) -> Iterator[Window]:
    top, bottom, left, right = window
    size = max(1, most // (right - left))
    for start in range(top, bottom, size):
        yield Window(start, min(start + size, bottom), left, right)
