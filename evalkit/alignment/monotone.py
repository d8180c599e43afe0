"""Which sentences of an article render which segments of its reference.

Four passes over one matrix of similarities (`evalkit.alignment.blocks`), each a best monotone path:

1. sure      only what is certain: the backbone of the article, free of boilerplate
2. moved     what is left on both sides, repeatedly: paragraphs that are elsewhere in the article
3. likely    everything that did not move, with a low threshold: distinguishes content from boilerplate
4. lenient   content alone, with a threshold that prefers pairing to omission: it links bad translations

The third pass runs only if there may be boilerplate. Content is what it pairs, and other sentences of the
same paragraphs. Content is also a run of unpaired sentences between two steps that is about as long as the
segments between these steps, if no boilerplate would be left, or if what is paired has little in common: in
a weak translation, some sentences have nothing to recognise.

What moved then gets a lenient pass of its own, and what is still left over goes to the step beside it if the
lengths fit better (`evalkit.alignment.leftovers`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from evalkit.alignment.blocks import Matrix
from evalkit.alignment.leftovers import fill_gaps, find_unpaired, realign_moved
from evalkit.alignment.path import Step

SURE, MOVED, LIKELY, LENIENT = 0.35, 0.1, 0.06, -0.05
"""Similarity below which two texts are not paired, by pass.

Chosen on systems of WMT22 ru-en, en-zh, en-ja and en-hr with benchmarks/alignment.py.
"""
WEAK = 0.3
"""Mean similarity below which a sentence may have nothing in common with its segment.

In WMT22, 95 % of the documents of real systems have more; a translation with a BLEU of 4 has about 0.2.
"""
ALIKE = 1.7
"""Largest ratio of the lengths of segments and sentences that are paired by place alone."""
_MOST_PASSES = 20
"""For what moved. Each pass finds one run; an article in reverse order has as many runs as sentences."""


@dataclass(frozen=True)
class Links:
    """Steps, by index of segment and sentence; each text is in one step at most."""

    in_order: tuple[Step, ...]
    moved: tuple[Step, ...]
    """Steps that do not fit into the order of the others."""


def find_links(matrix: Matrix, paragraphs: Sequence[int]) -> Links:
    """Find the best pairing of all segments and sentences.

    Args:
        matrix: segments and sentences.
        paragraphs: [sentences] index of the paragraph of each.
    """
    sure = matrix.find_path(SURE, any_order=True)
    moved = _find_moved(matrix, sure, paragraphs)
    if not any(find_unpaired(matrix, [*sure, *moved])):
        return Links(tuple(sure), tuple(sorted(moved)))
    segments, sentences = find_unpaired(matrix, moved)
    content = _find_content(matrix, sure, moved, paragraphs)
    if len(content) < len(sentences):
        content = _find_content(matrix, matrix.find_path(LIKELY, segments, sentences), moved, paragraphs)
    in_order = matrix.find_path(LENIENT, segments, sorted(content))
    moved = realign_moved(matrix, in_order, moved, paragraphs, LENIENT)
    steps = fill_gaps(matrix, [*in_order, *moved], paragraphs)
    return Links(tuple(steps[: len(in_order)]), tuple(sorted(steps[len(in_order) :])))


def _find_moved(matrix: Matrix, steps: list[Step], paragraphs: Sequence[int]) -> list[Step]:
    moved: list[Step] = []
    for _ in range(_MOST_PASSES):
        more = matrix.find_path(MOVED, *find_unpaired(matrix, [*steps, *moved]), any_order=True)
        if not more:
            break
        # what fits between the steps around it has not moved; later passes pair it
        in_order = {step for step in more if _fits_in_order(step, steps)}
        moved += [step for step in more if step not in in_order]
        steps = sorted([*steps, *in_order])
    return [*moved, *_pair_neighbours(matrix, steps, moved, paragraphs)]


def _pair_neighbours(
    matrix: Matrix, steps: Sequence[Step], moved: Sequence[Step], paragraphs: Sequence[int]
) -> list[Step]:
    """Pair an unpaired segment and sentence next to what moved: same paragraph, similar length."""
    segments, sentences = map(set, find_unpaired(matrix, [*steps, *moved]))
    pairs = []
    for step in moved:
        for segment, sentence in _neighbours(step):
            if segment not in segments or sentence not in sentences:
                continue
            same_paragraph = paragraphs[sentence] == paragraphs[step.start]
            if same_paragraph and _have_similar_length(matrix, [segment], [sentence]):
                segments.remove(segment)
                sentences.remove(sentence)
                pairs.append(Step(segment, 1, sentence, 1))
    return pairs


def _neighbours(step: Step) -> Iterator[tuple[int, int]]:
    """Segment and sentence just before a step, and just after it."""
    yield step.first - 1, step.start - 1
    yield step.first + step.height, step.start + step.width


def _fits_in_order(step: Step, steps: Sequence[Step]) -> bool:
    """Whether a step can be part of one monotone path with others, which are in order."""
    at = bisect_left(steps, step)
    after_previous = at == 0 or steps[at - 1].start < step.start
    before_next = at == len(steps) or step.start < steps[at].start
    return after_previous and before_next


def _find_content(
    matrix: Matrix, steps: Sequence[Step], moved: Sequence[Step], paragraphs: Sequence[int]
) -> set[int]:
    """Find the sentences that are not boilerplate."""
    free_segments, free_sentences = map(set, find_unpaired(matrix, [*steps, *moved]))
    paired = {sentence for step in steps for sentence in step.columns}
    known = {paragraphs[sentence] for sentence in paired}
    content = paired | {sentence for sentence in free_sentences if paragraphs[sentence] in known}
    if not steps and len(matrix.segments) > 1:
        return content  # place proves nothing without a step: another language, or another article
    ends = Step(0, 0, 0, 0), Step(len(matrix.segments), 0, len(matrix.sentences), 0)
    with_place = content | _find_by_place(matrix, [ends[0], *steps, ends[1]], free_segments, free_sentences)
    if free_sentences <= with_place:
        return with_place
    # if some lines are boilerplate for certain, a line that only place supports may be boilerplate as well
    if (matrix.average_similarity(steps) or 0.0) >= WEAK:
        return content
    return content | _find_by_place(matrix, steps, free_segments, free_sentences)


def _find_by_place(
    matrix: Matrix, steps: Sequence[Step], free_segments: set[int], free_sentences: set[int]
) -> set[int]:
    """Find runs of sentences between two steps that match the segments there in length."""
    by_place = set[int]()
    for before, after in pairwise(steps):
        segments = [row for row in range(before.rows.stop, after.first) if row in free_segments]
        sentences = [column for column in range(before.columns.stop, after.start) if column in free_sentences]
        if segments and sentences and _have_similar_length(matrix, segments, sentences):
            by_place.update(sentences)
    return by_place


def _have_similar_length(matrix: Matrix, segments: list[int], sentences: list[int]) -> bool:
    height = matrix.segments.lengths[segments].sum() + matrix.short
    width = matrix.sentences.lengths[sentences].sum() + matrix.short
    return bool(abs(np.log(height / width)) <= np.log(ALIKE))
