"""The command line: the only module that knows Hydra and OmegaConf.

It composes the configuration, checks types, builds the plain objects that `evalkit.evaluate` takes, and turns errors
into one line and an exit code (see `evalkit.errors`). Everything slow is imported inside the task, so that `--help` and
a wrong override answer at once.
"""

from __future__ import annotations

import argparse
import dataclasses
import difflib
import logging
import os
import re
import shutil
import string
import sys
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hydra
from hydra._internal.utils import get_args_parser
from hydra.core.hydra_config import HydraConfig
from hydra.errors import CompactHydraException, HydraException, OverrideParseException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

from evalkit.errors import ERROR, GATE_FAILED, OK, USAGE, ConfigError, EvalkitError
from evalkit.plugins import find_class

if TYPE_CHECKING:
    from evalkit.comparison import Comparison
    from evalkit.data.reader import Reader
    from evalkit.gate import Gate, Verdict
    from evalkit.metrics.base import Metric
    from evalkit.reports.base import Report
    from evalkit.results import Run

log = logging.getLogger("evalkit")

ANNOTATE = "annotate"
"""The configuration that proposes names."""
DOCTOR = "doctor"
"""The configuration that checks what a run needs."""
COMPARE, HISTORY, BASELINE = "compare", "history", "baseline"
"""The configurations that work on stored runs."""
SINGLE = (ANNOTATE, DOCTOR, HISTORY, BASELINE)
"""Those that no sweep makes sense of. All configurations that have no name here evaluate."""


def shipped(folder: str) -> Path:
    """``configs`` or ``references``: inside the package where it is installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    return package / folder if (package / folder).is_dir() else package.parent / folder


def choices(group: str) -> list[str]:
    """The files of a folder in ``configs``."""
    return sorted(path.stem for path in shipped(f"configs/{group}").glob("*.yaml"))


OmegaConf.register_new_resolver("references", lambda name: str(shipped("references") / name), replace=True)
OmegaConf.register_new_resolver("choices", lambda group: "|".join(choices(group)), replace=True)


class JobFailed(CompactHydraException):
    """One job of a sweep failed. Carries its exit code back from wherever a launcher ran it."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message, exit_code)
        self.exit_code = exit_code

    def __str__(self) -> str:
        return str(self.args[0])


@hydra.main(version_base="1.3", config_path=str(shipped("configs")), config_name="evaluate")
def _task(config: DictConfig) -> None:
    """One job: a run, or what else the configuration is for; alone, or one of a sweep."""
    output = Path(HydraConfig.get().runtime.output_dir)
    config_name = str(HydraConfig.get().job.config_name).removesuffix(".yaml")
    if HydraConfig.get().mode == RunMode.MULTIRUN:
        os.environ["EVALKIT_JOB"] = str(HydraConfig.get().job.num)  # see `evalkit.models.hub.choose_device`
    try:
        if config_name == ANNOTATE:
            _annotate(config)
            return
        if config_name == DOCTOR:
            _doctor(config, output)
            return
        if config_name in (COMPARE, HISTORY, BASELINE):
            {COMPARE: _compare, HISTORY: _history, BASELINE: _baseline}[config_name](config, output)
            return
        run = _evaluate(config, output)
    except (EvalkitError, OmegaConfBaseException) as error:
        _fail(*((str(error), error.exit_code) if isinstance(error, EvalkitError) else (_usage(error, config_name), USAGE)))
        return
    finally:
        _remove_empty(output)
    _print(run, output)
    if run.failures:
        _fail("; ".join(run.failures), ERROR)
    _judge(run.verdict)


def _remove_empty(folder: Path) -> None:
    """Remove the folders that Hydra made for a run of which nothing came."""
    while folder != Path.cwd() and not (folder.is_dir() and any(folder.iterdir())):
        if folder.is_dir():
            folder.rmdir()
        folder = folder.parent


def _fail(message: str, exit_code: int) -> None:
    """End this job. In a sweep an exception lets the other jobs run; in a single run it would only add noise."""
    if HydraConfig.get().mode == RunMode.MULTIRUN:
        raise JobFailed(message, exit_code)
    log.error(message)
    raise SystemExit(exit_code)


def _judge(verdict: Verdict | None) -> None:
    """End this job where its gate failed."""
    if verdict is not None and not verdict.passed:
        _fail(verdict.summary, GATE_FAILED)


