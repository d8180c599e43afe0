"""``report.csv``: one row per system and metric, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.reports.base import Report
from evalkit.reports.ranks import find_best

if TYPE_CHECKING:
    from evalkit.runs.results import Run

HEADER = (
    "run",
    "test_set",
    "fingerprint",
    "system",
    "metric",
    "label",
    "value",
    "low",
    "high",
    "best",
    "higher_is_better",
    "status",
    "reason",
    "scored",
    "unscored",
    "signature",
)
"""``low`` and ``high``: confidence interval; ``best``: significantly better than every other system."""


@dataclass(frozen=True, kw_only=True)
class Csv(Report):
    """Scores in full precision, empty where there is none. UTF-8 with CRLF line ends, as in RFC 4180."""

    def files(self, run: Run) -> dict[str, str]:
        """``report.csv``."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(HEADER)
        best = find_best(run)
        for system in run.systems:
            for key in run.metrics:
                writer.writerow(_row(run, system, key, best=system in best[key]))
        return {"report.csv": text.getvalue()}


def _row(run: Run, system: str, key: str, *, best: bool) -> tuple[object, ...]:
    """The values of `HEADER`."""
    info, score = run.metrics[key], run.systems[system].metrics[key]
    low, high = score.interval or (None, None)
    return (
        *(run.name, run.test_set.name, run.test_set.fingerprint, system, key, info.label),
        *(score.value, low, high, best, info.higher_is_better if info.best_value is None else None),
        *(score.status, score.reason, score.scored, score.unscored, score.signature),
    )
