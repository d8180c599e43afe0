"""Cut sentences that render several segments into the part of each segment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evalkit.alignment.similarity import square_norms, vectorize

if TYPE_CHECKING:
    from evalkit.types import FloatArray

PUNCTUATION = 0.2
"""Worth of a cut after punctuation, in words of similarity 1 to their segment."""
SENTENCE = 0.4
"""Worth of a cut between two sentences."""
CAPITAL = 0.2
"""Added worth of a cut before a capital letter."""
LENGTH = 0.04
"""Penalty for each word between a cut and where the lengths of the segments put it.

Half of it for each character in languages without spaces, and half of it between joints.
"""
CONTEXT, CONTEXT_OF_LETTERS = 1, 3
"""Characters on either side with which a character is compared: ideographs, and letters without spaces."""
_AT_ONCE = 16
"""Texts that are compared in one call: faster than one by one, and the matrix stays small."""
_LATIN = r"[\dA-Za-zÀ-ɏ]"
_MARKS = frozenset(".!?…,;:—。！？，；：、،؛؟")

WordSpans = Sequence[tuple[int, int]]
"""Character offsets of the words of a text, or of its characters in languages without spaces."""


class Merged(NamedTuple):
    """A text that renders several segments."""

    text: str
    sentence_ends: frozenset[int]
    """Character offsets where a sentence of the text ends."""
    segments: tuple[str, ...]
    joints: tuple[tuple[int, int], ...] = ()
    """Known places, roughly: characters of all segments, and of the text, that end together."""


def cut(
    texts: Sequence[Merged], *, spaced: bool, ideographic: bool | None = None
) -> list[list[tuple[int, int]]]:
    """Cut each text at the word boundaries where its parts are most similar to the segments.

    Args:
        texts: what to cut.
        spaced: whether the language puts spaces between words; if not, a text may be cut after any character.
        ideographic: whether a character is about a word; None if every language without spaces is.

    Returns:
        For each text one span per segment, in order, end exclusive. Only white space lies between spans. A
        segment that gets nothing has the span (0, 0).
    """
    spans = []
    for start in range(0, len(texts), _AT_ONCE):
        batch = texts[start : start + _AT_ONCE]
        spans += _cut_batch(batch, spaced, not spaced if ideographic is None else ideographic)
    return spans


def _cut_batch(texts: Sequence[Merged], spaced: bool, ideographic: bool) -> list[list[tuple[int, int]]]:
    words = [_find_words(merged.text, spaced=spaced) for merged in texts]
    context = 0 if spaced else CONTEXT if ideographic else CONTEXT_OF_LETTERS
    affinity = _compare(texts, words, context, ideographic=ideographic)
    length = LENGTH if spaced else LENGTH / 2
    rows = np.cumsum([0, *(len(merged.segments) for merged in texts)]).tolist()
    columns = np.cumsum([0, *map(len, words)]).tolist()
    blocks = [
        affinity[top:bottom, left:right]
        for (top, bottom), (left, right) in zip(pairwise(rows), pairwise(columns), strict=True)
    ]
    return [
        _cut_one(merged, own_words, block, length / 2 if merged.joints else length)
        for merged, own_words, block in zip(texts, words, blocks, strict=True)
    ]


def _find_words(text: str, *, spaced: bool) -> list[tuple[int, int]]:
    """Find what is not cut: words, or characters with the marks that belong to them, Latin words and numbers."""
    if spaced:
        return [match.span() for match in re.finditer(r"\S+", text)]
    words: list[tuple[int, int]] = []
    for match in re.finditer(rf"{_LATIN}+(?:['’.,-]{_LATIN}+)*|\S", text):
        start, end = match.span()
        if words and words[-1][1] == start and (_closes(text[start]) or _opens(text[start - 1])):
            words[-1] = (words[-1][0], end)
        else:
            words.append((start, end))
    return words


def _closes(character: str) -> bool:
    """Whether a character belongs to the one before it: no part of a text begins with it."""
    return character in _MARKS or unicodedata.category(character) in ("Mn", "Mc", "Me", "Pe", "Pf")


def _opens(character: str) -> bool:
    """Whether a character belongs to the one behind it: no part of a text ends with it."""
    return unicodedata.category(character) in ("Ps", "Pi")


def _cut_one(merged: Merged, words: WordSpans, affinity: FloatArray, length: float) -> list[tuple[int, int]]:
    worth = _rate_cuts(merged, words, length)
    totals = np.cumsum(np.pad(affinity, ((0, 0), (1, 0))), axis=1)
    # best[w]: the first w words given to the segments so far; each word counts for the segment that gets it
    best = np.full(len(words) + 1, -np.inf)
    best[0] = 0.0
    before = []
    for total, gain in zip(totals, worth, strict=True):
        before.append(best - total)
        best = np.maximum.accumulate(before[-1]) + total + gain
    bounds = [len(words)]
    for row in reversed(before[1:]):
        bounds.append(int(np.argmax(row[: bounds[-1] + 1])))
    bounds = [0, *reversed(bounds)]
    return [(words[a][0], words[b - 1][1]) if b > a else (0, 0) for a, b in pairwise(bounds)]


def _compare(
    texts: Sequence[Merged], words: Sequence[WordSpans], context: int, *, ideographic: bool
) -> FloatArray:
    """[segments, words] cosine of each segment and each word with its context, over all texts."""
    segments = [segment for merged in texts for segment in merged.segments]
    spelled = [
        merged.text[max(0, start - context) : end + context]
        for merged, own_words in zip(texts, words, strict=True)
        for start, end in own_words
    ]
    rows = vectorize([*segments, *spelled], spaced=not ideographic)
    norms = np.sqrt(square_norms(rows))
    norms[norms == 0] = 1.0  # a word that is too short for an n-gram is similar to nothing
    count = len(segments)
    products: FloatArray = (rows[:count] @ rows[count:].T).toarray()
    return products / np.outer(norms[:count], norms[count:])


def _rate_cuts(merged: Merged, words: WordSpans, length: float = LENGTH) -> FloatArray:
    """[segments, words + 1] worth of ending a segment after so many words, apart from their similarity."""
    ends = np.array([0, *(end for _, end in words)])
    marks = np.array([0.0, *(_rate_mark(merged, end) for _, end in words)])
    marks[:-1] += [CAPITAL * merged.text[start].isupper() for start, _ in words]
    lengths = np.cumsum([len(segment) for segment in merged.segments])
    known, places = zip((0, 0), *merged.joints, (lengths[-1], ends[-1]), strict=True)
    away = len(words) * np.abs(ends - np.interp(lengths, known, places)[:, None]) / ends[-1]
    worth: FloatArray = marks - length * away
    return worth


def _rate_mark(merged: Merged, end: int) -> float:
    if end in merged.sentence_ends:
        return SENTENCE
    return PUNCTUATION * (merged.text[end - 1] in _MARKS)