def _evaluate(config: DictConfig, output: Path) -> Run:
    from evalkit.pipeline import evaluate
    from evalkit.significance import Bootstrap

    record = _record(config)
    test_set, metrics, settings = _parts(config, record)
    return evaluate(
        test_set,
        metrics,
        **settings,
        significance=build(config.significance, "significance", Bootstrap),
        controls=_flag(config, "controls"),
        baseline=None if record["baseline"] is None else _folder(record, "baseline"),
        baseline_systems=_mapping(record, "baseline_systems", str),
        gate=_gate(config),
        reports=_reports(config),
        name=str(config.name),
        output=output,
        config=record,
        files=_hydra_files(config),
        progress=True,
    )


def _flag(config: DictConfig, key: str) -> bool:
    value = config.get(key, False)  # not in a configuration of one's own
    if not isinstance(value, bool):
        raise ConfigError(f"{key}: expected true or false, found {value!r}")
    return value


def _compare(config: DictConfig, output: Path) -> None:
    from evalkit.reports.comparison_markdown import comparison_table
    from evalkit.runs import compare_runs
    from evalkit.significance import Bootstrap

    record = _record(config)
    _check_name(config.name, "comparisons")
    if not isinstance(record["most"], int) or isinstance(record["most"], bool):
        raise ConfigError(f"most: expected a whole number, found {record['most']!r}")
    found = compare_runs(
        _folder(record, "baseline"),
        _folders(record, "candidate"),
        significance=build(config.significance, "significance", Bootstrap),
        baseline_systems=_mapping(record, "baseline_systems", str),
        tolerance=_mapping(record, "tolerance", int | float),
        most=record["most"],
        gate=_gate(config),
        reports=_reports(config),
        output=output,
        files=_hydra_files(config),
    )
    for line in found.left_out:
        log.warning(f"left out: {line}")
    tables = [comparison_table(comparison) for comparison in found.comparisons]
    _show("\n\n".join([*tables, _where(output, "comparison")]), f"the comparison is in {_shown(output)}")
    _announce(found.verdict, found.comparisons)
    _judge(found.verdict)
    if found.verdict is None and not any(comparison.units for comparison in found.comparisons):
        _fail("nothing could be compared; the reasons stand above", ERROR)


def _history(config: DictConfig, output: Path) -> None:
    from evalkit.reports.history_markdown import history_table
    from evalkit.runs import trace_runs

    _check_name(config.name, "comparisons")
    found = trace_runs(_folders(_record(config), "runs"), reports=_reports(config), output=output, files=_hydra_files(config))
    for line in found.left_out:
        log.warning(f"left out: {line}")
    _show(f"{history_table(found)}\n\n{_where(output, 'history')}", f"the history is in {_shown(output)}")


def _baseline(config: DictConfig, output: Path) -> None:
    from evalkit.baseline import store

    record = _record(config)
    folder = Path(_folder(record, "output"))
    written = store(_folder(record, "run"), folder)
    size = sum((folder / path).stat().st_size for path in written)
    _show(f"Baseline: {folder} ({size / 1024:.0f} KB, without texts)", f"the baseline is in {folder}")


def _folder(record: dict[str, Any], key: str) -> str:
    if not isinstance(record[key], str) or not record[key]:
        raise ConfigError(f"{key}: expected a folder, found {record[key]!r}")
    return str(record[key])


def _folders(record: dict[str, Any], key: str) -> list[str]:
    found = record[key] if isinstance(record[key], list) else [record[key]]
    if not found or not all(isinstance(folder, str) and folder for folder in found):
        raise ConfigError(f"{key}: expected a folder, a glob, or a list of these, found {record[key]!r}")
    return found


def _mapping(record: dict[str, Any], key: str, kind: Any) -> dict[str, Any]:
    found = record[key] or {}
    if not isinstance(found, dict) or not all(isinstance(value, kind) and not isinstance(value, bool) for value in found.values()):
        expected = "names by name" if kind is str else "numbers by metric"
        raise ConfigError(f"{key}: expected {expected}, found {record[key]!r}")
    return {str(name): value for name, value in found.items()}


def _gate(config: DictConfig) -> Gate | None:
    from evalkit.gate import Gate

    return build(config.gate, "gate", Gate) if config.get("gate") else None


def _reports(config: DictConfig) -> list[Report]:
    from evalkit.reports.base import Report

    return [build(node, f"report.{key}", Report) for key, node in (config.get("report") or {}).items()]


