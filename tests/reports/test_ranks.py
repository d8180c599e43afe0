"""Ranks of the systems by metric, and where names rank them otherwise, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from miniature import REFERENCE, in_folder
from runs_in_memory import in_memory_run

from evalkit import evaluate
from evalkit.entities.audit import AuditRow
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Ter
from evalkit.reports.names import list_wrong_names
from evalkit.reports.ranks import find_best, find_disagreement, find_overrated, rank_systems
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
