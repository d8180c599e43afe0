"""Stored runs that are damaged, edited, old or new; baselines; and which runs a pattern finds."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from miniature import in_folder
from runs_on_disk import FAST, evaluated

from evalkit import compare, evaluate
from evalkit.commands.baseline import store
from evalkit.errors import ResultsError
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu
from evalkit.reports.html import Html
from evalkit.reports.markdown import Markdown
from evalkit.runs.checksums import add_checksum, checksum
from evalkit.runs.finding import find_runs, make_names_unique
from evalkit.runs.reading import load
from evalkit.runs.texts import read_audit, read_texts
from evalkit.runs.writing import save


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A stored run."""
    folder = tmp_path_factory.mktemp("stored") / "nightly"
    evaluated(folder, [Bleu(), EntityAccuracy()])
    return folder / "out"


@pytest.fixture
def stored(original, tmp_path):
    """A copy to damage."""
    return shutil.copytree(original, tmp_path / "nightly")


def edit(folder, change):
    """Change `run.json`, and its checksum with it."""
    path = folder / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    change(record)
    path.write_text(json.dumps(add_checksum(record)), encoding="utf-8")


def type_over(folder, old, new):
    """Change `run.json` in an editor."""
    replace_text(folder, re.escape(old), new)


def replace_text(folder, pattern, new):
    """Change the first place of `run.json` that matches a pattern, and not its checksum."""
    path = folder / "run.json"
    text, times = re.subn(pattern, new, path.read_text(encoding="utf-8"), count=1)
    assert times == 1
    path.write_text(text, encoding="utf-8")


def rewrite_statistics(folder, change):
    """Change the arrays in `statistics.npz`, and the checksums with them."""
    path = folder / "statistics.npz"
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    change(arrays)
    np.savez_compressed(path, **arrays)
    edit(folder, lambda record: record["files"].update({path.name: checksum(path)}))


def score(record):
    return record["systems"]["good"]["metrics"]["bleu"]


def replace_line(path, number, line):
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[number] = line
    path.write_text("\n".join(lines), encoding="utf-8")


