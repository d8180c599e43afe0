"""The `html` report: which pages it writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.errors import ConfigError
from evalkit.reports.base import Report
from evalkit.reports.html.comparison import render_comparison_page
from evalkit.reports.html.history import render_history_page
from evalkit.reports.html.run import render_run_page

if TYPE_CHECKING:
    from evalkit.comparison.history import History
    from evalkit.comparison.results import Comparison
    from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class Html(Report):
    """``report.html`` of a run, ``comparison.html`` and ``history.html``."""

    rows: int = 20
    """Rows that a list of names or documents shows. Below a longer list is the number of further rows."""
    megabytes: float = 12.0
    """Limit for texts and names. Above it the page leaves out segments, evenly over the test set.

    The page says so, and its overview always covers all segments.
    """

    def __post_init__(self) -> None:
        """Check the values."""
        if self.rows < 1:
            raise ConfigError(f"report.html.rows={self.rows}: expected a whole number of at least 1")
        if not self.megabytes > 0:
            raise ConfigError(f"report.html.megabytes={self.megabytes:g}: expected a number above 0")

    def files(self, run: Run) -> dict[str, str]:
        """``report.html``."""
        return {"report.html": render_run_page(run, self.rows, int(self.megabytes * 1e6))}

    def comparison_files(self, comparisons: Sequence[Comparison]) -> dict[str, str]:
        """``comparison.html``."""
        return {"comparison.html": render_comparison_page(comparisons, self.rows)}

    def history_files(self, history: History) -> dict[str, str]:
        """``history.html``."""
        return {"history.html": render_history_page(history)}
