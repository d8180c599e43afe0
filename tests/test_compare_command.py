"""Stored runs compared with a baseline in one step: which runs, how, and what is written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from miniature import BAD, GOOD, in_folder
from runs_on_disk import FAST, evaluated

from evalkit import evaluate
from evalkit.commands.baseline import store
from evalkit.commands.compare import compare_runs
from evalkit.errors import ConfigError, ResultsError
from evalkit.gate import Gate
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf
from evalkit.reports.markdown import Markdown
from evalkit.runs.reading import load
from evalkit.significance import Bootstrap


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A folder with the stored runs *main*, *better* and *worse* of a system *mine*."""
    folder = tmp_path_factory.mktemp("runs")
    for name, lines in (("main", GOOD), ("better", GOOD), ("worse", BAD)):
        evaluated(folder / "made" / name, [Bleu(), EntityAccuracy()], mine=lines)
        shutil.move(folder / "made" / name / "out", folder / name)
    shutil.rmtree(folder / "made")
    return folder


@pytest.fixture
def outputs(original, tmp_path, monkeypatch):
    """A copy of it, ``outputs`` in the current folder."""
    shutil.copytree(original, tmp_path / "outputs")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "outputs"


def names(compared):
    return [comparison.candidate.name for comparison in compared.comparisons]


@pytest.mark.parametrize("baseline", ["outputs/main", "outputs/../outputs/main", "outputs/latest"])
def test_the_baseline_is_not_among_several_candidates(outputs, baseline):
    (outputs / "latest").symlink_to("main")
    (outputs / "half").mkdir()
    compared = compare_runs(baseline, "outputs/*", significance=FAST)
    assert names(compared) == ["better", "worse"]
    assert list(compared.left_out) == ["outputs/half: no run.json", "outputs/main: is the baseline"]


def test_of_two_candidates_the_one_that_is_the_baseline_is_left_out(outputs):
    compared = compare_runs("outputs/main", ["outputs/main", "outputs/worse"], significance=FAST)
    assert names(compared) == ["worse"]


def test_a_run_may_be_compared_with_itself(outputs):
    compared = compare_runs("outputs/main", "outputs/main", significance=FAST)
    assert len(compared.comparisons) == 1
    assert {row.delta for row in compared.comparisons[0].rows} == {0}


def test_copies_of_a_run_are_told_apart_by_their_folders(outputs):
    shutil.copytree(outputs / "worse", outputs / "copy")
    compared = compare_runs("outputs/main", ["outputs/worse", "outputs/copy"], significance=FAST)
    assert names(compared) == ["outputs/worse", "outputs/copy"]
    assert [comparison.baseline.name for comparison in compared.comparisons] == ["main", "main"]


def test_every_setting_is_that_of_each_comparison(outputs):
    how = {"significance": Bootstrap(resamples=7, trials=9), "most": 1, "tolerance": {"bleu": 99.0}}
    (comparison,) = compare_runs("outputs/main", "outputs/worse", **how).comparisons
    assert comparison.significance == how["significance"]
    assert comparison.tolerance == how["tolerance"]
    assert len([change for change in comparison.segments if change.metric == "bleu"]) == 1
    with pytest.raises(ConfigError, match="worse has no system nope"):
        compare_runs("outputs/main", "outputs/worse", baseline_systems={"nope": "mine"})


def test_a_gate_judges_every_candidate(outputs):
    gate = Gate(rules={"bleu": {"max_drop": 0}})
    verdict = compare_runs("outputs/main", "outputs/*", significance=FAST, gate=gate).verdict
    assert (verdict.runs, verdict.baseline) == (("better", "worse"), "main")
    assert [(check.run, check.verdict) for check in verdict.checks] == [
        ("better", "passed"),
        ("worse", "failed"),
    ]


def test_further_files_are_written_with_the_comparison_and_listed(outputs):
    files = {"notes/command.txt": "evalkit"}
    compare_runs(
        "outputs/main",
        "outputs/worse",
        significance=FAST,
        gate=Gate(rules={"bleu": {"floor": 0}}),
        reports=[Markdown()],
        output="comparisons/x",
        files=files,
    )
    folder = Path("comparisons/x")
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert written == {
        *("comparison.json", "comparison.md", "verdict.json", "verdict.md"),
        "notes/command.txt",
    }
    record = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert set(record["written"]) == written
    assert (folder / "notes/command.txt").read_text(encoding="utf-8") == "evalkit"


