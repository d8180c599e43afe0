"""The places where merged sentences are cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.alignment.cut import Merged, _find_words, _rate_cuts, cut

SEGMENTS = (
    "The president arrived in Astana on Tuesday.",
    "Farmers complain that the water does not reach them.",
)


def parts(text, segments=SEGMENTS, ends=(), spaced=True):
    (found,) = cut([Merged(text, frozenset(ends), segments)], spaced=spaced)
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize(
    "expected",
    [
        ["On Tuesday the president came to Astana,", "the farmers complain that water does not reach them."],
        ["The president is in Astana", "and farmers have no water."],
        ["The president has no words in common,", "these others have none either, not one."],
    ],
    ids=["at the comma", "at the word", "by punctuation and place"],
)
def test_a_text_is_cut_where_its_parts_resemble_the_segments(expected):
    assert parts(" ".join(expected)) == expected


def test_a_cut_between_sentences_is_worth_more_than_one_after_a_comma():
    text = "Nobody knows, it is said. So they left, all of them."
    segments = ("Unrelated words follow.", "Something different follows too.")
    assert parts(text, segments, ends={25, len(text)}) == [
        "Nobody knows, it is said.",
        "So they left, all of them.",
    ]


def test_a_text_that_has_nothing_of_a_segment_may_give_it_nothing():
    assert parts(
        "The president arrived in Astana on Tuesday.", (SEGMENTS[0], "Xylophones jazz."), ends={43}
    ) == [SEGMENTS[0], ""]


def test_languages_without_spaces_are_cut_between_characters():
    segments = ("总统星期二抵达阿斯塔纳。", "五个国家共享两条大河。")
    assert parts("总统星期二到达阿斯塔纳，五个国家共享两条大河。", segments, spaced=False) == [
        "总统星期二到达阿斯塔纳，",
        "五个国家共享两条大河。",
    ]


def test_texts_that_share_no_word_are_cut_together_as_they_are_cut_one_by_one():
    other = Merged(
        "Der Fluss steigt, die Bauern klagen.", frozenset(), ("Der Fluss steigt an.", "Die Bauern klagen.")
    )
    one = Merged("The president came, farmers complain.", frozenset(), SEGMENTS)
    assert cut([one, other] * 20, spaced=True) == [*cut([one], spaced=True), *cut([other], spaced=True)] * 20
    assert cut([], spaced=True) == []


TEXTS = st.lists(
    st.sampled_from(["Kursk", "water,", "the", "Tuesday.", "president", "五", "x"]), min_size=1, max_size=9
)


@given(TEXTS, st.lists(TEXTS, min_size=2, max_size=4), st.booleans())
def test_parts_are_in_order_and_hold_the_whole_text(words, segments, spaced):
    text = " ".join(words)
    found = parts(text, tuple(map(" ".join, segments)), spaced=spaced)
    assert len(found) == len(segments)
    assert "".join("".join(found).split()) == "".join(text.split())
    if spaced:
        assert " ".join(found).split() == words


def test_the_worth_of_cuts_by_hand():
    """0.2 after punctuation, 0.4 between sentences, 0.2 before a capital, less 0.04 per word off place."""
    merged = Merged("Ab cd, Ef gh. ij", frozenset({13}), ("8 chars.", "8 chars."))
    words = [(0, 2), (3, 6), (7, 9), (10, 13), (14, 16)]
    # the first segment should end at 8 of 16 characters, the second at 16; a word counts 16 / 5 characters
    first = [0.2 - 0.1, -0.075, 0.4 - 0.025, -0.0125, 0.4 - 0.0625, -0.1]
    second = [0.2 - 0.2, -0.175, 0.4 - 0.125, -0.0875, 0.4 - 0.0375, 0.0]
    assert _rate_cuts(merged, words) == pytest.approx(np.array([first, second]))


def test_marks_latin_words_and_numbers_are_not_cut():
    found = ["น้ํา iPhone15的"[start:end] for start, end in _find_words("น้ํา iPhone15的", spaced=False)]
    assert found == ["น้ํ", "า", "iPhone15", "的"]


def test_joints_say_where_a_cut_is_expected():
    """Nothing is similar; by length alone, the cut is in the middle: 3 of 6 words."""
    text, segments = "q w e r t y", ("xxxxx", "zzzzz")
    joined = Merged(text, frozenset(), segments, ((5, 3),))  # the first segment ends with "w"
    assert [span for (span, _) in cut([joined, Merged(text, frozenset(), segments)], spaced=True)] == [
        (0, 3),
        (0, 5),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("他说（好）。", ["他", "说", "（好）。"]),
        ("「はい」と", ["「は", "い」", "と"]),
        ("据insury's和3.5亿", ["据", "insury's", "和", "3.5", "亿"]),
        ("ที่นี่", ["ที่", "นี่"]),
    ],
)
def test_without_spaces_marks_stay_with_what_they_close_or_open(text, words):
    assert [text[start:end] for start, end in _find_words(text, spaced=False)] == words
