"""Units of similar length on both sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.alignment.units import LONG, Unit, find_usual_length, split_long, split_segments


def cut_into(text, usual, spaced=True):
    return [
        text[unit.start : unit.end]
        for unit in split_long([text], [Unit(0, len(text), 0)], usual, spaced=spaced)
    ]


def test_the_sentences_of_a_segment_are_its_units():
    units = split_segments(["One is here. Two is there.", "", "Three."], "en")
    assert units == [Unit(0, 12, 0), Unit(13, 26, 0), Unit(0, 0, 1), Unit(0, 6, 2)]


def test_short_units_hardly_count_for_the_usual_length():
    assert find_usual_length([Unit(0, 100, 0)] * 9 + [Unit(0, 10, 0)] * 10) == pytest.approx(91000 / 1000)
    assert find_usual_length([Unit(0, 0, 0)]) == 0


@pytest.mark.parametrize(
    ("text", "usual", "spaced", "pieces"),
    [
        ("one two three", 5, True, ["one two three"]),  # 13 is less than three times 5
        ("one two, three four, five six", 9, True, ["one two,", "three four,", "five six"]),
        ("one two three four five six", 8, True, ["one two", "three four", "five six"]),
        ("thishasnospaceatallanywhere", 5, True, ["thishasnospaceatallanywhere"]),
        ("总统抵达了，五个国家，共享大河", 4, False, ["总统抵达了，", "五", "个国家，", "共享大河"]),
    ],
)
def test_long_sentences_are_cut_into_pieces_after_a_mark_or_a_word(text, usual, spaced, pieces):
    assert cut_into(text, usual, spaced) == pieces


@given(st.text("ab,. 五。\n", min_size=1, max_size=80), st.integers(0, 12), st.booleans())
def test_pieces_hold_the_whole_text(text, usual, spaced):
    pieces = cut_into(text, usual, spaced)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    if not spaced and len(text) > LONG * usual > 0:
        assert max(map(len, pieces)) < LONG * usual