REFUSED = {
    "interrupted": (
        lambda f: (f / "run.json").unlink(),
        "no run.json; expected the folder of a finished run",
    ),
    "cut": (
        lambda f: (f / "run.json").write_text('{"name": "x"', encoding="utf-8"),
        "run.json: cannot be read",
    ),
    "no object": (
        lambda f: (f / "run.json").write_text("[]", encoding="utf-8"),
        "expected an object, found list",
    ),
    "newer": (
        lambda f: edit(f, lambda r: r.update(format_version=4)),
        "format version 4, and this evalkit reads up to 3; use a newer evalkit",
    ),
    "no version": (
        lambda f: edit(f, lambda r: r.pop("format_version")),
        "format version None, expected a number from 1 to 3",
    ),
    "version 0": (
        lambda f: edit(f, lambda r: r.update(format_version=0)),
        "format version 0, expected a number from 1 to 3",
    ),
    "version true": (
        lambda f: edit(f, lambda r: r.update(format_version=True)),
        "format version True, expected a number from 1 to 3",
    ),
    "decimals": (
        lambda f: edit(f, lambda r: r["metrics"]["bleu"].update(decimals=-1)),
        "metrics.bleu.decimals: expected 0 or more, found -1",
    ),
    "a metric more": (
        lambda f: edit(f, lambda r: r["systems"]["good"]["metrics"].update(ter=score(r))),
        "systems.good: scores in ter, which is not a metric of the run",
    ),
    "statistics less": (
        lambda f: rewrite_statistics(f, lambda arrays: arrays.pop("good\tbleu")),
        "statistics.npz: good: no statistics of bleu",
    ),
    "segments less": (
        lambda f: rewrite_statistics(
            f, lambda arrays: arrays.update({"good\tbleu": arrays["good\tbleu"][:3]})
        ),
        "statistics.npz: good, bleu: (3, 10) statistics of 4 segments",
    ),
    "by hand": (
        lambda f: type_over(f, '"status": "ok"', '"status": "failed"'),
        "damaged or edited: its checksum does not match its content; run again",
    ),
    "not a number": (
        lambda f: replace_text(f, r'"value": [\d.]+', '"value": NaN'),
        "run.json: damaged or edited: Out of range float values are not JSON compliant",
    ),
    "no checksum": (lambda f: type_over(f, '"checksum"', '"was"'), "its checksum does not match its content"),
    "text for a number": (
        lambda f: edit(f, lambda r: score(r).update(value="high")),
        "systems.good.metrics.bleu.value: expected a number, found 'high'",
    ),
    "no number": (
        lambda f: edit(f, lambda r: score(r).update(value=None)),
        "bleu: expected a number and the two of its interval",
    ),
    "half an interval": (
        lambda f: edit(f, lambda r: score(r).update(interval=[1])),
        "systems.good.metrics.bleu.interval: expected 2 values, found [1]",
    ),
    "another key": (
        lambda f: edit(f, lambda r: score(r).update(valeu=1)),
        "systems.good.metrics.bleu: expected one of the keys status, value",
    ),
    "a system less": (
        lambda f: edit(f, lambda r: r["systems"].pop("good")),
        "statistics of good, which is not a system of the run",
    ),
    "no segments": (
        lambda f: (f / "segments.jsonl").unlink(),
        "segments.jsonl missing, which run.json lists",
    ),
    "no names": (
        lambda f: (f / "systems/bad/entities.jsonl").unlink(),
        "systems/bad/entities.jsonl missing, which run.json lists",
    ),
    "systems in a list": (lambda f: edit(f, lambda r: r.update(systems=[])), "run.json: damaged or edited"),
    "metrics by no name": (
        lambda f: edit(f, lambda r: r.update(metrics=None)),
        "run.json: damaged or edited",
    ),
    "no metrics": (
        lambda f: edit(f, lambda r: r.pop("metrics")),
        "run.json: damaged or edited: KeyError: 'metrics'",
    ),
    "statistics of one number": (
        lambda f: rewrite_statistics(
            f, lambda arrays: arrays.update({"good\tbleu": arrays["good\tbleu"][:, 0]})
        ),
        "statistics.npz: good, bleu: (4,) statistics of 4 segments",
    ),
    "other statistics": (
        lambda f: np.savez_compressed(f / "statistics.npz", documents_of_segments=["a"]),
        "statistics.npz: damaged or edited: not the file written together with run.json",
    ),
}


@pytest.mark.parametrize("damage", REFUSED)
def test_what_is_no_whole_run_is_refused_in_one_line(stored, damage):
    change, message = REFUSED[damage]
    change(stored)
    with pytest.raises(ResultsError) as error:
        load(stored)
    assert message in str(error.value)
    assert str(stored) in str(error.value)
    assert "\n" not in str(error.value)


EDITED = {
    "a better score": (
        lambda f: edit(f, lambda r: score(r).update(value=99.0)),
        r"bleu of good is 99\.0 in run\.json, and [\d.]+ by its statistics",
    ),
    "a text": (
        lambda f: replace_line(f / "segments.jsonl", 0, "{}"),
        "segments.jsonl: damaged or edited",
    ),
    "a verdict": (
        lambda f: replace_line(f / "systems/good/entities.jsonl", 0, "{}"),
        "entities.jsonl: damaged or edited",
    ),
}


@pytest.mark.parametrize("damage", EDITED)
def test_what_was_edited_by_hand_is_refused_where_it_counts(stored, damage):
    other = shutil.copytree(stored, stored.with_name("other"))
    change, message = EDITED[damage]
    change(stored)
    with pytest.raises(ResultsError, match=message):
        compare(stored, other, baseline_systems={"bad": "good"}, significance=FAST)


