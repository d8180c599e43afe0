"""Runs that older versions of evalkit stored are read, compared, gated and drawn as these versions did."""

from __future__ import annotations

import json
import shutil

import pytest

from evalkit import compare
from evalkit.commands.compare import compare_runs
from evalkit.commands.history import trace_runs
from evalkit.gate import Gate, judge
from evalkit.reports.html import Html
from evalkit.reports.markdown import Markdown
from evalkit.runs.checksums import add_checksum
from evalkit.runs.reading import load
from evalkit.runs.texts import read_audit, read_texts
from evalkit.significance import Bootstrap

FAST = Bootstrap(resamples=50, trials=100)
VERSIONS = ["run_v1", "run_v2"]


@pytest.fixture(params=VERSIONS)
def folder(request, root):
    """A stored run of each version: BLEU, chrF or TER, entity accuracy, and in version 2 M-ETA; good and
    bad.
    """
    return root / "tests" / "fixtures" / request.param


def read_json(folder):
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def test_every_score_is_read_as_it_is_stored(folder):
    stored, run = read_json(folder), load(folder)
    for name, system in stored["systems"].items():
        for key, score in system["metrics"].items():
            read = run.systems[name].metrics[key]
            interval = None if score["interval"] is None else tuple(score["interval"])
            assert (read.status, read.value, read.interval) == (score["status"], score["value"], interval)
            assert (read.signature, read.scored, read.unscored) == (
                score["signature"],
                score["scored"],
                score["unscored"],
            )
    assert run.test_set.fingerprint == stored["test_set"]["fingerprint"]
    assert run.config == stored["config"]
    assert run.environment.packages == stored["environment"]["packages"]
    assert set(run.tests) == set(stored.get("tests", {}))


def test_metrics_have_what_their_classes_declare(folder):
    run = load(folder)
    metrics = {
        key: (info.class_name, info.keeps_verdicts, info.audit_file) for key, info in run.metrics.items()
    }
    assert metrics["bleu"] == ("Bleu", False, "bleu.jsonl")
    assert metrics["entity_accuracy"] == ("EntityAccuracy", True, "entities.jsonl")
    assert run.names_metric == "entity_accuracy"
    assert not any("_target_" in info.settings for info in run.metrics.values())
    score = run.systems["bad"].metrics["entity_accuracy"]
    assert score.parts == {"PER": 0.0, "LOC": 0.0, "ORG": None}
    assert score.names.all.counts["misspelled"] == 2
    assert score.names.types["PER"].mentions == 1


def test_texts_and_names_are_read(folder):
    run = load(folder)
    assert read_texts(run, [("bad", 1)])["bad", 1].hypothesis == "Steve Whitcom flew to Corsak."
    rows = read_audit(run, "bad", "entity_accuracy")
    assert [(row.entity, row.outcome) for row in rows] == [
        ("witkoff", "misspelled"),
        ("kursk", "misspelled"),
        ("kyiv", "missing"),
    ]


def test_they_are_compared_with_each_other_and_with_themselves(root):
    one, two = (root / "tests" / "fixtures" / name for name in VERSIONS)
    for baseline, candidate in ((one, one), (two, two), (one, two)):
        comparison = compare(baseline, candidate, significance=FAST)
        statuses = {(row.system, row.metric): row.status for row in comparison.rows}
        assert statuses["good", "bleu"] == statuses["bad", "entity_accuracy"] == "not significant"
        swapped = compare(baseline, candidate, significance=FAST, baseline_systems={"bad": "good"})
        assert swapped.find_row("bad", "bleu").delta < -50
        assert [change.entity for change in swapped.entities if change.system == "bad"] == [
            "witkoff",
            "kursk",
            "kyiv",
        ]
        assert ("bad", "entity_accuracy") in swapped.audited


