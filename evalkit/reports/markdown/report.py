"""The `markdown` report: which files it writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.reports.base import Report
from evalkit.reports.markdown.comparison import render_comparison_report
from evalkit.reports.markdown.history import render_history_report
from evalkit.reports.markdown.run import render_run_report
from evalkit.reports.markdown.system import render_system_report
from evalkit.reports.markdown.verdict import render_verdict_report

if TYPE_CHECKING:
    from evalkit.comparison.history import History
    from evalkit.comparison.results import Comparison
    from evalkit.gate.verdict import Verdict
    from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class Markdown(Report):
    """``report.md`` of the run and of each system, ``comparison.md``, ``verdict.md`` and ``history.md``."""

    rows: int = 20
    """Rows that a list shows. A longer list ends with the number of further rows and where to find them."""

    def files(self, run: Run) -> dict[str, str]:
        """``report.md`` and ``systems/<slug>/report.md``."""
        systems = {
            f"systems/{result.slug}/report.md": render_system_report(run, name, self.rows)
            for name, result in run.systems.items()
        }
        return {"report.md": render_run_report(run, self.rows), **systems}

    def comparison_files(self, comparisons: Sequence[Comparison]) -> dict[str, str]:
        """``comparison.md``."""
        return {"comparison.md": render_comparison_report(comparisons, self.rows)}

    def verdict_files(self, verdict: Verdict) -> dict[str, str]:
        """``verdict.md``."""
        return {"verdict.md": render_verdict_report(verdict)}

    def history_files(self, history: History) -> dict[str, str]:
        """``history.md``."""
        return {"history.md": render_history_report(history)}
