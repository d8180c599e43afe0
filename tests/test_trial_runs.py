"""Runs on a part of a test set: all that is written says so, and the numbers are those of the part."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import sacrebleu
from commands import SETTINGS
from miniature import REFERENCE as REFERENCES
from miniature import in_folder

from evalkit import evaluate
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.m_eta import MEta
from evalkit.runs.reading import load
from evalkit.significance import Bootstrap

REFERENCE = ["One came.", "Two went home.", "Three men stayed here.", "Four left us.", "Five were lost."]
HYPOTHESIS = ["One came.", "Two left home.", "Three men stayed.", "Four have left.", "Five got lost."]
SECOND = ["One arrived.", "", "Three of them remained.", "", ""]
DOMAINS = ["news", "news", "social", "social", "social"]
DOCUMENTS = ["a", "a", "b", "b", "c"]


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Change to a folder with line-aligned files; the settings that read them."""
    files = {"ref": REFERENCE, "second": SECOND, "sys.en": HYPOTHESIS, "domains": DOMAINS, "docs": DOCUMENTS}
    for name, lines in files.items():
        (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return [
        "test_set=lines",
        "test_set.name=mini",
        "test_set.reference={A: ref}",
        "test_set.documents=docs",
        "test_set.groups={domain: domains}",
        "test_set.target_language=en",
        "systems=sys.en",
        "metrics=[bleu,chrf,ter,d_bleu]",
        "name=x",
        *SETTINGS,
    ]


def read_scores():
    (system,) = load("outputs/x").systems.values()
    return {key: score.value for key, score in system.metrics.items()}


def compute(indices):
    hypotheses, references = ([texts[index] for index in indices] for texts in (HYPOTHESIS, REFERENCE))
    metrics = {"bleu": sacrebleu.corpus_bleu, "chrf": sacrebleu.corpus_chrf, "ter": sacrebleu.corpus_ter}
    return {key: metric(hypotheses, [references]).score for key, metric in metrics.items()}


@pytest.mark.parametrize(
    ("selection", "indices", "called"),
    [
        (["limit=2"], [0, 1, 2, 3], "mini (limit=2)"),
        (["test_set.only={domain: social}"], [2, 3, 4], "mini (only domain social)"),
        (["test_set.only.domain=social"], [2, 3, 4], "mini (only domain social)"),
        (["test_set.only={domain: [social]}", "limit=1"], [2, 3], "mini (only domain social, limit=1)"),
    ],
    ids=["limit", "only", "only with dots", "both"],
)
def test_a_part_is_scored_and_everything_says_so(settings, command, selection, indices, called):
    code, _, err = command(*settings, *selection, "report=[markdown,html,latex,csv]")
    assert code == 0, err
    assert compute(indices).items() <= read_scores().items()
    note = load("outputs/x").test_set.notes[-1]
    assert note in err
    run = json.loads(Path("outputs/x/run.json").read_text(encoding="utf-8"))
    assert (run["test_set"]["name"], run["test_set"]["segments"]) == (called, len(indices))
    for name in ("report.md", "report.html"):
        assert f"{note}." in Path("outputs/x", name).read_text(encoding="utf-8")
    for name in ("report.md", "report.html", "report.tex", "report.csv"):
        assert called in Path("outputs/x", name).read_text(encoding="utf-8")
    rows = [json.loads(row) for row in Path("outputs/x/segments.jsonl").read_text("utf-8").splitlines()]
    assert [row["hypothesis"] for row in rows] == [HYPOTHESIS[index] for index in indices]
    assert [row["groups"] for row in rows] == [{"domain": DOMAINS[index]} for index in indices]


def test_a_trial_does_not_compare_with_the_whole(settings, command):
    assert command(*settings)[0] == 0
    code, out, err = command(*settings, "name=y", "limit=1", "baseline=outputs/x")
    assert code == 0, err
    assert "the test sets differ: 3 of 5 segments only in the baseline" in out


def test_the_doctor_checks_the_part(settings, command):
    code, out, err = command("-cn", "doctor", *settings, "limit=1")
    assert code == 0, err
    assert "limit=1: a trial with the first of 3 documents, 2 of 5 segments" in " ".join(out.split())


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("limit=0", "limit: expected 1 or more, or null for all, found 0"),
        ("limit=few", "limit: expected a whole number, found 'few'"),
        ("limit=1.5", "limit: expected a whole number, found 1.5"),
        ("test_set.only=news", "test_set.only: expected a mapping such as {a: b} or null, found 'news'"),
        (
            "test_set.only={domain: sport}",
            "test_set.only: no domain sport in mini, which has domain (news, social), document (a, b, c)",
        ),
    ],
)
def test_what_cannot_be_selected_is_a_usage_error(settings, command, setting, message):
    assert command(*settings, setting)[::2] == (2, f"evalkit: {message}\n")


