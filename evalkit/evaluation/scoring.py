"""TODO evaluation.scoring."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from evalkit.errors import ConfigError, EvalkitError
from evalkit.metrics.base import Metric, Statistics
from evalkit.runs.results import (
    FAILED,
    OK,
    UNSCORED,
    MetricScore,
)
from evalkit.significance.paired_tests import interval
from evalkit.significance.pairwise import MetricTests, compare_systems
from evalkit.significance.units import Bootstrap, choose_units, resample

if TYPE_CHECKING:
    from evalkit.types import SystemOutput, TestSet

log = logging.getLogger(__name__)


def _score_all(
    metric: Metric, test_set: TestSet, outputs: Sequence[SystemOutput], bar: tqdm[Any]
) -> dict[str, tuple[MetricScore, Statistics | None]]:
    """Score and statistics of every system; no statistics where the metric failed or has nothing to score."""
    bar.set_description(metric.label)
    nothing = MetricScore(status=FAILED, unscored=len(test_set.segments))
    found: dict[str, tuple[MetricScore, Statistics | None]] = {}
    reason = metric.unscored_reason(test_set)
    started = time.monotonic()
    for output in outputs:
        try:
            nothing = replace(nothing, signature=_signature(metric, test_set, output))
            if reason is not None:
                found[output.system] = replace(nothing, status=UNSCORED, reason=reason), None
                continue
            statistics = metric.statistics(test_set, output)
            found[output.system] = _score(metric, test_set, statistics, nothing.signature), statistics
        except ConfigError:
            raise
        except (
            Exception
        ) as error:  # a metric that fails, for whatever reason, must not take the others with it
            if isinstance(error, EvalkitError):
                failed = replace(nothing, reason=str(error))
            else:
                log.debug("metric %s failed", metric.name, exc_info=True)
                failed = replace(nothing, reason=f"{type(error).__name__}: {' '.join(str(error).split())}")
            if (
                failed.signature is None
            ):  # the metric itself cannot be had: no use in trying the other systems
                return {other.system: (failed, None) for other in outputs}
            found[output.system] = failed, None
        bar.update()
    seconds = time.monotonic() - started
    if bar.disable and seconds > 10:
        log.info("%s: %d system%s in %.0f s", metric.label, len(outputs), "s" * (len(outputs) != 1), seconds)
    return found


def _signature(metric: Metric, test_set: TestSet, output: SystemOutput) -> str:
    """That of the metric; behind it how the hypotheses were aligned, where they were and the metric sees it."""
    parts = [
        metric.signature(test_set),
        *([output.aligner] if output.aligner and metric.unit == "segment" else []),
    ]
    return "|".join(parts)


def _score(metric: Metric, test_set: TestSet, found: Statistics, signature: str | None) -> MetricScore:
    """The headline score of one system."""
    total = found.values.sum(axis=0)
    value = float(metric.aggregate(total))
    scored = int(np.count_nonzero(np.isfinite(metric.segment_scores(found.values))))
    total_units = len(found.values)
    if metric.unit == "document":
        scored = total_units = len(test_set.documents)
    score = MetricScore(
        status=UNSCORED,
        signature=signature,
        scored=scored,
        unscored=total_units - scored,
        reason="nothing to score in this test set",
        warnings=found.warnings,
    )
    if not np.isfinite(value):
        return score
    return replace(
        score,
        status=OK,
        value=value,
        reason=None,
        details=metric.details(test_set, total),
    )


def _tests(
    metrics: Sequence[Metric],
    test_set: TestSet,
    results: Mapping[str, dict[str, MetricScore]],
    scored: Mapping[str, Mapping[str, Statistics]],
    bootstrap: Bootstrap,
) -> dict[str, MetricTests]:
    """Intervals, which go into the results, and the tests of the systems against each other; all from the same draws."""
    documents = [segment.document for segment in test_set.segments]
    found: dict[str, MetricTests] = {}
    for unit in sorted({metric.unit for metric in metrics}):
        units = choose_units(documents, bootstrap, unit)
        of = {
            (system, metric.name): (metric.aggregate, statistics[metric.name].values)
            for metric in metrics
            for system, statistics in scored.items()
            if metric.unit == unit and metric.name in statistics and results[system][metric.name].status == OK
        }
        samples = resample(of, units, bootstrap, tests=len(scored) > 1)
        for (system, name), sample in samples.items():
            results[system][name] = replace(
                results[system][name], interval=interval(sample.scores, bootstrap.level)
            )
        for metric in metrics:
            if metric.unit == unit:
                own = {system: sample for (system, name), sample in samples.items() if name == metric.name}
                better = metric.higher_is_better
                found[metric.name] = compare_systems(
                    metric.aggregate, own, units, bootstrap, higher_is_better=better
                )
    return {metric.name: found[metric.name] for metric in metrics}
