"""What a report is. A new one is one module with one class, and `configs/report/<name>.yaml` that names it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evalkit.results import Run


@dataclass(frozen=True, kw_only=True)
class Report(ABC):
    """Draws a run, from what is in it: a report computes no score."""

    @abstractmethod
    def files(self, run: Run) -> dict[str, str]:
        """Texts by path within the folder of the run, such as ``report.md``."""
