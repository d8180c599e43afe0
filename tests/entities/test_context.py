"""The words around a name: sentences with results computed by hand."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.entities.context import Occurrence, find_gap, measure_agreement, measure_exchange
from evalkit.entities.language.tokens import tokenize
from evalkit.entities.text import Text

WEVER, LEYEN = "De Wever", "von der Leyen"
ACCUSED = "De Wever accused von der Leyen of ignoring the legal risks"
TURNED = "Von der Leyen accused De Wever of overlooking what was legally at stake"
WEIGHTS = st.floats(0.1, 1)
AROUND = st.dictionaries(st.tuples(st.sampled_from([-1, 1]), st.sampled_from("abcd")), WEIGHTS, max_size=6)


def occurrence(text, name):
    """A name in a text."""
    words = [token.folded for token in tokenize(text, "en")]
    folded = [token.folded for token in tokenize(name, "en")]
    size = len(folded)
    first = next(first for first in range(len(words)) if words[first : first + size] == folded)
    return Occurrence(Text.of(text, "en"), first, first + size)


def positions(text, *names):
    return {position for name in names for position in occurrence(text, name).positions}


def exchange(reference, hypothesis, one, other):
    """How much better the words around agree if the names are exchanged."""
    names = [[occurrence(text, name) for name in (one, other)] for text in (reference, hypothesis)]
    return measure_exchange(*names, positions(reference, one, other), positions(hypothesis, one, other))


def test_words_around_a_name_weigh_less_the_farther_away_they_are():
    # "the" and "of" have no weight but count as words; only five words on each side count; stems have five
    # letters
    text = "Yesterday the angry crowd outside parliament jeered Putin twice before the guards of Moscow arrived slowly"
    assert occurrence(text, "Putin").surroundings(set()) == {
        (-1, "jeere"): 1,
        (-1, "crowd"): 1 / 4,
        (-1, "angry"): 1 / 5,
        (1, "twice"): 1,
        (1, "guard"): 1 / 4,
    }


def test_other_names_are_skipped_but_count_as_words():
    assert occurrence(ACCUSED, WEVER).surroundings(positions(ACCUSED, WEVER, LEYEN)) == {(1, "accus"): 1}
    assert occurrence(ACCUSED, LEYEN).surroundings(positions(ACCUSED, WEVER, LEYEN)) == {
        (-1, "accus"): 1,
        (1, "ignor"): 1 / 2,
        (1, "legal"): 1 / 4,
        (1, "risks"): 1 / 5,
    }


def test_agreement_by_hand():
    reference = {(-1, "a"): 1.0, (1, "b"): 0.5, (1, "c"): 0.25}
    assert measure_agreement(reference, reference) == pytest.approx(1 + 0.5 + 0.25)
    assert measure_agreement(reference, {}) == 0
    # "a" counts 0.3 on the other side; "b" is nearer there; "d" says nothing
    assert measure_agreement(reference, {(1, "a"): 1.0, (1, "b"): 1.0, (1, "d"): 1.0}) == pytest.approx(
        sqrt(0.3) + sqrt(0.5)
    )


@given(AROUND, AROUND, st.tuples(st.sampled_from([-1, 1]), st.sampled_from("abcd")), WEIGHTS)
def test_more_words_never_agree_less(reference, hypothesis, word, weight):
    more = {word: weight} | hypothesis
    assert 0 <= measure_agreement(reference, hypothesis) <= measure_agreement(reference, more) + 1e-9


def test_two_exchanged_names_by_hand():
    # accused is the only word between the names, so it does not count (Trump met Putin, Putin met Trump). But
    # the other one acts: 1. legal is the fourth word after the second name, legally the fifth in the
    # hypothesis:
    # √(1/4 · 1/5)
    assert exchange(ACCUSED, TURNED, WEVER, LEYEN) == pytest.approx(sqrt(1 / 20) + 1)
    assert exchange("Russia borders Ukraine", "Ukraine borders Russia", "Russia", "Ukraine") == 0
    assert (
        exchange("Kyiv, the capital of Ukraine, fell", "Ukraine's capital Kyiv fell", "Kyiv", "Ukraine") < 0.3
    )


@pytest.mark.parametrize(
    "hypothesis",
    [
        ACCUSED,
        "De Wever accused von der Leyen of overlooking what was legally at stake",
        "De Wever charged that von der Leyen ignored the legal risks",
        "Von der Leyen was accused by De Wever of ignoring the legal risks",
        "By ignoring the legal risks, von der Leyen angered De Wever",
    ],
)
def test_names_that_are_not_exchanged(hypothesis):
    assert exchange(ACCUSED, hypothesis, WEVER, LEYEN) <= 0.5


def test_a_new_passive_is_not_an_exchange_but_a_passive_in_both_may_be():
    passive = "Merkel was praised by Macron for her patience"
    assert exchange("Macron praised Merkel for her patience", passive, "Macron", "Merkel") == 0
    assert exchange(passive, "Macron was praised by Merkel for his patience", "Merkel", "Macron") > 0


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ("bravely fought little", 0),
        ("bravely fought little grey", 0),
        # the words of one side agree as 1 + 1/2 + 1/3 + 1/4 + 1/5 with those of the other name, and as
        # √0.3 · (2√(1/5) + 2√(1/8) + 1/3) with the other side of the same name; the same for the second name
        (
            "bravely fought little grey wolves",
            2 * (137 / 60 - sqrt(0.3) * (2 * sqrt(1 / 5) + 2 * sqrt(1 / 8) + 1 / 3)),
        ),
    ],
)
def test_four_words_between_two_names_or_fewer_do_not_count(between, expected):
    evidence = exchange(f"Paris {between} Berlin", f"Berlin {between} Paris", "Paris", "Berlin")
    assert evidence == pytest.approx(expected)


@pytest.mark.parametrize("verb", ["accused", "blames", "criticised", "warned", "thanked", "defeated"])
def test_verbs_with_an_actor_show_an_exchange(verb):
    assert exchange(f"Macron {verb} Merkel", f"Merkel {verb} Macron", "Macron", "Merkel") == 1
    assert exchange(f"Macron {verb} Merkel", f"Macron {verb} Merkel", "Macron", "Merkel") <= 0


def test_the_order_of_the_two_names_makes_no_difference():
    assert exchange(ACCUSED, TURNED, WEVER, LEYEN) == pytest.approx(exchange(ACCUSED, TURNED, LEYEN, WEVER))


@pytest.mark.parametrize(
    ("reference", "hypothesis", "between"),
    [
        ("The envoy visited Mekelle briefly.", "The envoy visited fish briefly.", ["fish"]),
        (
            "The envoy visited Mekelle briefly.",
            "The envoys visited two old fish briefly.",
            ["two", "old", "fish"],
        ),
        # at the beginning and at the end the text itself is the neighbour
        ("Mekelle suffered greatly.", "Fish suffered greatly.", ["Fish"]),
        ("The envoy visited Mekelle.", "The envoy visited fish.", ["fish"]),
        # over one small word
        ("The envoy waited in Mekelle briefly.", "The envoy waited for fish briefly.", ["for", "fish"]),
        # the smallest gap if a neighbour occurs twice
        ("The envoy visited Mekelle briefly.", "They visited friends who visited fish briefly.", ["fish"]),
        # nothing between, too much between, in another order, or no neighbour
        ("The envoy visited Mekelle briefly.", "The envoy visited briefly.", []),
        ("The envoy visited Mekelle briefly.", "The envoy visited the old grey harbour briefly.", []),
        ("The envoy visited Mekelle briefly.", "Briefly the envoy visited fish.", []),
        ("The envoy visited Mekelle briefly.", "The envoy saw fish briefly.", []),
        ("He is in the Mekelle briefly.", "He is in the fish briefly.", []),
        ("The envoy waited for the Mekelle briefly.", "The envoy waited for the fish briefly.", []),
    ],
)
def test_gaps(reference, hypothesis, between):
    tokens = tokenize(hypothesis, "en")
    gap = find_gap(occurrence(reference, "Mekelle"), tokens)
    assert [tokens[position].text for position in gap] == between
