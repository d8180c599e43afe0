"""Which files a run replaces: those that evalkit wrote before, and no others."""

from __future__ import annotations

import errno
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from miniature import in_folder

from evalkit import evaluate
from evalkit.commands.compare import compare_runs
from evalkit.commands.history import trace_runs
from evalkit.errors import ResultsError
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu
from evalkit.reports.base import Report
from evalkit.reports.csv_table import Csv
from evalkit.reports.html import Html
from evalkit.reports.markdown import Markdown
from evalkit.runs.reading import load
from evalkit.significance import Bootstrap

FAST = Bootstrap(resamples=10, trials=10)


@dataclass(frozen=True, kw_only=True)
class Tsv(Report):
    """A report that somebody added."""

    def files(self, run):
        return {"extra/scores.tsv": "system\n" + "\n".join(run.systems)}


@dataclass(frozen=True, kw_only=True)
class Deep(Report):
    """A report whose file is in a folder in a folder in a folder."""

    def files(self, run):
        return {"a/b/c/scores.tsv": "system\n" + "\n".join(run.systems)}


BEFORE_LISTS = [
    *("segments.jsonl", "report.md", "report.html", "report.csv", "report.tex"),
    *("comparison.json", "comparison.md", "comparison.html", "history.json", "history.md", "history.html"),
    *("verdict.json", "verdict.md", "junit.xml"),
    *(".hydra/config.yaml", ".hydra/overrides.yaml", ".hydra/hydra.yaml"),
    *("systems/bad/report.json", "systems/bad/report.md", "systems/bad/comet.jsonl"),
]
"""What evalkit wrote before `run.json` listed files."""


@pytest.fixture
def score(tmp_path):
    """Evaluate into ``tmp_path/out``."""
    reader = in_folder(tmp_path, entities=True)

    def run(*reports, systems=("good", "bad")):
        chosen = [str(tmp_path / "systems" / f"{name}.txt") for name in systems]
        return evaluate(
            reader,
            [Bleu(), EntityAccuracy()],
            systems=chosen,
            significance=FAST,
            reports=reports,
            output=tmp_path / "out",
        ).run

    return run


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_run_lists_every_file_that_it_wrote(score, tmp_path):
    score(Markdown(), Html(), Csv(), Tsv())
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert set(record["written"]) == files(tmp_path / "out")
    assert {"run.json", "report.csv", "extra/scores.tsv", "systems/bad/entities.jsonl"} <= set(
        record["written"]
    )


def test_reports_that_are_no_longer_asked_for_are_removed_whoever_added_them(score, tmp_path):
    score(Markdown(), Csv(), Tsv())
    score(Markdown())
    out = tmp_path / "out"
    assert not {"report.csv", "extra/scores.tsv"} & files(out)
    assert not (out / "extra").exists()
    assert set(load(out).written) == files(out)


def test_systems_that_are_no_longer_there_are_removed(score, tmp_path):
    score(Markdown())
    score(Markdown(), systems=("good",))
    assert [path.name for path in (tmp_path / "out" / "systems").iterdir()] == ["good"]


def test_what_somebody_else_put_into_the_folder_stays(score, tmp_path):
    score(Markdown())
    out = tmp_path / "out"
    mine = ("report.csv", "junit.xml", "notes.txt", "systems/bad/notes.txt", "systems/mine/entities.jsonl")
    for name in mine:
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text("mine", encoding="utf-8")
    score(Markdown(), systems=("good",))
    assert {name: (out / name).read_text(encoding="utf-8") for name in mine} == dict.fromkeys(mine, "mine")
    assert files(out) == {*load(out).written, *mine}


def test_a_run_of_an_older_version_is_replaced_with_what_that_version_wrote(score, root, tmp_path):
    out = shutil.copytree(root / "tests" / "fixtures" / "run_v2", tmp_path / "out")
    for name in (*BEFORE_LISTS, "notes.txt", "systems/bad/notes.txt"):
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text("old", encoding="utf-8")
    score(systems=("good",))
    assert files(out) == {*load(out).written, "notes.txt", "systems/bad/notes.txt"}


def test_a_run_json_that_was_cut_is_replaced_like_a_run_of_an_older_version(score, tmp_path):
    """Its list of files is lost, and so the names of files that evalkit has always written decide."""
    score(Markdown(), Csv())
    out = tmp_path / "out"
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "run.json").write_text('{"format_version": 3, "na', encoding="utf-8")
    score(systems=("good",))
    assert files(out) == {*load(out).written, "notes.txt"}
    assert "report.csv" not in files(out)


