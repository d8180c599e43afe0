"""The record of a run, from what was scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from evalkit.errors import shorten
from evalkit.evaluation.languages import warn_of_languages
from evalkit.evaluation.scoring import Inputs, Scores
from evalkit.languages.registry import has_spaces, shorten_code
from evalkit.metrics.base import Statistics
from evalkit.runs.results import (
    DocumentScore,
    EntitiesInfo,
    MetricInfo,
    MetricScore,
    Run,
    SegmentRow,
    SignificanceInfo,
    SystemResult,
    TestSetInfo,
)
from evalkit.runs.slugs import make_slugs
from evalkit.runtime.provenance import describe_environment, now
from evalkit.runtime.version import __version__
from evalkit.significance.units import choose_units
from evalkit.types import content_hash

if TYPE_CHECKING:
    from evalkit.types import SystemOutput, TestSet


def make_run(
    inputs: Inputs, scores: Scores, *, name: str, config: Mapping[str, object], warnings: tuple[str, ...]
) -> Run:
    """Make the record of a run.

    Args:
        inputs: what was scored.
        scores: what the metrics computed.
        name: of the run.
        config: settings of the command, for the record.
        warnings: what a reader has to know, besides what the scores say themselves.
    """
    test_set, metrics = inputs.test_set, inputs.metrics
    slugs = make_slugs([output.system for output in inputs.outputs])
    infos = {metric.name: MetricInfo.of(metric) for metric in metrics}
    systems = {out.system: _make_system(inputs, out, scores, slugs[out.system]) for out in inputs.outputs}
    return Run(
        name=name,
        created=now(),
        evalkit_version=__version__,
        test_set=_describe_test_set(test_set),
        significance=_describe_significance(inputs),
        metrics=infos,
        systems=systems,
        environment=describe_environment(),
        config=config,
        warnings=(
            *test_set.notes,
            *warnings,
            *(f"{output.system}: {output.note}" for output in inputs.outputs if output.note),
            *warn_of_languages(inputs),
            *_warn(systems, infos, _name_unit(test_set)),
        ),
        controls=scores.controls,
        tests=scores.tests,
        statistics={
            system: {key: statistics.values for key, statistics in of_system.items()}
            for system, of_system in scores.statistics.items()
        },
        documents_of_segments=tuple(segment.document for segment in test_set.segments),
        segment_ids=tuple(segment.id for segment in test_set.segments),
        segment_contents=tuple(content_hash([s.source, s.references])[7:23] for s in test_set.segments),
        segments=tuple(row for output in inputs.outputs for row in _make_rows(inputs, output, scores)),
    )


def _describe_significance(inputs: Inputs) -> SignificanceInfo:
    units = choose_units([segment.document for segment in inputs.test_set.segments], inputs.significance)
    test = "approximate randomisation" if inputs.significance.trials else "paired bootstrap"
    return SignificanceInfo(**asdict(inputs.significance), test=test, unit=units.kind, units=units.count)


def _shorten_codes(test_set: TestSet) -> TestSet:
    """A test set with the shortest codes of its languages, since one that says ``zho_Hans`` is no other."""
    source, target = test_set.source_language, test_set.target_language
    return replace(
        test_set, source_language=source and shorten_code(source), target_language=shorten_code(target)
    )


def _describe_test_set(test_set: TestSet) -> TestSetInfo:
    entities = test_set.entities
    return TestSetInfo(
        name=test_set.name,
        source_language=test_set.source_language,
        target_language=test_set.target_language,
        documents=0 if test_set.documents == (None,) else len(test_set.documents),
        segments=len(test_set.segments),
        segmentation=test_set.segmentation,
        references=test_set.references,
        entities=None
        if entities is None
        else EntitiesInfo(
            mentions=len(entities.mentions), origin=entities.mentions_origin, aliases=entities.aliases_origin
        ),
        fingerprint=_shorten_codes(test_set).fingerprint,
        files=test_set.files,
        notes=test_set.notes,
    )


def _make_system(inputs: Inputs, output: SystemOutput, scores: Scores, slug: str) -> SystemResult:
    statistics = scores.statistics[output.system]
    return SystemResult(
        slug=slug,
        origin=output.origin,
        fingerprint=output.fingerprint,
        empty=sum(not hypothesis.strip() for hypothesis in output.hypotheses),
        metrics=scores.scores[output.system],
        coverage=_share(output, "segments_covered", "segments"),
        words_used=_share(output, "words_used", "words"),
        additions=output.additions,
        documents=tuple(_make_documents(inputs, output, statistics)),
        rows={key: found.rows for key, found in statistics.items() if found.rows},
        audits={key: found.audit for key, found in statistics.items() if found.audit},
    )


def _share(output: SystemOutput, part: str, whole: str) -> float | None:
    """A share over all aligned documents; None if there is nothing to share."""
    total = sum(getattr(alignment, whole) for alignment in output.alignment)
    return sum(getattr(alignment, part) for alignment in output.alignment) / total if total else None


def _make_documents(
    inputs: Inputs, output: SystemOutput, statistics: Mapping[str, Statistics]
) -> Iterator[DocumentScore]:
    alignments = {alignment.document: alignment for alignment in output.alignment}
    metrics = [metric for metric in inputs.metrics if metric.name in statistics]
    for document, indices in inputs.test_set.segments_of.items():
        if document is not None:
            totals = {metric.name: statistics[metric.name].values[indices].sum(axis=0) for metric in metrics}
            yield DocumentScore(
                document=document,
                segments=len(indices),
                scores={metric.name: float(metric.aggregate(totals[metric.name])) for metric in metrics},
                alignment=alignments.get(document),
            )


def _make_rows(inputs: Inputs, output: SystemOutput, scores: Scores) -> Iterator[SegmentRow]:
    moved = {(alignment.document, segment) for alignment in output.alignment for segment in alignment.moved}
    statistics = scores.statistics[output.system]
    columns = {
        metric.name: metric.segment_scores(statistics[metric.name].values)
        for metric in inputs.metrics
        if metric.name in statistics
    }
    for index, (segment, hypothesis) in enumerate(
        zip(inputs.test_set.segments, output.hypotheses, strict=True)
    ):
        yield SegmentRow(
            system=output.system,
            document=segment.document,
            segment=segment.id,
            source=segment.source,
            references=segment.references,
            hypothesis=hypothesis,
            scores={key: float(column[index]) for key, column in columns.items()},
            start=segment.start,
            moved=(segment.document, segment.id) in moved,
            groups=segment.groups,
        )


def _name_unit(test_set: TestSet) -> str:
    """What `evalkit.types.DocumentAlignment` counts."""
    return "word" if has_spaces(test_set.target_language) else "character"


def _warn(systems: Mapping[str, SystemResult], metrics: Mapping[str, MetricInfo], unit: str) -> Iterator[str]:
    """What a reader has to know before trusting the numbers, besides the failures in `Run.failures`."""
    scores = [(key, score) for result in systems.values() for key, score in result.metrics.items()]
    reasons = [
        f"{key}: {score.status}: {score.reason}"
        for key, score in scores
        if score.reason and not _fails(score, metrics[key])
    ]
    yield from dict.fromkeys(reasons)
    for name, result in systems.items():
        yield from _warn_of_system(name, result)
        yield from _warn_of_unscored(name, result, unit)
    for key, info in metrics.items():
        if len({result.metrics[key].signature for result in systems.values()} - {None}) > 1:
            yield f"{info.label}: the signatures of the systems differ, so their scores cannot be compared"


def _fails(score: MetricScore, info: MetricInfo) -> bool:
    return score.status == "failed" and info.required


def _warn_of_system(name: str, result: SystemResult) -> Iterator[str]:
    aligned = [(document.document, document.alignment) for document in result.documents]
    doubtful = [
        f"{document}: {alignment.warning}"
        for document, alignment in aligned
        if alignment and alignment.warning
    ]
    if doubtful:
        yield f"{name}: alignment not trusted in {_count(len(doubtful), 'document')}: {shorten(doubtful, 3)}"
    if result.empty:
        yield f"{name}: {_count(result.empty, 'segment')} without a hypothesis, scored as empty"
    for score in result.metrics.values():
        for warning in score.warnings:
            yield f"{name}: {warning}"


def _warn_of_unscored(name: str, result: SystemResult, unit: str) -> Iterator[str]:
    alignments = [document.alignment for document in result.documents if document.alignment]
    words = sum(alignment.words for alignment in alignments)
    left = words - sum(alignment.words_used for alignment in alignments)
    if left:
        share = f"{100 * left / words:.1f}" if left / words >= 0.0005 else "less than 0.1"
        found = f"{left:,} of {words:,} ({share} %)"
        yield f"{name}: {unit}s that match nothing in the reference and are not scored: {found}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
