"""Scores of all systems in all metrics, their intervals, and the tests of systems against each other."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from evalkit.errors import ConfigError, EvalkitError
from evalkit.evaluation import controls
from evalkit.metrics.base import Metric, Statistics
from evalkit.runs.results import MetricScore
from evalkit.significance.paired_tests import interval
from evalkit.significance.pairwise import MetricTests, compare_systems
from evalkit.significance.units import Bootstrap, Sample, Units, choose_units, resample

if TYPE_CHECKING:
    from evalkit.types import SystemOutput, TestSet

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is scored, and how."""

    test_set: TestSet
    outputs: Sequence[SystemOutput]
    metrics: Sequence[Metric]
    significance: Bootstrap
    controls: bool = False
    """Whether made-up systems are scored too; see `evalkit.evaluation.controls`."""
    progress: bool = False
    """Whether to show a progress bar on stderr, if that is a terminal."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What the metrics computed."""

    scores: Mapping[str, dict[str, MetricScore]]
    """By system and metric."""
    statistics: Mapping[str, dict[str, Statistics]]
    """By system and metric; none if the metric failed or has nothing to score."""
    controls: Mapping[str, Mapping[str, float]]
    """By control and metric."""
    tests: Mapping[str, MetricTests] = field(default_factory=dict)
    """By metric."""


def score(inputs: Inputs) -> Scores:
    """Score every system in every metric, and test the systems against each other.

    A metric that fails takes only its own scores with it.

    Raises:
        ConfigError: settings of a metric that cannot be used with this test set.
    """
    names = [output.system for output in inputs.outputs]
    scores: dict[str, dict[str, MetricScore]] = {name: {} for name in names}
    statistics: dict[str, dict[str, Statistics]] = {name: {} for name in names}
    total = len(inputs.metrics) * len(names)
    with tqdm(total=total, disable=None if inputs.progress else True, leave=False, delay=1) as bar:
        for metric in inputs.metrics:
            for name, (system_score, values) in _score_metric(metric, inputs, bar).items():
                scores[name][metric.name] = system_score
                if values is not None:
                    statistics[name][metric.name] = values
        made_up: Mapping[str, Mapping[str, float]] = {}
        if inputs.controls:
            bar.set_description("floor and ceiling")
            working = [
                m for m in inputs.metrics if any(m.name in of_system for of_system in statistics.values())
            ]
            made_up = controls.score_controls(inputs.test_set, working)
    return _test(inputs, Scores(scores=scores, statistics=statistics, controls=made_up))


def _score_metric(
    metric: Metric, inputs: Inputs, bar: tqdm[Any]
) -> dict[str, tuple[MetricScore, Statistics | None]]:
    """Score and statistics of every system in one metric."""
    bar.set_description(metric.label)
    started = time.monotonic()
    results: dict[str, tuple[MetricScore, Statistics | None]] = {}
    for output in inputs.outputs:
        results[output.system] = _score_output(metric, inputs.test_set, output)
        if (
            results[output.system][0].signature is None
        ):  # the metric is not available: the other systems fail alike
            results = {other.system: results[output.system] for other in inputs.outputs}
            break
        bar.update()
    seconds = time.monotonic() - started
    if bar.disable and seconds > 10:
        log.info("%s: %d system%s in %.0f s", metric.label, len(results), "s" * (len(results) != 1), seconds)
    return results


def _score_output(
    metric: Metric, test_set: TestSet, output: SystemOutput
) -> tuple[MetricScore, Statistics | None]:
    failed = MetricScore(status="failed", unscored=len(test_set.segments))
    try:
        failed = replace(failed, signature=_sign(metric, test_set, output))
        reason = metric.unscored_reason(test_set)
        if reason is not None:
            return replace(failed, status="unscored", reason=reason), None
        statistics = metric.statistics(test_set, output)
        return _make_score(metric, test_set, statistics, failed.signature), statistics
    except ConfigError:
        raise
    except EvalkitError as error:
        return replace(failed, reason=str(error)), None
    except Exception as error:  # a metric that fails, for whatever reason, must not take the others with it
        log.debug("metric %s failed", metric.name, exc_info=True)
        return replace(failed, reason=f"{type(error).__name__}: {' '.join(str(error).split())}"), None


def _sign(metric: Metric, test_set: TestSet, output: SystemOutput) -> str:
    """The metric's signature, followed by the aligner's for aligned output and a metric of segments."""
    signature = metric.signature(test_set)
    return f"{signature}|{output.aligner}" if output.aligner and metric.unit == "segment" else signature


def _make_score(
    metric: Metric, test_set: TestSet, statistics: Statistics, signature: str | None
) -> MetricScore:
    """The headline score of one system."""
    total = statistics.values.sum(axis=0)
    value = float(metric.aggregate(total))
    if metric.unit == "document":
        scored = units = len(test_set.documents)
    else:
        units = len(statistics.values)
        scored = int(np.count_nonzero(np.isfinite(metric.segment_scores(statistics.values))))
    has_score = bool(np.isfinite(value))
    return MetricScore(
        status="ok" if has_score else "unscored",
        value=value if has_score else None,
        signature=signature,
        scored=scored,
        unscored=units - scored,
        reason=None if has_score else "nothing to score in this test set",
        parts={name: _or_none(float(part.aggregate(total))) for name, part in metric.parts().items()}
        if has_score
        else {},
        names=metric.name_scores(total) if has_score else None,
        details=metric.details(test_set, total) if has_score else {},
        warnings=statistics.warnings,
    )


def _or_none(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _test(inputs: Inputs, scored: Scores) -> Scores:
    """Add the intervals, and the tests of the systems against each other; all from the same draws."""
    documents = [segment.document for segment in inputs.test_set.segments]
    scores = {name: dict(of_system) for name, of_system in scored.scores.items()}
    tests: dict[str, MetricTests] = {}
    for unit in sorted({metric.unit for metric in inputs.metrics}):
        metrics = [metric for metric in inputs.metrics if metric.unit == unit]
        units = choose_units(documents, inputs.significance, unit)
        samples = _resample(metrics, scored, units, inputs.significance)
        for (name, key), sample in samples.items():
            low_high = interval(sample.scores, inputs.significance.level)
            scores[name][key] = replace(scores[name][key], interval=low_high)
        for metric in metrics:
            own = {name: sample for (name, key), sample in samples.items() if key == metric.name}
            tests[metric.name] = compare_systems(
                metric.aggregate, own, units, inputs.significance, metric.scale
            )
    ordered = {metric.name: tests[metric.name] for metric in inputs.metrics}
    return replace(scored, scores=scores, tests=ordered)


def _resample(
    metrics: Sequence[Metric], scored: Scores, units: Units, bootstrap: Bootstrap
) -> dict[tuple[str, str], Sample]:
    """By system and metric, of all scores that there are."""
    inputs = {
        (name, metric.name): (metric.aggregate, of_system[metric.name].values)
        for metric in metrics
        for name, of_system in scored.statistics.items()
        if metric.name in of_system and scored.scores[name][metric.name].status == "ok"
    }
    return resample(inputs, units, bootstrap, tests=len(scored.statistics) > 1)
