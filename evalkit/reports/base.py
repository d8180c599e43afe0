"""What a report is. To add one, write a class in a module and name it in `configs/report/<name>.yaml`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.runtime.json_text import dumps, to_json

if TYPE_CHECKING:
    from evalkit.comparison.history import History
    from evalkit.comparison.results import Comparison
    from evalkit.gate.verdict import Verdict
    from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class Report(ABC):
    """Renders results that already exist; a report never computes a score.

    Each method returns the text of every file by its path, relative to the output folder.
    """

    @abstractmethod
    def files(self, run: Run) -> dict[str, str]:
        """Files about a run, such as ``report.md``, without its comparison and verdict."""

    def comparison_files(self, comparisons: Sequence[Comparison]) -> dict[str, str]:
        """Files about one or more candidates compared with the same baseline, such as ``comparison.md``."""
        return {}

    def verdict_files(self, verdict: Verdict) -> dict[str, str]:
        """Files about the verdict of a gate, such as ``verdict.md``."""
        return {}

    def history_files(self, history: History) -> dict[str, str]:
        """Files about a series of runs, such as ``history.md``."""
        return {}


def render_comparisons(comparisons: Sequence[Comparison], reports: Sequence[Report]) -> dict[str, str]:
    """``comparison.json`` and the files of the reports, as text by path."""
    records = [to_json(comparison) for comparison in comparisons]
    versions = [record.pop("format_version") for record in records]
    record = {"format_version": versions[0], "comparisons": records}
    files = {"comparison.json": dumps(record, indent=2) + "\n"}
    for report in reports:
        files |= report.comparison_files(comparisons)
    return files


def render_verdict(verdict: Verdict, reports: Sequence[Report]) -> dict[str, str]:
    """``verdict.json`` and the files of the reports, as text by path."""
    files = {"verdict.json": dumps({"passed": verdict.passed, **to_json(verdict)}, indent=2) + "\n"}
    for report in reports:
        files |= report.verdict_files(verdict)
    return files


def render_history(history: History, reports: Sequence[Report]) -> dict[str, str]:
    """``history.json`` and the files of the reports, as text by path."""
    files = {"history.json": dumps(history, indent=2) + "\n"}
    for report in reports:
        files |= report.history_files(history)
    return files