def _hydra_files(config: DictConfig) -> dict[str, str]:
    return {
        ".hydra/config.yaml": OmegaConf.to_yaml(config),
        ".hydra/overrides.yaml": OmegaConf.to_yaml(HydraConfig.get().overrides.task),
        ".hydra/hydra.yaml": OmegaConf.to_yaml({"hydra": HydraConfig.get()}),
    }


def _record(config: DictConfig) -> dict[str, Any]:
    """The settings as plain values."""
    return typing.cast("dict[str, Any]", OmegaConf.to_container(config, resolve=True, throw_on_missing=True))


def _parts(config: DictConfig, record: dict[str, Any]) -> tuple[Reader, list[Metric], dict[str, Any]]:
    """What a run reads and scores with."""
    from evalkit.alignment import Aligner
    from evalkit.data.reader import Reader
    from evalkit.metrics.base import Metric
    from evalkit.ner.base import Ner

    _check_name(config.name)
    test_set = build(config.test_set, "test_set", Reader)
    metrics = [build(node, f"metrics.{key}", Metric, name=str(key)) for key, node in (config.get("metrics") or {}).items()]
    ner = build(config.ner, "ner", Ner) if config.get("ner") else None
    aligner = build(config.alignment, "alignment", Aligner)
    return test_set, metrics, {"systems": record["systems"], "ner": ner, "alignment": aligner, "cache": record["cache"]}


def _doctor(config: DictConfig, output: Path) -> None:
    from evalkit.doctor import PROBLEM, examine, summary
    from evalkit.stored import load

    record = _record(config)
    test_set, metrics, settings = _parts(config, record)
    gate = _gate(config)
    if gate is not None:
        gate.check_baseline(there=record["baseline"] is not None)
    if record["baseline"] is not None:
        load(_folder(record, "baseline"))
    findings = examine(test_set, metrics, **settings, output=output)
    _show(summary(findings), "")
    if any(finding.state == PROBLEM for finding in findings):
        raise SystemExit(ERROR)


def _annotate(config: DictConfig) -> None:
    from evalkit.annotation import annotate, summary
    from evalkit.data.reader import Reader
    from evalkit.ner.base import Ner

    if not config.get("ner"):
        raise ConfigError(f"ner is not set; say ner=spacy ner.model=en_core_web_sm, or another of ner={'|'.join(choices('ner'))}")
    if config.test_set.path is None:
        raise ConfigError("test_set.path is not set; say test_set.path=…")
    settings = _record(config)
    if not isinstance(settings["output"], str | None) or settings["output"] == "":
        raise ConfigError(f"output: expected a folder, found {settings['output']!r}")
    found = annotate(build(config.test_set, "test_set", Reader), build(config.ner, "ner", Ner), output=settings["output"])
    for warning in found.warnings:
        log.warning(warning)
    _show(summary(found), f"the sheet is {found.sheet}")


def _check_name(name: object, folder: str = "outputs") -> None:
    """Refuse names that would put what comes of a job elsewhere than into a folder of its own."""
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise ConfigError(f"name: expected text, found {name!r}; quote it: name='\"…\"'")
    if not {"", ".", "..", "latest"}.isdisjoint(str(name).replace("\\", "/").split("/")):
        raise ConfigError(f"name={name}: expected the name of a folder in {folder}/, other than latest, which is the newest run")


def build(node: DictConfig, key: str, base: type, **fixed: object) -> Any:
    """The object that a configuration node describes: ``_target_`` names a dataclass, whose fields are the schema.

    Raises:
        ConfigError: unknown class or key, missing value, or a value of another type.
    """
    target = node.get("_target_") if isinstance(node, DictConfig) else None
    if not target:
        raise ConfigError(f"{key}: expected settings with a _target_, found {node!r}")
    cls: Any = find_class(str(target), base)
    hints = typing.get_type_hints(cls)
    fields = [(f.name, hints[f.name], dataclasses.field(default="???")) for f in dataclasses.fields(cls) if f.init]
    given = {name: value for name, value in node.items() if name != "_target_"} | fixed
    schema = OmegaConf.structured(dataclasses.make_dataclass(cls.__name__, fields))
    values: dict[str, Any] = {}
    for name, value in ((str(name), value) for name, value in given.items()):
        if name not in hints:
            raise ConfigError(f"{key}.{name}: no such setting; {cls.__name__} has {', '.join(f[0] for f in fields)}")
        try:
            values[name] = typing.cast("dict[str, Any]", OmegaConf.to_container(OmegaConf.merge(schema, {name: value})))[name]
        except OmegaConfBaseException as error:
            expected = hints[name].__name__ if isinstance(hints[name], type) else hints[name]
            raise ConfigError(f"{key}.{name}: expected {expected}, found {value!r}") from error
    for field in dataclasses.fields(cls):
        if field.init and field.name not in values and field.default is field.default_factory is dataclasses.MISSING:
            raise ConfigError(f"{key}.{field.name} is not set; say {key}.{field.name}=…")
    return cls(**values)


