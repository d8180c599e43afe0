"""When an alignment is not to be trusted, and the number that says so."""

from __future__ import annotations

from evalkit.types import DocumentAlignment

ENOUGH = 0.5
"""Share of the segments, and of the words, from which most of a document was compared with something."""
ALIKE = 0.12
"""Mean similarity below which what was paired has hardly more in common than any two texts of a language.

On WMT22 ru-en and en-zh, documents of real systems, the weakest ones too, have 0.13 and more; with the next document as
hypothesis 95 % have less than 0.09 (0.14 in Chinese), and with the source as hypothesis 95 % less than 0.10.
"""


def warning(found: DocumentAlignment, same_as: str | None) -> str:
    """Why the alignment of a document is not to be trusted; empty where it is.

    Args:
        same_as: another document of which the system gave the same text.
    """
    if not found.words:
        return "the text is empty"
    reasons = [f"its text is also that of document {same_as}"] if same_as is not None else []
    if not found.segments_covered:
        return "; ".join([*reasons, "nothing in it matches the reference (coverage 0)"])
    if found.similarity is not None and found.similarity < ALIKE:
        reasons.append(
            f"what was paired is hardly alike (mean similarity {found.similarity:.2f}, expected {ALIKE} or more)"
        )
    if found.coverage < ENOUGH:
        reasons.append(
            f"{found.segments_covered} of {found.segments} segments have a counterpart (coverage {found.coverage:.2f})"
        )
    used = found.words_share
    if used is not None and used <= ENOUGH:
        reasons.append(f"most of the text matches nothing in the reference (share of words used {used:.2f})")
    return "; ".join(reasons)
