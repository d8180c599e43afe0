"""When not to trust an alignment, with the number that shows it."""

from __future__ import annotations

from evalkit.types import DocumentAlignment

ENOUGH = 0.5
"""Share of the segments, and of the words, that must be aligned for a score to describe a document."""
ALIKE = 0.12
"""Mean similarity below which the aligned texts have hardly more in common than any two texts of a language.

In WMT22 ru-en and en-zh, documents of real systems have 0.13 or more, those of the weakest systems included.
With the next document as hypothesis, 95 % have less than 0.09 (0.14 in Chinese); with the source as
hypothesis, 95 % have less than 0.10.
"""


def explain_doubts(document: DocumentAlignment, same_as: str | None) -> str:
    """Explain why the alignment of a document cannot be trusted; empty if it can.

    Args:
        document: its alignment.
        same_as: another document for which the system gave the same text, or None.
    """
    if not document.words:
        return "the text is empty"
    reasons = [f"document {same_as} has the same text"] if same_as is not None else []
    if not document.segments_covered:
        return "; ".join([*reasons, "nothing in it matches the reference (coverage 0)"])
    if document.similarity is not None and document.similarity < ALIKE:
        reasons.append(
            f"the aligned texts have little in common (mean similarity {document.similarity:.2f}, "
            f"expected {ALIKE} or more)"
        )
    if document.coverage < ENOUGH:
        reasons.append(
            f"{document.segments_covered} of {document.segments} segments are aligned "
            f"(coverage {document.coverage:.2f})"
        )
    used = document.words_share
    if used is not None and used <= ENOUGH:
        reasons.append(f"most of the text matches nothing in the reference (share of words used {used:.2f})")
    return "; ".join(reasons)
