"""The passes of the alignment, computed by hand on matrices of given similarities.

All texts have 100 characters unless a test says otherwise, so a pair gains its similarity less the threshold.
"""

from __future__ import annotations

import numpy as np
import pytest
from matrices import make_matrix

from evalkit.alignment.monotone import find_links
from evalkit.alignment.path import Step


def pairs(steps):
    """Segment and sentence of each step, all of which are single pairs."""
    assert all((step.height, step.width) == (1, 1) for step in steps)
    return [(step.first, step.start) for step in steps]


def link(similarity, paragraphs=None, **lengths):
    matrix = make_matrix(similarity, **lengths)
    links = find_links(matrix, paragraphs or range(len(matrix.sentences)))
    return pairs(links.in_order), pairs(links.moved)


@pytest.mark.parametrize(
    ("in_place", "elsewhere", "expected"),
    [
        (0.5, 0.55, ([(0, 0), (1, 1), (2, 2), (3, 3)], [])),  # 0.5 - 0.05 is above 0.35: sure
        (
            0.2,
            0.24,
            ([(1, 1), (2, 2)], [(0, 3)]),
        ),  # 0.2 is not sure, so the better match out of order is found
    ],
)
def test_sure_pairs_go_before_pairs_out_of_order(in_place, elsewhere, expected):
    similarity = np.diag([in_place, 0.9, 0.9, 0])
    similarity[0, 3] = elsewhere
    assert link(similarity) == expected


@pytest.mark.parametrize(("similarity", "moved"), [(0.12, [(1, 0)]), (0.08, [])])
def test_what_moved_has_a_similarity_of_a_tenth(similarity, moved):
    assert link([[0, 0.9], [similarity, 0]]) == ([(0, 1)], moved)


@pytest.mark.parametrize(
    ("sentences", "paragraphs", "moved"),
    [
        ([2, None, 0, 1], [0, 0, 1, 1], [(2, 0), (3, 1)]),
        ([2, None, 0, 1], [0, 1, 2, 2], [(2, 0)]),
        ([None, 3, 0, 1], [0, 0, 1, 1], [(2, 0), (3, 1)]),
        ([None, 3, 0, 1], [0, 1, 2, 2], [(3, 1)]),
    ],
    ids=["after", "after, another paragraph", "before", "before, another paragraph"],
)
def test_a_neighbour_in_the_paragraph_moves_along(sentences, paragraphs, moved):
    similarity = np.zeros((4, 4))
    for column, row in enumerate(sentences):
        if row is not None:
            similarity[row, column] = 0.9
    assert link(similarity, paragraphs) == ([(0, 2), (1, 3)], moved)


def test_a_neighbour_of_another_length_stays():
    similarity = np.zeros((4, 4))
    similarity[[2, 0, 1], [0, 2, 3]] = 0.9
    # (200 + 20) / (100 + 20) is above 1.7
    assert link(similarity, [0, 0, 1, 1], widths=[100, 200, 100, 100])[1] == [(2, 0)]


@pytest.mark.parametrize(("paragraph", "expected"), [(0, [(0, 0), (1, 1)]), (1, [(0, 0)])])
def test_other_sentences_of_a_paragraph_with_a_sure_pair_are_content(paragraph, expected):
    # the last sentence is boilerplate, so place does not count
    assert link([[0.9, 0, 0], [0, 0, 0]], [0, paragraph, 2]) == (expected, [])


def test_without_boilerplate_a_sentence_is_paired_by_place():
    assert link([[0.9, 0, 0], [0, 0, 0], [0, 0, 0.9]]) == ([(0, 0), (1, 1), (2, 2)], [])


def test_with_boilerplate_no_sentence_is_paired_by_place():
    similarity = np.zeros((3, 5))
    similarity[[0, 2], [2, 4]] = 0.9
    assert link(similarity) == ([(0, 2), (2, 4)], [])


def test_place_does_not_need_as_many_sentences_as_segments():
    similarity = np.zeros((3, 4))
    similarity[[0, 2], [0, 3]] = 0.9
    links = find_links(make_matrix(similarity, widths=[100, 50, 50, 100]), range(4))
    assert (links.in_order, links.moved) == ((Step(0, 1, 0, 1), Step(1, 1, 1, 2), Step(2, 1, 3, 1)), ())


@pytest.mark.parametrize(
    ("common", "expected"),
    [
        (0.28, [(0, 1), (1, 2), (2, 3)]),  # a weak translation: what is paired has little in common
        (0.32, [(0, 1), (2, 3)]),
    ],
)
def test_with_boilerplate_place_counts_between_steps_that_have_little_in_common(common, expected):
    similarity = np.zeros((3, 5))
    similarity[[0, 2], [1, 3]] = common
    assert link(similarity) == (expected, [])


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (182, [(0, 0), (1, 1)]),  # (182 + 20) / (100 + 20) = 1.68
        (190, [(0, 0)]),  # 1.75
    ],
)
def test_place_needs_a_similar_length(width, expected):
    # 0.05 - 0.1 log(1.75) is under the threshold of the third pass, and above that of the fourth
    assert link([[0.9, 0], [0, 0.05]], widths=[100, width]) == (expected, [])


def test_place_proves_nothing_without_a_step():
    assert link(np.zeros((2, 2))) == ([], [])
    assert link(np.zeros((1, 1))) == ([(0, 0)], [])


def test_blocks_are_linked_as_such():
    # both sentences share the segment: the sum has the similarity 1.2 / sqrt(2 + 2 · 0.36)
    links = find_links(make_matrix([[0.6, 0.6]], heights=[200]), [0, 0])
    assert (links.in_order, links.moved) == ((Step(0, 1, 0, 2),), ())
