"""The command with settings as people type them: letters beyond ASCII, numbers as names, ``$`` in folders."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from commands import SETTINGS, change_to_lines

FAST = [*SETTINGS, "report=[]", "metrics=[bleu]"]


def read_run(folder):
    return json.loads(Path(folder, "run.json").read_text(encoding="utf-8"))


def without(name, settings):
    """The settings except one: the command line merges mappings,."""
    return [setting for setting in settings if not re.match(rf"([\w.]+\.)?{name}=", setting)]


def test_letters_beyond_ascii_need_no_quotes(lines, command):
    Path("tsü").mkdir()
    shutil.copy("ref.en", "tsü/ref.数据")
    shutil.copy("systems/good.txt", "O'Brien & Söhne.txt")
    code, _, err = command(
        *without("reference", lines),
        *FAST,
        "name=prüfung",
        "test_set.path=tsü",
        "test_set.reference={Ä: ref.数据}",
        "systems={тест: O'Brien & Söhne.txt, #1: systems/bad.txt}",
    )
    assert (code, err.count("Traceback")) == (0, 0)
    run = read_run("outputs/prüfung")
    assert list(run["systems"])[:2] == ["тест", "#1"]
    assert Path("outputs/latest").readlink() == Path("prüfung")
    stored = yaml.safe_load(Path("outputs/prüfung/.hydra/config.yaml").read_text(encoding="utf-8"))
    assert stored["systems"]["тест"] == "O'Brien & Söhne.txt"
    assert command("-cn", "history", "runs=[outputs/prüfung]", "name=verlauf_ü", "report=[]")[0] == 0
    assert Path("comparisons/verlauf_ü/history.json").exists()
    assert command("-cn", "baseline", "run=outputs/prüfung", "output=größe")[0] == 0
    assert Path("größe/run.json").exists()


def test_numbers_are_names(lines, command):
    for name in ("1_000", "007", "1e3", "1.50", "12:30", "2024-11-28", "no", "nan"):
        assert command(*lines, *FAST, f"name={name}")[0] == 0
        assert read_run(f"outputs/{name}")["name"] == name
    shutil.copy("systems/good.txt", "2_0")
    code, *_ = command(
        *without("reference", lines),
        *FAST,
        "controls=false",
        "systems={1: systems/good.txt, 2024: 2_0, 0x1: 2_0}",
        "test_set.reference={1: ref.en}",
        "test_set.references=[1]",
        "test_set.name=4_2",
        "baseline=outputs/1_000",
        "baseline_systems={1: good, 2024: good, 0x1: bad}",
        "name=x",
    )
    assert code == 0
    run = read_run("outputs/x")
    assert list(run["systems"]) == ["1", "2024", "0x1"]
    assert run["config"]["systems"]["2024"] == "2_0"
    assert run["config"]["test_set"]["name"] == "4_2"


def test_a_sweep_reads_the_same_names(lines, command):
    code, *_ = command(
        "--multirun", *lines, *FAST, "name=ü,1_000,O'Brien,'a, b'", "systems={1_0: systems/good.txt}"
    )
    assert code == 0
    for number, name in enumerate(["ü", "1_000", "O'Brien", "a, b"]):
        assert "1_0" in read_run(f"outputs/{name}/{number}")["systems"]


@pytest.mark.parametrize("folder", ["$x", "${x}", "a ${b:c}", "$"])
def test_a_folder_may_have_a_dollar_in_its_name(command, tmp_path, monkeypatch, folder):
    (tmp_path / folder).mkdir()
    settings = [*change_to_lines(tmp_path / folder, monkeypatch), *FAST, "systems=systems/*.txt"]
    shutil.copytree("systems", "systems/$y", ignore=lambda *_: ["bad.txt"])
    assert command(*settings, "name=x")[0] == 0
    assert command(*settings, "name=y", "test_set.path=${hydra:runtime.cwd}")[0] == 0
    assert Path("outputs/latest").readlink() == Path("y")
    assert command("--multirun", *settings, "name=z", "controls=true,false")[0] == 0
    assert Path("outputs/z/1/run.json").exists()
    assert Path("outputs/x/.hydra/config.yaml").exists()
    here = str(Path.cwd()).replace("${", r"\${")
    assert command(*settings, f"test_set.path='{here}'", f"hydra.run.dir='{here}/own'")[0] == 0
    assert read_run("own")["config"]["test_set"]["path"] == str(Path.cwd())
    compared = ["baseline=outputs/x", "candidate=outputs/y", "significance.trials=20"]
    assert command("-cn", "compare", *compared, "report=[]")[0] == 0


@pytest.mark.parametrize("folder", ["a${b", "${a b}"])
def test_a_folder_whose_name_hydra_cannot_store_is_refused_in_one_line(
    command, tmp_path, monkeypatch, folder
):
    (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / folder)
    for arguments in ([], ["--help"]):
        message = f"{Path.cwd()}: Hydra cannot run in a folder with this ${{ in its name; rename the folder"
        assert command(*arguments) == (2, "", f"evalkit: {message}\n")


def test_interpolations_still_work(lines, command, monkeypatch):
    monkeypatch.setenv("HERE", str(Path.cwd()))
    assert command(*lines, *FAST, "name=x", "test_set.reference={A: '${oc.env:HERE}/ref.en'}")[0] == 0
    assert command(*lines, *FAST, "name=y", "test_set.name=${name}-ü")[0] == 0
    assert read_run("outputs/y")["config"]["test_set"]["name"] == "y-ü"


def compose(experiment, *, overrides, command):
    folder = Path("settings/experiment")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mine.yaml").write_text(f"# @package _global_\n{experiment}\n", encoding="utf-8")
    return command("--config-dir", "settings", "experiment=mine", *overrides)


def test_numbers_in_yaml_are_names_as_well(lines, command):
    experiment = (
        "name: 2024\nsystems: {1: systems/good.txt, 2024-11-28: systems/bad.txt}\ntest_set: {name: 7}"
    )
    overrides = [*without("systems", lines), *FAST]
    assert compose(experiment, overrides=overrides, command=command)[0] == 0
    run = read_run("outputs/2024")
    assert list(run["systems"])[:2] == ["1", "2024-11-28"]
    assert run["test_set"]["name"] == "7"


@pytest.mark.parametrize(
    ("experiment", "message"),
    [
        ("name: 1_000", "name: expected text, found the number 1000; write '1_000' in quotes"),
        ("name: 12:30", "name: expected text, found the number 750; write '12:30' in quotes"),
        ("name: 1.50", "name: expected text, found the number 1.5; write '1.50' in quotes"),
        ("name: no", "name: expected text, found False; write 'no' in quotes, since YAML reads it as False"),
        ("cache: 1_0", "cache: expected text, found the number 10; write '1_0' in quotes"),
        (
            "test_set: {name: 0x11}",
            "test_set.name: expected text, found the number 17; write '0x11' in quotes",
        ),
        ("test_set: {references: [0_1]}", "test_set.references: expected text, found the number 1;"),
        ("systems: {1_9: x}", "systems: expected text, found the number 19; write '1_9' in quotes"),
        ("systems: {no: x}", "systems: expected text, found False; write 'no' in quotes"),
        ("systems: {null: x}", "Incompatible key type 'NoneType'"),
        ("baseline_systems: {x: 0_2}", "baseline_systems.x: expected text, found the number 2;"),
        ("test_set: {target_language: no}", "write 'no' in quotes, since YAML reads it as False"),
    ],
)
def test_what_yaml_made_something_else_of_is_refused_in_one_line(lines, command, experiment, message):
    def is_free(setting):
        name = setting.partition("=")[0].rpartition(".")[2]
        return setting == "test_set=lines" or not re.search(rf"\b{name}\b", experiment)

    overrides = list(filter(is_free, [*lines, *FAST]))  # the command line would replace it
    code, out, err = compose(experiment, overrides=overrides, command=command)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert not list(Path("outputs").glob("*"))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "name=out(1)",
            "name=out(1): Unknown function 'out'; close all brackets, and quote a value that contains",
        ),
        ("name=out(1)", """'name="out(1)"'"""),
        ("test_set.path=run=3/out", """'test_set.path="run=3/out"'"""),
        ("name='ü", "name='ü: a line break, or a quotation mark in or before a value that is not quoted"),
        ("name=a\nb", r"name=a\nb: a line break"),
        ("systems={a,b: x}", """'key={"a, b": c}'"""),
        ("systems={a: x, 'a': y}", "systems={a: x, 'a': y}: a mapping has the same name twice"),
        ("test_set.path=${x}/y", r"Interpolation key 'x' not found; to use ${ as text, write \${"),
        ("test_set.path=${x:y}", r"Unsupported interpolation type x; to use ${ as text, write \${"),
        ("test_set.path=${x y}", r"to use ${ as text, write \${"),
        ("prüf=1", "unknown setting 'prüf'"),
        ("test_set.refßrence=1", "unknown setting 'test_set.refßrence'; did you mean test_set.reference?"),
        ("metrics=[blöu]", "metrics=blöu: unknown choice"),
        ("systems={a: true}", "systems.a: expected text, found True; write 'true' in quotes"),
        (
            "baseline_systems={good: old}",
            "baseline_systems: set, but there is no baseline; set baseline=FOLDER",
        ),
    ],
)
def test_what_has_to_be_quoted_is_said_in_one_line(lines, command, setting, message):
    code, out, err = command(*lines, *FAST, setting)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_a_rule_for_a_metric_that_does_not_exist_is_refused_before_anything_is_scored(lines, command):
    rule = "gate.rules={x: {metric: bleuu, floor: 1}}"
    for doctor in ([], ["-cn", "doctor"]):
        code, out, err = command(*doctor, *lines, *FAST, "gate=ci", rule)
        assert (code, out) == (2, "")
        assert err == "evalkit: gate.rules.x: unknown metric 'bleuu'; expected one of bleu\n"
    assert command(*lines, *FAST, "gate=ci", rule, "gate.allow=[bleuu]", "name=x")[0] == 0
    assert command(*lines, *FAST, "gate=ci", rule.replace("bleuu", "ter"), "name=y")[0] == 3


def test_bytes_that_are_not_utf_8_are_refused_in_one_line(lines, command):
    code, out, err = command(*lines, *FAST, f"name={os.fsdecode(b'x' + bytes([0xFC]))}")
    assert (code, out, err) == (2, "", "evalkit: name=x\\udcfc: not UTF-8; see python -m evalkit --help\n")
