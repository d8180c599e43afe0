"""Pages: `report.html`, `comparison.html` and `history.html`."""

from __future__ import annotations

from evalkit.reports.html.report import Html

__all__ = ["Html"]
