"""What a report is. A new one is one module with one class, and `configs/report/<name>.yaml` that names it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.runs.writing import dumps, plain

if TYPE_CHECKING:
    from evalkit.comparison.compare import Comparison
    from evalkit.comparison.history import History
    from evalkit.gate.verdict import Verdict
    from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class Report(ABC):
    """Draws what evalkit found, from what is in it: a report computes no score. Texts are by path within the folder they go to."""

    @abstractmethod
    def files(self, run: Run) -> dict[str, str]:
        """Of a run, such as ``report.md``; its `comparison` and `verdict` have files of their own."""

    def comparison_files(self, comparisons: Sequence[Comparison]) -> dict[str, str]:
        """Of one candidate or several with one baseline, such as ``comparison.md``."""
        return {}

    def verdict_files(self, verdict: Verdict) -> dict[str, str]:
        """Of a gate, such as ``verdict.md``."""
        return {}

    def history_files(self, history: History) -> dict[str, str]:
        """Of a series of runs, such as ``history.md``."""
        return {}


def comparison_files(comparisons: Sequence[Comparison], reports: Sequence[Report]) -> dict[str, str]:
    """``comparison.json``, and what the reports draw."""
    version = comparisons[0].format_version
    record = {
        "format_version": version,
        "comparisons": [plain(found, without=("format_version",)) for found in comparisons],
    }
    files = {"comparison.json": dumps(record, indent=2) + "\n"}
    for report in reports:
        files |= report.comparison_files(comparisons)
    return files


def verdict_files(verdict: Verdict, reports: Sequence[Report]) -> dict[str, str]:
    """``verdict.json``, and what the reports draw."""
    files = {"verdict.json": dumps({"passed": verdict.passed, **plain(verdict)}, indent=2) + "\n"}
    for report in reports:
        files |= report.verdict_files(verdict)
    return files


def history_files(history: History, reports: Sequence[Report]) -> dict[str, str]:
    """``history.json``, and what the reports draw."""
    files = {"history.json": dumps(history, indent=2) + "\n"}
    for report in reports:
        files |= report.history_files(history)
    return files
