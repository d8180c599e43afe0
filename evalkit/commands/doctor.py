"""What a run with these settings needs, and whether it is here: to be asked before a long run.

Nothing is scored and nothing is written but to the cache. A check never stops the next one.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from evalkit.alignment import Aligner
from evalkit.data.outputs import Systems, read_outputs
from evalkit.data.reader import Reader
from evalkit.errors import EvalkitError, MetricError, shorten
from evalkit.metrics.base import Metric
from evalkit.ner.base import Ner
from evalkit.runs.folder import check_writable
from evalkit.runtime.cache import FILE, Cache, limit
from evalkit.types import TestSet

OK, WARNING, PROBLEM = "ok", "warning", "problem"
_PACKAGE = "evalkit"


@dataclass(frozen=True)
class Finding:
    """One thing that a run needs."""

    state: str
    """ok; warning: the run goes on, and says so; problem: it would fail."""
    what: str
    found: str
    """What is there, or what is wrong and what to do."""


def examine(
    test_set: Reader,
    metrics: Sequence[Metric],
    *,
    systems: Systems = None,
    ner: Ner | None = None,
    cache: str | None = None,
    alignment: Aligner | None = None,
    output: Path | None = None,
) -> list[Finding]:
    """Check the environment, the test set, the systems and every model.

    Args:
        test_set, metrics, systems, ner, cache, alignment, output: as for `evalkit.evaluate`.
    """
    findings = [*_environment(), _cache(cache)]
    if output is not None:
        findings.append(_tried("output folder", lambda: _writable(output)))
    loaded: list[TestSet] = []

    def read() -> str:
        loaded.append(test_set.read())
        return _described(loaded[0])

    findings.append(_tried("test set", read))
    if loaded:
        findings.append(_tried("systems", lambda: _systems(test_set, loaded[0], systems, alignment)))
    if ner is not None:
        findings.append(_tried("ner", ner.prepare))
    return [*findings, *(_metric(metric, loaded[0] if loaded else None, ner) for metric in metrics)]


def summary(findings: Sequence[Finding]) -> str:
    """The findings as text, one after another, and what they come to."""
    wide = max(len(finding.what) for finding in findings)
    lines = [
        textwrap.fill(
            finding.found,
            width=max(shutil.get_terminal_size((120, 24)).columns, 80),
            initial_indent=f"{finding.state:8} {finding.what:{wide}}  ",
            subsequent_indent=" " * (11 + wide),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for finding in findings
    ]
    problems, warnings = (sum(finding.state == state for finding in findings) for state in (PROBLEM, WARNING))
    if problems:
        end = f"{problems} problem{'s' * (problems > 1)}: a run with these settings would fail."
    else:
        end = f"A run with these settings can start{f'; {warnings} warning' + 's' * (warnings > 1) if warnings else ''}."
    return "\n".join([*lines, "", end])


def _environment() -> Iterator[Finding]:
    python = platform.python_version()
    about = importlib.metadata.metadata(_PACKAGE)
    requirements = [Requirement(line) for line in importlib.metadata.requires(_PACKAGE) or ()]
    needed = [one for one in requirements if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [text for one in needed if (text := _missing(one))]
    yield Finding(OK, "Python", f"{python} on {platform.platform()}, evalkit {about['Version']}")
    for text in wrong:
        yield Finding(PROBLEM, "package", text)
    if importlib.util.find_spec("pkg_resources") is None:
        yield Finding(
            PROBLEM,
            "package",
            "pkg_resources is missing, and unbabel-comet needs it: pip install 'setuptools<81'",
        )
    elif not wrong:
        yield Finding(OK, "packages", f"all {len(needed)} are there, in versions that evalkit works with")


def _missing(requirement: Requirement) -> str:
    """What is wrong with a package, or nothing."""
    mend = f"pip install '{requirement.name}{requirement.specifier}'"
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return f"{requirement.name} is missing: {mend}"
    if requirement.specifier.contains(version, prereleases=True):
        return ""
    return (
        f"{requirement.name} {version} is installed, and evalkit works with {requirement.specifier}: {mend}"
    )


def _cache(setting: str | None) -> Finding:
    try:
        cache = Cache.choose(setting)
    except EvalkitError as error:
        return Finding(PROBLEM, "cache", str(error))
    if cache.for_this_process:
        return Finding(OK, "cache", "off: what models work out is not kept between runs")
    problem = cache.find_problem()
    if problem:
        return Finding(WARNING, "cache", problem)
    path = cache.folder / FILE
    free = shutil.disk_usage(cache.folder).free
    return Finding(
        OK,
        "cache",
        f"{cache.folder}: {path.stat().st_size / 1e9:.2f} GB of {limit() / 1e9:g} at most, {free / 1e9:.0f} GB free",
    )


def _writable(output: Path) -> str:
    check_writable(output)
    return f"{output} can be written"


def _described(test_set: TestSet) -> str:
    languages = " → ".join(filter(None, [test_set.source_language, test_set.target_language]))
    documents = 0 if test_set.documents == (None,) else len(test_set.documents)
    names = (
        f", {len(test_set.entities.mentions)} names"
        if test_set.entities is not None and test_set.has_names
        else ""
    )
    sources = "" if test_set.has_sources else ", no sources"
    return (
        f"{test_set.name}, {languages}: {len(test_set.segments)} segments{f' in {documents} documents' if documents else ''}, "
        f"references {', '.join(test_set.references)}{names}{sources}"
    )


def _systems(reader: Reader, test_set: TestSet, systems: Systems, alignment: Aligner | None) -> str:
    outputs = read_outputs(reader, test_set, systems, alignment)
    return f"{len(outputs)}: {shorten([output.system for output in outputs])}"


def _metric(metric: Metric, test_set: TestSet | None, ner: Ner | None) -> Finding:
    """Whether a metric can score: what it needs is there, and the test set gives it something to do."""

    def try_it() -> str:
        there = metric.prepare()
        # with ner, the names are known only once the model has read the references
        if test_set is not None and not (ner is not None and not test_set.has_names):
            reason = metric.unscored_reason(test_set)
            if reason is not None:
                raise MetricError(reason)
            metric.signature(test_set)
        return there or "ready"

    return _tried(metric.label, try_it, PROBLEM if metric.required else WARNING)


def _tried(what: str, work: Callable[[], str], otherwise: str = PROBLEM) -> Finding:
    try:
        return Finding(OK, what, work())
    except EvalkitError as error:
        return Finding(otherwise, what, str(error))
    except Exception as error:  # whatever a library finds wrong is what was asked for
        return Finding(otherwise, what, f"{type(error).__name__}: {' '.join(str(error).split())}")
