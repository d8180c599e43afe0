"""An evaluation: the run, and how it compares and is judged."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.comparison.results import Comparison
from evalkit.gate.verdict import Verdict
from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What `evalkit.evaluate` returns."""

    run: Run
    """Scores, intervals, tests; what is stored in the folder of the run."""
    comparison: Comparison | None = None
    """With the baseline, if there is one; stored in `comparison.json`."""
    verdict: Verdict | None = None
    """Of the gate, if there is one; stored in `verdict.json`."""
