"""Runs over time, and where a line may be drawn."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from miniature import BAD, GOOD, in_folder
from runs_on_disk import evaluated

from evalkit.commands.evaluate import evaluate
from evalkit.comparison.history import trace
from evalkit.errors import ResultsError
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf
from evalkit.reports.markdown.history import format_history_table, render_history_report
from evalkit.runs.checksums import add_checksum


def store(folder, metrics, **systems):
    """Store a run that was made on the day of January that the folder is named after."""
    evaluated(folder, metrics, **systems)
    path = folder / "out" / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["created"] = f"2026-01-0{folder.name}T10:00:00+00:00"
    record["test_set"]["fingerprint"] = "the same"
    path.write_text(json.dumps(add_checksum(record)), encoding="utf-8")
    return str(folder / "out")


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Five runs: twice the same, then another BLEU, a run without chrF, and the first settings again."""
    folder = tmp_path_factory.mktemp("outputs")
    runs = [
        ("1", [Bleu(), Chrf()], {"mine": GOOD}),
        ("2", [Bleu(), Chrf()], {"mine": BAD}),
        ("3", [Bleu(lowercase=True), Chrf()], {"mine": GOOD, "new": BAD}),
        ("4", [Bleu(lowercase=True)], {"mine": BAD}),
        ("5", [Bleu(), Chrf()], {"mine": GOOD}),
    ]
    for name, metrics, systems in runs:
        store(folder / name, metrics, **systems)
    return folder


@pytest.fixture
def history(outputs):
    return trace([str(outputs / name / "out") for name in "52143"])


def of(history, system, metric):
    return next(
        series.points for series in history.series if (series.system, series.metric) == (system, metric)
    )


def test_runs_are_in_the_order_of_their_making(history):
    assert [run.created[:10] for run in history.runs] == [f"2026-01-0{day}" for day in range(1, 6)]


def test_lines_are_drawn_only_between_scores_that_compare(history):
    bleu = of(history, "mine", "bleu")
    assert [point.joined for point in bleu] == [False, True, False, True, False]
    assert [point.reason for point in bleu] == [
        "",
        "",
        "the signatures differ: case:mixed → case:lc",
        "",
        "the signatures differ: case:lc → case:mixed",
    ]
    chrf = of(history, "mine", "chrf")
    assert [point.joined for point in chrf] == [False, True, True, False, True], "over the run that has none"
    assert (chrf[3].value, chrf[3].reason) == (None, "not in the run")
    assert [point.value is None for point in of(history, "new", "bleu")] == [True, True, False, True, True]


def test_a_run_without_a_score_is_a_gap_with_its_reason(tmp_path):
    """The second run counts organisations alone, of which the test set has none."""
    names, none = EntityAccuracy(), EntityAccuracy(types=["ORG"])
    runs = [
        store(tmp_path / str(day), [Bleu(), metric], mine=GOOD)
        for day, metric in enumerate((names, none, names), start=1)
    ]
    first, gap, last = of(trace(runs), "mine", "entity_accuracy")
    assert (first.value, last.value, last.joined) == (1, 1, True)
    assert (gap.value, gap.joined) == (None, False)
    assert gap.reason == "unscored: nothing to score in this test set"
    assert {series.metric for series in trace(runs).series} == {"bleu", "entity_accuracy"}
    assert {series.metric for series in trace(runs[1]).series} == {"bleu"}, "no series without a score"


def test_a_score_of_0_is_a_score(tmp_path):
    """Of the bad system every name is wrong."""
    runs = [store(tmp_path / name, [EntityAccuracy()], mine=BAD) for name in "12"]
    points = of(trace(runs), "mine", "entity_accuracy")
    assert [(point.value, point.joined, point.reason) for point in points] == [(0, False, ""), (0, True, "")]


def test_points_have_the_interval_that_is_stored(history, outputs):
    for point, day in zip(of(history, "mine", "chrf"), "12345", strict=True):
        record = json.loads((outputs / day / "out" / "run.json").read_text(encoding="utf-8"))
        score = record["systems"]["mine"]["metrics"].get("chrf")
        assert point.interval == (None if score is None else tuple(score["interval"]))


def test_a_metric_has_the_label_of_the_newest_run(tmp_path):
    runs = [
        store(tmp_path / day, [Bleu(label=label)], mine=GOOD) for day, label in (("2", "New"), ("1", "Old"))
    ]
    assert trace(runs).metrics["bleu"].label == "New"


def test_another_test_set_breaks_every_line(outputs, tmp_path):
    evaluated(tmp_path / "6", [Bleu(), Chrf()], mine=GOOD)
    points = of(trace([str(outputs / "1" / "out"), str(tmp_path / "6" / "out")]), "mine", "chrf")
    assert (points[1].joined, points[1].reason) == (False, "the test sets differ")


def test_another_spelling_of_the_language_breaks_no_line(tmp_path):
    for name, target in (("1", "en"), ("2", "eng_Latn"), ("3", "de")):
        (tmp_path / name).mkdir()
        reader = replace(in_folder(tmp_path / name), target_language=target)
        evaluate(
            reader,
            [Bleu()],
            output=tmp_path / name / "out",
            systems={"mine": tmp_path / name / "systems/good.txt"},
        )
    points = of(trace([str(tmp_path / name / "out") for name in "123"]), "mine", "bleu")
    assert [point.joined for point in points] == [False, True, False]


def test_the_table_marks_where_scores_stop_being_comparable(history):
    table = format_history_table(history)
    assert table.count("‖ ") == 3, "two in BLEU, and what they are"
    assert "3, BLEU: the signatures differ: case:mixed → case:lc (mine)" in table
    report = render_history_report(history)
    assert "## Where scores stop being comparable" in report
    assert "## BLEU" in report


def test_a_time_without_a_zone_is_that_of_utc(outputs, tmp_path):
    for name, created in (("1", "2026-01-01T12:00:00"), ("2", "2026-01-01T12:30:00+01:00")):
        shutil.copytree(outputs / name / "out", tmp_path / name)
        path = tmp_path / name / "run.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(add_checksum({**record, "created": created})), encoding="utf-8")
    assert [run.created[11:] for run in trace(str(tmp_path)).runs] == ["12:30:00+01:00", "12:00:00"]


def test_a_time_that_is_none_is_refused(outputs, tmp_path):
    evaluated(tmp_path / "x", [Bleu()], mine=GOOD)
    path = tmp_path / "x" / "out" / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(add_checksum({**record, "created": "last week"})), encoding="utf-8")
    with pytest.raises(ResultsError, match="created: expected a time such as"):
        trace(str(tmp_path / "x" / "out"))
