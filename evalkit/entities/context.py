"""The words around a name in reference and hypothesis: evidence that a name is where it should be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from evalkit.entities.language.tokens import Token
from evalkit.entities.text import Text

_REACH = 5
"""Words on each side of a name that count."""
_STEM = 5
"""Words that agree in this many letters count as forms of one word."""
_OTHER_SIDE = 0.3
"""Weight of a word that is on the other side of the name in the hypothesis."""
_CLOSE = 4
"""If at most this many words separate two names, they are no evidence of their order."""
_REACH_OF_ANCHOR = 2
"""Words next to a name among which its nearest content word has to be."""
_MOST_ADDED = 2
"""Words that a gap between the neighbours of a name may have more than the name."""

Surroundings: TypeAlias = dict[tuple[int, str], float]
"""Weights, 0–1, of the content words around a name, by side (-1 for left, 1 for right) and stem."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name at one position in a text."""

    text: Text
    first: int
    last: int
    """Positions of the words of the name, last exclusive."""

    @property
    def tokens(self) -> Sequence[Token]:
        """All words of the text."""
        return self.text.tokens

    @property
    def word_before(self) -> str:
        """The folded word before the name; empty at the beginning of the text."""
        return self.tokens[self.first - 1].folded if self.first else ""

    @property
    def relative_position(self) -> float:
        """Where the name is in the text, 0–1."""
        start, end = self.tokens[self.first].start, self.tokens[self.last - 1].end
        return (start + end) / 2 / max(len(self.text.text), 1)

    @property
    def positions(self) -> range:
        """Positions of the words of the name."""
        return range(self.first, self.last)

    def surroundings(self, skip: Collection[int]) -> Surroundings:
        """Weigh the content words near the name: 1 for the next word, 1/2 for the second, and so on.

        Args:
            skip: positions of words that do not count, such as other names. They still take up room.
        """
        weights: Surroundings = {}
        end = len(self.tokens)
        left = range(self.first - 1, max(-1, self.first - 1 - _REACH), -1)
        right = range(self.last, min(end, self.last + _REACH))
        for side, positions in ((-1, left), (1, right)):
            for distance, position in enumerate(positions):
                word = self.tokens[position].folded
                if position not in skip and is_content(self.text, position):
                    weights.setdefault((side, word[:_STEM]), 1 / (1 + distance))
        return weights


OccurrencePair: TypeAlias = tuple[Occurrence, Occurrence]
"""Two names in one text."""


def is_content(text: Text, position: int) -> bool:
    """Whether a word is neither a function word nor another very common word."""
    word, lists = text.folded[position], text.rules.words
    return word not in lists.function_words and word not in lists.common_words


def measure_agreement(
    reference: Mapping[tuple[int, str], float], hypothesis: Mapping[tuple[int, str], float]
) -> float:
    """Measure how well the surroundings of two occurrences agree: 0 without a shared word, more with each.

    A shared word adds the geometric mean of its two weights. If it is on the other side in the hypothesis,
    its weight there counts 0.3 times.
    """
    total = 0.0
    for (side, word), weight in reference.items():
        same_side = hypothesis.get((side, word), 0.0)
        other_side = _OTHER_SIDE * hypothesis.get((-side, word), 0.0)
        total += (weight * max(same_side, other_side)) ** 0.5
    return total


