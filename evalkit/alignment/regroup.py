"""From the links of units to the text of every segment.

Units that are linked across the bounds of segments are cut between words. So are chains of links that share a
sentence, because its pieces were made without regard to the segments. A segment also gets what is between
its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, pairwise
from operator import itemgetter

from evalkit.alignment.cut import Merged, cut
from evalkit.alignment.monotone import Links
from evalkit.alignment.path import Step
from evalkit.alignment.sentences import TextSpan
from evalkit.alignment.units import Unit, find_usual_length, split_long, split_segments
from evalkit.languages.registry import find_language

Offsets = tuple[int, int]
"""Character offsets in the text of a system, end exclusive."""


@dataclass
class _Chain:
    """Links that are divided together."""

    rows: list[int]
    start: int
    """First column."""
    stop: int
    """One past the last column."""
    joints: list[tuple[int, int]] = field(default_factory=list)
    """Number of rows, and column, at which each link but the last ends."""


@dataclass(frozen=True)
class Article:
    """Both sides of an alignment, in units: those of the segments are rows, those of the text are columns."""

    segments: Sequence[str]
    rows: Sequence[Unit]
    text: str
    sentences: Sequence[TextSpan]
    columns: Sequence[Unit]
    spaced: bool
    """Whether words are separated by spaces."""
    ideographic: bool
    """Whether a character is about a word."""

    @property
    def glue(self) -> str:
        """What takes the place of a line break."""
        return "" if self.ideographic else " "

    @property
    def row_texts(self) -> list[str]:
        """Text of each row."""
        return [self._get_row(row) for row in range(len(self.rows))]

    @property
    def column_texts(self) -> list[str]:
        """Text of each column."""
        return [self.text[unit.start : unit.end] for unit in self.columns]

    def _get_row(self, row: int) -> str:
        unit = self.rows[row]
        return self.segments[unit.owner][unit.start : unit.end]

    def divide(self, links: Links) -> list[list[Offsets]]:
        """Divide the text among the segments: per segment its spans, in the order of the text."""
        chains = self._make_chains(links)
        parts = self._cut(chains)
        for column, segment in self._place_between(chains):
            parts[segment].append((self.columns[column].start, self.columns[column].end))
        return [list(self._join(own_parts)) for own_parts in parts]

    def divide_same(self) -> list[list[Offsets]] | None:
        """Divide a text that is the reference, apart from white space; None if it is another text."""
        contents = ["".join(segment.split()) for segment in self.segments]
        if "".join(contents) != "".join(self.text.split()):
            return None
        places = [index for index, character in enumerate(self.text) if not character.isspace()]
        ends = [0, *accumulate(map(len, contents))]
        return [
            list(self._join((place, place + 1) for place in places[start:end]))
            for start, end in pairwise(ends)
        ]

    def _make_chains(self, links: Links) -> list[_Chain]:
        """Chain the links that share a sentence, each sentence whole, in the order of the text."""
        chains: list[_Chain] = []
        free_rows, free = ([True] * len(units) for units in (self.rows, self.columns))
        for step in (*links.in_order, *links.moved):
            for used, indices in ((free_rows, step.rows), (free, step.columns)):
                used[indices.start : indices.stop] = [False] * len(indices)
        for step in sorted(links.in_order):
            if chains and self._continues(chains[-1], step, free):
                chain = chains[-1]
                chain.joints.append((len(chain.rows), chain.stop))
                chain.rows += [row for row in range(chain.rows[-1] + 1, step.first) if free_rows[row]]
                chain.rows += step.rows
                chain.stop = step.columns.stop
            else:
                chains.append(_Chain([*step.rows], step.start, step.columns.stop))
        chains += [_Chain([*step.rows], step.start, step.columns.stop) for step in links.moved]
        chains.sort(key=lambda chain: chain.start)
        self._complete_sentences(chains)
        return chains

    def _continues(self, chain: _Chain, step: Step, free: Sequence[bool]) -> bool:
        """Whether a step begins in the sentence in which a chain ends, with nothing that moved between."""
        same = self.columns[chain.stop - 1].owner == self.columns[step.start].owner
        return same and all(free[chain.stop : step.start])

    def _complete_sentences(self, chains: Sequence[_Chain]) -> None:
        """Extend chains by the pieces of their sentences that are in no chain."""
        ends = [0, *(chain.stop for chain in chains)]
        for chain, end in zip(chains, ends, strict=False):
            sentence = self.columns[chain.start].owner
            while chain.start > end and self.columns[chain.start - 1].owner == sentence:
                chain.start -= 1
        starts = [*(chain.start for chain in chains), len(self.columns)]
        for chain, start in zip(chains, starts[1:], strict=True):
            sentence = self.columns[chain.stop - 1].owner
            while chain.stop < start and self.columns[chain.stop].owner == sentence:
                chain.stop += 1

    def _cut(self, chains: Sequence[_Chain]) -> list[list[Offsets]]:
        """Divide each chain among its segments."""
        parts: list[list[Offsets]] = [[] for _ in self.segments]
        to_cut = []
        for chain in chains:
            spans = list(self._join([(u.start, u.end) for u in self.columns[chain.start : chain.stop]]))
            owners = [owner for owner, _ in groupby(self.rows[row].owner for row in chain.rows)]
            if len(owners) == 1:
                parts[owners[0]] += spans
            else:
                to_cut.append((owners, spans, self._merge(chain, spans)))
        merged = [chain for _, _, chain in to_cut]
        bounds = cut(merged, spaced=self.spaced, ideographic=self.ideographic)
        for (owners, spans, _), own_bounds in zip(to_cut, bounds, strict=True):
            for owner, (start, end) in zip(owners, own_bounds, strict=True):
                parts[owner] += _locate(start, end, spans, len(self.glue))
        return parts

    def _merge(self, chain: _Chain, spans: Sequence[Offsets]) -> Merged:
        rows = [(self.rows[row].owner, self._get_row(row)) for row in chain.rows]
        lengths = [0, *accumulate(len(text) for _, text in rows)]
        sentence_ends = {sentence.end for sentence in self.sentences}
        offset, ends = 0, dict[int, int]()
        for start, end in spans:
            ends.update((place, offset + place - start) for place in range(start + 1, end + 1))
            offset += end - start + len(self.glue)
        return Merged(
            self.glue.join(self.text[start:end] for start, end in spans),
            frozenset(ends[place] for place in ends.keys() & sentence_ends),
            tuple(self.glue.join(text for _, text in own) for _, own in groupby(rows, itemgetter(0))),
            tuple((lengths[count], ends[self.columns[stop - 1].end]) for count, stop in chain.joints),
        )

    def _place_between(self, chains: Sequence[_Chain]) -> Iterator[tuple[int, int]]:
        """Find the columns in no chain that belong to a segment by their place.

        They are between two parts of it, or in a line that has text of nothing else and is longer than a
        sentence.
        """
        ends = [(self.rows[chain.rows[0]].owner, self.rows[chain.rows[-1]].owner) for chain in chains]
        units = defaultdict[int, int](int)
        for row in self.rows:
            units[row.owner] += 1
        of_line = defaultdict[int, set[int]](set)
        for chain in chains:
            for column in range(chain.start, chain.stop):
                of_line[self._line_of(column)].update(self.rows[row].owner for row in chain.rows)
        bounds = [0, *(place for chain in chains for place in (chain.start, chain.stop)), len(self.columns)]
        for gap, (start, stop) in enumerate(zip(bounds[::2], bounds[1::2], strict=True)):
            within = 0 < gap < len(chains) and ends[gap - 1][1] == ends[gap][0]
            for column in range(start, stop):
                owners = of_line[self._line_of(column)]
                if within:
                    yield column, ends[gap][0]
                elif len(owners) == 1 and (len(self.segments) == 1 or units[min(owners)] > 1):
                    yield column, min(owners)

    def _line_of(self, column: int) -> int:
        return self.sentences[self.columns[column].owner].paragraph

    def _join(self, spans: Iterable[Offsets]) -> Iterator[Offsets]:
        """Join neighbouring spans of a line."""
        joined: list[Offsets] = []
        for start, end in sorted(spans):
            between = self.text[joined[-1][1] : start] if joined else "\n"
            if "\n" in between or between.strip():
                joined.append((start, end))
            else:
                joined[-1] = (joined[-1][0], end)
        yield from joined


def make_article(segments: Sequence[str], text: str, sentences: Sequence[TextSpan], language: str) -> Article:
    """Split both sides into units of similar length."""
    known = find_language(language)
    rows = split_segments(segments, language)
    columns = [Unit(span.start, span.end, index) for index, span in enumerate(sentences)]
    usual = min(find_usual_length(rows), find_usual_length(columns))
    rows = split_long([segments[unit.owner] for unit in rows], rows, usual, spaced=known.has_spaces)
    columns = split_long([text] * len(columns), columns, usual, spaced=known.has_spaces)
    return Article(segments, rows, text, sentences, columns, known.has_spaces, known.is_ideographic)


def find_moved(parts: Sequence[Sequence[Offsets]], candidates: set[int]) -> list[int]:
    """Find the segments whose text is out of order.

    Args:
        parts: per segment its spans, in order.
        candidates: the only segments that may be; the others are in order.
    """
    moved = []
    stays = [index for index, own in enumerate(parts) if own and index not in candidates]
    for index in sorted(index for index in candidates if parts[index]):
        before = max((parts[other][-1][1] for other in stays if other < index), default=0)
        after = min((parts[other][0][0] for other in stays if other > index), default=parts[index][-1][1])
        if before <= parts[index][0][0] and parts[index][-1][1] <= after:
            stays.append(index)
        else:
            moved.append(index)
    return moved


def _locate(start: int, end: int, spans: Sequence[Offsets], glue: int) -> Iterator[Offsets]:
    """Find a part of joined spans in the text.

    Args:
        start: offset of the part in the joined text.
        end: of the part, exclusive.
        spans: what was joined.
        glue: number of characters between two spans of the joined text.
    """
    before = 0
    for first, last in spans:
        after = before + last - first
        if start < after and end > before:
            yield first + max(start - before, 0), first + min(end, after) - before
        before = after + glue
