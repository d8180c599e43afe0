"""TODO evaluation.assemble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import evalkit
from evalkit.errors import shorten
from evalkit.metrics.base import Metric, Statistics, settings_of
from evalkit.runs.results import (
    FAILED,
    DocumentScore,
    MetricInfo,
    MetricScore,
    Run,
    SegmentRow,
    SystemResult,
)
from evalkit.runs.writing import slugs
from evalkit.runtime import provenance
from evalkit.significance.pairwise import MetricTests
from evalkit.significance.units import Bootstrap, choose_units
from evalkit.types import content_hash

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet


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
        systems[output.system] = _system(
            test_set, output, statistics, results[output.system], slug[output.system]
        )
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
        statistics={
            system: {key: found.values for key, found in of.items()} for system, of in scored.items()
        },
        documents_of_segments=tuple(segment.document for segment in test_set.segments),
        segment_ids=tuple(segment.id for segment in test_set.segments),
        segment_contents=tuple(
            content_hash([segment.source, segment.references])[7:23] for segment in test_set.segments
        ),
        segments=tuple(segments),
    )


def _segments(
    test_set: TestSet, output: SystemOutput, statistics: Mapping[str, tuple[Metric, Statistics]]
) -> list[SegmentRow]:
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
        documents=_documents(
            test_set, output, {key: (metric, found.values) for key, (metric, found) in statistics.items()}
        ),
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
        else {
            "mentions": len(entities.mentions),
            "origin": entities.mentions_origin,
            "aliases": entities.aliases_origin,
        },
        "fingerprint": test_set.fingerprint,
        "files": list(test_set.files),
    }


def _documents(
    test_set: TestSet, output: SystemOutput, metrics: Mapping[str, tuple[Metric, FloatArray]]
) -> tuple[DocumentScore, ...]:
    alignments = {found.document: found for found in output.alignment}
    return tuple(
        DocumentScore(
            document=document,
            segments=len(indices),
            scores={
                key: float(metric.aggregate(values[indices].sum(axis=0)))
                for key, (metric, values) in metrics.items()
            },
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
        doubtful = [
            f"{d.document}: {d.alignment.warning}"
            for d in result.documents
            if d.alignment is not None and d.alignment.warning
        ]
        if doubtful:
            found.append(
                f"{name}: documents whose alignment is not to be trusted: {len(doubtful)}: {shorten(doubtful, 3)}"
            )
        if result.empty:
            found.append(f"{name}: segments without hypothesis, scored as empty: {result.empty}")
        found += [f"{name}: {warning}" for score in result.metrics.values() for warning in score.warnings]
    for key, metric in metrics.items():
        if len({result.metrics[key].signature for result in systems.values()} - {None}) > 1:
            found.append(
                f"{metric.label}: the systems have different signatures; ranks and tests between them say little"
            )
    reasons = {
        (metric, score.status, score.reason): None
        for result in systems.values()
        for metric, score in result.metrics.items()
        if score.reason and not (score.status == FAILED and metrics[metric].required)
    }
    return tuple(f"{metric}: {status}: {reason}" for metric, status, reason in reasons) + tuple(found)