def test_missing_references_are_counted_in_the_terminal_and_the_report(settings, command):
    settings[settings.index("test_set.reference={A: ref}")] = "test_set.reference={A: ref, B: second}"
    code, _, err = command(*settings, "report=[markdown,html]")
    assert code == 0, err
    note = "reference B is missing for 3 of 5 segments"
    assert f"evalkit: {note}\n" in err
    for name in ("report.md", "report.html"):
        assert Path("outputs/x", name).read_text(encoding="utf-8").count(f"{note}") == 1
    expected = sacrebleu.corpus_bleu(HYPOTHESIS, [REFERENCE, [text or None for text in SECOND]]).score
    assert read_scores()["bleu"] == expected


def test_names_are_those_of_the_first_reference_that_a_segment_has(tmp_path):
    reader = in_folder(tmp_path, entities=True)
    first, second, *others = REFERENCES
    # the second segment has only reference B, where Steve Witkoff begins at character 6
    (tmp_path / "ref.en").write_text("\n".join([first, "", *others]) + "\n", encoding="utf-8")
    (tmp_path / "b.en").write_text(f"{first}\nThen, {second}\n\n\n", encoding="utf-8")
    both = replace(reader, reference={"A": "ref.en", "B": "b.en"})
    metrics = [EntityAccuracy(), MEta()]
    (tmp_path / "whole.en").write_text("\n".join(REFERENCES) + "\n", encoding="utf-8")
    run, alone = (
        evaluate(
            test_set, metrics, systems=str(tmp_path / "systems"), significance=Bootstrap(resamples=0)
        ).run
        for test_set in (both, replace(reader, reference={"A": "whole.en"}))
    )
    for system in ("good", "bad"):
        scores, expected = (result.systems[system].metrics for result in (run, alone))
        assert [scores[key].value for key in scores] == [expected[key].value for key in scores]
    rows = run.systems["good"].audits["entity_accuracy"]
    places = {row.reference: (row.segment, row.start, row.end) for row in rows}
    start = len(first) + 1 + len("Then, ")
    assert places["Steve Witkoff"] == ("2", start, start + len("Steve Witkoff"))
    assert run.test_set.notes == (
        "reference A is missing for 1 of 4 segments",
        "reference B is missing for 2 of 4 segments",
    )


def test_runs_with_missing_references_compare(settings, command):
    settings[settings.index("test_set.reference={A: ref}")] = "test_set.reference={A: ref, B: second}"
    assert command(*settings)[0] == 0
    Path("sys.en").write_text("\n".join(REFERENCE) + "\n", encoding="utf-8")
    code, out, err = command(*settings, "name=y", "baseline=outputs/x")
    assert code == 0, err
    before = sacrebleu.corpus_bleu(HYPOTHESIS, [REFERENCE, [text or None for text in SECOND]]).score
    assert re.search(rf"^sys +BLEU +{before:.1f} +100\.0 ", out, re.MULTILINE)
    Path("second").write_text("\n".join(SECOND[:4]) + "\nFive lost.\n", encoding="utf-8")
    code, out, err = command(*settings, "name=z", "baseline=outputs/x")
    assert code == 0, err
    assert "the test sets differ: other source or references in 1 of 5 segments (c:1)" in out