def _print(run: Run, output: Path) -> None:
    from evalkit.reports.comparison_markdown import comparison_table
    from evalkit.reports.differences import difference_lines

    for warning in run.warnings:
        log.warning(warning)
    shown = _shown(output)
    _point_latest(shown)
    comparisons = [] if run.comparison is None else [run.comparison]
    parts = [
        _table(run),
        "\n".join(difference_lines(run)),
        *map(comparison_table, comparisons),
        _where(output, "report", "run.json"),
    ]
    _show("\n\n".join(filter(None, parts)), f"the run is in {shown}")
    _announce(run.verdict, comparisons)


def _table(run: Run) -> str:
    """Plain where it is read by a program, drawn where it is read by a person."""
    if not sys.stdout.isatty():
        from evalkit.reports.table import terminal_table

        return terminal_table(run)
    from evalkit.reports.terminal import drawn_table

    return drawn_table(run, shutil.get_terminal_size().columns)


def _announce(verdict: Verdict | None, comparisons: Sequence[Comparison]) -> None:
    """Print what a gate says; on GitHub Actions, annotate the job and write its summary as well."""
    from evalkit.reports.comparison_markdown import comparison_summary
    from evalkit.reports.verdict_markdown import github_annotations, verdict_lines, verdict_report

    if verdict is not None:
        annotations = github_annotations(verdict) if os.environ.get("GITHUB_ACTIONS") == "true" else ""
        _show("\n" + "\n".join(filter(None, [verdict_lines(verdict), annotations])), "the verdict is in verdict.json")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    texts = [*([] if verdict is None else [verdict_report(verdict)]), *map(comparison_summary, comparisons)]
    if summary and texts:
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write("\n".join(texts) + "\n")
        except OSError as error:
            _fail(f"{summary}: the summary cannot be written: {error.strerror}; unset GITHUB_STEP_SUMMARY, or mend its path", ERROR)


def _shown(folder: Path) -> Path:
    """A folder as seen from where the user stands."""
    try:
        return folder.relative_to(Path.cwd())
    except ValueError:
        return folder


def _where(output: Path, report: str, otherwise: str = "") -> str:
    folder = _shown(output)
    drawn = (folder / f"{report}.{kind}" for kind in ("html", "md"))
    return f"Report: {next((path for path in drawn if path.exists()), folder / (otherwise or f'{report}.json'))}"


def _show(text: str, where: str) -> None:
    """Print what a job came to, or say where it is."""
    try:
        print(text, flush=True)
    except OSError as error:  # all is written; the reader, such as head, has seen enough, or the table has no place to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # keeps Python from failing again on exit
        if not isinstance(error, BrokenPipeError):
            _fail(f"standard output: cannot be written: {error.strerror}; {where}", ERROR)


def _point_latest(output: Path) -> None:
    """Let ``outputs/latest`` point to the newest run in ``outputs/``."""
    if output.parts[:1] != ("outputs",) or len(output.parts) < 2:
        return
    link = Path("outputs", "latest")
    temporary = link.with_name(f".latest-{os.getpid()}")
    if link.exists() and not link.is_symlink():
        return
    try:
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(output.parts[1], target_is_directory=True)
        temporary.replace(link)
    except OSError as error:  # file systems without symbolic links
        log.debug("outputs/latest: %s", error)


