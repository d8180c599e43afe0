"""Which sentences of an article render which segments of its reference.

Four passes over one matrix of similarities (`evalkit.alignment.blocks`), each a best monotone path:

1. sure      only what is certain: the backbone of the article, free of boilerplate
2. moved     of what is left on both sides, again and again: paragraphs that stand elsewhere in the article
3. likely    everything but what moved, at a low threshold: tells content from boilerplate, where there may be some
4. lenient   content alone, at a threshold that rather pairs than leaves out: here bad translations find their segments

Content is what found a segment in the third pass, and other sentences of the same paragraphs; and, where that leaves no
boilerplate at all, as many sentences as segments, of about the same length, that were left out between the same two steps.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from evalkit.alignment.blocks import Matrix
from evalkit.alignment.path import Step

SURE, MOVED, LIKELY, LENIENT = 0.25, 0.1, 0.04, -0.05
"""Similarity below which two texts are rather left apart, by pass. Chosen on WMT22 ru-en and en-zh, see benchmarks/alignment.py."""
ALIKE = 1.7
"""How many times as long as the segments sentences may be that nothing but their place speaks for."""
_MOST_PASSES = 20
"""For what moved. Each finds one run of it; an article in reverse order has as many as sentences."""


@dataclass(frozen=True)
class Links:
    """Steps, by number of segment and sentence; each text is in one at most."""

    in_order: tuple[Step, ...]
    moved: tuple[Step, ...]
    """Steps that the order of the others forbids."""


def find_links(matrix: Matrix, paragraphs: Sequence[int]) -> Links:
    """The best pairing of all segments and sentences.

    Args:
        paragraphs: [sentences] the paragraph of each.
    """
    sure = matrix.path(SURE, any_order=True)
    moved = _find_moved(matrix, sure, paragraphs)
    if not any(_left(matrix, [*sure, *moved])):
        return Links(tuple(sure), tuple(sorted(moved)))
    segments, sentences = _left(matrix, moved)
    content = _content(matrix, sure, moved, paragraphs)
    if len(content) < len(sentences):  # else there is no boilerplate to be told from it
        content = _content(matrix, matrix.path(LIKELY, segments, sentences), moved, paragraphs)
    return Links(tuple(matrix.path(LENIENT, segments, sorted(content))), tuple(sorted(moved)))


def _find_moved(matrix: Matrix, steps: list[Step], paragraphs: Sequence[int]) -> list[Step]:
    moved: list[Step] = []
    for _ in range(_MOST_PASSES):
        found = matrix.path(MOVED, *_left(matrix, [*steps, *moved]), any_order=True)
        if not found:
            break
        # what fits between the steps around it has not moved: the later passes see to it
        in_order = {step for step in found if _in_order(step, steps)}
        moved += [step for step in found if step not in in_order]
        steps = sorted([*steps, *in_order])
    return [*moved, *_beside(matrix, steps, moved, paragraphs)]


def _beside(
    matrix: Matrix, steps: Sequence[Step], moved: Sequence[Step], paragraphs: Sequence[int]
) -> list[Step]:
    """Single pairs that stand beside what moved, in the same paragraph: nothing but their place and length speaks for them."""
    segments, sentences = map(set, _left(matrix, [*steps, *moved]))
    found = []
    ends = [
        (step.first + at, step.start + to)
        for step in moved
        for at, to in ((-1, -1), (step.height, step.width))
    ]
    for (segment, sentence), step in zip(ends, [step for step in moved for _ in "ba"], strict=True):
        if (
            segment in segments
            and sentence in sentences
            and paragraphs[sentence] == paragraphs[step.start]
            and _alike(matrix, [segment], [sentence])
        ):
            segments.remove(segment)
            sentences.remove(sentence)
            found.append(Step(segment, 1, sentence, 1))
    return found


def _in_order(step: Step, steps: Sequence[Step]) -> bool:
    """Whether a step can stand in one monotone path with others, which are in order."""
    at = bisect_left(steps, step)
    return (at == 0 or steps[at - 1].start < step.start) and (
        at == len(steps) or step.start < steps[at].start
    )


def _left(matrix: Matrix, steps: Iterable[Step]) -> tuple[list[int], list[int]]:
    """Segments and sentences that are in no step."""
    rows, columns = set[int](), set[int]()
    for first, height, start, width in steps:
        rows.update(range(first, first + height))
        columns.update(range(start, start + width))
    return (
        [number for number in range(len(matrix.segments)) if number not in rows],
        [number for number in range(len(matrix.sentences)) if number not in columns],
    )


def _content(
    matrix: Matrix, steps: Sequence[Step], moved: Sequence[Step], paragraphs: Sequence[int]
) -> set[int]:
    """Sentences that are no boilerplate."""
    free_segments, free_sentences = (set(numbers) for numbers in _left(matrix, [*steps, *moved]))
    used = {number for step in steps for number in range(step.start, step.start + step.width)}
    known = {paragraphs[number] for number in used}
    content = used | {number for number in free_sentences if paragraphs[number] in known}
    if not steps and len(matrix.segments) > 1:
        return content  # without a single step nothing speaks for the place either: another language, another article
    end = Step(len(matrix.segments), 0, len(matrix.sentences), 0)
    by_place = set[int]()
    for before, after in pairwise([Step(0, 0, 0, 0), *steps, end]):
        segments = [
            number for number in range(before.first + before.height, after.first) if number in free_segments
        ]
        sentences = [
            number for number in range(before.start + before.width, after.start) if number in free_sentences
        ]
        if 0 < len(segments) == len(sentences) and _alike(matrix, segments, sentences):
            by_place.update(sentences)
    # where other lines are boilerplate, these may be as well
    return content | by_place if free_sentences <= content | by_place else content


def _alike(matrix: Matrix, segments: Collection[int], sentences: Collection[int]) -> bool:
    height, width = (
        matrix.segments.lengths[list(segments)].sum(),
        matrix.sentences.lengths[list(sentences)].sum(),
    )
    return bool(abs(np.log((height + matrix.short) / (width + matrix.short))) <= np.log(ALIKE))
