"""Assign spans of hypotheses to mentions, with the greatest total weight and no word used twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import prod
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from evalkit.entities.reasons import MatchingRule

_MOST_COMPARED = 500
"""Most choices of options for mentions that share words of which all are compared."""


class Span(NamedTuple):
    """Words of the hypothesis of a segment."""

    segment: int
    """Index into ``TestSet.segments``."""
    first: int
    last: int
    """Positions of words, last exclusive."""

    @property
    def positions(self) -> range:
        """Positions of the words."""
        return range(self.first, self.last)


class Option(NamedTuple):
    """A span that a mention could get."""

    mention: int
    """Index of the mention."""
    span: Span
    weight: float
    """More than 0; greater is better."""
    rule: MatchingRule = ""
    """The rule by which the span is an accepted form of the name."""


def assign(options: Sequence[Option]) -> list[Option]:
    """Choose options of the greatest total weight: at most one per mention, and no word twice.

    The cheap solutions come first: the best option of each mention, then an assignment of mentions to spans
    in which spans may overlap. If one of them uses no word twice, it is optimal. Otherwise, all choices are
    compared if they are few; if not, an integer program is solved. Mentions that share no words are assigned
    apart.
    """
    chosen = _choose_best(options)
    if not _overlap(chosen):
        return chosen
    return [option for group in _split(options) for option in _assign_group(group)]


def _assign_group(options: Sequence[Option]) -> list[Option]:
    """`assign` for mentions that share words."""
    chosen = _choose_best(options)
    if _overlap(chosen):
        chosen = _assign_spans(options)
    if not _overlap(chosen):
        return chosen
    by_mention: dict[int, list[Option]] = {}
    for option in options:
        by_mention.setdefault(option.mention, []).append(option)
    if prod(len(own) + 1 for own in by_mention.values()) > _MOST_COMPARED:
        return _solve_program(options)
    return _compare_all(list(by_mention.values()), frozenset())[1]


def _split(options: Sequence[Option]) -> list[list[Option]]:
    """Split options into groups that have neither a mention nor a word in common."""
    groups: list[tuple[set[tuple[int, ...]], list[Option]]] = []
    for option in options:
        needs, members = set(_needs(option)), [option]
        apart = []
        for group in groups:
            if group[0].isdisjoint(needs):
                apart.append(group)
            else:
                needs |= group[0]
                members = group[1] + members
        groups = [*apart, (needs, members)]
    return [members for _, members in groups]


def _compare_all(
    by_mention: Sequence[Sequence[Option]], used: frozenset[tuple[int, ...]]
) -> tuple[float, list[Option]]:
    """Find the greatest total weight, and its options: each option of the first mention is tried, and none."""
    if not by_mention:
        return 0.0, []
    best = _compare_all(by_mention[1:], used)
    for option in by_mention[0]:
        words = frozenset(_needs(option)[1:])
        if words.isdisjoint(used):
            weight, rest = _compare_all(by_mention[1:], used | words)
            if weight + option.weight > best[0]:
                best = weight + option.weight, [option, *rest]
    return best


def _needs(option: Option) -> list[tuple[int, ...]]:
    """The mention and the words that an option takes."""
    return [(option.mention,), *((option.span.segment, position) for position in option.span.positions)]


def _choose_best(options: Iterable[Option]) -> list[Option]:
    """Choose the best option of each mention."""
    best: dict[int, Option] = {}
    for option in options:
        rival = best.get(option.mention)
        if rival is None or option.weight > rival.weight:
            best[option.mention] = option
    return list(best.values())


def _assign_spans(options: Sequence[Option]) -> list[Option]:
    """Find the optimum in which no span is used twice, although spans may overlap.

    This is the linear sum assignment problem; scipy solves it with a modified Jonker-Volgenant algorithm.
    """
    rows = {mention: row for row, mention in enumerate(dict.fromkeys(option.mention for option in options))}
    columns = {span: column for column, span in enumerate(dict.fromkeys(option.span for option in options))}
    best: dict[tuple[int, int], Option] = {}
    weights = np.zeros((len(rows), len(columns)))
    for option in options:
        cell = rows[option.mention], columns[option.span]
        if option.weight > weights[cell]:
            weights[cell] = option.weight
            best[cell] = option
    cells = zip(*linear_sum_assignment(weights, maximize=True), strict=True)
    return [best[cell] for cell in cells if cell in best]


def _solve_program(options: Sequence[Option]) -> list[Option]:
    """Find the optimum in which no word is used twice, as a mixed-integer linear program.

    A variable per option says whether it is chosen; a constraint per mention and per word allows one option
    each.
    """
    rows: dict[tuple[int, ...], int] = {}
    cells: list[tuple[int, int]] = []
    for column, option in enumerate(options):
        cells += [(rows.setdefault(need, len(rows)), column) for need in _needs(option)]
    matrix = np.zeros((len(rows), len(options)))
    matrix[tuple(np.array(cells).T)] = 1
    solution = milp(
        -np.array([option.weight for option in options]),
        constraints=LinearConstraint(matrix, ub=1),
        integrality=1,
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return [option for option, chosen in zip(options, solution.x, strict=True) if chosen > 0.5]


def _overlap(options: Sequence[Option]) -> bool:
    """Whether two options share a word."""
    if len(options) < 2:
        return False
    spans = sorted(option.span for option in options)
    return any(a.segment == b.segment and b.first < a.last for a, b in pairwise(spans))
