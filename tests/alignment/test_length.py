"""Alignment of sources by length: Gale and Church's model on texts of unmistakable lengths."""

from __future__ import annotations

import math
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.alignment.length import _SKIP, _compute_gains, align_by_length
from evalkit.alignment.path import Window
from evalkit.alignment.sentences import TextSpan


def article(paragraphs):
    """A text of sentences of given lengths, by paragraph, and its spans; each repeats a new letter."""
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    lines = [[next(letters) * length for length in lengths] for lengths in paragraphs]
    pieces = [(sentence, number) for number, line in enumerate(lines) for sentence in line]
    starts = accumulate((len(sentence) + 1 for sentence, _ in pieces[:-1]), initial=0)
    spans = [
        TextSpan(start, start + len(sentence), number)
        for start, (sentence, number) in zip(starts, pieces, strict=True)
    ]
    return "\n".join(" ".join(line) for line in lines), spans


def sources(reference, source, *, by_paragraph=False):
    """For every segment, the letters of the sentences in its source."""
    (_, units), (other, sentences) = article(reference), article(source)
    owners = [unit.paragraph for unit in units] if by_paragraph else range(len(units))
    return [
        "".join(sorted(set(found) - {" ", "\n"}))
        for found in align_by_length(units, owners, other, sentences, by_paragraph=by_paragraph)
    ]


@pytest.mark.parametrize(
    ("reference", "source", "expected"),
    [
        ([[50, 90, 40]], [[50, 90, 40]], ["a", "b", "c"]),
        ([[50, 90, 40]], [[75, 135, 60]], ["a", "b", "c"]),
        ([[100, 30, 80]], [[48, 51, 30, 80]], ["ab", "c", "d"]),
        ([[48, 51, 30, 80]], [[100, 30, 80]], ["a", "a", "b", "c"]),
        ([[40, 60], [90], [20, 50]], [[40, 60], [90], [20, 50]], ["a", "b", "c", "d", "e"]),
        ([[60, 60], [120]], [[120], [60, 60]], ["a", "a", "bc"]),
        ([[60, 60], [100]], [[60, 60, 100]], ["a", "b", "c"]),
        ([[70]], [[70]], ["a"]),
    ],
    ids=[
        "same",
        "longer",
        "split",
        "merged",
        "paragraphs",
        "each paragraph by itself",
        "other paragraphs",
        "one sentence",
    ],
)
def test_sources_are_aligned_by_length(reference, source, expected):
    assert sources(reference, source) == expected


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
def test_every_segment_has_a_source_where_counts_match_and_lengths_are_alike(counts, data):
    reference, source = (
        [[data.draw(st.integers(80, 120)) for _ in range(count)] for count in counts] for _ in range(2)
    )
    found = sources(reference, source)
    assert len(found) == sum(counts)
    assert all(found)


@pytest.mark.parametrize(
    ("reference", "source", "expected"),
    [
        ([[50, 90, 40, 70, 60, 80], [30]], [[50, 90, 40, 70, 60, 80], [30]], ["abcdef", "g"]),
        ([[20] * 9, [90, 50]], [[20] * 9 + [90, 50]], ["abcdefghi", "jk"]),
        ([[20] * 9 + [90, 50]], [[20] * 9, [90, 50]], ["abcdefghijk"]),
        ([[300], [300]], [[20] * 12, [20] * 9], ["abcdefghijkl", "mnopqrstu"]),
        ([[50, 150], [100]], [[60, 70, 60, 50, 55]], ["abc", "de"]),
        ([[300]], [[100], [100], [100]], ["abc"]),
    ],
    ids=["same", "source in one line", "reference in one line", "other sentences", "some more", "lines"],
)
def test_a_paragraph_has_all_of_its_source(reference, source, expected):
    assert sources(reference, source, by_paragraph=True) == expected


@given(st.lists(st.lists(st.integers(20, 200), min_size=1, max_size=4), min_size=1, max_size=4), st.data())
def test_no_sentence_of_the_source_is_lost_between_paragraphs(reference, data):
    source = [data.draw(st.lists(st.integers(20, 200), min_size=1, max_size=12))]
    found = sources(reference, source, by_paragraph=True)
    assert set("".join(found)) == set("abcdefghijklmnopqrstuvwxyz"[: len(source[0])])


def test_one_sentence_for_ten_is_the_source_of_every_segment():
    """Its length is too different from that of any one to three sentences."""
    assert sources([[40] * 10], [[400]]) == ["a"] * 10
    assert sources([[40] * 5, [40] * 5], [[400]], by_paragraph=True) == ["a", "a"]


def test_paragraphs_of_one_sentence_have_all_of_the_source():
    """A step has three sentences at most."""
    found = sources([[45], [45], [45]], [[24] * 14], by_paragraph=True)
    assert "".join(found) == "abcdefghijklmn"


def test_gains_by_hand():
    """log(prior · 2 Φ(-|delta|)), with delta = (width - ratio · height) / sqrt(6.8 · their mean)."""
    gains = _compute_gains([100, 100], [120, 180], Window(0, 2, 0, 2))
    # the ratio is 300 / 200, so each segment is expected to have 150 characters; 2 Φ(-x) is erfc(x / sqrt(2))
    delta = (120 - 150) / math.sqrt(6.8 * (120 + 150) / 2)
    assert gains[0, 0, 0] == pytest.approx(math.log(0.89 * math.erfc(abs(delta) / math.sqrt(2))))
    delta = (300 - 150) / math.sqrt(6.8 * (300 + 150) / 2)
    assert gains[1, 0, 1] == pytest.approx(math.log(0.0445 * math.erfc(delta / math.sqrt(2))))
    assert gains[3, 1, 1] == pytest.approx(math.log(0.011))
    assert gains[2, 0, 0] == -math.inf


def test_a_sentence_without_a_counterpart_is_less_likely_than_any_good_pair():
    # the log probability of an omission, 0.0099 / 2 for either side, and -4 for that of the length
    assert pytest.approx(math.log(0.00495) - 4) == _SKIP
