"""The command line. Only this package knows Hydra and OmegaConf.

It composes the configuration, builds plain objects from it, calls the command, and turns errors into one line
and an exit code (see `evalkit.errors`). Everything slow is imported inside a job, so that `--help` and a
wrong override answer at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import string
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import hydra
from hydra._internal.utils import get_args_parser
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException

from evalkit.cli.output import (
    JobFailed,
    announce,
    fail,
    fail_if_gate_failed,
    locate_report,
    make_printable,
    print_evaluation,
    shorten_path,
    show,
)
from evalkit.cli.settings import (
    Command,
    build,
    build_gate,
    build_inputs,
    build_reports,
    build_significance,
    check_name,
    find_shipped,
    list_choices,
    list_hydra_files,
    read_count,
    read_folder,
    read_folders,
    read_limit,
    read_mapping,
    to_content,
)
from evalkit.cli.usage import adapt_overrides, explain
from evalkit.errors import ERROR, OK, USAGE, ConfigError, EvalkitError

log = logging.getLogger("evalkit")

_CANNOT_BE_SWEPT: Mapping[str, str] = {
    "annotate": "test set",
    "doctor": "test set",
    "history": "set of runs",
    "baseline": "set of runs",
}
"""Commands that `--multirun` makes no sense for, and what each takes one of."""

OmegaConf.register_new_resolver(
    "references", lambda name: str(find_shipped("references") / name), replace=True
)
OmegaConf.register_new_resolver("choices", lambda group: "|".join(list_choices(group)), replace=True)


@hydra.main(version_base="1.3", config_path=str(find_shipped("configs")), config_name="evaluate")
def _run_job(config: DictConfig) -> None:
    """Run one command, alone or as a job of a sweep."""
    output = Path(HydraConfig.get().runtime.output_dir)
    config_name = str(HydraConfig.get().job.config_name).removesuffix(".yaml")
    if HydraConfig.get().mode == RunMode.MULTIRUN:
        os.environ["EVALKIT_JOB"] = str(HydraConfig.get().job.num)  # see `evalkit.models.hub.choose_device`
    try:
        _RUN.get(config_name, _evaluate)(config, output)
    except EvalkitError as error:
        fail(str(error), error.exit_code)
    except OmegaConfBaseException as error:
        fail(explain(error, config_name), USAGE)
    finally:
        _remove_empty(output)


def _remove_empty(folder: Path) -> None:
    """Remove the folders that Hydra made for a job that wrote nothing."""
    while folder != Path.cwd() and not (folder.is_dir() and any(folder.iterdir())):
        if folder.is_dir():
            folder.rmdir()
        folder = folder.parent


def _evaluate(config: DictConfig, output: Path) -> None:
    from evalkit.commands.evaluate import evaluate

    evaluation = evaluate(*build_inputs(config, output))
    print_evaluation(evaluation, output)
    if evaluation.run.failures:
        fail("; ".join(evaluation.run.failures), ERROR)
    fail_if_gate_failed(evaluation.verdict)


def _compare(config: DictConfig, output: Path) -> None:
    from evalkit.commands.compare import compare_runs
    from evalkit.reports.markdown.comparison import format_comparison_table

    content = to_content(config)
    check_name(config.name, "comparisons")
    compared = compare_runs(
        read_folder(content, "baseline"),
        read_folders(content, "candidate"),
        significance=build_significance(config),
        baseline_systems=read_mapping(content, "baseline_systems", str),
        tolerance=read_mapping(content, "tolerance", int | float),
        most=read_count(content, "most"),
        gate=build_gate(config),
        reports=build_reports(config),
        output=output,
        files=list_hydra_files(config),
    )
    _warn_skipped(compared.left_out)
    tables = [format_comparison_table(comparison) for comparison in compared.comparisons]
    where = locate_report(output, "comparison", "comparison.json")
    show("\n\n".join([*tables, where]), f"the comparison is in {shorten_path(output)}")
    announce(compared.verdict, compared.comparisons)
    fail_if_gate_failed(compared.verdict)
    if compared.verdict is None and not any(comparison.units for comparison in compared.comparisons):
        fail("nothing could be compared; see the reasons above", ERROR)


def _history(config: DictConfig, output: Path) -> None:
    from evalkit.commands.history import trace_runs
    from evalkit.reports.markdown.history import format_history_table

    check_name(config.name, "comparisons")
    history = trace_runs(
        read_folders(to_content(config), "runs"),
        reports=build_reports(config),
        output=output,
        files=list_hydra_files(config),
    )
    _warn_skipped(history.left_out)
    where = locate_report(output, "history", "history.json")
    show(f"{format_history_table(history)}\n\n{where}", f"the history is in {shorten_path(output)}")


def _warn_skipped(skipped: tuple[str, ...]) -> None:
    for line in skipped:
        log.warning(f"skipped: {line}")


def _baseline(config: DictConfig, output: Path) -> None:
    from evalkit.commands.baseline import store

    content = to_content(config)
    folder = Path(read_folder(content, "output"))
    written = store(read_folder(content, "run"), folder)
    size = sum((folder / path).stat().st_size for path in written)
    show(f"Baseline: {folder} ({size / 1024:.0f} KB, without texts)", f"the baseline is in {folder}")


def _doctor(config: DictConfig, output: Path) -> None:
    from evalkit.commands.doctor import examine, summarise
    from evalkit.runs.reading import load

    reader, metrics, settings = build_inputs(config, output)
    if settings.gate is not None:
        settings.gate.check_baseline(exists=settings.baseline is not None)
    if isinstance(settings.baseline, str):
        load(settings.baseline)
    diagnoses = examine(reader, metrics, settings)
    show(summarise(diagnoses), "")
    if any(diagnosis.state == "problem" for diagnosis in diagnoses):
        raise SystemExit(ERROR)


def _annotate(config: DictConfig, output: Path) -> None:
    from evalkit.commands.annotate import annotate, summarise
    from evalkit.data.reader import Reader
    from evalkit.ner.base import Ner

    if not config.get("ner"):
        others = "|".join(list_choices("ner"))
        raise ConfigError(
            f"ner is not set; set ner=spacy ner.model=en_core_web_sm, or another of ner={others}"
        )
    if config.test_set.path is None:
        raise ConfigError("test_set.path is not set; set test_set.path=FOLDER_OR_FILE")
    content = to_content(config)
    folder = None if content["output"] is None else read_folder(content, "output")
    reader, ner = build(config.test_set, "test_set", Reader), build(config.ner, "ner", Ner)
    annotation = annotate(reader, ner, output=folder, limit=read_limit(content))
    for warning in annotation.warnings:
        log.warning(warning)
    show(summarise(annotation), f"the sheet is {annotation.sheet}")


_RUN: Mapping[str, Callable[[DictConfig, Path], None]] = dict[Command, Callable[[DictConfig, Path], None]](
    evaluate=_evaluate,
    annotate=_annotate,
    doctor=_doctor,
    compare=_compare,
    history=_history,
    baseline=_baseline,
)


def _read_arguments() -> argparse.Namespace:
    """The arguments as Hydra reads them."""
    sys.argv[1:] = adapt_overrides(sys.argv[1:])
    parser = get_args_parser()
    parser.error = _reject_arguments  # type: ignore[method-assign]  # argparse prints Hydra's usage too
    arguments: argparse.Namespace = parser.parse_args()
    arguments.config_name = (arguments.config_name or "evaluate").removesuffix(".yaml")
    return arguments


def _reject_arguments(message: str) -> NoReturn:
    print(f"evalkit: {message}; see python -m evalkit --help", file=sys.stderr)
    raise SystemExit(USAGE)


def _print_help(config_name: str, overrides: list[str]) -> None:
    """Print the help of a command.

    Hydra's own ``--help`` first lists all of Hydra's choices, which takes most of its time.
    """
    with hydra.initialize_config_dir(version_base="1.3", config_dir=str(find_shipped("configs"))):
        config = hydra.compose(config_name, overrides, return_hydra_config=True)
    template = string.Template(config.hydra.help.template)
    with open_dict(config):
        del config["hydra"]
    print(make_printable(template.safe_substitute(CONFIG=OmegaConf.to_yaml(config))))


def main() -> int:
    """Run the command; returns its exit code."""
    arguments = _read_arguments()
    full = os.environ.get("HYDRA_FULL_ERROR")
    # with this Hydra raises what it would otherwise print and turn into exit code 1, whatever it was
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        if arguments.help and arguments.config_dir is arguments.config_path is None:
            _print_help(arguments.config_name, arguments.overrides)
        elif arguments.multirun and arguments.config_name in _CANNOT_BE_SWEPT:
            what = _CANNOT_BE_SWEPT[arguments.config_name]
            message = f"{arguments.config_name} takes one {what} at a time; run it without --multirun"
            print(f"evalkit: {message}", file=sys.stderr)
            return USAGE
        else:
            _run_job()
    except (Exception, KeyboardInterrupt) as error:
        expected = None if full else _describe_error(error, arguments)
        if expected is None:
            raise
        message, code = expected
        print(f"evalkit: {message}", file=sys.stderr)
        return code
    finally:
        if full is None:
            del os.environ["HYDRA_FULL_ERROR"]
    return OK


def _describe_error(error: BaseException, arguments: argparse.Namespace) -> tuple[str, int] | None:
    """Message and exit code of an error that left Hydra; None for an unexpected one."""
    if isinstance(error, JobFailed):
        return str(error), error.exit_code
    if isinstance(error, HydraException | OmegaConfBaseException):
        return explain(error, arguments.config_name), USAGE
    if isinstance(error, KeyboardInterrupt):
        return "interrupted; the run in progress wrote nothing", 130
    if isinstance(error, ValueError) and str(error).startswith("Config group override"):  # metrics=null
        return explain(error, arguments.config_name, arguments.overrides), USAGE
    if isinstance(error, OSError) and error.filename is not None:
        advice = "choose another folder with hydra.run.dir=FOLDER"
        return f"{error.filename}: cannot be written: {error.strerror}; {advice}", ERROR
    return None
