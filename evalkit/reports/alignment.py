"""What reports show of an alignment: moved segments, and documents whose alignment is not trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evalkit.runs.results import SystemResult


def list_moved(result: SystemResult) -> list[tuple[str, str]]:
    """Document and segment of every hypothesis that appears elsewhere in the system's text."""
    return [
        (document.document, segment)
        for document in result.documents
        if document.alignment is not None
        for segment in document.alignment.moved
    ]


def list_untrusted(result: SystemResult) -> list[tuple[str, str]]:
    """Documents whose alignment is not trusted, and why."""
    return [
        (document.document, document.alignment.warning)
        for document in result.documents
        if document.alignment is not None and document.alignment.warning
    ]