def measure_exchange(
    reference: OccurrencePair,
    hypothesis: OccurrencePair,
    skip: Collection[int],
    taken: Collection[int],
) -> float:
    """Measure how much better the surroundings of two names agree if the names are exchanged.

    Args:
        reference: both names in the reference.
        hypothesis: the same two names in the hypothesis.
        skip: positions of words of the reference that belong to names.
        taken: positions of words of the hypothesis that belong to names.

    Returns:
        The agreement after an exchange minus the agreement as it is. It is 1 more if a verb such as "accused"
        follows one name in the reference and the other in the hypothesis. It is 0 if a passive or a list
        explains the order.
    """
    if _turns_passive(reference, hypothesis) or _is_list(*reference, skip) or _is_list(*hypothesis, taken):
        return 0.0
    a, b = (occurrence.surroundings(skip) for occurrence in reference)
    x, y = (occurrence.surroundings(taken) for occurrence in hypothesis)
    between = _words_between(*reference), _words_between(*hypothesis)
    if min(map(len, between)) <= _CLOSE:
        # Kyiv, the capital of Ukraine, and Ukraine's capital Kyiv; Trump met Putin, and Putin met Trump
        stems = {word[:_STEM] for words in between for word in words}
        a, b, x, y = (_drop_stems(words, stems) for words in (a, b, x, y))
    exchanged = measure_agreement(a, y) + measure_agreement(b, x)
    return (
        exchanged - measure_agreement(a, x) - measure_agreement(b, y) + _is_other_actor(reference, hypothesis)
    )


def _drop_stems(surroundings: Surroundings, stems: Collection[str]) -> Surroundings:
    return {(side, word): weight for (side, word), weight in surroundings.items() if word not in stems}


def _turns_passive(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    """Whether "by" is between the names in the hypothesis, and nowhere in the reference."""
    in_reference = {token.folded for token in reference[0].tokens}
    return "by" not in in_reference and "by" in _words_between(*hypothesis)


def _is_list(a: Occurrence, b: Occurrence, names: Collection[int]) -> bool:
    """Whether only other names and common words are between two names, as in "A, B and C"."""
    between = (position for position in _positions_between(a, b) if position not in names)
    return not any(is_content(a.text, position) for position in between)


def _is_other_actor(reference: OccurrencePair, hypothesis: OccurrencePair) -> bool:
    """Whether a verb such as "accused" follows one name in the reference, and the other in the hypothesis."""
    (a, b), (x, y) = reference, hypothesis
    return (_acts(a) and _acts(y)) or (_acts(b) and _acts(x))


def _acts(occurrence: Occurrence) -> bool:
    """Whether a verb follows that says what somebody does to somebody: accused, blames."""
    after = occurrence.tokens[occurrence.last : occurrence.last + 1]
    return bool(after) and after[0].folded.startswith(tuple(occurrence.text.rules.words.acting))


def _words_between(a: Occurrence, b: Occurrence) -> list[str]:
    return [a.tokens[position].folded for position in _positions_between(a, b)]


def _positions_between(a: Occurrence, b: Occurrence) -> range:
    left, right = sorted((a, b), key=lambda occurrence: occurrence.first)
    return range(left.last, right.first)


def find_gap(occurrence: Occurrence, hypothesis: Sequence[Token]) -> range:
    """Find the words of the hypothesis between the words that are next to a name in the reference.

    A side that has no neighbour because the text begins or ends there matches the beginning or end of the
    hypothesis.

    Returns:
        Positions in the hypothesis; of several gaps, those of the smallest. Empty if a neighbour is not
        there, if nothing is between them, or if the gap has over two words more than the name.
    """
    positions: dict[str, list[int]] = {}
    for position, token in enumerate(hypothesis):
        positions.setdefault(token.folded[:_STEM], []).append(position)
    starts = _find_anchors(occurrence, -1, positions) or ([-1] if occurrence.first == 0 else [])
    at_end = occurrence.last == len(occurrence.tokens)
    ends = _find_anchors(occurrence, 1, positions) or ([len(hypothesis)] if at_end else [])
    gaps = [range(start + 1, end) for start in starts for end in ends]
    longest = len(occurrence.positions) + _MOST_ADDED
    return min((gap for gap in gaps if 1 <= len(gap) <= longest), key=len, default=range(0))


def _find_anchors(occurrence: Occurrence, side: int, positions: Mapping[str, list[int]]) -> list[int]:
    """Find the nearest content word beside a name, at most two words away, in the hypothesis."""
    position = occurrence.first - 1 if side < 0 else occurrence.last
    for _ in range(_REACH_OF_ANCHOR):
        if not 0 <= position < len(occurrence.tokens):
            return []
        if is_content(occurrence.text, position):
            return positions.get(occurrence.text.folded[position][:_STEM], [])
        position += side
    return []
