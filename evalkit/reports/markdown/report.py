"""TODO reports.markdown.report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.reports.base import Report
from evalkit.reports.markdown.comparison import comparison_report
from evalkit.reports.markdown.history import history_report
from evalkit.reports.markdown.verdict import verdict_report

if TYPE_CHECKING:
    from evalkit.comparison.compare import Comparison
    from evalkit.comparison.history import History
    from evalkit.gate.verdict import Verdict
    from evalkit.runs.results import Run
from evalkit.reports.markdown.run import run_report
from evalkit.reports.markdown.system import system_report


@dataclass(frozen=True, kw_only=True)
class Markdown(Report):
    """``report.md`` of the run, and one of each system; ``comparison.md``, ``verdict.md`` and ``history.md`` where there is such."""

    rows: int = 20
    """Rows that a list shows; how many more there are is said, and where."""

    def files(self, run: Run) -> dict[str, str]:
        """See `Report.files`."""
        systems = {
            f"systems/{result.slug}/report.md": system_report(run, name, self.rows)
            for name, result in run.systems.items()
        }
        return {"report.md": run_report(run, self.rows), **systems}

    def comparison_files(self, comparisons: Sequence[Comparison]) -> dict[str, str]:
        """See `Report.comparison_files`."""
        return {"comparison.md": comparison_report(comparisons, self.rows)}

    def verdict_files(self, verdict: Verdict) -> dict[str, str]:
        """See `Report.verdict_files`."""
        return {"verdict.md": verdict_report(verdict)}

    def history_files(self, history: History) -> dict[str, str]:
        """See `Report.history_files`."""
        return {"history.md": history_report(history)}
