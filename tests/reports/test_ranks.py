"""Ranks of the systems by metric, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from runs_in_memory import in_memory_run

from evalkit.entities.audit import AllScores, Consistency, NameScores
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Ter
from evalkit.reports.ranks import find_best, find_disagreement, find_overrated, rank_systems
from evalkit.runs.results import MetricInfo, MetricScore
from evalkit.significance.pairwise import MetricTests, Pair


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


def test_a_metric_that_did_not_score_every_system_ranks_none():
    run = in_memory_run(edits(2.0, 1.0, 3.0), metric=Ter())
    failed = MetricScore(status="failed", reason="no luck")
    systems = {**run.systems, "b": replace(run.systems["b"], metrics={"ter": failed})}
    assert rank_systems(replace(run, systems=systems)) == {}


# what names contradict


def names(accuracy, headline):
    """Scores of names with this accuracy."""
    counts = {"exact": 0, "variant": 0, "misspelled": 0, "replaced": 0, "missing": 0}
    shares = dict.fromkeys(("exact", "soft", "precision", "f1", "soft_f1", "entities"))
    consistency = Consistency(entities=0, repeated=0, mixed=0, always_wrong=0)
    everything = AllScores(
        mentions=10, counts=counts, accuracy=accuracy, spurious=0, consistency=consistency, **shares
    )
    return MetricScore(
        status="ok",
        value=accuracy if headline is None else headline,
        names=NameScores(all=everything, types={}),
    )


def judged(counts, accuracies, p_values=None, *, headlines=None, alpha=0.05):
    """A run of systems a, b, …, with their edits of TER and the accuracies of their names.

    Args:
        counts: edits of a segment of ten words.
        accuracies: of the names.
        p_values: after correction, by pair of systems such as ``ab``; None without tests.
        headlines: the scores by names, if they are not the accuracies.
        alpha: of the run.
    """
    run = in_memory_run(edits(*counts), metric=Ter())
    systems = {
        system: replace(result, metrics={**result.metrics, "entity_accuracy": names(accuracy, headline)})
        for (system, result), accuracy, headline in zip(
            run.systems.items(), accuracies, headlines or [None] * len(counts), strict=True
        )
    }
    pairs = tuple(
        Pair(
            baseline=pair[0],
            candidate=pair[1],
            delta=0,
            interval=None,
            p_bootstrap=None,
            p_randomisation=p,
            p_adjusted=p,
            detectable=None,
        )
        for pair, p in (p_values or {}).items()
    )
    tests = {} if p_values is None else {"entity_accuracy": MetricTests(unit="segment", units=1, pairs=pairs)}
    return replace(
        run,
        metrics={**run.metrics, "entity_accuracy": MetricInfo.of(EntityAccuracy())},
        systems=systems,
        tests=tests,
        significance=replace(run.significance, alpha=alpha),
    )


@pytest.mark.parametrize(
    ("counts", "accuracies", "p_values", "alpha", "overrated"),
    [
        ((1.0, 2.0), (0.5, 0.9), {"ab": 0.01}, 0.05, ["a"]),
        ((2.0, 1.0), (0.9, 0.5), {"ab": 0.01}, 0.05, ["b"]),
        ((1.0, 2.0), (0.9, 0.5), {"ab": 0.01}, 0.05, []),
        ((1.0, 1.0), (0.5, 0.9), {"ab": 0.01}, 0.05, []),  # the metric ranks neither above the other
        ((1.0, 2.0), (0.5, 0.5), None, 0.05, []),
        ((1.0, 2.0), (0.5, 0.9), {"ab": 0.05}, 0.05, []),  # not significant
        ((1.0, 2.0), (0.5, 0.9), {"ab": 0.08}, 0.05, []),
        ((1.0, 2.0), (0.5, 0.9), {"ab": 0.08}, 0.1, ["a"]),
        ((1.0, 2.0), (0.5, 0.9), {"ab": 0.02}, 0.01, []),
        ((1.0, 2.0), (0.5, 0.9), None, 0.05, ["a"]),  # a run of format version 1
        ((1.0, 2.0, 3.0), (0.5, 0.9, 0.9), {"ab": 0.2, "ac": 0.01, "bc": 1.0}, 0.05, ["a"]),
        ((1.0, 2.0, 3.0), (0.5, 0.5, 0.9), {"ab": 1.0, "ac": 0.01, "bc": 0.2}, 0.05, ["a"]),
    ],
)
def test_a_system_is_overrated_if_one_below_it_has_significantly_better_names(
    counts, accuracies, p_values, alpha, overrated
):
    run = judged(counts, accuracies, p_values, alpha=alpha)
    assert find_overrated(run, "ter") == overrated
    assert find_overrated(run, "entity_accuracy") == []
    assert find_overrated(run, "bleu") == []
    assert (find_disagreement(run) is None) == (not overrated)


def test_the_disagreement_is_of_the_system_that_falls_furthest():
    """By TER a, b, c, d; by names d, b, c, a: a falls three ranks, and b and c none."""
    run = judged((1.0, 2.0, 3.0, 4.0), (0.25, 0.75, 0.5, 1.0))
    assert find_overrated(run, "ter") == ["a", "b", "c"]
    found = find_disagreement(run)
    assert (found.system, found.metric, found.rank, found.rank_by_names) == ("a", "ter", 1, 4)
    assert (found.wrong, found.more_wrong) == (0.75, ())


def test_systems_whose_names_are_still_worse_are_listed_the_worst_first():
    """By TER a, b, c, d; by names d, a, c, b."""
    run = judged(
        (1.0, 2.0, 3.0, 4.0), (0.75, 0.25, 0.5, 1.0), {"ad": 0.01} | dict.fromkeys(("bc", "bd"), 1.0)
    )
    found = find_disagreement(run)
    assert (found.system, found.rank, found.rank_by_names, found.wrong) == ("a", 1, 2, 0.25)
    assert found.more_wrong == (("b", 0.75), ("c", 0.5))


def test_an_overrated_system_that_has_the_same_rank_by_names_is_no_disagreement():
    """By TER b, a, c; by names c, a, b. The difference of b and c is not significant."""
    run = judged((2.0, 1.0, 3.0), (0.5, 0.4, 0.9), {"ab": 1.0, "ac": 0.01, "bc": 0.2})
    assert find_overrated(run, "ter") == ["a"]
    assert find_disagreement(run) is None


def test_the_share_of_wrong_names_is_by_accuracy_whatever_the_headline():
    found = find_disagreement(judged((1.0, 2.0), (0.25, 0.75), headlines=(0.6, 0.8)))
    assert found.wrong == 0.75


def test_the_best_system_is_the_single_leader_of_several():
    run = in_memory_run(edits(1.0, 2.0), metric=Ter())
    pairs = judged((1.0, 2.0), (1.0, 1.0), {"ab": 0.01}).tests["entity_accuracy"].pairs
    for leaders, of, best in (
        (("a",), pairs, {"a"}),
        (("a", "b"), pairs, set()),
        (("a",), (), set()),  # the only system of its run
    ):
        tests = {"ter": MetricTests(unit="segment", units=1, pairs=of, leaders=leaders)}
        assert find_best(replace(run, tests=tests)) == {"ter": best}
    assert find_best(run) == {"ter": set()}