OLD_TEXTS = {
    "a line less": (lambda lines: lines[:-1], "expected 8 lines; run again"),
    "lines of another system": (
        lambda lines: lines[4:] + lines[:4],
        "line 6: damaged or edited: expected good, found bad; run again",
    ),
    "no JSON": (lambda lines: [*lines[:5], "{", *lines[6:]], "line 6: not valid JSON: "),
}


@pytest.mark.parametrize("damage", OLD_TEXTS)
def test_texts_of_format_version_1_which_has_no_checksums_are_checked(root, tmp_path, damage):
    folder = shutil.copytree(root / "tests" / "fixtures" / "run_v1", tmp_path / "old")
    run, change, message = load(folder), *OLD_TEXTS[damage]
    path = folder / "segments.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(lines[at])["hypothesis"] for at in (1, 5)] == [
        read_texts(run, [(system, 1)])[system, 1].hypothesis for system in ("bad", "good")
    ]
    path.write_text("".join(f"{line}\n" for line in change(lines)), encoding="utf-8")
    with pytest.raises(ResultsError) as error:
        read_texts(run, [("good", 1), ("good", 3)])
    assert message in str(error.value)


def test_an_interrupted_run_leaves_a_folder_that_is_no_run(original, tmp_path, monkeypatch):
    """The moment before `run.json` is moved to its place."""
    run = load(original)
    moved = Path.replace

    def stop(path, target):
        if path.name == "run.json":
            raise KeyboardInterrupt
        return moved(path, target)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        save(run, tmp_path / "half", {})
    monkeypatch.undo()
    assert (tmp_path / "half" / "statistics.npz").exists()
    with pytest.raises(ResultsError, match=r"half: no run\.json; expected the folder of a finished run"):
        compare(tmp_path / "half", original)


def test_a_stored_run_has_everything_but_its_texts(original):
    run = load(original)
    assert run.segments == ()
    assert run.segment_ids == ("1", "2", "1", "2")
    assert run.documents_of_segments == ("a", "a", "b", "b")
    assert len(set(run.segment_contents)) == 4
    assert run.tests["bleu"].pairs[0].candidate == "good"
    assert run.tests["bleu"].pairs[0].interval[0] <= run.tests["bleu"].pairs[0].delta
    assert load(original, statistics=False).statistics == {}
    assert read_texts(run, [("good", 2), ("bad", 1)])["bad", 1].hypothesis == "Steve Whitcom flew to Corsak."
    assert [row.entity for row in read_audit(run, "bad", "entity_accuracy")] == [
        "witkoff",
        "kursk",
        "kyiv",
    ]
    assert read_audit(run, "bad", "bleu") is None


def test_format_version_1_is_read(root):
    run = load(root / "tests" / "fixtures" / "run_v1")
    assert (run.format_version, run.tests, run.segment_ids, run.files) == (3, {}, (), {})
    assert run.statistics["good"]["bleu"].shape == (4, 10)
    assert run.documents_of_segments == ("a", "a", "b", "b")
    assert len(read_texts(run, [("good", 0)])) == 1


OLD_NUMBERS = {
    "a score": (r'"value": [\d.]+', '"value": NaN', "found nan and "),
    "an interval": (r'"interval": \[\s*[\d.]+', '"interval": [NaN', "and (nan, "),
    "an infinite score": (r'"value": [\d.]+', '"value": Infinity', "found inf and "),
}


@pytest.mark.parametrize("damage", OLD_NUMBERS)
def test_numbers_of_format_version_1_which_has_no_checksums_are_checked(root, tmp_path, damage):
    folder = shutil.copytree(root / "tests" / "fixtures" / "run_v1", tmp_path / "old")
    pattern, new, message = OLD_NUMBERS[damage]
    replace_text(folder, pattern, new)
    with pytest.raises(ResultsError) as error:
        load(folder)
    assert "expected a number and the two of its interval, " in str(error.value)
    assert message in str(error.value)


def test_statistics_of_format_version_1_which_lists_no_files_have_to_be_there(root, tmp_path):
    folder = shutil.copytree(root / "tests" / "fixtures" / "run_v1", tmp_path / "old")
    (folder / "statistics.npz").unlink()
    with pytest.raises(ResultsError, match=r"statistics\.npz: cannot be read: .*No such file"):
        load(folder)
    assert load(folder, statistics=False).statistics == {}


