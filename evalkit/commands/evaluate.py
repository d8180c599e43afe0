"""The story from top to bottom: read, align, score, resample, store, report."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from evalkit.alignment import Aligner
from evalkit.comparison.compare import compare
from evalkit.data.outputs import Systems, read_outputs
from evalkit.data.reader import Reader
from evalkit.data.text import duplicate
from evalkit.errors import ConfigError, EvalkitError
from evalkit.evaluation import controls as floor_and_ceiling
from evalkit.evaluation.assemble import _run
from evalkit.evaluation.scoring import _score_all, _tests
from evalkit.gate.judging import judge
from evalkit.gate.rules import Gate
from evalkit.metrics.base import Metric, Statistics
from evalkit.ner.base import Ner
from evalkit.ner.names import find_names
from evalkit.reports.base import Report, comparison_files, verdict_files
from evalkit.reports.markdown.report import Markdown
from evalkit.runs.reading import load
from evalkit.runs.results import (
    MetricScore,
    Run,
)
from evalkit.runs.writing import audit_file, check_writable, save
from evalkit.runtime.cache import Cache
from evalkit.significance.units import Bootstrap

if TYPE_CHECKING:
    from evalkit.types import TestSet

log = logging.getLogger(__name__)


def evaluate(
    test_set: Reader,
    metrics: Sequence[Metric],
    *,
    systems: Systems = None,
    ner: Ner | None = None,
    cache: str | None = None,
    alignment: Aligner | None = None,
    significance: Bootstrap | None = None,
    controls: bool = False,
    reports: Sequence[Report] = (Markdown(),),
    baseline: Run | str | Path | None = None,
    baseline_systems: Mapping[str, str] | None = None,
    gate: Gate | None = None,
    name: str = "run",
    output: str | Path | None = None,
    config: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
    progress: bool = False,
) -> Run:
    """Score systems on a test set.

    Args:
        test_set: where the test set is, such as ``Articles(path="references/world_news")``.
        metrics: such as ``[Bleu(), EntityAccuracy()]``; their names must differ.
        systems: None for those that come with the test set; a name of one of those, a path, a glob, or a list of
            these; or a mapping from names to paths.
        ner: finds the names in the references where the test set has no reviewed ones, such as ``Spacy(model="en_core_web_sm")``.
        cache: folder that keeps what ``ner`` found between runs; None for the user's own; ``off``.
        alignment: how articles are aligned with the segments; line-aligned outputs are taken as they are.
        significance: settings of intervals and tests.
        controls: also score empty texts, the source, the reference and others, which show what a score is worth here.
        reports: what to draw into the folder.
        baseline: a run, or the folder of one, to compare with; see `Run.comparison`.
        baseline_systems: systems of the baseline by those of this run, where their names differ.
        gate: rules that the run is held against; see `Run.verdict`.
        name: how the run is called in reports.
        output: folder to write the run into; None writes nothing.
        config: recorded in the run.
        files: further files for the run's folder, as text by path.
        progress: show a progress bar on stderr, if that is a terminal.

    Returns:
        The run. A metric that failed has ``status="failed"`` and a reason; see `Run.failures`.

    Raises:
        ConfigError: settings that cannot be used, such as no systems.
        DataError: input that cannot be read or does not fit together.
        NerError: a model that cannot be had, or fails.
        ResultsError: the folder cannot be written.
    """
    _check(test_set, metrics)
    bootstrap = significance or Bootstrap()
    if output is not None:
        check_writable(Path(output))
    before = baseline if baseline is None or isinstance(baseline, Run) else load(baseline)
    if gate is not None:
        gate.check_baseline(there=before is not None)
    loaded = test_set.read()
    outputs = read_outputs(test_set, loaded, systems, alignment)
    loaded, warnings = _with_names(loaded, ner, cache)
    results: dict[str, dict[str, MetricScore]] = {output.system: {} for output in outputs}
    scored: dict[str, dict[str, Statistics]] = {output.system: {} for output in outputs}
    with tqdm(
        total=len(metrics) * len(outputs), disable=None if progress else True, leave=False, delay=1
    ) as bar:
        for metric in metrics:
            for system, (score, statistics) in _score_all(metric, loaded, outputs, bar).items():
                results[system][metric.name] = score
                scored[system] |= {} if statistics is None else {metric.name: statistics}
        lines: dict[str, dict[str, float]] = {}
        if controls:
            bar.set_description("floor and ceiling")
            working = [metric for metric in metrics if any(metric.name in found for found in scored.values())]
            lines = floor_and_ceiling.score(loaded, working)
    tests = _tests(metrics, loaded, results, scored, bootstrap)
    run = _run(name, loaded, outputs, metrics, results, scored, tests, bootstrap, config or {}, warnings)
    run = replace(run, controls=lines)
    try:
        judged = _judged(run, before, gate, bootstrap, baseline_systems)
    except EvalkitError:
        _kept(
            run, output, files, reports
        )  # what was scored is not lost with what cannot be compared or judged
        raise
    return _kept(judged, output, files, reports)


def _check(test_set: object, metrics: object) -> None:
    if not isinstance(test_set, Reader):
        raise ConfigError(
            f"test_set: expected a reader such as evalkit.data.articles.Articles(path=…), found {test_set!r}"
        )
    if not isinstance(metrics, Sequence) or not all(isinstance(metric, Metric) for metric in metrics):
        raise ConfigError(
            f"metrics: expected a list of metrics such as [Bleu(), EntityAccuracy()], found {metrics!r}"
        )
    twice = duplicate(metric.name for metric in metrics)
    if twice is not None or not metrics:
        raise ConfigError(
            f"metric {twice!r} given twice"
            if twice
            else "no metrics: give at least one, such as 'metrics=[bleu]'"
        )
    file = duplicate(audit_file(metric.name) for metric in metrics)
    if file is not None:
        raise ConfigError(f"metrics: two of them would write {file}; give one another name")


def _kept(
    run: Run, output: str | Path | None, files: Mapping[str, str] | None, reports: Sequence[Report]
) -> Run:
    """The run, when it is in its folder."""
    if output is not None:
        save(run, Path(output), {**(files or {}), **_drawn(run, reports)})
    return run


def _drawn(run: Run, reports: Sequence[Report]) -> dict[str, str]:
    """What the reports draw of the run, its comparison and its verdict."""
    texts = {} if run.comparison is None else comparison_files([run.comparison], reports)
    texts |= {} if run.verdict is None else verdict_files(run.verdict, reports)
    for report in reports:
        texts |= report.files(run)
    return texts


def _judged(
    run: Run, baseline: Run | None, gate: Gate | None, bootstrap: Bootstrap, renamed: Mapping[str, str] | None
) -> Run:
    """The run with its comparison and its verdict, where there is a baseline, and where there is a gate."""
    comparison = (
        None if baseline is None else compare(baseline, run, significance=bootstrap, baseline_systems=renamed)
    )
    return replace(
        run, comparison=comparison, verdict=None if gate is None else judge(gate, [(run, comparison)])
    )


def _with_names(test_set: TestSet, ner: Ner | None, cache: str | None) -> tuple[TestSet, tuple[str, ...]]:
    """The test set with the names that a model finds, if one is to and nobody has reviewed any; and what to warn of."""
    if ner is None:
        return test_set, ()
    if test_set.entities is not None and test_set.has_names:
        origin = test_set.entities.mentions_origin
        return test_set, (
            f"ner is not used: {test_set.name} has reviewed names ({origin}), which are the better ones",
        )
    return find_names(test_set, ner, Cache.choose(cache)), ()
