"""``report.csv``: one row per system and metric, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.reports.base import Report
from evalkit.reports.ranks import best

if TYPE_CHECKING:
    from evalkit.runs.results import Run

HEADER = (
    *(
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
    ),
    *("status", "reason", "scored", "unscored", "signature"),
)
"""``low`` and ``high`` are the interval; ``best``: significantly better than every other system."""


@dataclass(frozen=True, kw_only=True)
class Csv(Report):
    """Full precision; empty where there is no value. UTF-8, CRLF line ends, as RFC 4180 has it."""

    def files(self, run: Run) -> dict[str, str]:
        """See `Report.files`."""
        text, leads = io.StringIO(newline=""), best(run)
        writer = csv.writer(text)
        writer.writerow(HEADER)
        for system, result in run.systems.items():
            for key, info in run.metrics.items():
                score = result.metrics[key]
                low, high = score.interval or (None, None)
                about = (run.name, run.test_set["name"], run.test_set["fingerprint"], system, key, info.label)
                flags = (system in leads[key], info.higher_is_better)
                writer.writerow(
                    (
                        *about,
                        score.value,
                        low,
                        high,
                        *flags,
                        score.status,
                        score.reason,
                        score.scored,
                        score.unscored,
                        score.signature,
                    )
                )
        return {"report.csv": text.getvalue()}
