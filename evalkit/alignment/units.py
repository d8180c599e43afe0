"""The units that are compared: sentences of both sides, and pieces of sentences that are far too long.

A step of the alignment pairs a few texts with a few others, so both sides need texts of similar length. But a
segment of the reference may be a paragraph, and a system may write no full stops, or break lines anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from evalkit.alignment.sentences import TextSpan, split_sentences

LONG = 3.0
"""Sentences of so many times the usual length are cut into pieces of about that length."""
_SEARCH = 0.35
"""How far a piece may end from an even division, in pieces, to end with a punctuation mark."""
_MARK = re.compile(r"[.!?…,;:—。！？，；：、،؛؟।](?=\s)|[。！？，；：、]|(?<=\S)(?=\s)")


class Unit(NamedTuple):
    """A text to compare, and what it is part of."""

    start: int
    end: int
    """Character offsets in the text that contains it, end exclusive."""
    owner: int
    """Index of the segment, or of the sentence, that it is part of."""


def split_segments(segments: Sequence[str], language: str) -> list[Unit]:
    """Split segments into sentences; offsets are in the segment. Each segment is at least one unit."""
    units = []
    for index, segment in enumerate(segments):
        spans = split_sentences(segment, language) or [TextSpan(0, len(segment), 0)]
        units += [Unit(span.start, span.end, index) for span in spans]
    return units


def find_usual_length(units: Sequence[Unit]) -> float:
    """Find the length of the unit that contains a character, on average: short lines hardly count."""
    lengths = [unit.end - unit.start for unit in units]
    return sum(length * length for length in lengths) / max(sum(lengths), 1)


def split_long(texts: Sequence[str], units: Sequence[Unit], usual: float, *, spaced: bool) -> list[Unit]:
    """Cut the units that are far longer than usual.

    Args:
        texts: per unit, the text that its offsets refer to.
        units: what to cut.
        usual: length of a unit.
        spaced: whether words are separated by spaces; if not, a piece may end after any character.
    """
    pieces: list[Unit] = []
    for text, unit in zip(texts, units, strict=True):
        if unit.end - unit.start <= LONG * usual:
            pieces.append(unit)
            continue
        bounds = [unit.start, *_find_bounds(text, unit, usual, spaced=spaced), unit.end]
        for start, end in pairwise(sorted(set(bounds))):
            stripped = text[start:end].strip()
            if stripped:
                begin = text.index(stripped, start)
                pieces.append(Unit(begin, begin + len(stripped), unit.owner))
    return pieces


def _find_bounds(text: str, unit: Unit, usual: float, *, spaced: bool) -> Iterator[int]:
    """Find the ends of pieces of similar length: after a mark if there is one nearby, or after a word."""
    count = round((unit.end - unit.start) / max(usual, 1))
    size = (unit.end - unit.start) / count
    for number in range(1, count):
        target = unit.start + number * size
        start, end = int(target - _SEARCH * size), int(target + _SEARCH * size) + 1
        window = [match.end() for match in _MARK.finditer(text, start, end)]
        marked = [place for place in window if not text[place - 1].isalnum()]
        if marked or window:
            yield min(marked or window, key=lambda place: abs(place - target))
        elif spaced:
            space = re.compile(r"\s").search(text, int(target), unit.end)
            yield space.start() if space else unit.end
        else:
            yield int(target)
