"""Reports in Markdown, and the plain text that the command prints."""

from __future__ import annotations

from evalkit.reports.markdown.report import Markdown

__all__ = ["Markdown"]