def test_a_run_json_that_cannot_be_read_is_told(stored, monkeypatch):
    def fails(_path, **_how):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", fails)
    with pytest.raises(ResultsError, match=r"run\.json: cannot be read: .*Permission denied"):
        load(stored)


def test_the_checksum_of_format_version_2_is_checked(root, tmp_path):
    folder = shutil.copytree(root / "tests" / "fixtures" / "run_v2", tmp_path / "old")
    type_over(folder, '"status": "ok"', '"status": "failed"')
    with pytest.raises(ResultsError, match="its checksum does not match its content"):
        load(folder)


def test_a_metric_may_show_whole_numbers(stored):
    edit(stored, lambda record: record["metrics"]["bleu"].update(decimals=0))
    assert load(stored).metrics["bleu"].decimals == 0


def test_segments_without_a_document_are_read_back_as_such(tmp_path):
    reader = dataclasses.replace(in_folder(tmp_path), documents=None)
    evaluate(reader, [Bleu()], systems=str(tmp_path / "systems"), significance=FAST, output=tmp_path / "out")
    assert load(tmp_path / "out").documents_of_segments == (None,) * 4


def test_input_in_a_folder_whose_name_is_not_utf_8_is_scored_and_stored(tmp_path):
    """The byte 255 is allowed in a path, and is in no UTF-8."""
    folder = tmp_path / os.fsdecode(b"from \xff")
    systems = str(folder / "systems")
    run = evaluate(
        in_folder(folder),
        [Bleu()],
        systems=systems,
        significance=FAST,
        reports=[Markdown(), Html()],
        output=tmp_path / "out",
    ).run
    stored = load(tmp_path / "out")
    assert stored.test_set.files == run.test_set.files
    assert stored.systems["good"].origin == str(folder / "systems" / "good.txt")
    for path in ("run.json", "systems/good/report.json", "systems/good/report.md", "report.html"):
        (tmp_path / "out" / path).read_text(encoding="utf-8")


# checksums


def test_a_checksum_is_the_sha_256_of_the_content_by_the_keys_in_order():
    text = '{"a": [1, null], "b": "é"}'
    expected = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    for record in ({"b": "é", "a": [1, None]}, {"a": [1, None], "b": "é", "checksum": "of before"}):
        assert add_checksum(record) == {"a": [1, None], "b": "é", "checksum": expected}
    assert add_checksum({"a": "\udcff"})["checksum"] != add_checksum({"a": "?"})["checksum"]


def test_the_checksum_of_a_file_covers_all_of_it(tmp_path):
    """Three million bytes, which are not read at once."""
    content = bytes(range(250)) * 12_000
    (tmp_path / "large").write_bytes(content)
    assert checksum(tmp_path / "large") == f"sha256:{hashlib.sha256(content).hexdigest()}"


# baselines


def test_a_baseline_is_the_run_without_its_texts(original, tmp_path):
    written = store(original, tmp_path / "baselines" / "main")
    assert sorted(written) == [
        "run.json",
        "statistics.npz",
        "systems/bad/entities.jsonl",
        "systems/good/entities.jsonl",
    ]
    baseline = tmp_path / "baselines" / "main"
    assert sorted(
        str(path.relative_to(baseline)) for path in baseline.rglob("*") if path.is_file()
    ) == sorted(written)
    full, slim = (
        compare(folder, original, baseline_systems={"good": "bad"}, significance=FAST)
        for folder in (original, baseline)
    )
    for field in ("rows", "parts", "documents", "entities", "audited", "changes"):
        assert getattr(full, field) == getattr(slim, field), field
    assert {change.baseline_hypothesis for change in slim.segments} == {None}
    assert [change.candidate_hypothesis for change in slim.segments] == [
        change.candidate_hypothesis for change in full.segments
    ]
    only = compare(baseline, baseline, baseline_systems={"good": "bad"}, significance=FAST)
    assert only.segments
    assert {change.reference for change in only.segments} == {None}


