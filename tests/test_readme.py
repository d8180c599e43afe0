"""Every command of the README runs, in its order, on small inputs."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from ner_models import SPACY

from evalkit.cli import main as cli

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(command, comments=True)[3:]
    for block in re.findall(r"^```\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for command in re.findall(r"^python -m evalkit .*$", block, re.MULTILINE)
]
DOCUMENTS = ("cairo-gaza-aid", "kyiv-energy-visit")
XML = """<?xml version='1.0' encoding='utf-8'?>
<dataset id="wmttest2022"><doc id="a" origlang="ru">
<src lang="ru"><p><seg id="1">Кошка сидела.</seg><seg id="2">Шёл дождь.</seg></p></src>
<ref lang="en" translator="A"><p><seg id="1">The cat sat there.</seg><seg id="2">It rained all day.</seg></p></ref>
<hyp system="Online-A" lang="en"><p><seg id="1">The cat sat here.</seg><seg id="2">It rained all day.</seg></p></hyp>
</doc></dataset>
"""


@pytest.fixture(scope="module")
def here(world_news, tmp_path_factory):
    """What the commands name: a test set, a file of WMT, an output, and two runs."""
    folder = tmp_path_factory.mktemp("readme")
    for path in world_news.rglob("*.txt"):
        if path.stem in DOCUMENTS and "pivot" not in path.parts:
            target = folder / "my_test_set" / path.relative_to(world_news)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    (folder / "wmttest2022.ru-en.all.xml").write_text(XML, encoding="utf-8")
    (folder / "out").mkdir()
    (folder / "out" / "mine.en").write_text("A cat sat there.\nIt rained.\n", encoding="utf-8")
    return folder


def run(arguments, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["evalkit", *arguments])
    try:
        return cli.main()
    except SystemExit as stop:
        return stop.code or 0


@pytest.mark.slow(reason="runs nine commands, with all models")
def test_every_command_runs_in_its_order(here, monkeypatch, capsys):
    monkeypatch.chdir(here)
    assert len(COMMANDS) == 9
    for name in ("monday", "tuesday"):
        names = ["ner=spacy", f"ner.model={SPACY}"]
        assert (
            run(
                ["test_set.path=my_test_set", *names, f"name={name}", "metrics=[bleu,chrf,entity_accuracy]"],
                monkeypatch,
            )
            == 0
        )
    for number, command in enumerate(COMMANDS):
        words = [
            word.replace("en_core_web_sm", SPACY)
            for word in command
            if word != "hydra/launcher=submitit_slurm"
        ]
        if "gate=ci" in words:
            words.append(
                "gate.allow=[entity_accuracy,comet_mini]"
            )  # monday's names were a model's, and there was no COMET-mini
        code = run(words, monkeypatch)
        assert code == 0, f"{command}: {capsys.readouterr().err}"
        if "annotate" in words and number == COMMANDS.index(command):  # after the first of the two
            sheet = here / "my_test_set" / "entities.tsv"
            sheet.write_text(
                re.sub(r"^\?", "yes", sheet.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8"
            )
    for path in (
        "my_test_set/entities.jsonl",
        "outputs/nightly/report.html",
        "outputs/ci/verdict.json",
        "outputs/sweep/1/report.html",
    ):
        assert (here / path).is_file(), path
    assert len(list(here.glob("comparisons/*/*.html"))) == 2


def test_the_files_that_the_readme_names_are_there(root):
    for path in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (root / path).exists(), path
    assert (root / "docs" / "report.png").stat().st_size < 200_000