@pytest.mark.parametrize(
    "part", ["systems/notes.txt", "segments.jsonl", "statistics.npz", "report.md", "report.html", ".hydra/x"]
)
def test_parts_of_a_run_without_a_run_json_are_not_overwritten(score, tmp_path, part):
    (tmp_path / "out" / part).parent.mkdir(parents=True)
    (tmp_path / "out" / part).write_text("mine", encoding="utf-8")
    name = part.partition("/")[0]
    with pytest.raises(ResultsError, match=f"out: contains {name} but no finished run"):
        score(Markdown())
    assert files(tmp_path / "out") == {part}
    assert (tmp_path / "out" / part).read_text(encoding="utf-8") == "mine"


def test_a_folder_that_may_not_be_overwritten_is_told_before_anything_is_scored(score, tmp_path, monkeypatch):
    monkeypatch.setattr(Bleu, "statistics", lambda *_: pytest.fail("scored before the folder was looked at"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text('{"run": "of somebody else"}', encoding="utf-8")
    with pytest.raises(ResultsError, match="not a file of evalkit"):
        score(Markdown())


def test_folders_of_removed_files_are_removed_however_deep(score, tmp_path):
    score(Deep())
    assert (tmp_path / "out" / "a" / "b" / "c" / "scores.tsv").exists()
    score()
    assert not (tmp_path / "out" / "a").exists()


def test_a_run_that_cannot_be_removed_wholly_is_no_finished_run(score, tmp_path, monkeypatch):
    """The first file to go is `run.json`: without it nobody takes the rest for a run."""
    score(Markdown())
    unlink = Path.unlink

    def fails(path, **how):
        if path.name == "statistics.npz":
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, **how)

    monkeypatch.setattr(Path, "unlink", fails)
    with pytest.raises(ResultsError, match=r"statistics\.npz: cannot be written: Permission denied"):
        score(Markdown())
    monkeypatch.undo()
    with pytest.raises(ResultsError, match=r"no run\.json"):
        load(tmp_path / "out")


def test_a_run_that_cannot_be_stored_leaves_no_folder(score, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(ResultsError, match="free some space"):
        score(Markdown())
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_evalkits_is_not_taken_for_a_run(score, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text('{"run": "of somebody else"}', encoding="utf-8")
    with pytest.raises(
        ResultsError, match=r"run\.json: not a file of evalkit, so nothing in the folder is overwritten"
    ):
        score(Markdown())
    assert files(tmp_path / "out") == {"run.json"}


@pytest.mark.parametrize("name", ["{}/outside.txt", "../outside.txt", "systems/../../outside.txt"])
def test_a_list_of_files_cannot_lead_out_of_the_folder(score, tmp_path, name):
    """By an absolute path, and by two relative ones."""
    (tmp_path / "outside.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "out").mkdir()
    record = {"format_version": 3, "written": [name.format(tmp_path), "old.txt"]}
    (tmp_path / "out" / "run.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "out" / "old.txt").write_text("old", encoding="utf-8")
    score()
    assert (tmp_path / "outside.txt").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "out" / "old.txt").exists()


def test_a_list_of_files_cannot_lead_out_of_the_folder_by_a_link(score, tmp_path):
    """A folder within it may be a link to one elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "link").symlink_to(elsewhere)
    record = {"format_version": 3, "written": ["link/notes.txt"]}
    (tmp_path / "out" / "run.json").write_text(json.dumps(record), encoding="utf-8")
    score()
    assert (elsewhere / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_comparisons_and_histories_replace_what_they_wrote(score, tmp_path):
    score()
    run, place = str(tmp_path / "out"), tmp_path / "comparisons"
    compare_runs(run, run, significance=FAST, reports=[Markdown(), Html()], output=place / "one")
    trace_runs(run, reports=[Markdown(), Html()], output=place / "two")
    assert files(place) == {
        *("one/comparison.json", "one/comparison.md", "one/comparison.html"),
        *("two/history.json", "two/history.md", "two/history.html"),
    }
    for folder in ("one", "two"):
        (place / folder / "notes.txt").write_text("mine", encoding="utf-8")
    compare_runs(run, run, significance=FAST, output=place / "one")
    trace_runs(run, output=place / "two")
    assert files(place) == {"one/comparison.json", "one/notes.txt", "two/history.json", "two/notes.txt"}
