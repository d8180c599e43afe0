"""Runs made in memory, and changed, for tests of what compares and judges them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from miniature import in_memory, output

from evalkit.metrics.lexical import Bleu
from evalkit.runs.results import MetricInfo, MetricScore, Run, SignificanceInfo, SystemResult, TestSetInfo
from evalkit.runtime.provenance import Environment

WORDS = "the a cat dog sat ran on by mat hill rain fell all day long in old town".split()


def words(seed, count, length=12):
    """Random sentences."""
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, length)) for _ in range(count)]


def noisy(lines, share, seed):
    """The same with a share of the words replaced."""
    rng = np.random.default_rng(seed)
    return [
        " ".join(rng.choice(WORDS) if rng.random() < share else word for word in line.split())
        for line in lines
    ]


def in_memory_run(statistics, *, metric=None, documents=None, name="run", ids=None, contents=None):
    """A run of one metric, from [segments, k] statistics by system."""
    metric = metric or Bleu(tokenize="13a")
    count = len(next(iter(statistics.values())))
    scores = {system: float(metric.aggregate(values.sum(axis=0))) for system, values in statistics.items()}
    return Run(
        name=name,
        created="2026-01-01T00:00:00+00:00",
        evalkit_version="0",
        test_set=TestSetInfo(
            name="mini",
            source_language=None,
            target_language="en",
            references=("A",),
            fingerprint=str(ids),
            segments=count,
        ),
        significance=SignificanceInfo(),
        metrics={metric.name: replace(MetricInfo.of(metric), decimals=1)},
        systems={
            system: SystemResult(
                slug=system,
                origin="",
                fingerprint=system,
                empty=0,
                metrics={metric.name: MetricScore(status="ok", value=value, signature="s")},
            )
            for system, value in scores.items()
        },
        environment=Environment(),
        config={},
        statistics={system: {metric.name: values} for system, values in statistics.items()},
        documents_of_segments=tuple(documents or [None] * count),
        segment_ids=tuple(ids or map(str, range(count))),
        segment_contents=tuple(contents or ["same"] * count),
    )


def permuted(run, order):
    """The same run, read in another order of its segments."""
    return replace(
        run,
        test_set=replace(run.test_set, fingerprint="of another order"),
        statistics={
            system: {key: values[order] for key, values in of.items()}
            for system, of in run.statistics.items()
        },
        documents_of_segments=tuple(run.documents_of_segments[i] for i in order),
        segment_ids=tuple(run.segment_ids[i] for i in order),
        segment_contents=tuple(run.segment_contents[i] for i in order),
    )


def bleu_statistics(reference, hypotheses):
    """[segments, 10]."""
    return Bleu(tokenize="13a").statistics(in_memory([reference]), output(hypotheses)).values
