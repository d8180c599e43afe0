"""A gate for CI: rules that a run has to pass, and the verdict."""

from __future__ import annotations

from evalkit.gate.judging import Gate, judge
from evalkit.gate.scores import Score

__all__ = ["Gate", "Score", "judge"]
