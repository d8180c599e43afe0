"""Ranks of the systems by metric, and where names rank them otherwise, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from miniature import REFERENCE, in_folder
from runs_in_memory import in_memory_run

from evalkit import evaluate
from evalkit.entities.audit import AllScores, AuditRow, Consistency, NameScores
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Ter
from evalkit.reports.names import list_wrong_names
from evalkit.reports.ranks import find_best, find_disagreement, find_overrated, rank_systems
from evalkit.runs.results import MetricInfo, MetricScore
from evalkit.significance.pairwise import MetricTests, Pair
from evalkit.significance.units import Bootstrap


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


def test_a_metric_that_has_not_scored_every_system_ranks_none():
    run = in_memory_run(edits(2.0, 1.0, 3.0), metric=Ter())
    score = replace(run.systems["b"].metrics["ter"], status="failed", value=None, reason="no luck")
    failed = replace(run.systems["b"], metrics={"ter": score})
    assert rank_systems(replace(run, systems={**run.systems, "b": failed})) == {}


def changed(*changes):
    """The reference with other words in their places."""
    lines = REFERENCE
    for old, new in changes:
        assert any(old in line for line in lines)
        lines = [line.replace(old, new) for line in lines]
    return lines


NO_KYIV, NO_KURSK, NO_WITKOFF = ("Kyiv", "Lviv"), ("Kursk", "Omsk"), ("Steve Witkoff", "John Smith")


@pytest.fixture
def ten_times(tmp_path):
    """A function from lines by system to a run in which each line is there ten times."""

    def run(**systems):
        reader = in_folder(tmp_path)
        for path, lines in (("ref.en", REFERENCE), ("docs", "aabb"), *systems.items()):
            text = "".join(f"{line}\n" for line in lines) * 10
            (tmp_path / path).write_text(text, encoding="utf-8")
        return evaluate(
            replace(reader, entities=str(tmp_path / "entities.jsonl")),
            [Bleu(), EntityAccuracy()],
            systems={name: tmp_path / name for name in systems},
            significance=Bootstrap(resamples=20, trials=500),
        ).run

    return run


def test_a_system_falls_where_one_below_it_has_significantly_better_names(ten_times):
    """By BLEU *names* is last, which has all names right; of the others 1, 2 and 3 of 3 names are wrong."""
    run = ten_times(
        one=changed(NO_KYIV),
        names=changed(
            ("The cat sat on the mat", "A dog lay under my rug"), ("rained all day", "snowed a lot")
        ),
        two=changed(NO_KYIV, NO_KURSK),
        three=changed(NO_KYIV, NO_KURSK, NO_WITKOFF),
    )
    by_metric = rank_systems(run)
    assert by_metric["bleu"] == {"one": 1, "two": 2, "three": 3, "names": 4}
    assert by_metric["entity_accuracy"] == {"names": 1, "one": 2, "two": 3, "three": 4}
    assert find_overrated(run, "bleu") == ["one", "two", "three"]
    assert find_overrated(run, "entity_accuracy") == []
    found = find_disagreement(run)
    assert (found.system, found.metric, found.rank, found.rank_by_names) == ("one", "bleu", 1, 2)
    assert found.wrong == pytest.approx(1 / 3)
    assert [name for name, _ in found.more_wrong] == ["three", "two"], "the most wrong first"
    assert [share for _, share in found.more_wrong] == pytest.approx([1, 2 / 3])
    assert find_best(run) == {"bleu": {"one"}, "entity_accuracy": {"names"}}


def test_a_system_does_not_fall_behind_one_with_the_same_rank(ten_times):
    """One word is wrong in either: a name in one, and in the other a word that as many n-grams have."""
    run = ten_times(name=changed(NO_KYIV), word=changed(("rained", "snowed")))
    assert rank_systems(run)["bleu"] == {"name": 1, "word": 1}
    assert rank_systems(run)["entity_accuracy"] == {"name": 2, "word": 1}
    assert find_overrated(run, "bleu") == []


def test_one_system_is_not_the_best(ten_times):
    assert find_best(ten_times(one=REFERENCE)) == {"bleu": set(), "entity_accuracy": set()}


def test_names_are_listed_by_times_wrong_then_by_the_greater_share_then_by_name():
    mentions = [("b", "wrrr"), ("a", "wrrr"), ("c", "wr"), ("d", "wwrrrrrr"), ("e", "rr")]
    outcomes = {"w": "missing", "r": "exact"}
    row = AuditRow(
        document="d",
        segment="1",
        start=0,
        end=1,
        entity="",
        type="PER",
        reference="",
        outcome="exact",
        reason="",
        hypothesis="",
        similarity=None,
    )
    rows = [
        replace(row, entity=name, reference=name, outcome=outcomes[one])
        for name, found in mentions
        for one in found
    ]
    assert [(name.name, name.wrong, name.mentions) for name in list_wrong_names(rows)] == [
        ("d", 2, 8),
        ("c", 1, 2),
        ("a", 1, 4),
        ("b", 1, 4),
    ]


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