def _usage(error: BaseException, config_name: str) -> str:
    """Hydra's message in one line: without its search path, and without advice that only moves the error elsewhere."""
    text = str(error)
    command = f"python -m evalkit {f'-cn {config_name} ' if config_name in (*SINGLE, COMPARE) else ''}--help"
    if isinstance(error, MissingMandatoryValue):
        return f"{error.full_key} is not set; say {error.full_key}=…"
    unknown = re.search(r"Could not override '([^']+)'", text)
    if unknown:
        return f"unknown setting {unknown.group(1)!r}{_meant(unknown.group(1), config_name)}; {command} lists the settings"
    text = re.sub(r"\s*(Config search path:.*|Set the environment variable.*|full_key:.*|object_type=.*)", "", text, flags=re.DOTALL)
    choice = re.search(r"Could not (?:find|load) '([^']+)/([^'/]+)'", text)
    if choice:
        group, name = choice.groups()
        if group == "hydra/launcher":
            extra = {"submitit_slurm": "slurm", "submitit_local": "slurm", "joblib": "joblib"}.get(name)
            return f"{group}={name}: not installed" + (f"; pip install -e '.[{extra}]'" if extra else "")
        return f"{group}={name}: no such choice; there are {', '.join(choices(group))}"
    quoting = isinstance(error, OverrideParseException)
    advice = "quote a value that holds spaces, commas, = or brackets: 'key=\"a, b\"'" if quoting else f"see: {command}"
    return f"{' '.join(text.split())} ({advice})"


def _meant(setting: str, config_name: str) -> str:
    """What a misspelt setting may have been."""
    with hydra.initialize_config_dir(version_base="1.3", config_dir=str(shipped("configs"))):
        config = OmegaConf.to_container(hydra.compose(config_name))
    known: list[str] = []
    parts: list[tuple[str, Any]] = [("", config)]
    while parts:
        path, node = parts.pop()
        for key, value in node.items() if isinstance(node, dict) else ():
            known.append(f"{path}{key}")
            parts.append((f"{path}{key}.", value))
    close = difflib.get_close_matches(setting, known, n=1, cutoff=0.8)
    return f"; did you mean {close[0]}?" if close else ""


def _arguments() -> argparse.Namespace:
    """The arguments as Hydra reads them."""
    arguments: argparse.Namespace = get_args_parser().parse_args()
    arguments.config_name = (arguments.config_name or "evaluate").removesuffix(".yaml")
    return arguments


def _help(config_name: str, overrides: list[str]) -> None:
    """Print the help text of a configuration. Hydra's own ``--help`` lists all choices of Hydra first, which takes longer than the rest."""
    with hydra.initialize_config_dir(version_base="1.3", config_dir=str(shipped("configs"))):
        config = hydra.compose(config_name, overrides, return_hydra_config=True)
    template = string.Template(config.hydra.help.template)
    with open_dict(config):
        del config["hydra"]
    print(template.safe_substitute(CONFIG=OmegaConf.to_yaml(config)))


def main() -> int:
    """Run the command; returns its exit code."""
    arguments = _arguments()
    full = os.environ.get("HYDRA_FULL_ERROR")
    # with this Hydra raises what it else prints and turns into exit code 1, whatever it was
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        if arguments.help and arguments.config_dir is arguments.config_path is None:
            _help(arguments.config_name, arguments.overrides)
        elif arguments.multirun and arguments.config_name in SINGLE:
            what = "test set" if arguments.config_name in (ANNOTATE, DOCTOR) else "set of runs"
            print(f"evalkit: {arguments.config_name} takes one {what} at a time: leave --multirun out", file=sys.stderr)
            return USAGE
        else:
            _task()
    except (Exception, KeyboardInterrupt) as error:
        told = None if full else _told(error, arguments.config_name)
        if told is None:
            raise
        message, code = told
        print(f"evalkit: {message}", file=sys.stderr)
        return code
    finally:
        if full is None:
            del os.environ["HYDRA_FULL_ERROR"]
    return OK


def _told(error: BaseException, config_name: str) -> tuple[str, int] | None:
    """What to say of an error that left Hydra, and the exit code; None for one that nobody expected."""
    if isinstance(error, JobFailed):
        return str(error), error.exit_code
    if isinstance(error, HydraException | OmegaConfBaseException):
        return _usage(error, config_name), USAGE
    if isinstance(error, KeyboardInterrupt):
        return "interrupted; nothing of the run in progress was written", 130
    if isinstance(error, ValueError) and str(error).startswith("Config group override"):  # metrics=null
        return _usage(error, config_name), USAGE
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: cannot be written: {error.strerror}; choose another folder with hydra.run.dir=FOLDER", ERROR
    return None
