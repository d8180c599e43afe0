"""Made-up systems that show the floor and the ceiling of a test set in each metric.

A copied source gets about 0.66 from wmt22-comet-da, and an empty text more than 0: these rows show what a
score means. They are lines in the run and its reports, and are never ranked, compared or gated.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from evalkit.metrics.base import Metric
from evalkit.types import SystemOutput

if TYPE_CHECKING:
    from evalkit.types import TestSet

log = logging.getLogger(__name__)

LABELS = {
    "empty": "empty text",
    "source": "source, copied",
    "shuffled": "references of other segments",
    "reference": "the reference itself",
}
"""The controls in words."""
SEED = 12345
"""For shuffling, which must not differ between runs."""


def make_outputs(test_set: TestSet) -> list[SystemOutput]:
    """Empty texts, the sources if there are any, references of other segments, and the references."""
    references = [segment.reference for segment in test_set.segments]
    texts = {"empty": [""] * len(references)}
    if test_set.has_sources:
        texts["source"] = [segment.source or "" for segment in test_set.segments]
    texts["shuffled"] = [references[index] for index in _move_all(len(references))]
    texts["reference"] = references
    return [SystemOutput(name, tuple(hypotheses)) for name, hypotheses in texts.items()]


def _move_all(count: int) -> list[int]:
    """Shuffle positions so that none stays where it is, if there are two or more (Sattolo 1986)."""
    positions, random = list(range(count)), Random(SEED)  # noqa: S311 - not for cryptography
    for last in range(count - 1, 0, -1):
        other = random.randrange(last)
        positions[last], positions[other] = positions[other], positions[last]
    return positions


def score_controls(test_set: TestSet, metrics: Sequence[Metric]) -> dict[str, dict[str, float]]:
    """The score of each control in each metric that can give one.

    COMET has encoded nearly all of these texts before.
    """
    scores: dict[str, dict[str, float]] = {}
    for output in make_outputs(test_set):
        scores[output.system] = {}
        for metric in metrics:
            try:
                value = float(metric.aggregate(metric.statistics(test_set, output).values.sum(axis=0)))
            except Exception:  # metrics may fail on empty texts, and a control is not worth the run
                log.debug("control %s: metric %s failed", output.system, metric.name, exc_info=True)
                continue
            if np.isfinite(value):
                scores[output.system][metric.name] = value
    return scores
