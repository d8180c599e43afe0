"""The story from top to bottom: read, align, score, resample, store, report."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

import evalkit
from evalkit import controls as floor_and_ceiling
from evalkit import provenance
from evalkit.alignment import Aligner
from evalkit.cache import Cache
from evalkit.comparison import compare
from evalkit.data.outputs import Systems, read_outputs
from evalkit.data.reader import Reader
from evalkit.data.text import duplicate
from evalkit.errors import ConfigError, EvalkitError, shorten
from evalkit.gate import Gate
from evalkit.judging import judge
from evalkit.metrics.base import Metric, Statistics, settings_of
from evalkit.ner.base import Ner
from evalkit.ner.names import find_names
from evalkit.pairwise import MetricTests, compare_systems
from evalkit.reports.base import Report, comparison_files, verdict_files
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
    audit_file,
    check_writable,
    save,
    slugs,
)
from evalkit.significance import Bootstrap, choose_units, interval, resample
from evalkit.stored import load
from evalkit.types import content_hash

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
    with tqdm(total=len(metrics) * len(outputs), disable=None if progress else True, leave=False, delay=1) as bar:
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
        _kept(run, output, files, reports)  # what was scored is not lost with what cannot be compared or judged
        raise
    return _kept(judged, output, files, reports)


def _check(test_set: object, metrics: object) -> None:
    if not isinstance(test_set, Reader):
        raise ConfigError(f"test_set: expected a reader such as evalkit.data.articles.Articles(path=…), found {test_set!r}")
    if not isinstance(metrics, Sequence) or not all(isinstance(metric, Metric) for metric in metrics):
        raise ConfigError(f"metrics: expected a list of metrics such as [Bleu(), EntityAccuracy()], found {metrics!r}")
    twice = duplicate(metric.name for metric in metrics)
    if twice is not None or not metrics:
        raise ConfigError(f"metric {twice!r} given twice" if twice else "no metrics: give at least one, such as 'metrics=[bleu]'")
    file = duplicate(audit_file(metric.name) for metric in metrics)
    if file is not None:
        raise ConfigError(f"metrics: two of them would write {file}; give one another name")


def _kept(run: Run, output: str | Path | None, files: Mapping[str, str] | None, reports: Sequence[Report]) -> Run:
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


def _judged(run: Run, baseline: Run | None, gate: Gate | None, bootstrap: Bootstrap, renamed: Mapping[str, str] | None) -> Run:
    """The run with its comparison and its verdict, where there is a baseline, and where there is a gate."""
    comparison = None if baseline is None else compare(baseline, run, significance=bootstrap, baseline_systems=renamed)
    return replace(run, comparison=comparison, verdict=None if gate is None else judge(gate, [(run, comparison)]))


def _with_names(test_set: TestSet, ner: Ner | None, cache: str | None) -> tuple[TestSet, tuple[str, ...]]:
    """The test set with the names that a model finds, if one is to and nobody has reviewed any; and what to warn of."""
    if ner is None:
        return test_set, ()
    if test_set.entities is not None and test_set.has_names:
        origin = test_set.entities.mentions_origin
        return test_set, (f"ner is not used: {test_set.name} has reviewed names ({origin}), which are the better ones",)
    return find_names(test_set, ner, Cache.chosen(cache)), ()


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


def _signature(metric: Metric, test_set: TestSet, output: SystemOutput) -> str:
    """That of the metric; behind it how the hypotheses were aligned, where they were and the metric sees it."""
    parts = [metric.signature(test_set), *([output.aligner] if output.aligner and metric.unit == "segment" else [])]
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
            results[system][name] = replace(results[system][name], interval=interval(sample.scores, bootstrap.level))
        for metric in metrics:
            if metric.unit == unit:
                own = {system: sample for (system, name), sample in samples.items() if name == metric.name}
                better = metric.higher_is_better
                found[metric.name] = compare_systems(metric.aggregate, own, units, bootstrap, higher_is_better=better)
    return {metric.name: found[metric.name] for metric in metrics}


def _run(
    name: str,
    test_set: TestSet,
    outputs: Sequence[SystemOutput],
    metrics: Sequence[Metric],
    results: Mapping[str, Mapping[str, MetricScore]],
    scored: Mapping[str, Mapping[str, Statistics]],
    tests: Mapping[str, MetricTests],
    bootstrap: Bootstrap,
    config: Mapping[str, Any],
    warnings: tuple[str, ...],
) -> Run:
    slug = slugs([output.system for output in outputs])
    by_name = {metric.name: metric for metric in metrics}
    units = choose_units([segment.document for segment in test_set.segments], bootstrap)
    systems, segments = {}, list[SegmentRow]()
    for output in outputs:
        statistics = {key: (by_name[key], found) for key, found in scored[output.system].items()}
        segments += _segments(test_set, output, statistics)
        systems[output.system] = _system(test_set, output, statistics, results[output.system], slug[output.system])
    return Run(
        name=name,
        created=provenance.now(),
        evalkit_version=evalkit.__version__,
        test_set=_describe(test_set),
        significance={
            "method": "percentile bootstrap",
            "test": "approximate randomisation" if bootstrap.trials else "paired bootstrap",
            **asdict(bootstrap),
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
        tests=tests,
        statistics={system: {key: found.values for key, found in of.items()} for system, of in scored.items()},
        documents_of_segments=tuple(segment.document for segment in test_set.segments),
        segment_ids=tuple(segment.id for segment in test_set.segments),
        segment_contents=tuple(content_hash([segment.source, segment.references])[7:23] for segment in test_set.segments),
        segments=tuple(segments),
    )


def _segments(test_set: TestSet, output: SystemOutput, statistics: Mapping[str, tuple[Metric, Statistics]]) -> list[SegmentRow]:
    moved = {(found.document, segment) for found in output.alignment for segment in found.moved}
    columns = {key: metric.segment_scores(found.values) for key, (metric, found) in statistics.items()}
    return [
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


def _system(
    test_set: TestSet,
    output: SystemOutput,
    statistics: Mapping[str, tuple[Metric, Statistics]],
    scores: Mapping[str, MetricScore],
    slug: str,
) -> SystemResult:
    return SystemResult(
        slug=slug,
        origin=output.origin,
        fingerprint=output.fingerprint,
        empty=sum(not hypothesis.strip() for hypothesis in output.hypotheses),
        metrics=scores,
        coverage=_share(output, "segments_covered", "segments"),
        words_used=_share(output, "words_used", "words"),
        additions=tuple({"document": a.document, "text": a.text, "after": a.after} for a in output.additions),
        documents=_documents(test_set, output, {key: (metric, found.values) for key, (metric, found) in statistics.items()}),
        rows={key: found.rows for key, (_, found) in statistics.items() if found.rows},
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
        doubtful = [f"{d.document}: {d.alignment.warning}" for d in result.documents if d.alignment is not None and d.alignment.warning]
        if doubtful:
            found.append(f"{name}: documents whose alignment is not to be trusted: {len(doubtful)}: {shorten(doubtful, 3)}")
        if result.empty:
            found.append(f"{name}: segments without hypothesis, scored as empty: {result.empty}")
        found += [f"{name}: {warning}" for score in result.metrics.values() for warning in score.warnings]
    for key, metric in metrics.items():
        if len({result.metrics[key].signature for result in systems.values()} - {None}) > 1:
            found.append(f"{metric.label}: the systems have different signatures; ranks and tests between them say little")
    reasons = {
        (metric, score.status, score.reason): None
        for result in systems.values()
        for metric, score in result.metrics.items()
        if score.reason and not (score.status == FAILED and metrics[metric].required)
    }
    return tuple(f"{metric}: {status}: {reason}" for metric, status, reason in reasons) + tuple(found)
