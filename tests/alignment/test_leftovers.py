"""What is left over next to paired texts, by hand; all texts have 100 characters unless a test says otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from matrices import make_matrix

from evalkit.alignment import Aligner
from evalkit.alignment.leftovers import fill_gaps, realign_moved
from evalkit.alignment.path import Step

REFERENCE = [
    "Beware",
    "I bought two of these and first tried to test them, but after a few minutes of charging they were hot.",
    "They may cause a fire or even destroy the electrics of the house.",
]
FIRST = "I bought 2 of these and tried to test them first, but they were hot after a few minutes of charging."
SECOND = "They could start a fire or even destroy the electrics of the house."


@pytest.mark.parametrize("heading", ["Be careful", "Watch out", "Caution"])
def test_a_heading_that_was_joined_to_the_next_sentence_is_cut_off_again(heading):
    found = Aligner().align_text(REFERENCE, f"{heading} {FIRST}\n{SECOND}", "en")
    assert found.texts == (heading, FIRST, SECOND)


def test_a_heading_that_is_missing_is_an_omission():
    found = Aligner().align_text(REFERENCE, f"{FIRST}\n{SECOND}", "en")
    assert found.texts == ("", FIRST, SECOND)


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (140, Step(0, 2, 0, 1)),  # 120 : 160 becomes 160 : 160
        (125, Step(0, 2, 0, 1)),  # 120 : 145 becomes 160 : 145
        (115, Step(1, 1, 0, 1)),  # 120 : 135 would become 160 : 135
    ],
)
def test_a_step_grows_if_its_lengths_then_fit_better(width, expected):
    matrix = make_matrix(np.zeros((2, 1)), heights=[40, 100], widths=[width])
    assert fill_gaps(matrix, [Step(1, 1, 0, 1)], [0]) == [expected]


@pytest.mark.parametrize(("paragraph", "width"), [(0, 2), (1, 1)])
def test_a_step_grows_within_its_paragraph(paragraph, width):
    matrix = make_matrix(np.zeros((1, 2)), heights=[100], widths=[60, 40])
    assert fill_gaps(matrix, [Step(0, 1, 0, 1)], [0, paragraph]) == [Step(0, 1, 0, width)]


def test_a_step_grows_by_several_texts_and_takes_each_once():
    matrix = make_matrix(np.zeros((2, 4)), heights=[300, 200], widths=[100, 100, 100, 100])
    steps = [Step(0, 1, 0, 1), Step(1, 1, 3, 1)]
    assert fill_gaps(matrix, steps, [0] * 4) == [Step(0, 1, 0, 3), Step(1, 1, 3, 1)]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ([0, 0, 0, 1], [Step(0, 1, 0, 1), Step(1, 1, 1, 1), Step(2, 1, 2, 1)]),
        ([0, 1, 0, 2], [Step(0, 1, 0, 1), Step(2, 1, 2, 1)]),
    ],
    ids=["in the paragraph", "in another paragraph"],
)
def test_a_sentence_within_what_moved_moved_too(paragraphs, expected):
    similarity = np.zeros((4, 4))
    similarity[[0, 2, 3], [0, 2, 3]] = 0.5
    matrix = make_matrix(similarity)
    moved = [Step(0, 1, 0, 1), Step(2, 1, 2, 1)]
    assert realign_moved(matrix, [Step(3, 1, 3, 1)], moved, paragraphs, -0.05) == expected


def test_what_moved_is_aligned_as_a_whole_with_what_is_beside_it():
    # the second half of the sentence is more similar to its segment than the first is
    similarity = np.zeros((2, 3))
    similarity[0, 1:], similarity[1, 0] = (0.5, 0.6), 0.9
    matrix = make_matrix(similarity, heights=[200, 100])
    found = realign_moved(matrix, [Step(1, 1, 0, 1)], [Step(0, 1, 2, 1)], [0, 1, 1], -0.05)
    assert found == [Step(0, 1, 1, 2)]


def test_steps_that_moved_to_different_places_are_aligned_one_by_one():
    similarity = np.zeros((3, 3))
    similarity[[0, 1, 2], [2, 0, 1]] = 0.9
    moved = [Step(0, 1, 2, 1), Step(1, 1, 0, 1)]
    assert realign_moved(make_matrix(similarity), [Step(2, 1, 1, 1)], moved, [0] * 3, -0.05) == moved
