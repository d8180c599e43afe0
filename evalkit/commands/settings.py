"""The settings of an evaluation, as one object that the command line builds and the commands take whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evalkit.alignment import Aligner
from evalkit.data.outputs import Systems
from evalkit.gate import Gate
from evalkit.ner.base import Ner
from evalkit.reports.base import Report
from evalkit.reports.markdown import Markdown
from evalkit.runs.results import Run
from evalkit.significance import Bootstrap


@dataclass(frozen=True, kw_only=True)
class EvaluationSettings:
    """How a test set is scored, compared, judged and stored; what is scored is given beside it."""

    systems: Systems = None
    """None for the systems that come with the test set; the name of one of them, a path, a glob, or a list of
    these; or a mapping from names to paths."""
    limit: int | None = None
    """Score only so many documents, the first ones, for a trial; segments, if the test set has no documents."""
    ner: Ner | None = None
    """Finds the names in the references if the test set has no reviewed ones:
    ``Spacy(model="en_core_web_sm")``."""
    cache: str | None = None
    """Folder that keeps what `ner` found between runs; None for the user's cache; ``off``."""
    alignment: Aligner | None = None
    """How articles are aligned with the segments; line-aligned outputs are taken as they are."""
    significance: Bootstrap = field(default_factory=Bootstrap)
    """Settings of intervals and tests."""
    controls: bool = False
    """Also score empty texts, the source, the reference and others, which show what a score means."""
    reports: Sequence[Report] = (Markdown(),)
    """The reports to write into the folder."""
    baseline: Run | str | Path | None = None
    """A run, or the folder of one, to compare with."""
    baseline_systems: Mapping[str, str] | None = None
    """Systems of the baseline by those of this run, where their names differ."""
    gate: Gate | None = None
    """The rules that the run has to pass."""
    name: str = "run"
    """What reports call the run."""
    output: str | Path | None = None
    """Folder to write the run into; None writes nothing."""
    config: Mapping[str, object] = field(default_factory=dict)
    """Recorded in the run."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Further files for the folder, as text by path."""
    progress: bool = False
    """Whether to show a progress bar on stderr, if that is a terminal."""
