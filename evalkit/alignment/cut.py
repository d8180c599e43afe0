"""Where sentences of several segments were merged: cutting their text into the part of each segment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evalkit.alignment.similarity import square_norms, vectors

if TYPE_CHECKING:
    from evalkit.types import FloatArray

PUNCTUATION = 0.2
"""What a cut after punctuation is worth, in words that resemble their segment fully."""
SENTENCE = 0.4
"""The same for a cut between two sentences."""
CAPITAL = 0.2
"""What is added for a cut before a capital letter."""
LENGTH = 0.04
"""What a cut loses for each word that it is away from where the lengths of the segments have it."""
_AT_ONCE = 16
"""Texts that are compared in one go: faster than one by one, and no large matrix."""
_MARKS = frozenset(".!?…,;:—。！？，；：、،؛؟")


class Merged(NamedTuple):
    """A text that renders several segments."""

    text: str
    sentence_ends: frozenset[int]
    """Character offsets at which sentences of the text end."""
    segments: tuple[str, ...]


def cut(texts: Sequence[Merged], *, spaced: bool) -> list[list[tuple[int, int]]]:
    """Per text one span per segment, in order, without gaps but for space; an empty one where a segment gets nothing.

    Cuts are at word boundaries, after any character in languages without spaces, where the parts resemble the segments best.
    """
    found = []
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        places = [
            [match.span() for match in re.finditer(r"\S+" if spaced else r"\S", merged.text)]
            for merged in some
        ]
        affinity = _affinity(some, places, spaced=spaced)
        rows, columns = (
            np.cumsum([0, *map(len, parts)]) for parts in ([merged.segments for merged in some], places)
        )
        found += [
            _cut(merged, own, affinity[row : row + len(merged.segments), column : column + len(own)])
            for merged, own, row, column in zip(
                some, places, rows[:-1].tolist(), columns[:-1].tolist(), strict=True
            )
        ]
    return found


def _cut(merged: Merged, places: Sequence[tuple[int, int]], affinity: FloatArray) -> list[tuple[int, int]]:
    worth = _worth_of_cuts(merged, places)
    totals = np.cumsum(np.pad(affinity, ((0, 0), (1, 0))), axis=1)
    # best[w]: the first w words given to the segments so far; each word counts for the segment it goes to
    best = np.full(len(places) + 1, -np.inf)
    best[0] = 0.0
    before = []
    for total, gain in zip(totals, worth, strict=True):
        before.append(best - total)
        best = np.maximum.accumulate(before[-1]) + total + gain
    bounds = [len(places)]
    for row in reversed(before[1:]):
        bounds.append(int(np.argmax(row[: bounds[-1] + 1])))
    return [(places[a][0], places[b - 1][1]) if b > a else (0, 0) for a, b in pairwise([0, *bounds[::-1]])]


def _affinity(
    texts: Sequence[Merged], places: Sequence[Sequence[tuple[int, int]]], *, spaced: bool
) -> FloatArray:
    """[segments, words] cosines, of all texts."""
    segments = [segment for merged in texts for segment in merged.segments]
    words = [merged.text[start:end] for merged, own in zip(texts, places, strict=True) for start, end in own]
    found = vectors([*segments, *words], spaced=spaced)
    norms = np.sqrt(square_norms(found))
    norms[norms == 0] = 1.0  # a word that is too short to have an n-gram is like nothing
    products: FloatArray = (found[: len(segments)] @ found[len(segments) :].T).toarray()
    return products / np.outer(norms[: len(segments)], norms[len(segments) :])


def _worth_of_cuts(merged: Merged, places: Sequence[tuple[int, int]]) -> FloatArray:
    """[segments, words + 1]: what it is worth to end the part of a segment there, apart from the words."""
    text, sentence_ends, segments = merged
    ends = np.array([0, *(end for _, end in places)])
    marks = np.array(
        [
            0.0,
            *(
                SENTENCE if end in sentence_ends else PUNCTUATION * (text[end - 1] in _MARKS)
                for _, end in places
            ),
        ]
    )
    marks[:-1] += [CAPITAL * text[start].isupper() for start, _ in places]
    lengths = np.cumsum([len(segment) for segment in segments])
    away = len(places) * np.abs(ends / ends[-1] - (lengths / lengths[-1])[:, None])
    worth: FloatArray = marks - LENGTH * away
    return worth
