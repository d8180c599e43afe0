"""The command on stored runs: compare, history, baseline and the gate, with what they print, write and exit
with.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
import yaml
from commands import SETTINGS, change_to_lines, process
from hydra.types import RunMode

from evalkit.cli import main as cli
from evalkit.cli.output import fail_if_gate_failed
from evalkit.gate import Gate, Score
from evalkit.gate.verdict import Verdict

FAST = [*SETTINGS, "significance.trials=50"]
RULE = "gate.rules={bleu: {max_drop: 1}}"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """``outputs`` with two runs of a system *mine*: old, and new, which is worse."""
    folder = tmp_path_factory.mktemp("stored")
    with pytest.MonkeyPatch.context() as patch:
        settings = change_to_lines(folder, patch)
        for name, path in (("old", "good"), ("new", "bad")):
            given = [*settings, *FAST, f"name={name}", f"systems={{mine: systems/{path}.txt}}"]
            patch.setattr(sys, "argv", ["evalkit", *given])
            assert cli.main() == 0
    return folder / "outputs"


@pytest.fixture
def stored(lines, outputs):
    """A copy of these runs in the current folder; the settings that compare them."""
    shutil.copytree(outputs, "outputs", symlinks=True)
    return ["baseline=outputs/old", "candidate=outputs/new", *FAST]


def gate(rules):
    return [
        "gate=ci",
        *(
            f"gate.rules.{name}=null"
            for name in ("bleu", "chrf", "comet_mini", "entity_accuracy")
            if name not in rules
        ),
    ]


def test_compare_prints_a_table_and_writes_what_came_of_it(stored, command):
    code, out, err = command("-cn", "compare", *stored, "name=x")
    assert (code, err) == (0, "")
    assert out.startswith("new compared with old on")
    assert out.rstrip().endswith("Report: comparisons/x/comparison.html")
    assert sorted(path.name for path in Path("comparisons/x").iterdir()) == [
        ".hydra",
        "comparison.html",
        "comparison.json",
        "comparison.md",
    ]
    assert not Path("comparisons/latest").exists()
    assert Path("outputs/latest").readlink() == Path("new")


def test_runs_of_which_nothing_compares_are_refused_with_one_reason(lines, stored, command):
    Path("ref.txt").write_text(Path("ref.en").read_text(encoding="utf-8").replace("a", "e"), encoding="utf-8")
    assert (
        command(
            *lines, *FAST, "name=other", "systems={mine: systems/good.txt}", "test_set.reference={A: ref.txt}"
        )[0]
        == 0
    )
    code, out, err = command("-cn", "compare", *stored, "candidate=outputs/other", "name=x")
    assert (code, err) == (1, "evalkit: nothing could be compared; see the reasons above\n")
    assert out.count("the test sets differ") == 1
    allowed = [*gate(["bleu"]), "gate.allow=[mine]"]
    code, out, err = command("-cn", "compare", *stored, "candidate=outputs/other", *allowed, "name=y")
    assert (code, err) == (0, ""), "the gate allows it"
    assert out.rstrip().endswith("gate passed: 1 check")
    assert json.loads(Path("comparisons/x/comparison.json").read_text(encoding="utf-8"))["comparisons"][0][
        "unpaired"
    ]


@pytest.fixture
def other(lines, stored, command):
    """A run *other* on another test set than those of *old* and *new*."""
    Path("ref.txt").write_text(Path("ref.en").read_text(encoding="utf-8").replace("a", "e"), encoding="utf-8")
    reference = "test_set.reference={A: ref.txt}"
    arguments = ["name=other", "systems={mine: systems/good.txt}", reference]
    assert command(*lines, *FAST, *arguments)[0] == 0
    return "outputs/other"


def test_one_of_several_runs_that_compares_is_enough(stored, other, command):
    code, out, err = command("-cn", "compare", *stored, f"candidate=[{other},outputs/new]", "name=x")
    assert (code, err) == (0, "")
    assert out.startswith("other compared with old on")
    assert "\nnew compared with old on" in out


def test_a_gate_decides_where_nothing_compares(stored, other, command):
    """What is not comparable may be allowed by name."""
    wanted = ["-cn", "compare", *stored, f"candidate={other}", RULE]
    assert command(*wanted, "gate=ci", "name=x")[0] == 3
    code, out, err = command(*wanted, "gate=ci", "gate.allow=[bleu]", "name=x")
    assert (code, err) == (0, "")
    assert out.rstrip().endswith("gate passed: 1 check")


def test_what_is_left_out_of_a_comparison_is_told(stored, command):
    Path("outputs/half").mkdir()
    code, _, err = command("-cn", "compare", *stored, "candidate=outputs/*", "name=x")
    assert code == 0
    assert err == (
        "evalkit: skipped: outputs/half: no run.json\nevalkit: skipped: outputs/old: is the baseline\n"
    )


def test_the_summary_for_github_has_every_comparison(stored, command, monkeypatch, tmp_path):
    shutil.copytree("outputs/new", "outputs/newer")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    candidates = "candidate=[outputs/new,outputs/newer]"
    assert command("-cn", "compare", *stored, candidates, "name=x")[0] == 0
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert summary.count(" compared with old\n") == 2


def test_names_that_broke_are_named(world_news, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = [
        "metrics=[entity_accuracy]",
        "report=[markdown]",
        "significance.resamples=50",
        "controls=false",
    ]
    for name, system in (("old", "strong"), ("new", "fluent")):
        path = world_news / "systems" / system
        assert (
            command(f"test_set.path={world_news}", *settings, f"name={name}", f"systems={{mine: {path}}}")[0]
            == 0
        )
    code, out, _ = command("-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "name=x")
    assert code == 0
    assert re.search(r"mine: \d+ names broken: .+ → .+ and \d+ more", out)


def test_what_was_scored_is_kept_where_it_cannot_be_compared(lines, stored, command):
    code, _, err = command(
        *lines,
        *FAST,
        "name=third",
        "systems={mine: systems/good.txt}",
        "baseline=outputs/old",
        "+baseline_systems.nope=mine",
    )
    assert code == 2
    assert "third has no system nope" in err
    assert (
        json.loads(Path("outputs/third/run.json").read_text(encoding="utf-8"))["systems"]["mine"]["metrics"][
            "bleu"
        ]["status"]
        == "ok"
    )


def test_a_gate_that_fails_exits_3_and_one_that_passes_0(stored, command):
    code, out, err = command(
        "-cn", "compare", *stored, *gate(["bleu"]), "gate.rules.bleu.alpha=null", "name=x"
    )
    assert (code, err) == (3, "evalkit: gate failed: 1 of 1 check\n")
    assert "mine: bleu must not be worse by more than 0.5: " in out
    assert json.loads(Path("comparisons/x/verdict.json").read_text(encoding="utf-8"))["passed"] is False
    assert len(ET.parse("comparisons/x/junit.xml").getroot().findall("testsuite/testcase/failure")) == 1
    assert "gate failed" in Path("comparisons/x/verdict.md").read_text(encoding="utf-8")
    same = ["baseline=outputs/old", "candidate=outputs/old"]
    code, out, err = command("-cn", "compare", *stored, *same, *gate(["bleu", "chrf"]), "name=x")
    assert (code, err) == (0, "")
    assert out.rstrip().endswith("gate passed: 2 checks")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_what_standard_output_cannot_encode_is_escaped_and_the_gate_still_decides(stored, encoding):
    """No code page of Windows has an arrow."""
    wanted = ["-cn", "compare", *stored, *gate(["bleu"]), "gate.rules.bleu.alpha=null"]
    found = process(*wanted, env={**os.environ, "PYTHONIOENCODING": encoding}, encoding=encoding)
    assert (found.returncode, found.stderr) == (3, "evalkit: gate failed: 1 of 1 check\n")
    arrow = "→" if encoding == "utf-8" else r"\u2192"
    assert re.search(rf"bleu must not be worse by more than 0\.5: [\d.]+ {re.escape(arrow)} ", found.stdout)


def test_a_gate_that_checked_nothing_has_failed(monkeypatch):
    alone = SimpleNamespace(get=lambda: SimpleNamespace(mode=RunMode.RUN))
    monkeypatch.setattr("evalkit.cli.output.HydraConfig", alone)
    fail_if_gate_failed(None)
    with pytest.raises(SystemExit) as stop:
        fail_if_gate_failed(Verdict(runs=("x",), baseline=None, checks=()))
    assert stop.value.code == 3


def test_evaluate_with_a_baseline_does_both_at_once(lines, stored, command):
    plain = [*lines, *FAST, "name=now"]
    wanted = [
        *plain,
        "systems={renamed: systems/bad.txt}",
        "baseline=outputs/old",
        "baseline_systems={renamed: mine}",
    ]
    code, out, err = command(*wanted, *gate(["bleu"]), "gate.rules.bleu.alpha=null", "gate.coverage=0.5")
    assert code == 3
    assert err.endswith("evalkit: gate failed: 1 of 2 checks\n")
    assert "renamed (was mine)" in out
    folder = Path("outputs/now")
    assert {"run.json", "comparison.json", "comparison.md", "verdict.json", "verdict.md", "junit.xml"} <= {
        path.name for path in folder.iterdir()
    }
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["systems"]["renamed"]
    assert command(*plain)[0] == 0
    assert not {"comparison.json", "verdict.json", "junit.xml"} & {path.name for path in folder.iterdir()}, (
        "those of the earlier run are gone"
    )


def test_floors_need_no_baseline(lines, command):
    rules = [*gate(["bleu"]), "gate.rules.bleu.alpha=null", "gate.rules.bleu.max_drop=null"]
    assert command(*lines, *FAST, *rules, "gate.rules.bleu.floor=1", "name=x")[0] == 0
    assert command(*lines, *FAST, *rules, "gate.rules.bleu.floor=30", "name=x")[0] == 3
    assert (
        command(*lines, *FAST, *rules, "gate.rules.bleu.floor=30", "gate.rules.bleu.system=good", "name=x")[0]
        == 0
    )


def test_a_failed_metric_is_an_error_before_it_is_a_failed_gate(lines, command):
    wanted = [
        *lines[:-1],
        "metrics=[bleu,comet]",
        "metrics.comet.model=nowhere/at/all",
        *FAST,
        *gate(["bleu"]),
        "gate.rules.bleu.floor=99",
    ]
    assert command(*wanted, "gate.rules.bleu.alpha=null", "gate.rules.bleu.max_drop=null", "name=x")[0] == 1


SWEEP = ["--multirun", "systems={mine: systems/good.txt},{mine: systems/bad.txt},{mine: systems/good.txt}"]


def swept(lines):
    return [
        *lines,
        *FAST,
        *SWEEP[1:],
        "name=sweep",
        "baseline=outputs/old",
        *gate(["bleu"]),
        "gate.rules.bleu.alpha=null",
    ]


@pytest.mark.slow(reason="runs nine jobs in four sweeps")
def test_a_sweep_exits_3_where_the_gate_of_one_job_fails_and_0_where_none_does(lines, stored, command):
    code, _, err = command("--multirun", *swept(lines))
    assert code == 3
    assert "gate failed: 1 of 1 check" in err
    assert [
        json.loads(Path(f"outputs/sweep/{n}/verdict.json").read_text(encoding="utf-8"))["passed"]
        for n in range(3)
    ] == [
        True,
        False,
        True,
    ]
    assert command("--multirun", *swept(lines), "gate.rules.bleu.max_drop=99")[0] == 0
    assert command("--multirun", *swept(lines), "gate.rules.bleu.max_drop=-1")[0] == 2
    assert (
        command(
            "-cn",
            "compare",
            "--multirun",
            *stored,
            "candidate=outputs/old,outputs/new",
            *gate(["bleu"]),
            "gate.rules.bleu.alpha=null",
        )[0]
        == 3
    )


@pytest.mark.slow(reason="runs four jobs in a sweep")
def test_every_job_of_a_sweep_says_why_it_failed(lines, command):
    wanted = "systems=systems/one.txt,systems/good.txt,systems/two.txt"
    code, _, err = command("--multirun", *lines, *FAST, wanted, "name=sweep")
    assert code == 1
    assert Path("outputs/sweep/1/run.json").is_file()
    assert "evalkit: job 0: systems/one.txt: system output not found; " in err
    assert "evalkit: job 2: systems/two.txt: system output not found; " in err


@pytest.mark.slow(reason="starts a sweep with two workers")
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ([], 3),
        (["gate.rules.bleu.max_drop=99"], 0),
        (["baseline=nowhere"], 1),
        (["gate.rules.bleu.max_drop=-1"], 2),
    ],
)
def test_exit_codes_come_back_from_joblib_s_workers(lines, stored, more, code):
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher", reason="pip install -e '.[joblib]'")
    found = process("--multirun", *swept(lines), *more, "hydra/launcher=joblib", "hydra.launcher.n_jobs=2")
    assert (found.returncode, "Traceback" in found.stderr) == (code, False), found.stderr


def test_github_gets_a_summary_and_annotations(stored, command, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    (tmp_path / "summary.md").write_text("# Before\n", encoding="utf-8")
    code, out, _ = command("-cn", "compare", *stored, *gate(["bleu"]), "gate.rules.bleu.alpha=null")
    assert code == 3
    assert out.count("\n::error title=evalkit%3A bleu::mine: bleu must not be worse by more than 0.5: ") == 1
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("# Before\n## ❌ evalkit: gate failed: 1 of 1 check\n")
    assert "## new compared with old" in summary
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    code, _, err = command("-cn", "compare", *stored)
    assert code == 1
    assert "the summary cannot be written: Is a directory" in err


def test_elsewhere_than_on_github_there_are_no_annotations(stored, command, monkeypatch, tmp_path):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    for actions in (None, "false"):
        monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
        if actions:
            monkeypatch.setenv("GITHUB_ACTIONS", actions)
        code, out, _ = command("-cn", "compare", *stored, *gate(["bleu"]), "gate.rules.bleu.alpha=null")
        assert code == 3
        assert "gate failed: 1 of 1 check" in out
        assert "::error" not in out


def test_history_lists_runs(stored, command):
    Path("outputs/half").mkdir()
    code, out, err = command("-cn", "history", "name=trend")
    assert (code, err) == (0, "evalkit: skipped: outputs/half: no run.json\n")
    assert sorted(line.split()[0] for line in out.splitlines() if line.startswith(("old", "new"))) == [
        "new",
        "new",
        "old",
        "old",
    ]
    assert sorted(path.name for path in Path("comparisons/trend").iterdir()) == [
        ".hydra",
        "history.html",
        "history.json",
        "history.md",
    ]
    assert command("-cn", "history", "runs=[outputs/old]")[0] == 0


def test_a_baseline_is_stored_with_one_command(stored, command):
    code, out, err = command("-cn", "baseline", "run=outputs/old", "output=baselines/main")
    assert (code, err) == (0, "")
    assert out.startswith("Baseline: baselines/main (")
    assert not Path("baselines/main/segments.jsonl").exists()
    assert command("-cn", "compare", *stored, "baseline=baselines/main")[0] == 0


WRONG = [
    (["-cn", "compare", "candidate=outputs/new"], 2, "baseline is not set; set baseline=…"),
    (["-cn", "compare", "baseline=outputs/old"], 2, "candidate is not set; set candidate=…"),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/nope"],
        1,
        "outputs/nope: no run.json; expected the folder of a finished run",
    ),
    (
        ["-cn", "compare", "baseline=[a]", "candidate=outputs/new"],
        2,
        "baseline: expected a folder, found ['a']",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=[[a]]"],
        2,
        "candidate: expected a folder, a glob, or a list of these, found [['a']]",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "tolerance={bleu: a}"],
        2,
        "tolerance: expected numbers by metric",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "tolerance={blue: 1}"],
        2,
        "tolerance: expected numbers of 0 or more",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "baseline_systems=[a]"],
        2,
        "baseline_systems: expected a mapping such as {name: other_name}",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "most=few"],
        2,
        "most: expected a whole number, found 'few'",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "most=true"],
        2,
        "most: expected a whole number, found True",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "tolerance={bleu: true}"],
        2,
        "tolerance: expected numbers by metric",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "nope=1"],
        2,
        "unknown setting 'nope'; python -m evalkit -cn compare --help",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "gate=nope"],
        2,
        "gate=nope: unknown choice; expected one of ci",
    ),
    (
        [
            "-cn",
            "compare",
            "baseline=outputs/old",
            "candidate=outputs/new",
            "gate=ci",
            "+gate.rules.x={floor: a}",
        ],
        2,
        "gate.rules.x.floor: expected a number",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=outputs/new", "name=../x"],
        2,
        "expected the name of a folder in comparisons/",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=[]"],
        2,
        "candidate: expected a folder, a glob, or a list of these, found []",
    ),
    (
        ["-cn", "compare", "baseline=outputs/old", "candidate=[outputs/new,'']"],
        2,
        "candidate: expected a folder, a glob, or a list of these, found ['outputs/new', '']",
    ),
    (
        ["-cn", "history", "runs=outputs/*", "name=../x"],
        2,
        "expected the name of a folder in comparisons/",
    ),
    (["-cn", "history", "runs=nowhere/*"], 1, "nowhere/*: no finished run; expected the folder of a run"),
    (
        ["-cn", "history", "--multirun", "runs=a,b"],
        2,
        "history takes one set of runs at a time; run it without --multirun",
    ),
    (
        ["-cn", "baseline", "--multirun", "run=outputs/old,outputs/new", "output=x"],
        2,
        "baseline takes one set of runs at a time; run it without --multirun",
    ),
    (
        ["gate.rules={x: {metric: bleu, floor: 1}}"],
        2,
        "gate.rules: rules, but no gate; choose one with gate=ci",
    ),
    (["gate.rules.bleu.floor=1"], 2, "gate: settings, but no gate; choose one with gate=ci"),
    (
        ["gate=ci", "gate.rules.bleu.flor=1"],
        2,
        "gate.rules.bleu.flor: unknown setting; Score has metric, system",
    ),
    (["-cn", "comapre"], 2, "-cn comapre: unknown command; did you mean compare? expected one of annotate"),
    (["-cn", "baseline", "run=outputs/old"], 2, "output is not set; set output=…"),
    (["-cn", "baseline", "run=outputs/nope", "output=x"], 1, "outputs/nope: no run.json"),
    (["-cn", "baseline", "run=outputs/old", "output=outputs/old"], 1, "is the run itself"),
]


@pytest.mark.parametrize(("arguments", "expected", "message"), WRONG, ids=[message for *_, message in WRONG])
def test_what_is_wrong_is_told_in_one_line_and_nothing_is_written(
    stored, command, arguments, expected, message
):
    before = sorted(path for path in Path().rglob("*") if path.is_file())
    code, out, err = command(*arguments)
    assert (code, out) == (expected, "")
    assert message in err
    assert err.count("\n") == 1, err
    assert sorted(path for path in Path().rglob("*") if path.is_file()) == before


def test_a_baseline_that_cannot_be_used_is_told_before_anything_is_scored(lines, command):
    for more, expected, message in (
        (["baseline=nowhere"], 1, "nowhere: no run.json"),
        (
            ["gate=ci"],
            2,
            "gate: no baseline, which these rules need: bleu, chrf, comet_mini, entity_accuracy; set baseline=FOLDER",
        ),
        (["baseline=[a]"], 2, "baseline: expected a folder, found ['a']"),
    ):
        for doctor in ([], ["-cn", "doctor"]):
            code, out, err = command(*doctor, *lines, *more)
            assert (code, out, err.count("\n")) == (expected, "", 1)
            assert message in err
        assert not Path("outputs").exists() or not any(Path("outputs").iterdir())


@pytest.mark.parametrize("name", ["compare", "history", "baseline"])
def test_help_shows_usage_settings_and_exit_codes(command, name):
    code, out, _ = command("-cn", name, "--help")
    assert code in (0, None)
    assert f"python -m evalkit -cn {name}" in out
    assert "Exit codes: 0 passed, 1 error, 2 usage" in out


def test_the_rules_that_come_with_evalkit_name_what_is_set_and_the_file_lists_every_setting(root):
    text = (root / "configs" / "gate" / "ci.yaml").read_text(encoding="utf-8")
    node = yaml.safe_load(text)
    assert set(node) - {"_target_"} == {field.name for field in fields(Gate)}
    for field in fields(Score):
        assert re.search(rf"^# +{field.name} ", text, re.MULTILINE), field.name
    gate = Gate(**{key: value for key, value in node.items() if key != "_target_"})
    assert gate.active_rules["bleu"] == Score(max_drop=0.5, alpha=0.05)
    assert all(rule.needs_baseline for rule in gate.active_rules.values())


def test_comparing_imports_no_model(stored):
    script = (
        "import sys; from evalkit.cli import main as cli\n"
        f"sys.argv = ['evalkit', '-cn', 'compare', *{stored!r}]\n"
        "code = cli.main()\n"
        "print('SLOW', sorted({'torch', 'transformers', 'datasets', 'comet', 'pandas', 'pyarrow', 'spacy'} & set(sys.modules)), code)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert found.stdout.endswith("SLOW [] 0\n")


@pytest.mark.slow(reason="starts a process for every step of the workflow")
def test_the_workflow_of_the_documentation_runs(root, tmp_path):
    text = (root / "docs" / "ci.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    steps = yaml.safe_load(text)["jobs"]["evaluate"]["steps"]
    scripts = {step["name"]: step["run"] for step in steps if "name" in step}
    (tmp_path / "my_test_set").symlink_to(root / "references" / "world_news")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    (tmp_path / "bin" / "python").chmod(0o755)
    paths = {
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }

    def run(name):
        shell = [
            "bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            scripts[name],
        ]  # as GitHub starts it
        return subprocess.run(
            shell, cwd=tmp_path, env={**os.environ, **paths}, capture_output=True, text=True, check=False
        )

    first, store, second = run("Evaluate"), run("Store the baseline"), run("Evaluate")
    assert [first.returncode, store.returncode, second.returncode] == [0, 0, 0], (
        first.stderr + store.stderr + second.stderr
    )
    assert "gate passed: 12 checks" in second.stdout
    assert (
        (tmp_path / "summary.md")
        .read_text(encoding="utf-8")
        .startswith("## ✅ evalkit: gate passed: 12 checks")
    )
    (tmp_path / "my_test_set").unlink()
    (tmp_path / "my_test_set").mkdir()
    for name in ("reference.en", "source.ar", "source.ru", "source.uk", "entities.jsonl", "aliases.yaml"):
        (tmp_path / "my_test_set" / name).symlink_to(root / "references" / "world_news" / name)
    for system in ("clumsy", "pivot", "strong", "fluent"):
        other = "fluent" if system == "strong" else system
        (tmp_path / "my_test_set" / "systems" / system).parent.mkdir(exist_ok=True)
        (tmp_path / "my_test_set" / "systems" / system).symlink_to(
            root / "references" / "world_news" / "systems" / other
        )
    third = run("Evaluate")
    assert third.returncode == 3
    assert (
        "::error title=evalkit%3A entity_accuracy::strong: entity_accuracy must not be significantly worse"
        in third.stdout
    )


def test_rules_on_the_command_line_replace_those_of_the_file_and_a_setting_adds_to_them(stored, command):
    def judge(*rules):
        assert command("-cn", "compare", *stored, "gate=ci", *rules, "name=x")[0] in (0, 3)
        verdict = json.loads(Path("comparisons/x/verdict.json").read_text(encoding="utf-8"))
        return {check["rule"]: check["limit"] for check in verdict["checks"]}

    assert set(judge()) == {"bleu", "chrf", "comet_mini", "entity_accuracy"}
    assert judge("gate.rules={names: {metric: bleu, max_drop: 3}}") == {"names": 3}
    assert judge("gate.rules={names: {metric: bleu, max_drop: 3}}", "gate.rules.names.max_drop=4") == {
        "names": 4
    }
    changed = judge("gate.rules.bleu.floor=7", "gate.rules.bleu.max_drop=null", "gate.rules.chrf=null")
    assert "chrf" not in changed
    added = judge("gate.rules.per={metric: bleu, floor: 9}")
    assert (added["per"], added["bleu"]) == (9, 0.5)
