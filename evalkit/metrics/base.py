"""The metric interface: statistics first, score second.

A metric gives one row of summable statistics per segment. Every score is `aggregate` of a sum of rows: of all
rows for the test set, of some for a document or a slice, of resampled rows for an interval or a test. So a
metric gets documents, intervals and tests without code of its own. (The idea is sacrebleu's.)

A new metric is one module with one class, and `configs/metrics/<name>.yaml`, which names the class. The
fields of the class are its configuration; their types are checked. What a metric can do beyond a score it
declares in class attributes, and everything else asks for these and never for the name of a metric.
"""

from __future__ import annotations

import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from evalkit.errors import ConfigError, ResultsError
from evalkit.metrics.scale import Scale
from evalkit.plugins import find_class
from evalkit.types import Unit

if TYPE_CHECKING:
    from evalkit.entities.audit import AuditRow, NameScores
    from evalkit.types import FloatArray, SystemOutput, TestSet


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a metric computed from the output of one system."""

    values: FloatArray
    """[segments, k], float64, summable over segments."""
    rows: tuple[Mapping[str, object], ...] = ()
    """Remarks, one JSON object each, such as a text that was cut; stored as
    ``systems/<slug>/<metric>.jsonl``."""
    warnings: tuple[str, ...] = ()
    """What a reader of the score has to know."""
    audit: tuple[AuditRow, ...] = ()
    """The verdict on every name, from a metric that keeps verdicts."""


@dataclass(frozen=True, kw_only=True)
class Metric(ABC):
    """Scores the output of one system on a test set."""

    name: str
    """Key in configuration and results: ``bleu``."""
    label: str
    """Heading in reports: ``BLEU``."""
    required: bool = True
    """Whether the run fails if the metric fails; otherwise that is a warning."""

    decimals: ClassVar[int] = 3
    """Digits that reports show; results keep full precision."""
    unit: ClassVar[Unit] = "segment"
    """``document`` for a metric that scores whole documents: the first segment of a document has its row, the
    others have zeros, and resampling draws documents."""
    higher_is_better: ClassVar[bool] = True
    """False for an error rate such as TER."""
    best_value: ClassVar[float | None] = None
    """The best score if it lies in the middle of the scale, such as 1 for a length ratio. Tests then compare
    distances to it."""
    keeps_verdicts: ClassVar[bool] = False
    """Whether `statistics` gives a verdict on every name (`Statistics.audit`). Reports, comparisons and gates
    then show which names are right, and which changed."""
    verdicts_on: ClassVar[str] = "names"
    """What the verdicts are on, in the plural. Reports have a section for each."""

    @property
    def scale(self) -> Scale:
        """Which scores are better."""
        return Scale(self.higher_is_better, self.best_value)

    @property
    def audit_file(self) -> str:
        """The file in ``systems/<slug>/`` that stores `Statistics.rows` or `Statistics.audit`."""
        return f"{self.name}.jsonl"

    def heading(self) -> str:
        """What reports call the metric; final once it has scored something."""
        return self.label

    def note(self) -> str:
        """What a reader has to know wherever the scores are shown, in one line; may be empty."""
        return ""

    def prepare(self) -> str:
        """Load what scoring needs, such as a model; returns what is loaded, in one line.

        Only ``-cn doctor`` calls this. A run loads a model when there is something to score.

        Raises:
            MetricError, ModelError: it is not available here.
        """
        return ""

    @abstractmethod
    def signature(self, test_set: TestSet) -> str:
        """How the score is made. Two scores compare only if their signatures are the same.

        Raises:
            MetricError: the metric is not available here, for example because its model is not on disk.
        """

    @abstractmethod
    def statistics(self, test_set: TestSet, output: SystemOutput) -> Statistics:
        """Compute the statistics of every segment.

        Raises:
            MetricError: the output cannot be scored; the message says why and what to do.
        """

    @abstractmethod
    def aggregate(self, total: FloatArray) -> FloatArray:
        """Turn [..., k] sums of statistics into [...] scores; NaN if there is nothing to score."""

    def segment_scores(self, values: FloatArray) -> FloatArray:
        """Turn [segments, k] statistics into [segments] scores; NaN if a segment has nothing to score."""
        return self.aggregate(values)

    def details(self, test_set: TestSet, total: FloatArray) -> Mapping[str, object]:
        """Turn [k] sums into JSON values that are stored beside the score, such as counts."""
        return {}

    def name_scores(self, total: FloatArray) -> NameScores | None:
        """Turn [k] sums into scores by type of name, for a metric that keeps verdicts."""
        return None

    def test_set_warnings(self, test_set: TestSet) -> Iterable[str]:
        """What a reader of the scores has to know of this metric on this test set, one line each."""
        return ()

    def parts(self) -> Mapping[str, Metric]:
        """The same metric on parts of what it counts, such as entity types, from the same statistics."""
        return {}

    def unscored_reason(self, test_set: TestSet) -> str | None:
        """Why the metric has nothing to score in this test set, or None."""
        return None


def describe_class(metric: Metric) -> str:
    """The name of the metric's class that stored runs keep.

    For a class of evalkit it is the bare name, so that stored runs do not depend on modules: ``Bleu``. For a
    class from elsewhere it is the dotted name that imports it.
    """
    cls = type(metric)
    inside = cls.__module__.startswith(_PACKAGE + ".")
    return cls.__qualname__ if inside else f"{cls.__module__}.{cls.__qualname__}"


def describe_settings(metric: Metric) -> dict[str, object]:
    """The fields of a metric by name, as stored runs keep them."""
    return {field.name: getattr(metric, field.name) for field in fields(metric) if field.init}


def rebuild(class_name: str, settings: Mapping[str, object]) -> Metric:
    """Make the metric that `describe_class` and `describe_settings` describe.

    Nothing is loaded until it scores.

    Raises:
        ResultsError: this evalkit has no such metric, or the metric has other settings.
    """
    try:
        cls: Any = find_class(class_name, Metric) if "." in class_name else _find_own_class(class_name)
        metric: Metric = cls(**settings)
    except (ConfigError, TypeError) as error:
        raise ResultsError(f"metric {class_name} of a stored run is not available: {error}") from error
    return metric


_PACKAGE = __name__.rpartition(".")[0]


def _find_own_class(name: str) -> type[Metric]:
    """Find a metric of evalkit by the name of its class, whichever module of this package it is in."""
    for module in pkgutil.iter_modules(import_module(_PACKAGE).__path__):
        cls = getattr(import_module(f"{_PACKAGE}.{module.name}"), name, None)
        if isinstance(cls, type) and issubclass(cls, Metric):
            return cls
    raise ConfigError(f"{name}: evalkit has no metric of this name")
