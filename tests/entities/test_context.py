"""The words around a name, by sentences worked out by hand."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.entities.context import Place, agreement, changed_places, gap_between
from evalkit.entities.tokens import tokenize

WEVER, LEYEN = "De Wever", "von der Leyen"
ACCUSED = "De Wever accused von der Leyen of ignoring the legal risks"
TURNED = "Von der Leyen accused De Wever of overlooking what was legally at stake"
WEIGHTS = st.floats(0.1, 1)
AROUND = st.dictionaries(st.tuples(st.sampled_from([-1, 1]), st.sampled_from("abcd")), WEIGHTS, max_size=6)


def place(text, name):
    """Where a name stands in a text."""
    words = [token.folded for token in tokenize(text, "en")]
    own = [token.folded for token in tokenize(name, "en")]
    first = next(at for at in range(len(words)) if words[at : at + len(own)] == own)
    return Place(tokenize(text, "en"), first, first + len(own))


def of_names(text, *names):
    return {at for name in names for at in range(place(text, name).first, place(text, name).last)}


def exchange(reference, hypothesis, one, other):
    """How much better the words around fit if the names changed places."""
    places = [[place(text, name) for name in (one, other)] for text in (reference, hypothesis)]
    return changed_places(*places, of_names(reference, one, other), of_names(hypothesis, one, other))


def test_the_words_around_a_name_weigh_less_the_farther_they_are():
    # "the" and "of" have no weight but take a place; only five words on each side count; words are cut after five letters
    text = "Yesterday the angry crowd outside parliament jeered Putin twice before the guards of Moscow arrived slowly"
    assert place(text, "Putin").around(set()) == {
        (-1, "jeere"): 1,
        (-1, "crowd"): 1 / 4,
        (-1, "angry"): 1 / 5,
        (1, "twice"): 1,
        (1, "guard"): 1 / 4,
    }


def test_other_names_are_skipped_and_take_their_place():
    assert place(ACCUSED, WEVER).around(of_names(ACCUSED, WEVER, LEYEN)) == {(1, "accus"): 1}
    assert place(ACCUSED, LEYEN).around(of_names(ACCUSED, WEVER, LEYEN)) == {
        (-1, "accus"): 1,
        (1, "ignor"): 1 / 2,
        (1, "legal"): 1 / 4,
        (1, "risks"): 1 / 5,
    }


def test_agreement_by_hand():
    reference = {(-1, "a"): 1.0, (1, "b"): 0.5, (1, "c"): 0.25}
    assert agreement(reference, reference) == pytest.approx(1 + 0.5 + 0.25)
    assert agreement(reference, {}) == 0
    # "a" counts 0.3 on the other side; "b" is nearer there; "d" says nothing
    assert agreement(reference, {(1, "a"): 1.0, (1, "b"): 1.0, (1, "d"): 1.0}) == pytest.approx(
        sqrt(0.3) + sqrt(0.5)
    )


@given(AROUND, AROUND, st.tuples(st.sampled_from([-1, 1]), st.sampled_from("abcd")), WEIGHTS)
def test_more_words_never_agree_less(reference, hypothesis, word, weight):
    more = {word: weight} | hypothesis
    assert 0 <= agreement(reference, hypothesis) <= agreement(reference, more) + 1e-9


def test_two_names_that_changed_places_by_hand():
    # accused, the only word between two names, says nothing by its place (Trump met Putin, Putin met Trump), but one acts: 1;
    # legal and legally, four words after the second name, in fifth place in the hypothesis: √(1/4 · 1/5)
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
def test_names_in_their_places_did_not_change_them(hypothesis):
    assert exchange(ACCUSED, hypothesis, WEVER, LEYEN) <= 0.5


def test_a_passive_is_no_exchange_but_a_passive_that_stays_one_may_be():
    passive = "Merkel was praised by Macron for her patience"
    assert exchange("Macron praised Merkel for her patience", passive, "Macron", "Merkel") == 0
    assert exchange(passive, "Macron was praised by Merkel for his patience", "Merkel", "Macron") > 0


@pytest.mark.parametrize("verb", ["accused", "blames", "criticised", "warned", "thanked", "defeated"])
def test_who_acts_on_whom_tells_names_apart(verb):
    assert exchange(f"Macron {verb} Merkel", f"Merkel {verb} Macron", "Macron", "Merkel") == 1
    assert exchange(f"Macron {verb} Merkel", f"Macron {verb} Merkel", "Macron", "Merkel") <= 0


def test_the_order_of_the_two_names_does_not_matter():
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
        # the nearest where a neighbour stands there twice
        ("The envoy visited Mekelle briefly.", "They visited friends who visited fish briefly.", ["fish"]),
        # nothing between, too much between, in another order, or no neighbour
        ("The envoy visited Mekelle briefly.", "The envoy visited briefly.", None),
        ("The envoy visited Mekelle briefly.", "The envoy visited the old grey harbour briefly.", None),
        ("The envoy visited Mekelle briefly.", "Briefly the envoy visited fish.", None),
        ("The envoy visited Mekelle briefly.", "The envoy saw fish briefly.", None),
        ("He is in the Mekelle briefly.", "He is in the fish briefly.", None),
    ],
)
def test_gaps(reference, hypothesis, between):
    found = gap_between(place(reference, "Mekelle"), tokenize(hypothesis, "en"))
    assert (found and [token.text for token in tokenize(hypothesis, "en")[slice(*found)]]) == between
