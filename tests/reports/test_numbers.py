"""Numbers as reports show them."""

from __future__ import annotations

import math

import pytest

from evalkit.errors import format_count
from evalkit.reports.numbers import (
    format_difference,
    format_interval,
    format_number,
    format_ordinal,
    format_p,
    format_share,
)


def test_a_number_has_its_decimals_and_none_and_nan_have_a_dash():
    assert [format_number(value) for value in (0.5066, 0.0, -0.25, None, math.nan)] == [
        *("0.507", "0.000", "-0.250"),
        *("–", "–"),
    ]
    assert [format_number(43.96, decimals) for decimals in (0, 1, 2)] == ["44", "44.0", "43.96"]


def test_nothing_is_a_share_and_a_p_too():
    assert [format_share(share) for share in (0.5066, 0.0, 1.0, None)] == ["50.7%", "0.0%", "100.0%", "–"]
    assert [format_p(p) for p in (0.00883, 0.0, 1.0, None)] == ["0.0088", "0.0000", "1.0000", "–"]


def test_a_difference_and_both_ends_of_its_interval_have_signs():
    assert format_difference(1.25, (-0.31, 2.81), 1) == "+1.2 [-0.3, +2.8]"
    assert format_difference(-1.0, (-2.0, 0.0), 2) == "-1.00 [-2.00, +0.00]"
    assert format_difference(0.0, None, 3) == "+0.000"
    assert format_difference(None, None, 1) == "–"


def test_an_interval_has_brackets():
    assert format_interval((41.94, 45.96), 1) == "[41.9, 46.0]"
    assert format_interval((-0.5, 0.0), 3) == "[-0.500, 0.000]"
    assert format_interval(None, 1) == ""


def test_only_one_is_not_a_plural():
    assert [format_count(count, "segment") for count in (0, 1, 2)] == [
        "0 segments",
        "1 segment",
        "2 segments",
    ]
    assert [format_count(count, "entity", "entities") for count in (0, 1, 2)] == [
        "0 entities",
        "1 entity",
        "2 entities",
    ]


@pytest.mark.parametrize(
    ("ranks", "suffix"),
    [
        ((1, 21, 101, 121), "st"),
        ((2, 22, 102), "nd"),
        ((3, 23, 103), "rd"),
        ((4, 10, 11, 12, 13, 14, 20, 100, 111, 112, 113), "th"),
    ],
)
def test_ordinals_are_those_of_english(ranks, suffix):
    assert [format_ordinal(rank) for rank in ranks] == [f"{rank}{suffix}" for rank in ranks]