def test_they_are_gated(folder):
    run = load(folder)
    comparison = compare(run, run, significance=FAST, baseline_systems={"bad": "good"})
    gate = Gate(
        rules={
            "floor": {"metric": "bleu", "floor": 50},
            "names": {"metric": "entity_accuracy", "type": "PER", "floor": 0.5},
            "drop": {"metric": "bleu", "max_drop": 1},
        },
        must_hold=["Kursk"],
        coverage=0.9,
    )
    verdicts = {(c.rule, c.system): c.verdict for c in judge(gate, [(run, comparison)]).checks}
    assert set(verdicts) == {
        (rule, s) for rule in (*gate.rules, "must_hold", "coverage") for s in ("good", "bad")
    }
    assert {system for (_, system), verdict in verdicts.items() if verdict == "failed"} == {"bad"}
    assert [verdicts[rule, "bad"] for rule in ("floor", "names", "drop", "must_hold", "coverage")] == [
        "failed"
    ] * 5


def test_they_are_drawn(folder, tmp_path):
    reports = [Markdown(), Html()]
    compare_runs(folder, str(folder), significance=FAST, reports=reports, output=tmp_path / "comparison")
    trace_runs(str(folder), reports=reports, output=tmp_path / "history")
    page = (tmp_path / "comparison" / "comparison.html").read_text(encoding="utf-8")
    assert "Entity accuracy" in page
    history = (tmp_path / "history" / "history.md").read_text(encoding="utf-8")
    value = read_json(folder)["systems"]["good"]["metrics"]["bleu"]["value"]
    assert f"{value:.1f}" in history


def change(folder, tmp_path, edit):
    """A copy of the run of version 2 with another content, and its checksum."""
    copy = shutil.copytree(folder, tmp_path / "changed")
    record = read_json(copy)
    edit(record)
    (copy / "run.json").write_text(json.dumps(add_checksum(record)), encoding="utf-8")
    return copy


@pytest.fixture
def second(root):
    """The run of version 2."""
    return root / "tests" / "fixtures" / "run_v2"


def test_the_parts_of_a_score_are_those_of_its_headline(second, tmp_path):
    """Witkoff, the one person, and Kursk, one of two places, are misspelled: half right by the soft score."""

    def count_half(record):
        record["metrics"]["entity_accuracy"]["settings"]["score"] = "soft"

    run = load(change(second, tmp_path, count_half))
    assert run.systems["bad"].metrics["entity_accuracy"].parts == {"PER": 0.5, "LOC": 0.25, "ORG": None}


def test_only_metrics_of_documents_are_of_documents_although_others_drew_documents_for_their_tests(
    second, tmp_path
):
    def draw_documents(record):
        for tests in record["tests"].values():
            tests["unit"] = "document"
        metrics = record["metrics"]
        metrics["m_eta"]["settings"]["_target_"] = "evalkit.metrics.lexical.DocumentBleu"

    run = load(change(second, tmp_path, draw_documents))
    units = {key: info.unit for key, info in run.metrics.items()}
    assert units.pop("m_eta") == "document"
    assert set(units.values()) == {"segment"}


def test_a_metric_from_elsewhere_keeps_its_module(second, tmp_path):
    def move(record):
        record["metrics"]["bleu"]["settings"]["_target_"] = "mine.metrics.Bleu"

    assert load(change(second, tmp_path, move)).metrics["bleu"].class_name == "mine.metrics.Bleu"


def test_verdicts_of_a_metric_under_another_name_are_in_the_file_of_that_name(second, tmp_path):
    def rename(record):
        record["metrics"]["names"] = record["metrics"].pop("entity_accuracy")
        for system in record["systems"].values():
            system["metrics"]["names"] = system["metrics"].pop("entity_accuracy")

    run = load(change(second, tmp_path, rename), statistics=False)
    assert run.metrics["names"].audit_file == "names.jsonl"
    assert run.names_metric == "names"


def test_version_1_had_no_randomisation(root):
    assert load(root / "tests" / "fixtures" / "run_v1").significance.trials == 0
