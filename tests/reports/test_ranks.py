"""Ranks of the systems by metric, by hand."""

from __future__ import annotations

import numpy as np
from runs_in_memory import in_memory_run

from evalkit.metrics.lexical import Bleu, Ter
from evalkit.reports.ranks import rank_systems


def edits(*counts):
    """Statistics of TER of one segment of ten words, by a letter for the system."""
    return {name: np.array([[count, 10.0]]) for name, count in zip("abcde", counts, strict=False)}


def test_tied_systems_share_the_better_rank_and_the_next_rank_is_left_out():
    run = in_memory_run(edits(2.0, 1.0, 1.0, 4.0, 0.0), metric=Ter())
    assert rank_systems(run) == {"ter": {"a": 4, "b": 2, "c": 2, "d": 5, "e": 1}}, "of TER, less is better"
    all_alike = in_memory_run(edits(2.0, 2.0, 2.0), metric=Ter())
    assert rank_systems(all_alike) == {"ter": {"a": 1, "b": 1, "c": 1}}


def test_where_more_is_better_the_highest_score_is_first():
    perfect, half = ([[10.0, 10.0, *right, 10.0, 9.0, 8.0, 7.0]] for right in ((10, 9, 8, 7), (5, 4, 3, 2)))
    statistics = {"half": half, "perfect": perfect, "again": half}
    run = in_memory_run({name: np.array(values) for name, values in statistics.items()}, metric=Bleu())
    assert rank_systems(run) == {"bleu": {"half": 2, "perfect": 1, "again": 2}}


def test_one_system_has_no_rank():
    assert rank_systems(in_memory_run(edits(2.0), metric=Ter())) == {}
