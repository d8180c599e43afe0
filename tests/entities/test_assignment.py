"""The assignment of spans to mentions is as good as the best of all choices."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.entities import assignment
from evalkit.entities.assignment import Option, Span, assign

SPANS = st.builds(
    lambda segment, first, size: Span(segment, first, first + size),
    st.integers(0, 1),
    st.integers(0, 4),
    st.integers(1, 3),
)
WEIGHTS = st.integers(1, 1200).map(lambda hundredths: hundredths / 100)


@st.composite
def options(draw):
    """Up to four mentions, up to six spans, and some of their pairs."""
    spans = draw(st.lists(SPANS, min_size=1, max_size=6, unique=True))
    pairs = draw(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(spans)), max_size=16))
    return [Option(mention, span, draw(WEIGHTS), str(index)) for index, (mention, span) in enumerate(pairs)]


def words(option):
    return {(option.span.segment, position) for position in option.span.positions}


def total(chosen):
    return sum(option.weight for option in chosen)


def best_of_all(given_options):
    """The greatest total weight of all choices that use no mention and no word twice."""
    mentions = {option.mention for option in given_options}
    choices = [
        [None, *(option for option in given_options if option.mention == mention)] for mention in mentions
    ]
    valid = []
    for choice in product(*choices):
        chosen = [option for option in choice if option is not None]
        if all(words(a).isdisjoint(words(b)) for a, b in combinations(chosen, 2)):
            valid.append(total(chosen))
    return max(valid)


@given(options())
def test_no_choice_is_better(given_options):
    assert total(assign(given_options)) == pytest.approx(best_of_all(given_options))


@given(options())
def test_mentions_and_words_are_used_once(given_options):
    chosen = assign(given_options)
    assert len({option.mention for option in chosen}) == len(chosen)
    assert all(words(a).isdisjoint(words(b)) for a, b in combinations(chosen, 2))
    assert all(option in given_options for option in chosen)


@given(options(), st.randoms())
def test_the_order_of_the_options_makes_no_difference(given_options, random):
    turned = random.sample(given_options, len(given_options))
    assert total(assign(turned)) == pytest.approx(total(assign(given_options)))


A, B, AB, BC, C = Span(0, 0, 1), Span(0, 1, 2), Span(0, 0, 2), Span(0, 1, 3), Span(0, 2, 3)
WAYS = [
    # the best option of each mention uses no word twice
    ("best", [Option(0, A, 3), Option(0, B, 2), Option(1, C, 1), Option(1, A, 0.5)], {(0, A), (1, C)}),
    ("best", [Option(0, AB, 3), Option(1, Span(1, 0, 2), 3)], {(0, AB), (1, Span(1, 0, 2))}),
    ("best", [], set()),
    # A is best for both; 9 + 9.5 beats 10 + 1
    ("linear", [Option(0, A, 10), Option(0, B, 9), Option(1, A, 9.5), Option(1, B, 1)], {(0, B), (1, A)}),
    ("linear", [Option(0, A, 10), Option(1, A, 9)], {(0, A)}),
    # three spans, any two neighbours of which share a word: 2 + 2 beats 3
    ("program", [Option(0, A, 2), Option(1, AB, 3), Option(2, B, 2)], {(0, A), (2, B)}),
    ("program", [Option(0, A, 2), Option(1, AB, 5), Option(2, B, 2)], {(1, AB)}),
    # each mention is better off with the span that overlaps the other's
    ("program", [Option(0, AB, 10), Option(0, A, 9), Option(1, BC, 10), Option(1, C, 5)], {(0, A), (1, BC)}),
]


@pytest.mark.parametrize(("way", "given_options", "expected"), WAYS)
def test_each_of_the_three_ways(monkeypatch, way, given_options, expected):
    used = ["best"]

    def spy(name, solve):
        def solver(*args, **settings):
            used.append(name)
            return solve(*args, **settings)

        return solver

    monkeypatch.setattr(assignment, "linear_sum_assignment", spy("linear", assignment.linear_sum_assignment))
    monkeypatch.setattr(assignment, "milp", spy("program", assignment.milp))
    monkeypatch.setattr(assignment, "_MOST_COMPARED", 0)
    assert {(option.mention, option.span) for option in assign(given_options)} == expected
    assert used[-1] == way
    monkeypatch.undo()  # few choices are compared without the program, for the same result
    assert {(option.mention, option.span) for option in assign(given_options)} == expected


@pytest.mark.parametrize(
    "others", [[], [Option(1, A, 1)], [Option(1, Span(0, 0, 2), 1)]], ids=["best", "linear", "program"]
)
def test_of_two_options_for_one_span_the_better_is_taken(others):
    (chosen,) = (
        option
        for option in assign([Option(0, A, 2, "short"), Option(0, A, 3, "alias"), *others])
        if option.mention == 0
    )
    assert chosen == Option(0, A, 3, "alias")
