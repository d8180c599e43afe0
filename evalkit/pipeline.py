"""The story from top to bottom: read, align, score, resample, store, report."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

import evalkit
from evalkit import controls as floor_and_ceiling
from evalkit import provenance
from evalkit.cache import Cache
from evalkit.data.outputs import Systems, read_outputs
from evalkit.data.reader import Reader
from evalkit.data.text import duplicate
from evalkit.errors import ConfigError, EvalkitError
from evalkit.metrics.base import Metric, Statistics, settings_of
from evalkit.ner.base import Ner
from evalkit.ner.names import find_names
from evalkit.reports.base import Report
from evalkit.reports.markdown import Markdown
from evalkit.results import (
    FAILED,
    OK,
    UNSCORED,
    DocumentScore,
    MetricInfo,
    MetricScore,
    Run,
    SegmentRow,
    SystemResult,
    check_writable,
    save,
    slugs,
)
from evalkit.significance import Bootstrap, Units, choose_units, interval, resample

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet

log = logging.getLogger(__name__)


def evaluate(
    test_set: Reader,
    metrics: Sequence[Metric],
    *,
    systems: Systems = None,
    ner: Ner | None = None,
    cache: str | None = None,
    significance: Bootstrap | None = None,
    controls: bool = False,
    reports: Sequence[Report] = (Markdown(),),
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
        significance: settings of the bootstrap.
        controls: also score empty texts, the source, the reference and others, which show what a score is worth here.
        reports: what to draw into the folder.
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
    if not isinstance(test_set, Reader):
        raise ConfigError(f"test_set: expected a reader such as evalkit.data.articles.Articles(path=…), found {test_set!r}")
    if not isinstance(metrics, Sequence) or not all(isinstance(metric, Metric) for metric in metrics):
        raise ConfigError(f"metrics: expected a list of metrics such as [Bleu(), EntityAccuracy()], found {metrics!r}")
    twice = duplicate(metric.name for metric in metrics)
    if twice is not None or not metrics:
        raise ConfigError(f"metric {twice!r} given twice" if twice else "no metrics: give at least one, such as 'metrics=[bleu]'")
    bootstrap = significance or Bootstrap()
    if output is not None:
        check_writable(Path(output))
    loaded = test_set.read()
    outputs = read_outputs(test_set, loaded, systems)
    loaded, warnings = _with_names(loaded, ner, cache)
    units = choose_units([segment.document for segment in loaded.segments], bootstrap)
    results = {output.system: dict[str, MetricScore]() for output in outputs}
    scored: dict[str, dict[str, Statistics]] = {output.system: {} for output in outputs}
    with tqdm(total=len(metrics) * len(outputs), disable=None if progress else True, leave=False, delay=1) as bar:
        for metric in metrics:
            for system, (score, statistics) in _score_all(metric, loaded, outputs, units, bootstrap, bar).items():
                results[system][metric.name] = score
                if statistics is not None:
                    scored[system][metric.name] = statistics
        lines: dict[str, dict[str, float]] = {}
        if controls:
            bar.set_description("floor and ceiling")
            working = [metric for metric in metrics if any(metric.name in found for found in scored.values())]
            lines = floor_and_ceiling.score(loaded, working)
    run = replace(_run(name, loaded, outputs, metrics, results, scored, units, bootstrap, config or {}, warnings), controls=lines)
    if output is not None:
        texts = dict(files or {})
        for report in reports:
            texts |= report.files(run)
        save(run, Path(output), texts)
    return run


def _with_names(test_set: TestSet, ner: Ner | None, cache: str | None) -> tuple[TestSet, tuple[str, ...]]:
    """The test set with the names that a model finds, if one is to and nobody has reviewed any; and what to warn of."""
    if ner is None:
        return test_set, ()
    if test_set.entities is not None and test_set.has_names:
        origin = test_set.entities.mentions_origin
        return test_set, (f"ner is not used: {test_set.name} has reviewed names ({origin}), which are the better ones",)
    return find_names(test_set, ner, Cache.chosen(cache)), ()


def _score_all(
    metric: Metric, test_set: TestSet, outputs: Sequence[SystemOutput], units: Units, bootstrap: Bootstrap, bar: tqdm[Any]
) -> dict[str, tuple[MetricScore, Statistics | None]]:
    """Score and statistics of every system; no statistics where the metric failed or has nothing to score."""
    bar.set_description(metric.label)
    nothing = MetricScore(status=FAILED, unscored=len(test_set.segments))
    found: dict[str, tuple[MetricScore, Statistics | None]] = {}
    reason = metric.unscored_reason(test_set)
    started = time.monotonic()
    for output in outputs:
        try:
            nothing = replace(nothing, signature=metric.signature(test_set))
            if reason is not None:
                found[output.system] = replace(nothing, status=UNSCORED, reason=reason), None
                continue
            statistics = metric.statistics(test_set, output)
            found[output.system] = _score(metric, test_set, statistics, units, bootstrap), statistics
        except ConfigError:
            raise
        except Exception as error:  # a metric that fails, for whatever reason, must not take the others with it
            if isinstance(error, EvalkitError):
                failed = replace(nothing, reason=str(error))
            else:
                log.debug("metric %s failed", metric.name, exc_info=True)
                failed = replace(nothing, reason=f"{type(error).__name__}: {' '.join(str(error).split())}")
            if failed.signature is None:  # the metric itself cannot be had: no use in trying the other systems
                return {other.system: (failed, None) for other in outputs}
            found[output.system] = failed, None
        bar.update()
    seconds = time.monotonic() - started
    if bar.disable and seconds > 10:
        log.info("%s: %d system%s in %.0f s", metric.label, len(outputs), "s" * (len(outputs) != 1), seconds)
    return found


def _score(metric: Metric, test_set: TestSet, found: Statistics, units: Units, bootstrap: Bootstrap) -> MetricScore:
    """The headline score of one system, with its interval."""
    total = found.values.sum(axis=0)
    value = float(metric.aggregate(total))
    scored = int(np.count_nonzero(np.isfinite(metric.segment_scores(found.values))))
    score = MetricScore(
        status=UNSCORED,
        signature=metric.signature(test_set),
        scored=scored,
        unscored=len(found.values) - scored,
        reason="nothing to score in this test set",
        warnings=found.warnings,
    )
    if not np.isfinite(value):
        return score
    return replace(
        score,
        status=OK,
        value=value,
        interval=interval(resample(metric.aggregate, found.values, units, bootstrap), bootstrap.level),
        reason=None,
        details=metric.details(test_set, total),
    )


def _run(
    name: str,
    test_set: TestSet,
    outputs: Sequence[SystemOutput],
    metrics: Sequence[Metric],
    results: Mapping[str, Mapping[str, MetricScore]],
    scored: Mapping[str, Mapping[str, Statistics]],
    units: Units,
    bootstrap: Bootstrap,
    config: Mapping[str, Any],
    warnings: tuple[str, ...],
) -> Run:
    slug = slugs([output.system for output in outputs])
    by_name = {metric.name: metric for metric in metrics}
    systems, segments = {}, list[SegmentRow]()
    for output in outputs:
        statistics = scored[output.system]
        moved = {(found.document, segment) for found in output.alignment for segment in found.moved}
        columns = {key: by_name[key].segment_scores(found.values) for key, found in statistics.items()}
        segments += [
            SegmentRow(
                system=output.system,
                document=segment.document,
                segment=segment.id,
                source=segment.source,
                references=segment.references,
                hypothesis=hypothesis,
                scores={key: float(column[index]) for key, column in columns.items()},
                start=segment.start,
                moved=(segment.document, segment.id) in moved,
            )
            for index, (segment, hypothesis) in enumerate(zip(test_set.segments, output.hypotheses, strict=True))
        ]
        systems[output.system] = SystemResult(
            slug=slug[output.system],
            origin=output.origin,
            fingerprint=output.fingerprint,
            empty=sum(not hypothesis.strip() for hypothesis in output.hypotheses),
            metrics=results[output.system],
            coverage=_share(output, "segments_covered", "segments"),
            words_used=_share(output, "words_used", "words"),
            additions=tuple({"document": a.document, "text": a.text, "after": a.after} for a in output.additions),
            documents=_documents(test_set, output, {key: (by_name[key], found.values) for key, found in statistics.items()}),
            rows={key: found.rows for key, found in statistics.items() if found.rows},
        )
    return Run(
        name=name,
        created=provenance.now(),
        evalkit_version=evalkit.__version__,
        test_set=_describe(test_set),
        significance={
            "method": "percentile bootstrap",
            "resamples": bootstrap.resamples,
            "seed": bootstrap.seed,
            "level": bootstrap.level,
            "unit": units.kind,
            "units": units.count,
        },
        metrics={
            m.name: MetricInfo(
                label=m.heading(),
                decimals=m.decimals,
                higher_is_better=m.higher_is_better,
                required=m.required,
                settings=settings_of(m),
                note=m.note(),
            )
            for m in metrics
        },
        systems=systems,
        environment=provenance.environment(),
        config=config,
        warnings=warnings + _warnings(systems, by_name),
        statistics={system: {key: found.values for key, found in of.items()} for system, of in scored.items()},
        documents_of_segments=tuple(segment.document for segment in test_set.segments),
        segments=tuple(segments),
    )


def _describe(test_set: TestSet) -> dict[str, Any]:
    entities = test_set.entities
    return {
        "name": test_set.name,
        "source_language": test_set.source_language,
        "target_language": test_set.target_language,
        "documents": 0 if test_set.documents == (None,) else len(test_set.documents),
        "segments": len(test_set.segments),
        "segmentation": test_set.segmentation,
        "references": list(test_set.references),
        "entities": None
        if entities is None
        else {"mentions": len(entities.mentions), "origin": entities.mentions_origin, "aliases": entities.aliases_origin},
        "fingerprint": test_set.fingerprint,
        "files": list(test_set.files),
    }


def _documents(test_set: TestSet, output: SystemOutput, metrics: Mapping[str, tuple[Metric, FloatArray]]) -> tuple[DocumentScore, ...]:
    alignments = {found.document: found for found in output.alignment}
    return tuple(
        DocumentScore(
            document=document,
            segments=len(indices),
            scores={key: float(metric.aggregate(values[indices].sum(axis=0))) for key, (metric, values) in metrics.items()},
            alignment=alignments.get(document),
        )
        for document, indices in test_set.segments_of.items()
        if document is not None
    )


def _share(output: SystemOutput, part: str, whole: str) -> float | None:
    """A share over all aligned documents; None where there is nothing to share."""
    total = sum(getattr(found, whole) for found in output.alignment)
    return sum(getattr(found, part) for found in output.alignment) / total if total else None


def _warnings(systems: Mapping[str, SystemResult], metrics: Mapping[str, Metric]) -> tuple[str, ...]:
    """What a reader has to know before trusting the numbers; failures of required metrics are in `Run.failures`."""
    found = []
    for name, result in systems.items():
        if result.empty:
            found.append(f"{name}: segments without hypothesis, scored as empty: {result.empty}")
        found += [f"{name}: {warning}" for score in result.metrics.values() for warning in score.warnings]
    reasons = {
        (metric, score.status, score.reason): None
        for result in systems.values()
        for metric, score in result.metrics.items()
        if score.reason and not (score.status == FAILED and metrics[metric].required)
    }
    return tuple(f"{metric}: {status}: {reason}" for metric, status, reason in reasons) + tuple(found)
