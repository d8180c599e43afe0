"""The command line: the only module that knows Hydra and OmegaConf.

It composes the configuration, checks types, builds the plain objects that `evalkit.evaluate` takes, and turns errors
into one line and an exit code (see `evalkit.errors`). Everything slow is imported inside the task, so that `--help` and
a wrong override answer at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import string
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hydra
from hydra._internal.utils import get_args_parser
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException

from evalkit.cli.output import JobFailed, _announce, _fail, _judge, _print, _show, _shown, _where
from evalkit.cli.settings import (
    ANNOTATE,
    BASELINE,
    COMPARE,
    DOCTOR,
    HISTORY,
    SINGLE,
    _check_name,
    _flag,
    _folder,
    _folders,
    _gate,
    _hydra_files,
    _mapping,
    _parts,
    _record,
    _reports,
    build,
    choices,
    shipped,
)
from evalkit.cli.usage import _usage
from evalkit.errors import ERROR, OK, USAGE, ConfigError, EvalkitError

if TYPE_CHECKING:
    from evalkit.runs.results import Run

log = logging.getLogger("evalkit")


OmegaConf.register_new_resolver("references", lambda name: str(shipped("references") / name), replace=True)
OmegaConf.register_new_resolver("choices", lambda group: "|".join(choices(group)), replace=True)


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
        _fail(
            *(
                (str(error), error.exit_code)
                if isinstance(error, EvalkitError)
                else (_usage(error, config_name), USAGE)
            )
        )
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


def _evaluate(config: DictConfig, output: Path) -> Run:
    from evalkit.commands.evaluate import evaluate
    from evalkit.significance.units import Bootstrap

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


def _compare(config: DictConfig, output: Path) -> None:
    from evalkit.commands.compare import compare_runs
    from evalkit.reports.markdown.comparison import format_comparison_table
    from evalkit.significance.units import Bootstrap

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
    tables = [format_comparison_table(comparison) for comparison in found.comparisons]
    _show("\n\n".join([*tables, _where(output, "comparison")]), f"the comparison is in {_shown(output)}")
    _announce(found.verdict, found.comparisons)
    _judge(found.verdict)
    if found.verdict is None and not any(comparison.units for comparison in found.comparisons):
        _fail("nothing could be compared; the reasons stand above", ERROR)


def _history(config: DictConfig, output: Path) -> None:
    from evalkit.commands.history import trace_runs
    from evalkit.reports.markdown.history import format_history_table

    _check_name(config.name, "comparisons")
    found = trace_runs(
        _folders(_record(config), "runs"), reports=_reports(config), output=output, files=_hydra_files(config)
    )
    for line in found.left_out:
        log.warning(f"left out: {line}")
    _show(
        f"{format_history_table(found)}\n\n{_where(output, 'history')}", f"the history is in {_shown(output)}"
    )


def _baseline(config: DictConfig, output: Path) -> None:
    from evalkit.commands.baseline import store

    record = _record(config)
    folder = Path(_folder(record, "output"))
    written = store(_folder(record, "run"), folder)
    size = sum((folder / path).stat().st_size for path in written)
    _show(f"Baseline: {folder} ({size / 1024:.0f} KB, without texts)", f"the baseline is in {folder}")


def _doctor(config: DictConfig, output: Path) -> None:
    from evalkit.commands.doctor import PROBLEM, examine, summary
    from evalkit.runs.reading import load

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
    from evalkit.commands.annotate import annotate, summary
    from evalkit.data.reader import Reader
    from evalkit.ner.base import Ner

    if not config.get("ner"):
        raise ConfigError(
            f"ner is not set; say ner=spacy ner.model=en_core_web_sm, or another of ner={'|'.join(choices('ner'))}"
        )
    if config.test_set.path is None:
        raise ConfigError("test_set.path is not set; say test_set.path=…")
    settings = _record(config)
    if not isinstance(settings["output"], str | None) or settings["output"] == "":
        raise ConfigError(f"output: expected a folder, found {settings['output']!r}")
    found = annotate(
        build(config.test_set, "test_set", Reader), build(config.ner, "ner", Ner), output=settings["output"]
    )
    for warning in found.warnings:
        log.warning(warning)
    _show(summary(found), f"the sheet is {found.sheet}")


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
            print(
                f"evalkit: {arguments.config_name} takes one {what} at a time: leave --multirun out",
                file=sys.stderr,
            )
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
        return (
            f"{error.filename}: cannot be written: {error.strerror}; choose another folder with hydra.run.dir=FOLDER",
            ERROR,
        )
    return None
