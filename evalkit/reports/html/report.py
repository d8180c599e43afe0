"""TODO reports.html.report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.errors import ConfigError
from evalkit.reports.base import Report
from evalkit.reports.html.comparison import comparison_page
from evalkit.reports.html.history import history_page

if TYPE_CHECKING:
    from evalkit.comparison.compare import Comparison
    from evalkit.comparison.history import History
    from evalkit.runs.results import Run
from evalkit.reports.html.run import report


@dataclass(frozen=True, kw_only=True)
class Html(Report):
    """``report.html`` of the run; ``comparison.html`` and ``history.html`` where there is such."""

    rows: int = 20
    """Rows that a list of names or documents shows; how many more there are is said."""
    megabytes: float = 12.0
    """Texts and names above this are left out, evenly over the test set; the page says so, and its summary is of all."""

    def __post_init__(self) -> None:
        """Check the values."""
        if self.rows < 1 or not self.megabytes > 0:
            raise ConfigError(
                f"report.html: expected rows >= 1 and megabytes > 0, found rows={self.rows}, megabytes={self.megabytes}"
            )

    def files(self, run: Run) -> dict[str, str]:
        """See `Report.files`."""
        return {"report.html": report(run, self.rows, int(self.megabytes * 1e6))}

    def comparison_files(self, comparisons: Sequence[Comparison]) -> dict[str, str]:
        """See `Report.comparison_files`."""
        return {"comparison.html": comparison_page(comparisons, self.rows)}

    def history_files(self, history: History) -> dict[str, str]:
        """See `Report.history_files`."""
        return {"history.html": history_page(history)}
