"""References that are missing for some segments: which blank texts are missing, and how many are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from evalkit.errors import ConfigError, format_count
from evalkit.types import Segment, TestSet

_Texts: TypeAlias = tuple[str | None, ...]
"""The references of a segment."""


def check_blank_rule(rule: str | None) -> None:
    """Refuse a value of `blank_reference` that has no meaning.

    Raises:
        ConfigError: such a value.
    """
    if rule not in (None, "empty", "missing"):
        raise ConfigError(f"test_set.blank_reference: expected empty, missing or null, found {rule!r}")


def mark_missing(references: Sequence[_Texts], rule: str | None) -> list[_Texts]:
    """Replace blank references by None where they are missing.

    Args:
        references: by segment.
        rule: ``empty`` or ``missing`` for all blank ones; None for missing if another one has a text.
    """
    return [_mark(texts, rule) for texts in references]


def _mark(texts: _Texts, rule: str | None) -> _Texts:
    if rule == "empty" or (rule is None and not any(map(_has_text, texts))):
        return texts
    return tuple(text if _has_text(text) else None for text in texts)


def _has_text(text: str | None) -> bool:
    return text is not None and text.strip() != ""


def describe_missing(test_set: TestSet) -> Iterator[str]:
    """What a reader of the scores has to know about references and sources that some segments lack."""
    total = format_count(len(test_set.segments), "segment")
    for index, name in enumerate(test_set.references):
        missing = sum(segment.references[index] is None for segment in test_set.segments)
        if missing:
            yield f"reference {name} is missing for {missing:,} of {total}"
        blank = sum(_is_doubtful(segment, segment.references[index]) for segment in test_set.segments)
        if blank:
            yield (
                f"reference {name} is an empty text for {blank:,} of {total}; if it is missing there, mark it: "
                "null in JSONL, no <seg> in XML, test_set.blank_reference=missing in other formats"
            )
    without_source = sum(
        segment.source is not None and not _has_text(segment.source) and _has_text(segment.reference)
        for segment in test_set.segments
    )
    if without_source:
        yield f"the source is an empty text for {without_source:,} of {total}"


def _is_doubtful(segment: Segment, text: str | None) -> bool:
    """Whether a reference is empty, but its source or another reference has a text."""
    if text is None or _has_text(text):
        return False
    return segment.source is None or any(map(_has_text, (segment.source, *segment.references)))
