"""The worked examples of CONTRIBUTING.md work as written: each file at its path, each command as given."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from miniature import BAD, GOOD, REFERENCE

CONTRIBUTING = Path(__file__).parents[1] / "CONTRIBUTING.md"
EXAMPLES = {
    section: dict(re.findall(r"`(\S+)`:\n\n```(?:python|yaml)\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    for section, text in re.findall(
        r"^## Adding (.*?)\n(.*?)(?=^## )", CONTRIBUTING.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
}
FILES = {path: text for files in EXAMPLES.values() for path, text in files.items()}
MODULES = [path for path in FILES if path.endswith(".py")]
COMMANDS = [
    shlex.split(line)[3:]
    for line in re.findall(r"^python -m evalkit .*$", CONTRIBUTING.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.fixture
def example(tmp_path, monkeypatch, command):
    """Install the files of the examples and run the command of one, given by a setting in it."""
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    for path in MODULES:
        package, name = path.removesuffix(".py").replace("/", ".").rsplit(".", 1)
        folders = [*import_module(package).__path__, str((tmp_path / path).parent)]
        monkeypatch.setattr(import_module(package), "__path__", folders)
        monkeypatch.delitem(sys.modules, f"{package}.{name}", raising=False)
    write_articles(tmp_path / "my_test_set")
    monkeypatch.chdir(tmp_path)

    def run(setting, *more):
        (words,) = [words for words in COMMANDS if setting in words]
        return command("--config-dir", "configs", *words, *more)

    yield run
    for path in MODULES:
        sys.modules.pop(path.removesuffix(".py").replace("/", "."), None)


def write_articles(folder):
    for texts, kind in ((REFERENCE, "reference.en"), (GOOD, "systems/good"), (BAD, "systems/bad")):
        (folder / kind).mkdir(parents=True)
        for document, start in (("a", 0), ("b", 2)):
            lines = "\n".join(texts[start : start + 2])
            (folder / kind / f"{document}.txt").write_text(lines + "\n", encoding="utf-8")


def test_there_is_an_example_of_each_kind():
    packages = {path.split("/")[1] for path in MODULES}
    assert packages == {"metrics", "data", "ner", "reports", "gate"}
    assert len(FILES) == 2 * len(MODULES) == 2 * len(COMMANDS)


def test_a_metric(example):
    code, out, _ = example("metrics=[bleu,exact_match]", "name=nightly", "alignment.sentences=lines")
    assert code == 0
    assert re.search(r"^good +[\d.]+ \[.*\] +0\.250 \[", out, re.MULTILINE)
    assert "Exact match: nrefs:1|case:mixed|version:1|unit:segment" in out
    run = json.loads(Path("outputs/nightly/run.json").read_text(encoding="utf-8"))
    assert run["tests"]["exact_match"]["pairs"]
    report = json.loads(Path("outputs/nightly/systems/good/report.json").read_text(encoding="utf-8"))
    assert [document["scores"]["exact_match"] for document in report["documents"]] == [0.5, 0]


def test_runs_with_a_new_metric_compare(example, command):
    for name in ("monday", "tuesday"):
        assert example("metrics=[bleu,exact_match]", f"name={name}")[0] == 0
    code, out, err = command("-cn", "compare", "baseline=outputs/monday", "candidate=outputs/tuesday")
    assert code == 0, err
    assert re.search(r"good +Exact match .*not significant", out)


def test_a_metric_in_another_package(example, tmp_path, monkeypatch):
    (tmp_path / "evalkit/metrics/exact_match.py").rename(tmp_path / "my_metric.py")
    settings = tmp_path / "configs/metrics/exact_match.yaml"
    text = settings.read_text(encoding="utf-8").replace("evalkit.metrics.exact_match.", "my_metric.")
    settings.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    code, out, err = example("metrics=[bleu,exact_match]")
    assert code == 0, err
    assert "Exact match" in out
    sys.modules.pop("my_metric")


def test_a_test_set_format(example, tmp_path):
    rows = [f"Quelle {number}\t{text}\n" for number, text in enumerate(REFERENCE)]
    (tmp_path / "news.tsv").write_text("".join(rows), encoding="utf-8")
    (tmp_path / "out.en").write_text("\n".join(GOOD), encoding="utf-8")
    code, out, err = example("test_set=tab", "name=nightly")
    assert code == 0, err
    assert re.search(r"^out +\d", out, re.MULTILINE)
    segments = Path("outputs/nightly/segments.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(segment)["source"] for segment in segments] == [f"Quelle {n}" for n in range(4)]
    (tmp_path / "news.tsv").write_text(rows[0] + REFERENCE[1], encoding="utf-8")
    code, _, err = example("test_set=tab")
    assert (code, err) == (1, "evalkit: news.tsv, line 2: expected 2 columns, found 1\n")


def test_a_name_finder(example, tmp_path):
    (tmp_path / "names.tsv").write_text("Steve Witkoff\tPERSON\nKursk\tLOC\nKyiv\tGPE\n", encoding="utf-8")
    code, out, err = example("ner=gazetteer", "name=nightly")
    assert code == 0, err
    assert re.search(r"^good +1\.000 ", out, re.MULTILINE)
    assert re.search(r"\|mentions:ner:gazetteer/[0-9a-f]{12}/rules-\d+\|", out)
    rows = Path("outputs/nightly/systems/bad/entities.jsonl").read_text(encoding="utf-8").splitlines()
    mentions = [json.loads(row) for row in rows]
    assert [(mention["reference"], mention["type"]) for mention in mentions if mention["reference"]] == [
        ("Steve Witkoff", "PER"),
        ("Kursk", "LOC"),
        ("Kyiv", "LOC"),
    ]
    (tmp_path / "names.tsv").write_text("Kursk\tLOC\nKyiv\n", encoding="utf-8")
    code, _, err = example("ner=gazetteer")
    assert (code, err) == (1, "evalkit: names.tsv, line 2: expected a type such as PER, found ''\n")


def test_a_report(example):
    code, _, err = example("report=[markdown,tsv]", "report.tsv.decimals=2")
    assert code == 0, err
    table = Path("outputs/nightly/scores.tsv").read_text(encoding="utf-8").splitlines()
    systems = json.loads(Path("outputs/nightly/run.json").read_text(encoding="utf-8"))["systems"]
    assert table[0] == "system\tbleu\tchrf"
    for system, row in zip(systems, table[1:], strict=True):
        scores = [systems[system]["metrics"][metric]["value"] for metric in ("bleu", "chrf")]
        assert row == "\t".join([system, *(f"{score:.2f}" for score in scores)])


def test_a_gate_rule(example):
    code, out, err = example("gate=complete")
    assert code == 3
    assert "bad: empty hypotheses <= 0: 1: failed" in out
    assert "good: empty hypotheses <= 0: 0: passed" in out
    assert "gate failed: 1 of 2 checks" in err
    assert example("gate=complete", "gate.rules.empty.most=1")[0] == 0
    rule = "gate.rules.empty={_target_: evalkit.gate.empty.Empty, most: 3}"
    assert example("gate=complete", rule)[0] == 0
    code, _, err = example("gate=complete", "gate.rules.empty.least=1")
    assert (code, err) == (2, "evalkit: gate.rules.empty.least: unknown setting; Empty has most\n")


@pytest.mark.parametrize("path", [path for path in FILES if path.endswith(".yaml")])
def test_the_settings_are_the_fields_of_the_class(example, path):
    node = yaml.safe_load(FILES[path])
    node = node if "_target_" in node else node[Path(path).stem]
    module, name = node.pop("_target_").rsplit(".", 1)
    fields = {field.name for field in dataclasses.fields(getattr(import_module(module), name)) if field.init}
    assert set(node) == fields - ({"name"} if "metrics" in path else set())


@pytest.mark.parametrize("path", MODULES)
def test_the_examples_keep_the_rules_of_the_project(root, path):
    for rule in (["check"], ["format", "--check"]):
        lint = [sys.executable, "-m", "ruff", *rule, "--stdin-filename", str(root / path), "-"]
        found = subprocess.run(lint, input=FILES[path], text=True, capture_output=True, check=False)
        assert found.returncode == 0, found.stdout + found.stderr