def test_a_baseline_can_be_stored_again_and_of_an_old_run(original, root, tmp_path):
    store(original, tmp_path / "main")
    store(tmp_path / "main", tmp_path / "again")
    store(root / "tests" / "fixtures" / "run_v1", tmp_path / "main")
    assert load(tmp_path / "again").files == {
        path: found for path, found in load(original).files.items() if path != "segments.jsonl"
    }
    assert {
        row.status
        for row in compare(tmp_path / "main", root / "tests" / "fixtures" / "run_v1", significance=FAST).rows
    } == {"not significant"}


def test_a_baseline_is_not_stored_where_it_would_destroy_something(original, tmp_path):
    with pytest.raises(ResultsError, match="is the run itself; choose another folder with output=FOLDER"):
        store(original, original)
    (tmp_path / "mine" / "systems").mkdir(parents=True)
    with pytest.raises(ResultsError, match="contains systems but no finished run, so nothing is overwritten"):
        store(original, tmp_path / "mine")


# finding runs


def test_runs_are_found_by_folder_folder_of_runs_glob_and_list(original, tmp_path, monkeypatch):
    for name in ("a", "b", "sweep/0", "sweep/1"):
        shutil.copytree(original, tmp_path / "outputs" / name)
    (tmp_path / "outputs" / "latest").symlink_to("b")
    (tmp_path / "outputs" / "half").mkdir()
    monkeypatch.chdir(tmp_path)

    def found(where):
        return [str(path) for path in find_runs(where).folders]

    assert found("outputs/a") == ["outputs/a"]
    assert found("outputs") == ["outputs/a", "outputs/b"], "outputs/latest is outputs/b"
    assert found("outputs/*") == ["outputs/a", "outputs/b", "outputs/sweep/0", "outputs/sweep/1"]
    assert found(["outputs/b", "outputs/a", "outputs/b"]) == ["outputs/b", "outputs/a"]
    assert find_runs("outputs/*").left_out == ["outputs/half: no run.json"]
    Path("outputs/sweep/multirun.yaml").write_text("hydra: {}\n", encoding="utf-8")
    Path("outputs/sweep/notes.txt").write_text("mine\n", encoding="utf-8")
    assert found("outputs/sweep/*") == ["outputs/sweep/0", "outputs/sweep/1"]
    assert find_runs("outputs/sweep/*").left_out == ["outputs/sweep/notes.txt: no run.json"], (
        "not that of Hydra"
    )


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("nowhere", "nowhere: no run.json; expected"),
        (["nowhere/*"], "^nowhere/\\*: no finished run; expected"),
        ([], "^no folders: no finished run"),
    ],
)
def test_what_holds_no_run_is_refused(tmp_path, monkeypatch, where, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ResultsError, match=message):
        find_runs(where)


def test_a_folder_that_is_there_and_holds_no_run_is_refused_where_it_is_named(
    original, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(original, "outputs/a")
    Path("outputs/half").mkdir()
    with pytest.raises(ResultsError, match=r"^outputs/half: no run\.json; expected"):
        find_runs(["outputs/a", "outputs/half"])


def test_a_folder_whose_name_looks_like_a_glob_is_found(original, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("run[1]", "run1"):
        shutil.copytree(original, f"outputs/{name}")
    assert [str(folder) for folder in find_runs("outputs/run[1]").folders] == ["outputs/run[1]"]


def test_runs_that_share_a_name_are_named_by_their_folders(original, tmp_path):
    runs = [
        dataclasses.replace(load(original, statistics=False), name=name, folder=folder)
        for name, folder in (("jobs", "sweep/0"), ("other", "outputs/other"), ("jobs", "sweep/1"))
    ]
    assert [run.name for run in make_names_unique(runs)] == ["sweep/0", "other", "sweep/1"]
    assert [run.name for run in make_names_unique(runs[:2])] == ["jobs", "other"]
