"""The words around a name, in the reference and in the hypothesis: do they say that a name stands where it should?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from evalkit.entities.languages import ACTING, COMMON_WORDS, FUNCTION_WORDS
from evalkit.entities.tokens import Token

_REACH = 5
"""Words on either side that count."""
_STEM = 5
"""Words that agree in so many letters are taken for forms of one word."""
_OTHER_SIDE = 0.3
"""What a word counts that stands on the other side of the name."""
_CLOSE = 4
"""Where so few words stand between two names, they say nothing of their order."""


@dataclass(frozen=True, slots=True)
class Place:
    """A span of words in a text."""

    tokens: Sequence[Token]
    first: int
    last: int

    def around(self, skip: Collection[int]) -> dict[tuple[int, str], float]:
        """Weights of the content words on the left (-1) and on the right (1), the nearest first; other names are skipped."""
        found: dict[tuple[int, str], float] = {}
        for side, start, step in ((-1, self.first - 1, -1), (1, self.last, 1)):
            distance = 0
            at = start
            while 0 <= at < len(self.tokens) and distance < _REACH:
                word = self.tokens[at].folded
                if at not in skip and word not in FUNCTION_WORDS and word not in COMMON_WORDS:
                    found.setdefault((side, word[:_STEM]), 1 / (1 + distance))
                distance += 1
                at += step
        return found


def agreement(reference: dict[tuple[int, str], float], hypothesis: dict[tuple[int, str], float]) -> float:
    """How well the words around two places agree; 0 for not at all, 1 for each neighbour shared on the same side."""
    total = 0.0
    for (side, word), weight in reference.items():
        same = hypothesis.get((side, word), 0.0)
        other = _OTHER_SIDE * hypothesis.get((-side, word), 0.0)
        total += (weight * max(same, other)) ** 0.5
    return total


def changed_places(
    reference: Sequence[Place], hypothesis: Sequence[Place], skip: Collection[int], taken: Collection[int]
) -> float:
    """How much better the words around two names agree with the place of the other than with the own one.

    Args:
        reference: places of the two names.
        hypothesis: places of the same two.
        skip: words of the reference that belong to names.
        taken: words of the hypothesis that belong to names.

    Returns:
        More than 0 if the names seem to have changed places; 0 where a passive accounts for it.
    """
    (a, b), (x, y) = (
        [place.around(skip) for place in reference],
        [place.around(taken) for place in hypothesis],
    )
    here, there = _between(*reference), _between(*hypothesis)
    passive = "by" in there and "by" not in {token.folded for token in reference[0].tokens}
    listed = any(
        all(token.folded in FUNCTION_WORDS or token.folded in COMMON_WORDS for token in tokens)
        for tokens in (
            _tokens_between(reference[0], reference[1], skip),
            _tokens_between(hypothesis[0], hypothesis[1], taken),
        )
    )
    if passive or listed:  # in "A, B and C" the order says nothing
        return 0.0
    if min(len(here), len(there)) <= _CLOSE:
        # Kyiv, the capital of Ukraine, and Ukraine's capital Kyiv; Trump met Putin, and Putin met Trump
        inside = {word[:_STEM] for word in (*here, *there)}
        a, b, x, y = (
            {key: weight for key, weight in around.items() if key[1] not in inside} for around in (a, b, x, y)
        )
    acts = (_acts(reference[0]) and _acts(hypothesis[1])) or (_acts(reference[1]) and _acts(hypothesis[0]))
    return agreement(a, y) + agreement(b, x) - agreement(a, x) - agreement(b, y) + acts


def _between(a: Place, b: Place) -> list[str]:
    """The words between two places."""
    return [token.folded for token in _tokens_between(a, b, ())]


def _tokens_between(a: Place, b: Place, skip: Collection[int]) -> list[Token]:
    left, right = sorted((a, b), key=lambda place: place.first)
    return [left.tokens[index] for index in range(left.last, right.first) if index not in skip]


def _acts(place: Place) -> bool:
    """Whether a verb follows that says what somebody does to somebody: accused, blames."""
    return place.last < len(place.tokens) and place.tokens[place.last].folded.startswith(tuple(ACTING))


def gap_between(place: Place, hypothesis: Sequence[Token]) -> tuple[int, int] | None:
    """Where the words next to a name stand close together in the hypothesis: the words between them, if there are any."""
    positions: dict[str, list[int]] = {}
    for index, token in enumerate(hypothesis):
        positions.setdefault(token.folded[:_STEM], []).append(index)
    size = place.last - place.first
    best: tuple[int, int] | None = None
    lefts = _anchors(place, -1, positions) or ([-1] if place.first == 0 else [])
    rights = _anchors(place, 1, positions) or ([len(hypothesis)] if place.last == len(place.tokens) else [])
    for left in lefts:
        for right in rights:
            if 1 < right - left <= size + 3 and (best is None or right - left < best[1] - best[0] + 1):
                best = left + 1, right
    return best


def _anchors(place: Place, side: int, positions: dict[str, list[int]]) -> list[int]:
    """Positions in the hypothesis of the nearest content word beside a name, at most two words away."""
    at = place.first - 1 if side < 0 else place.last
    for _ in range(2):
        if not 0 <= at < len(place.tokens):
            return []
        word = place.tokens[at].folded
        if word not in FUNCTION_WORDS and word not in COMMON_WORDS:
            return positions.get(word[:_STEM], [])
        at += side
    return []
