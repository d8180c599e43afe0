"""What a comparison lists of names, documents and segments that changed, by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from miniature import in_folder
from runs_in_memory import in_memory_run
from runs_on_disk import FAST

from evalkit import compare, evaluate
from evalkit.comparison.results import DocumentChange, SegmentChange
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Ter
from evalkit.reports.changes import (
    list_changed_documents,
    list_changed_mentions,
    list_changed_names,
    list_changed_segments,
)
from evalkit.reports.html import Html
from evalkit.reports.markdown.comparison import format_comparison_table, render_comparison_report

REFERENCE = ["Then Kyiv slept.", "Then Kyiv woke.", "Then Vice President Harris spoke.", "Then Harris left."]
NAMES = [("Kyiv", "LOC", "kyiv"), ("Vice President Harris", "PER", "harris"), ("Harris", "PER", "harris")]
HYPOTHESES = {
    "right": REFERENCE,
    "wrong": ["Then Kiyv slept.", "Then it woke.", "Then she spoke.", "Then she left."],
    "half": ["Then it slept.", "Then it woke.", "Then Vice President Harris spoke.", "Then she left."],
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A function from the hypotheses of systems to a run, whose documents are *a* and *b*."""
    folder = tmp_path_factory.mktemp("changes")

    def run(metrics=None, **systems):
        reader = in_folder(folder, entities=True)
        rows = [
            {"document": document, "text": text, "type": kind, "entity": entity}
            for document, (text, kind, entity) in zip("abb", NAMES, strict=True)
        ]
        files = {"ref.en": REFERENCE, "entities.jsonl": map(json.dumps, rows)} | {
            f"{name}.txt": HYPOTHESES[chosen] for name, chosen in systems.items()
        }
        for path, lines in files.items():
            (folder / path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        chosen = {name: folder / f"{name}.txt" for name in systems}
        return evaluate(reader, metrics or [EntityAccuracy()], systems=chosen, significance=FAST).run

    return run


def test_names_are_listed_by_system_and_entity_the_most_mentions_first(runs):
    old, new = runs(one="right", two="right"), runs(one="half", two="wrong")
    comparison = compare(old, new, significance=FAST)
    found = [
        (name.system, name.name, name.type, name.mentions, name.places)
        for name in list_changed_names(comparison, "broken")
    ]
    assert found == [
        ("one", "Kyiv", "LOC", 2, ("a",)),
        ("two", "Kyiv", "LOC", 2, ("a",)),
        ("two", "Vice President Harris", "PER", 2, ("b",)),
        ("one", "Harris", "PER", 1, ("b",)),
    ], "the longest of the mentions that changed is the name"
    assert list_changed_names(comparison, "mended") == []


@pytest.mark.parametrize("change", ["broken", "mended"])
def test_forms_are_those_of_either_run(runs, change):
    pair = [runs(one="right"), runs(one="wrong")]
    comparison = compare(*(pair if change == "broken" else pair[::-1]), significance=FAST)
    name = list_changed_names(comparison, change)[0]
    right, wrong = [("Kyiv", "exact", 2)], [("Kiyv", "misspelled", 1), ("", "missing", 1)]
    assert (name.name, list(name.baseline), list(name.candidate)) == (
        "Kyiv",
        *((right, wrong) if change == "broken" else (wrong, right)),
    )


def test_a_name_that_several_metrics_judge_is_listed_once(runs):
    """By accuracy and by F1, from the same verdicts."""
    metrics = [EntityAccuracy(), EntityAccuracy(name="names_f1", label="Names, F1", score="f1")]
    comparison = compare(runs(metrics, one="right"), runs(metrics, one="wrong"), significance=FAST)
    assert len(comparison.entities) == 2 * 4
    assert [mention.metric for mention in list_changed_mentions(comparison)] == ["entity_accuracy"] * 4
    assert [name.mentions for name in list_changed_names(comparison, "broken")] == [2, 2]
    assert "Names: 4 broken.**" in render_comparison_report([comparison], 20)
    assert "one: 4 names broken: Kyiv → Kiyv, Kyiv → missing, " in format_comparison_table(comparison)
    assert "<strong>4</strong> broken" in Html().comparison_files([comparison])["comparison.html"]


def test_of_a_metric_that_judged_the_names_of_one_system_only_these_are_listed(runs):
    metrics = [EntityAccuracy(), EntityAccuracy(name="other", label="Other")]
    old, new = (runs(metrics, one=chosen, two=chosen) for chosen in ("right", "wrong"))
    comparison = compare(old, new, significance=FAST)
    audited = tuple(pair for pair in comparison.audited if pair != ("two", "entity_accuracy"))
    entities = tuple(
        mention for mention in comparison.entities if (mention.system, mention.metric) in audited
    )
    comparison = replace(comparison, audited=audited, entities=entities)
    found = {(mention.system, mention.metric) for mention in list_changed_mentions(comparison)}
    assert found == {("one", "entity_accuracy"), ("two", "other")}


def edits(*counts):
    """[segments, 2] statistics of TER of segments of four words."""
    return np.column_stack([counts, np.full(len(counts), 4.0)])


@pytest.fixture
def comparison():
    """A comparison in which TER is significantly worse, with documents and segments to put in."""
    old, new = (in_memory_run({"x": edits(*[count] * 60)}, metric=Ter()) for count in (1.0, 2.0))
    found = compare(old, new, significance=FAST, most=0)
    assert found.rows[0].status == "regressed"
    return found


def document(name, delta, metric="ter"):
    """A change of this size from a score of 50."""
    after = None if delta is None else 50 + delta
    return DocumentChange(
        system="x", metric=metric, document=name, segments=1, baseline=50, candidate=after, delta=delta
    )


def test_documents_that_changed_most_come_first_in_whichever_direction(comparison):
    documents = (document("a", 1.0), document("b", 0.0), document("c", -3.0), document("d", 2.0))
    found = list_changed_documents(replace(comparison, documents=documents))
    assert {key: [change.document for change in changes] for key, changes in found.items()} == {
        "ter": ["c", "d", "a"]
    }


def test_a_document_that_has_no_score_in_one_run_is_no_change(comparison):
    changed = replace(comparison, documents=(document("a", None), document("b", 0.0)))
    assert list_changed_documents(changed) == {}


@pytest.mark.parametrize(
    ("statuses", "metrics"),
    [
        (("regressed", "not significant"), ["ter"]),
        (("not significant", "improved"), ["other"]),
        (("improved", "regressed"), ["ter", "other"]),
        (("not significant", "within tolerance"), ["ter"]),
    ],
)
def test_documents_are_listed_by_metrics_with_a_significant_difference_or_else_by_the_first(
    comparison, statuses, metrics
):
    (row,) = comparison.rows
    changed = replace(
        comparison,
        metrics={"ter": comparison.metrics["ter"], "other": comparison.metrics["ter"]},
        rows=tuple(
            replace(row, metric=key, status=status)
            for key, status in zip(("ter", "other"), statuses, strict=True)
        ),
        documents=(document("a", 1.0), document("a", 1.0, "other")),
    )
    assert list(list_changed_documents(changed)) == metrics


def test_segments_that_changed_most_come_first_by_metric(comparison):
    deltas = {"1": 5.0, "2": -7.0, "3": 6.0}
    segments = tuple(
        SegmentChange(
            system="x",
            metric="ter",
            document=None,
            segment=name,
            baseline=50,
            candidate=50 + delta,
            delta=delta,
        )
        for name, delta in deltas.items()
    )
    metrics = {"none": comparison.metrics["ter"], "ter": comparison.metrics["ter"]}
    found = list_changed_segments(replace(comparison, metrics=metrics, segments=segments))
    assert {key: [change.segment for change in changes] for key, changes in found.items()} == {
        "ter": ["2", "3", "1"]
    }
