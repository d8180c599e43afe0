"""Sentence splitting, through Wikimedia's sentencex (rules for some 240 languages, works offline)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version

import sentencex


def splitter(name: str) -> str:
    """What splits sentences, with its version, for the signature: ``sentencex``, or ``lines``."""
    return f"sentencex-{version('sentencex')}" if name == "sentencex" else name


_STOP_BEFORE_DIGIT = re.compile(r"(?<=[。！？])(?=\d)")
"""A full stop that sentencex takes for a decimal point."""


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence or paragraph: character offsets in a text, end exclusive, and the paragraph it stands in."""

    start: int
    end: int
    paragraph: int

    def of(self, text: str) -> str:
        """The text of the span."""
        return text[self.start : self.end]


def split_lines(text: str) -> list[Span]:
    """The lines of a text that are not blank, each a sentence of its own."""
    return split_paragraphs(text)


def split_paragraphs(text: str) -> list[Span]:
    """The lines of a text that are not blank, without the space around them."""
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        stripped = line.group().strip()
        if stripped:
            start = line.start() + line.group().index(stripped)
            spans.append(Span(start, start + len(stripped), len(spans)))
    return spans


def split_sentences(text: str, language: str) -> list[Span]:
    """The sentences of a text, without the space around them. No sentence crosses a line break.

    Args:
        language: code such as ``en``; the splitter falls back to a related language where it has no rules.
    """
    code = re.split("[-_]", language)[0]
    spans = []
    for paragraph in split_paragraphs(text):
        content = re.sub(r"\s", " ", paragraph.of(text))  # sentencex panics at a letter, U+00A0 and a full stop
        position = 0
        pieces = [part for piece in sentencex.segment(code, content) for part in _STOP_BEFORE_DIGIT.split(piece)]
        for piece in pieces:
            sentence = piece.strip()
            if not sentence:
                continue
            position = content.index(sentence, position)
            start = paragraph.start + position
            position += len(sentence)
            spans.append(Span(start, start + len(sentence), paragraph.paragraph))
    return spans