def test_a_comparison_is_not_written_into_the_folder_of_a_run(outputs, monkeypatch):
    """And that is told before anything is read."""
    before = {path: path.read_bytes() for path in outputs.rglob("*") if path.is_file()}
    monkeypatch.setattr(
        "evalkit.commands.compare.load", lambda _: pytest.fail("read before the folder was tried")
    )
    with pytest.raises(
        ResultsError, match="outputs/better: contains a run; choose another folder with name=NAME"
    ):
        compare_runs("outputs/main", "outputs/worse", output="outputs/better")
    Path("mine").mkdir()
    Path("mine/comparison.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ResultsError, match=r"mine/comparison\.json: not a file of evalkit"):
        compare_runs("outputs/main", "outputs/worse", output="mine")
    assert {path: path.read_bytes() for path in outputs.rglob("*") if path.is_file()} == before


# baselines


def test_a_baseline_lists_its_files_and_is_replaced_by_the_next_one(outputs):
    written = store("outputs/main", "baselines/main")
    folder = Path("baselines/main")
    assert set(load(folder).written) == set(written)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    evaluated(outputs / "other", [Bleu()], another=GOOD)
    store(outputs / "other" / "out", folder)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"run.json", "statistics.npz", "notes.txt"}


def test_a_link_to_a_run_is_the_run_itself(outputs):
    (outputs / "latest").symlink_to("main")
    with pytest.raises(ResultsError, match="outputs/latest: is the run itself"):
        store("outputs/main", "outputs/latest")
    assert (outputs / "main" / "segments.jsonl").exists()


def test_the_baseline_of_a_run_of_version_1_has_what_that_version_wrote(root, tmp_path):
    """It lists no files, and has no checksum."""
    source = root / "tests" / "fixtures" / "run_v1"
    written = store(source, tmp_path / "main")
    assert written == [
        "statistics.npz",
        "systems/bad/entities.jsonl",
        "systems/good/entities.jsonl",
        "run.json",
    ]
    record, before = (
        json.loads((folder / "run.json").read_text(encoding="utf-8"))
        for folder in (tmp_path / "main", source)
    )
    assert record == {**before, "written": written}


# evaluation with a baseline


def test_an_evaluation_is_compared_with_its_baseline_as_its_settings_say(outputs, tmp_path):
    reader = in_folder(tmp_path, entities=True)
    bootstrap = Bootstrap(resamples=7, trials=9)
    found = evaluate(
        reader,
        [Bleu()],
        systems={"mine": tmp_path / "systems" / "bad.txt"},
        baseline="outputs/main",
        significance=bootstrap,
        name="now",
    )
    comparison = found.comparison
    assert (comparison.baseline.name, comparison.candidate.name) == ("main", "now")
    assert comparison.significance == bootstrap
    assert comparison.find_row("mine", "bleu").delta < 0
    assert found.verdict is None


def test_a_gate_without_the_baseline_that_it_needs_is_told_before_anything_is_scored(tmp_path, monkeypatch):
    monkeypatch.setattr(Bleu, "statistics", lambda *_: pytest.fail("scored before the gate was checked"))
    with pytest.raises(ConfigError, match="gate: no baseline, which these rules need: bleu"):
        evaluate(
            in_folder(tmp_path),
            [Bleu()],
            systems=str(tmp_path / "systems"),
            gate=Gate(rules={"bleu": {"max_drop": 1}}),
        )


def test_two_metrics_that_would_write_one_file_are_refused(tmp_path):
    """Entity accuracy writes ``entities.jsonl``, as does any metric of the name *entities*."""
    metrics = [EntityAccuracy(), Chrf(name="entities")]
    with pytest.raises(ConfigError, match=r"two of them would write entities\.jsonl; give one another name"):
        evaluate(in_folder(tmp_path, entities=True), metrics, systems=str(tmp_path / "systems"))
