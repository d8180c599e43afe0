"""Checks whether a run can start with these settings: environment, test set, systems and models.

Nothing is scored, and only the cache is written. A failed check does not stop the others.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from packaging.requirements import Requirement

from evalkit.commands.settings import EvaluationSettings
from evalkit.data.outputs import read_outputs
from evalkit.data.reader import Reader
from evalkit.data.selection import select
from evalkit.errors import EvalkitError, MetricError, format_count, shorten
from evalkit.metrics.base import Metric
from evalkit.ner.base import Ner
from evalkit.runs.folder import check_writable
from evalkit.runtime.cache import FILE, Cache, limit
from evalkit.types import TestSet

State: TypeAlias = Literal["ok", "warning", "problem"]
"""warning: the run can start, but reports it; problem: the run would fail."""
_PACKAGE = "evalkit"


@dataclass(frozen=True)
class Diagnosis:
    """The result of one check."""

    state: State
    subject: str
    """What was checked."""
    message: str
    """What was found, or what is wrong and what to do."""


def examine(
    test_set: Reader, metrics: Sequence[Metric], settings: EvaluationSettings | None = None, **options: object
) -> list[Diagnosis]:
    """Check everything that a run needs. One problem hides no other.

    Args:
        test_set, metrics, settings, options: as for `evalkit.evaluate`.
    """
    settings = replace(settings or EvaluationSettings(), **options)  # type: ignore[arg-type]  # by name
    diagnoses = [*_check_environment(), _check_cache(settings.cache)]
    output, ner = settings.output, settings.ner
    if output is not None:
        diagnoses.append(_check("output folder", lambda: _check_output(Path(output))))
    loaded: list[TestSet] = []

    def read() -> str:
        loaded.append(select(test_set.read(), test_set.only, settings.limit))
        return _describe(loaded[0])

    diagnoses.append(_check("test set", read))
    if loaded:
        diagnoses.append(_check("systems", lambda: _check_systems(test_set, loaded[0], settings)))
    if ner is not None:
        diagnoses.append(_check("ner", lambda: _check_ner(ner, loaded)))
    return [*diagnoses, *(_check_metric(metric, loaded[0] if loaded else None, ner) for metric in metrics)]


def summarise(diagnoses: Sequence[Diagnosis]) -> str:
    """The diagnoses as text, one per paragraph, and whether a run can start."""
    width = max(len(diagnosis.subject) for diagnosis in diagnoses)
    paragraphs = [
        textwrap.fill(
            diagnosis.message,
            width=max(shutil.get_terminal_size((120, 24)).columns, 80),
            initial_indent=f"{diagnosis.state:8} {diagnosis.subject:{width}}  ",
            subsequent_indent=" " * (11 + width),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for diagnosis in diagnoses
    ]
    return "\n".join([*paragraphs, "", _conclude(diagnoses)])


def _conclude(diagnoses: Sequence[Diagnosis]) -> str:
    problems, warnings = (
        sum(diagnosis.state == state for diagnosis in diagnoses) for state in ("problem", "warning")
    )
    if problems:
        return f"{problems} problem{'s' * (problems > 1)}: a run with these settings would fail."
    counted = f", with {warnings} warning{'s' * (warnings > 1)}" if warnings else ""
    return f"A run with these settings can start{counted}."


def _check_environment() -> Iterator[Diagnosis]:
    metadata = importlib.metadata.metadata(_PACKAGE)
    yield Diagnosis(
        "ok", "Python", f"{platform.python_version()} on {platform.platform()}, evalkit {metadata['Version']}"
    )
    requirements = [Requirement(line) for line in importlib.metadata.requires(_PACKAGE) or ()]
    without_extras = [
        requirement
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    ]
    problems = [problem for problem in map(_check_package, without_extras) if problem]
    if importlib.util.find_spec("pkg_resources") is None:
        problems.append(
            "pkg_resources is missing, which unbabel-comet needs; run pip install 'setuptools<81'"
        )
    for problem in problems:
        yield Diagnosis("problem", "package", problem)
    if not problems:
        yield Diagnosis("ok", "packages", f"all {len(without_extras)} are installed in supported versions")


def _check_package(requirement: Requirement) -> str:
    """What is wrong with a package; empty if it is installed in a supported version."""
    fix = f"run pip install '{requirement.name}{requirement.specifier}'"
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return f"{requirement.name} is missing; {fix}"
    if requirement.specifier.contains(version, prereleases=True):
        return ""
    return f"{requirement.name} {version} is installed, but evalkit needs {requirement.specifier}; {fix}"


def _check_cache(setting: str | None) -> Diagnosis:
    try:
        cache = Cache.choose(setting)
    except EvalkitError as error:
        return Diagnosis("problem", "cache", str(error))
    if cache.for_this_process:
        return Diagnosis("ok", "cache", "off: results of models are not kept between runs")
    problem = cache.find_problem()
    if problem:
        return Diagnosis("warning", "cache", problem)
    size, free = (cache.folder / FILE).stat().st_size, shutil.disk_usage(cache.folder).free
    used = f"{size / 1e9:.2f} of {limit() / 1e9:g} GB used"
    return Diagnosis("ok", "cache", f"{cache.folder}: {used}, {free / 1e9:.0f} GB free on the disk")


def _check_output(output: Path) -> str:
    check_writable(output)
    return f"{output} is writable"


def _describe(test_set: TestSet) -> str:
    languages = " → ".join(filter(None, [test_set.source_language, test_set.target_language]))
    size = format_count(len(test_set.segments), "segment")
    if test_set.documents != (None,):
        size += f" in {format_count(len(test_set.documents), 'document')}"
    parts = [f"{test_set.name}, {languages}: {size}", f"references {', '.join(test_set.references)}"]
    if test_set.entities is not None and test_set.has_names:
        parts.append(f"{len(test_set.entities.mentions)} mentions of names")
    if not test_set.has_sources:
        parts.append("no sources")
    return "; ".join([", ".join(parts), *test_set.notes])


def _check_systems(reader: Reader, test_set: TestSet, settings: EvaluationSettings) -> str:
    outputs = read_outputs(reader, test_set, settings.systems, settings.alignment)
    return f"{len(outputs)}: {shorten([output.system for output in outputs])}"


def _check_ner(ner: Ner, test_sets: Sequence[TestSet]) -> str:
    """Load the model, and check that it is for the language of the test set, if that could be read."""
    state = ner.prepare()
    for test_set in test_sets:
        ner.check_language(test_set.target_language)
    return state


def _check_metric(metric: Metric, test_set: TestSet | None, ner: Ner | None) -> Diagnosis:
    """Check that a metric can score: it has what it needs, and the test set has something for it to score."""

    def prepare() -> str:
        state = metric.prepare()
        # with ner, the names are only known once the model has read the references
        if test_set is not None and (ner is None or test_set.has_names):
            reason = metric.unscored_reason(test_set)
            if reason is not None:
                raise MetricError(reason)
            metric.signature(test_set)
        return state or "ready"

    return _check(metric.label, prepare, "problem" if metric.required else "warning")


def _check(subject: str, work: Callable[[], str], failure: State = "problem") -> Diagnosis:
    """Do something that a run does too, and report its result, or its error as `failure`."""
    try:
        return Diagnosis("ok", subject, work())
    except EvalkitError as error:
        return Diagnosis(failure, subject, str(error))
    except Exception as error:  # libraries raise errors of many classes, and each is a diagnosis
        return Diagnosis(failure, subject, f"{type(error).__name__}: {' '.join(str(error).split())}")
