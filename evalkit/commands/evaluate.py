"""Evaluate: read, align, score, resample, compare, judge, store and report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.commands.settings import EvaluationSettings
from evalkit.comparison.compare import compare
from evalkit.data.outputs import read_outputs
from evalkit.data.reader import Reader
from evalkit.data.selection import select
from evalkit.data.text import find_duplicate
from evalkit.errors import ConfigError, EvalkitError
from evalkit.evaluation.assemble import make_run
from evalkit.evaluation.evaluation import Evaluation
from evalkit.evaluation.scoring import Inputs, score
from evalkit.gate.judging import judge
from evalkit.metrics.base import Metric
from evalkit.ner.names import find_names
from evalkit.reports.base import render_comparisons, render_verdict
from evalkit.runs.folder import check_writable
from evalkit.runs.reading import load
from evalkit.runs.results import Run
from evalkit.runs.writing import save
from evalkit.runtime.cache import Cache

if TYPE_CHECKING:
    from evalkit.types import TestSet


def evaluate(
    test_set: Reader, metrics: Sequence[Metric], settings: EvaluationSettings | None = None, **options: object
) -> Evaluation:
    """Score systems on a test set.

    Args:
        test_set: where the test set is, such as ``Articles(path="references/world_news")``.
        metrics: such as ``[Bleu(), EntityAccuracy()]``; their names must differ.
        settings: everything else; by default the systems of the test set are scored and nothing is written.
        options: fields of `EvaluationSettings`, such as ``output="outputs/nightly"``; they replace those of
            `settings`.

    Returns:
        The run, its comparison with the baseline, and the verdict of the gate. A metric that failed has
        ``status="failed"`` and a reason; see `Run.failures`.

    Raises:
        ConfigError: invalid settings, such as no systems.
        DataError: input that cannot be read, or is inconsistent.
        NerError: a model for names that is not available, or fails.
        ResultsError: the folder cannot be written, or the baseline cannot be read.
    """
    settings = replace(settings or EvaluationSettings(), **options)  # type: ignore[arg-type]  # by name
    _check(test_set, metrics)
    if settings.output is not None:
        check_writable(Path(settings.output))
    baseline = settings.baseline
    if baseline is not None and not isinstance(baseline, Run):
        baseline = load(baseline)
    if settings.gate is not None:
        settings.gate.check_baseline(exists=baseline is not None)
    inputs, warnings = _read(test_set, metrics, settings)
    run = make_run(inputs, score(inputs), name=settings.name, config=settings.config, warnings=warnings)
    try:
        evaluation = _compare_and_judge(run, baseline, settings)
    except EvalkitError:
        # the scores are kept although they could not be compared or judged
        _store(Evaluation(run=run), settings)
        raise
    _store(evaluation, settings)
    return evaluation


def _check(test_set: object, metrics: object) -> None:
    if not isinstance(test_set, Reader):
        expected = "a reader such as evalkit.data.articles.Articles(path=…)"
        raise ConfigError(f"test_set: expected {expected}, found {test_set!r}")
    if not isinstance(metrics, Sequence) or not all(isinstance(metric, Metric) for metric in metrics):
        expected = "a list of metrics such as [Bleu(), EntityAccuracy()]"
        raise ConfigError(f"metrics: expected {expected}, found {metrics!r}")
    if not metrics:
        raise ConfigError("no metrics: give at least one, such as 'metrics=[bleu]'")
    twice = find_duplicate(metric.name for metric in metrics)
    if twice is not None:
        raise ConfigError(f"metrics: {twice!r} is given twice")
    file = find_duplicate(metric.audit_file for metric in metrics)
    if file is not None:
        raise ConfigError(f"metrics: two of them would write {file}; give one another name")


def _read(
    test_set: Reader, metrics: Sequence[Metric], settings: EvaluationSettings
) -> tuple[Inputs, tuple[str, ...]]:
    """Test set, outputs and names; and what to warn of."""
    loaded = select(test_set.read(), test_set.only, settings.limit)
    outputs = read_outputs(test_set, loaded, settings.systems, settings.alignment)
    named, warnings = _add_names(loaded, settings)
    inputs = Inputs(
        test_set=named,
        outputs=outputs,
        metrics=metrics,
        significance=settings.significance,
        controls=settings.controls,
        progress=settings.progress,
    )
    return inputs, warnings


def _add_names(test_set: TestSet, settings: EvaluationSettings) -> tuple[TestSet, tuple[str, ...]]:
    """The test set with the names that a model finds, unless it has reviewed names; and what to warn of."""
    if settings.ner is None:
        return test_set, ()
    if test_set.entities is not None and test_set.has_names:
        origin = test_set.entities.mentions_origin
        return test_set, (
            f"ner is ignored: {test_set.name} has reviewed names ({origin}), which are more reliable",
        )
    return find_names(test_set, settings.ner, Cache.choose(settings.cache)), ()


def _compare_and_judge(run: Run, baseline: Run | None, settings: EvaluationSettings) -> Evaluation:
    comparison = None
    if baseline is not None:
        systems = settings.baseline_systems
        comparison = compare(baseline, run, significance=settings.significance, baseline_systems=systems)
    verdict = None if settings.gate is None else judge(settings.gate, [(run, comparison)])
    return Evaluation(run=run, comparison=comparison, verdict=verdict)


def _store(evaluation: Evaluation, settings: EvaluationSettings) -> None:
    if settings.output is not None:
        save(evaluation.run, Path(settings.output), {**settings.files, **_render(evaluation, settings)})


def _render(evaluation: Evaluation, settings: EvaluationSettings) -> dict[str, str]:
    """The files of all reports on the run, its comparison and its verdict, as text by path."""
    files: dict[str, str] = {}
    if evaluation.comparison is not None:
        files |= render_comparisons([evaluation.comparison], settings.reports)
    if evaluation.verdict is not None:
        files |= render_verdict(evaluation.verdict, settings.reports)
    for report in settings.reports:
        files |= report.files(evaluation.run)
    return files
