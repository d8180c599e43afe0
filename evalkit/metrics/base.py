"""The seam of the whole tool: statistics first, score second.

A metric gives one row of summable statistics per segment. Every score is `aggregate` of a sum of rows: of all rows
for the test set, of some for a document or a slice, of resampled ones for an interval or a test. So a metric written
once has documents, intervals and tests for nothing. (The idea is sacrebleu's.)

A new metric is one module with one class, and `configs/metrics/<name>.yaml` that names it. The fields of the class are
its configuration; their types are checked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

from evalkit.errors import ConfigError, ResultsError
from evalkit.plugins import find_class

if TYPE_CHECKING:
    from evalkit.types import FloatArray, SystemOutput, TestSet


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a metric found in the output of one system."""

    values: FloatArray
    """[segments, k], float64, summable over segments."""
    rows: tuple[Mapping[str, Any], ...] = ()
    """For the audit: one JSON object per finding, such as a verdict on a name."""
    warnings: tuple[str, ...] = ()
    """What a reader of the score has to know, such as texts that were cut."""


@dataclass(frozen=True, kw_only=True)
class Metric(ABC):
    """Scores the output of one system on a test set."""

    name: str
    """Key in configuration and results: ``bleu``."""
    label: str
    """Heading in reports: ``BLEU``."""
    required: bool = True
    """Whether the run fails where this metric does; else that is a warning."""

    decimals: ClassVar[int] = 3
    """Digits that reports show; results keep full precision."""
    unit: ClassVar[str] = "segment"
    """``document`` for a metric that scores documents as a whole: the row of a document stands at its first segment, its other
    rows are zero, and resampling draws documents."""
    higher_is_better: ClassVar[bool] = True
    """False where less is better, as for TER; ranks follow it."""

    def heading(self) -> str:
        """What reports call the metric; known for sure once it has scored something."""
        return self.label

    def note(self) -> str:
        """What a reader of the scores has to know wherever they are shown, in one line; empty where there is nothing."""
        return ""

    def prepare(self) -> str:
        """Make ready what scoring needs, such as a model; returns what is there, in one line, empty where nothing is needed.

        A run does not call it: it loads a model when something has to be scored.

        Raises:
            MetricError, ModelError: it cannot be had here.
        """
        return ""

    @abstractmethod
    def signature(self, test_set: TestSet) -> str:
        """How the score is made. Two scores compare only where their signatures are the same.

        Raises:
            MetricError: the metric cannot be had here, such as a model that is not on disk.
        """

    @abstractmethod
    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Statistics of every segment.

        Raises:
            MetricError: no scores can be given; the message says why and what to do.
        """

    @abstractmethod
    def aggregate(self, total: FloatArray) -> FloatArray:
        """[..., k] sums of statistics to [...] scores; NaN where there is nothing to score."""

    def segment_scores(self, values: FloatArray) -> FloatArray:
        """[segments, k] to [segments] scores; NaN where a segment has nothing to score."""
        return self.aggregate(values)

    def details(self, test_set: TestSet, total: FloatArray) -> dict[str, Any]:
        """[k] sums to what reports show beside the score, such as counts by type."""
        return {}

    def parts(self) -> Mapping[str, Metric]:
        """The same metric on parts of what it counts, from the same statistics: by entity type, for example."""
        return {}

    def unscored_reason(self, test_set: TestSet) -> str | None:
        """Why this test set gives the metric nothing to score, or None where it does."""
        return None


def settings_of(metric: Metric) -> dict[str, Any]:
    """Class and fields of a metric, for the record."""
    cls = type(metric)
    return {"_target_": f"{cls.__module__}.{cls.__qualname__}"} | {
        f.name: getattr(metric, f.name) for f in fields(metric) if f.init
    }


def rebuild(settings: Mapping[str, Any]) -> Metric:
    """The metric that `settings_of` describes. Nothing is loaded until it scores.

    Raises:
        ResultsError: this evalkit has no such metric, or it has other settings.
    """
    try:
        cls = find_class(str(settings["_target_"]), Metric)
        metric: Metric = cls(**{key: value for key, value in settings.items() if key != "_target_"})
    except (ConfigError, TypeError) as error:
        raise ResultsError(f"metric {settings['_target_']} of a stored run cannot be had: {error}") from error
    return metric
