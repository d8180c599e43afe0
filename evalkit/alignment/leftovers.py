"""What is left over next to texts that are paired: it most likely belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, takewhile

import numpy as np

from evalkit.alignment.blocks import Matrix
from evalkit.alignment.path import Step


def find_unpaired(matrix: Matrix, steps: Iterable[Step]) -> tuple[list[int], list[int]]:
    """Find the segments and sentences that are in no step, in order."""
    rows, columns = set[int](), set[int]()
    for step in steps:
        rows.update(step.rows)
        columns.update(step.columns)
    return (
        [index for index in range(len(matrix.segments)) if index not in rows],
        [index for index in range(len(matrix.sentences)) if index not in columns],
    )


def realign_moved(
    matrix: Matrix,
    in_order: Sequence[Step],
    moved: Sequence[Step],
    paragraphs: Sequence[int],
    threshold: float,
) -> list[Step]:
    """Align each run of steps that moved together once more, with what is left over beside and within it.

    Args:
        matrix: segments and sentences.
        in_order: the steps that did not move.
        moved: the steps to align.
        paragraphs: [sentences] index of the paragraph of each; sentences of other paragraphs are left out.
        threshold: similarity below which two texts are not paired.
    """
    rows, columns = map(set, find_unpaired(matrix, [*in_order, *moved]))
    realigned: list[Step] = []
    for run in _find_runs(in_order, moved, columns):
        own_rows, own_columns = _cover(run)
        own_paragraphs = {paragraphs[column] for column in own_columns}
        beside = {column for column in columns if paragraphs[column] in own_paragraphs}
        segments, sentences = _widen(own_rows, rows), _widen(own_columns, beside)
        if len(segments) == len(own_rows) and len(sentences) == len(own_columns):
            realigned += run
            continue
        steps = matrix.find_path(threshold, segments, sentences)
        used_rows, used_columns = _cover(steps)
        rows -= used_rows
        columns -= used_columns
        realigned += steps
    return realigned


def fill_gaps(matrix: Matrix, steps: Sequence[Step], paragraphs: Sequence[int]) -> list[Step]:
    """Add to each step the texts next to it that are in no step, while that makes its lengths fit better.

    So a heading that was joined to the next sentence is not an omission, and half of a sentence not an addition.

    Args:
        matrix: segments and sentences.
        steps: what is paired, in any order; the result has the same order.
        paragraphs: [sentences] index of the paragraph of each; a step grows within its paragraphs.
    """
    rows, columns = map(set, find_unpaired(matrix, steps))
    filled = []
    for step in steps:
        filled.append(_grow(matrix, step, rows, columns, paragraphs))
        rows.difference_update(filled[-1].rows)
        columns.difference_update(filled[-1].columns)
    return filled


def _find_runs(in_order: Sequence[Step], moved: Sequence[Step], columns: set[int]) -> list[list[Step]]:
    """Find the steps that moved together: between them are only columns that are in no step."""
    runs: list[list[Step]] = []
    among_moved = set(moved)
    last = Step(0, 0, 0, 0)
    for step in sorted([*in_order, *moved]):
        if step in among_moved:
            between = range(last.columns.stop, step.start)
            if last in among_moved and last.start < step.start and columns.issuperset(between):
                runs[-1].append(step)
            else:
                runs.append([step])
        last = step
    return runs


def _cover(steps: Sequence[Step]) -> tuple[set[int], set[int]]:
    """Segments and sentences of steps."""
    return {row for step in steps for row in step.rows}, {column for step in steps for column in step.columns}


def _widen(own: set[int], free: set[int]) -> list[int]:
    """Add to some indices the free ones between them, and those in a row before and after them."""
    before = takewhile(free.__contains__, count(min(own) - 1, -1))
    after = takewhile(free.__contains__, count(max(own) + 1))
    between = free.intersection(range(min(own), max(own)))
    return sorted({*own, *before, *between, *after})


def _grow(matrix: Matrix, step: Step, rows: set[int], columns: set[int], paragraphs: Sequence[int]) -> Step:
    """Add what is in no step, text by text; see `fill_gaps`."""
    while wider := list(_list_wider(step, rows, columns, paragraphs)):
        best = min(wider, key=lambda choice: _measure_mismatch(matrix, choice))
        if _measure_mismatch(matrix, best) >= _measure_mismatch(matrix, step):
            break
        step = best
    return step


def _list_wider(step: Step, rows: set[int], columns: set[int], paragraphs: Sequence[int]) -> Iterator[Step]:
    """List the steps with one more text, of those that are in no step."""
    first, height, start, width = step
    if first - 1 in rows:
        yield Step(first - 1, height + 1, start, width)
    if first + height in rows:
        yield Step(first, height + 1, start, width)
    if start - 1 in columns and paragraphs[start - 1] == paragraphs[start]:
        yield Step(first, height, start - 1, width + 1)
    if (end := start + width) in columns and paragraphs[end] == paragraphs[end - 1]:
        yield Step(first, height, start, width + 1)


def _measure_mismatch(matrix: Matrix, step: Step) -> float:
    """The logarithm of the ratio of the lengths of a step, without sign."""
    rows, columns = step.rows, step.columns
    height = matrix.segments.length_to[rows.stop] - matrix.segments.length_to[rows.start]
    width = matrix.sentences.length_to[columns.stop] - matrix.sentences.length_to[columns.start]
    return float(abs(np.log((height + matrix.short) / (width + matrix.short))))
