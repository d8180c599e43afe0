"""Which mention gets which span: the assignment of greatest total weight in which no word of a hypothesis is used twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp


class Span(NamedTuple):
    """Words of the hypothesis of a segment."""

    segment: int
    first: int
    last: int
    """Exclusive."""


class Option(NamedTuple):
    """One span that a mention could get."""

    mention: int
    span: Span
    weight: float
    """Positive; greater is better."""
    reason: str = ""


def assign(options: Sequence[Option]) -> list[Option]:
    """The best choice of options: at most one per mention, no word twice.

    Solved without the condition on words first: by the best option of each mention, then as an assignment of mentions to
    spans. Where the result happens to use no word twice, it is the optimum; else an integer program is solved.
    """
    best: dict[int, Option] = {}
    for option in options:
        found = best.get(option.mention)
        if found is None or option.weight > found.weight:
            best[option.mention] = option
    chosen = list(best.values())
    if _overlap(chosen):
        chosen = _assign_spans(options)
    return _program(options) if _overlap(chosen) else chosen


def _assign_spans(options: Sequence[Option]) -> list[Option]:
    """The optimum in which no span is used twice, though spans may overlap."""
    mentions = {
        mention: row for row, mention in enumerate(dict.fromkeys(option.mention for option in options))
    }
    spans = {span: column for column, span in enumerate(dict.fromkeys(option.span for option in options))}
    table: dict[tuple[int, int], Option] = {}
    weights = np.zeros((len(mentions), len(spans)))
    for option in options:
        cell = mentions[option.mention], spans[option.span]
        if option.weight > weights[cell]:
            weights[cell] = option.weight
            table[cell] = option
    pairs = zip(*linear_sum_assignment(weights, maximize=True), strict=True)
    return [table[cell] for cell in pairs if cell in table]


def _program(options: Sequence[Option]) -> list[Option]:
    """The optimum in which no word is used twice."""
    rows: dict[tuple[int, ...], int] = {}
    places: list[tuple[int, int]] = []
    for column, option in enumerate(options):
        needs: list[tuple[int, ...]] = [
            (option.mention,),
            *((option.span.segment, word) for word in range(option.span.first, option.span.last)),
        ]
        places += [(rows.setdefault(need, len(rows)), column) for need in needs]
    matrix = np.zeros((len(rows), len(options)))
    matrix[tuple(np.array(places).T)] = 1
    solution = milp(
        -np.array([option.weight for option in options]),
        constraints=LinearConstraint(matrix, ub=1),
        integrality=1,
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return [option for option, taken in zip(options, solution.x, strict=True) if taken > 0.5]


def _overlap(options: Sequence[Option]) -> bool:
    """Whether two options share a word."""
    if len(options) < 2:
        return False
    spans = sorted(option.span for option in options)
    return any(a.segment == b.segment and b.first < a.last for a, b in pairwise(spans))
