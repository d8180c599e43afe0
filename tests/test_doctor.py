"""The doctor: its diagnoses, and that a failed check does not stop the others."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import sys

import pytest
from comet_checkpoints import build
from miniature import in_folder

from evalkit.cli import main as cli
from evalkit.commands import doctor
from evalkit.commands.doctor import Diagnosis, examine, summarise
from evalkit.data.articles import Articles
from evalkit.data.lines import Lines
from evalkit.errors import ModelError
from evalkit.metrics.comet import Comet
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf
from evalkit.ner.spacy import Spacy
from evalkit.runtime import cache


@pytest.fixture
def mini(tmp_path, monkeypatch):
    in_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Lines(reference={"A": "ref.en"}, target_language="en")


def by_name(diagnoses):
    return {diagnosis.subject: diagnosis for diagnosis in diagnoses}


def test_all_is_well(mini, tmp_path):
    build(tmp_path / "model", "unified_no_source")
    diagnoses = by_name(
        examine(
            mini,
            [Bleu(), Comet(model="model")],
            systems="systems",
            cache=str(tmp_path / "cache"),
            output=tmp_path / "out",
        )
    )
    assert {diagnosis.state for diagnosis in diagnoses.values()} == {"ok"}
    assert diagnoses["systems"].message == "2: bad, good"
    assert diagnoses["test set"].message == f"{tmp_path.name}, en: 4 segments, references A, no sources"
    assert diagnoses["COMET"].message.startswith("model (sha256-")
    assert diagnoses["COMET"].message.endswith(") on cpu, fp32")
    assert not (tmp_path / "out").exists()
    assert summarise(list(diagnoses.values())).endswith("\n\nA run with these settings can start.")


def test_one_problem_hides_no_other(tmp_path):
    metrics = [
        Bleu(),
        Comet(model=str(tmp_path / "none")),
        Comet(name="other", label="Other", model=str(tmp_path / "none"), required=False),
    ]
    diagnoses = by_name(examine(Articles(path=str(tmp_path / "nowhere")), metrics, ner=Spacy(model="nope")))
    assert [name for name, diagnosis in diagnoses.items() if diagnosis.state == "problem"] == [
        "test set",
        "ner",
        "COMET",
    ]
    assert diagnoses["Other"].state == "warning"
    assert (
        "no such folder. Set metrics.comet.model=FOLDER to a folder that holds the model"
        in diagnoses["COMET"].message
    )
    assert diagnoses["BLEU"].state == "ok"
    assert "systems" not in diagnoses
    assert "3 problems: a run with these settings would fail." in summarise(list(diagnoses.values()))


def test_systems_that_do_not_fit_are_a_problem(mini, tmp_path):
    (tmp_path / "short.en").write_text("One line.\n", encoding="utf-8")
    found = by_name(examine(mini, [Bleu()], systems="short.en"))["systems"]
    assert found.state == "problem"
    assert "expected 4" in found.message


def test_a_metric_with_nothing_to_score_is_a_problem_unless_a_model_finds_the_names(mini):
    assert by_name(examine(mini, [EntityAccuracy()], systems="systems"))["Entity accuracy"].state == "problem"
    optional = by_name(examine(mini, [EntityAccuracy(required=False)], systems="systems"))["Entity accuracy"]
    assert optional.state == "warning"
    with_ner = by_name(examine(mini, [EntityAccuracy()], systems="systems", ner=Spacy(model="nope")))
    assert with_ner["Entity accuracy"].state == "ok"
    assert with_ner["ner"].state == "problem"


def test_a_model_for_another_language_is_a_problem(mini, monkeypatch):
    monkeypatch.setattr(Spacy, "prepare", lambda self: "ready")
    monkeypatch.setattr(Spacy, "language", lambda self: "en")
    for target, state in (("de", "problem"), ("eng_Latn", "ok")):
        reader = Lines(reference={"A": "ref.en"}, target_language=target)
        assert (
            by_name(examine(reader, [Bleu()], systems="systems", ner=Spacy(model="m")))["ner"].state == state
        )


def test_missing_packages_and_unsupported_versions_are_reported_with_the_command_that_fixes_them(monkeypatch):
    versions = {"numpy": "2.1.0", "setuptools": "82.0"}
    real = importlib.metadata.version

    def version(name):
        if name == "tabulate":
            raise importlib.metadata.PackageNotFoundError(name)
        return versions.get(name) or real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    found = [diagnosis.message for diagnosis in doctor._check_environment() if diagnosis.state == "problem"]
    assert found == [
        "numpy 2.1.0 is installed, but evalkit needs <2,>=1.24; run pip install 'numpy<2,>=1.24'",
        "setuptools 82.0 is installed, but evalkit needs <81; run pip install 'setuptools<81'",
        "tabulate is missing; run pip install 'tabulate>=0.9'",
        "pkg_resources is missing, which unbabel-comet needs; run pip install 'setuptools<81'",
    ]


def test_extras_are_optional():
    assert all("extra" not in diagnosis.message for diagnosis in doctor._check_environment())


def test_the_cache_is_tried(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_replacements", {})
    found = doctor._check_cache(str(tmp_path))
    assert found.state == "ok"
    assert found.message.startswith(f"{tmp_path}: 0.00 of 4 GB used, ")
    (tmp_path / "file").write_text("", encoding="utf-8")
    unusable = doctor._check_cache(str(tmp_path / "file"))
    assert unusable.state == "warning"
    assert "cannot use the cache" in unusable.message
    monkeypatch.setenv("EVALKIT_CACHE_GB", "x")
    assert doctor._check_cache(None) == Diagnosis(
        "problem", "cache", "EVALKIT_CACHE_GB=x: expected gigabytes, such as 4"
    )
    monkeypatch.delenv("EVALKIT_CACHE_GB")
    assert (
        doctor._check_cache("off")
        == doctor._check_cache("OFF")
        == Diagnosis("ok", "cache", "off: results of models are not kept between runs")
    )


def test_an_output_folder_that_cannot_be_written_is_a_problem(mini, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert (
        by_name(examine(mini, [Bleu()], systems="systems", output=tmp_path / "file" / "out"))[
            "output folder"
        ].state
        == "problem"
    )


def test_an_unexpected_error_is_a_finding(mini, monkeypatch):
    def fail(_self):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(Chrf, "prepare", fail)
    assert by_name(examine(mini, [Chrf()], systems="systems"))["chrF"] == Diagnosis(
        "problem", "chrF", "RuntimeError: two lines"
    )


def test_the_command(mini, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "500")  # one line per diagnosis
    before = sorted(path.name for path in tmp_path.iterdir())
    settings = [
        "-cn",
        "doctor",
        "test_set=lines",
        "test_set.reference={A: ref.en}",
        "test_set.target_language=en",
        "systems=systems",
    ]

    def run(*more):
        monkeypatch.setattr(sys, "argv", ["evalkit", *settings, *more])
        try:
            code = cli.main()
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    code, out, err = run("metrics=[bleu,chrf]")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.split("\n\n")[0].splitlines()] == ["ok"] * 8
    code, out, err = run("metrics=[bleu,comet]", "metrics.comet.model=nowhere/at/all")
    assert (code, err) == (1, "")
    assert "problem  COMET" in out
    code, out, err = run("nope=1")
    assert (code, out) == (2, "")
    assert err == "evalkit: unknown setting 'nope'; python -m evalkit -cn doctor --help lists the settings\n"
    code, _, err = run("--multirun")
    assert (code, err) == (2, "evalkit: doctor takes one test set at a time; run it without --multirun\n")
    code, out, _ = run("--help")
    assert code == 0
    assert "evalkit doctor checks the environment" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_damaged_model_is_reported(mini, tmp_path):
    folder = build(tmp_path / "model", "regression")
    shutil.rmtree(folder / "checkpoints")
    with pytest.raises(ModelError, match=r"missing checkpoints/model\.ckpt"):
        Comet(model=str(folder)).prepare()
