"""Sentence splitting with Wikimedia's sentencex, which has rules for 240 languages and works offline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import accumulate, pairwise

import sentencex

LONG = 300
"""Characters from which a sentence is also split within quotation marks; few real sentences are as long."""
_STOP_BEFORE_DIGIT = re.compile(r"(?<=[。！？])(?=\d)")
"""A full stop that sentencex mistakes for a decimal point."""
_QUOTE = re.compile(r"[\"“”„«»]")
_OPENING = '"“„«'


def splitter(name: str) -> str:
    """Name and version of a sentence splitter (``sentencex`` or ``lines``), for the signature."""
    return f"sentencex-{version('sentencex')}" if name == "sentencex" else name


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A sentence or paragraph of a text."""

    start: int
    end: int
    """Character offsets, end exclusive."""
    paragraph: int
    """Index of the paragraph that contains it."""

    def of(self, text: str) -> str:
        """The text of the span."""
        return text[self.start : self.end]


def split_paragraphs(text: str) -> list[TextSpan]:
    """Find the lines of a text that are not blank, without surrounding white space."""
    spans: list[TextSpan] = []
    for line in re.finditer(r"[^\n]+", text):
        stripped = line.group().strip()
        if stripped:
            start = line.start() + line.group().index(stripped)
            spans.append(TextSpan(start, start + len(stripped), len(spans)))
    return spans


def split_sentences(text: str, language: str) -> list[TextSpan]:
    """Find the sentences of a text, without surrounding white space. No sentence crosses a line break.

    Args:
        text: one or more paragraphs, one per line.
        language: code such as ``en``; sentencex falls back to a related language if it has no rules for it.
    """
    code = re.split("[-_]", language)[0]
    return [
        sentence
        for paragraph in split_paragraphs(text)
        for sentence in _split_paragraph(paragraph, paragraph.of(text), code)
    ]


def _split_paragraph(paragraph: TextSpan, text: str, code: str) -> Iterator[TextSpan]:
    # sentencex panics at a letter followed by U+00A0 and a full stop
    content = re.sub(r"\s", " ", text)
    for start, end in pairwise([0, *_find_boundaries(content, code), len(content)]):
        sentence = content[start:end].strip()
        if sentence:
            begin = paragraph.start + content.index(sentence, start)
            yield TextSpan(begin, begin + len(sentence), paragraph.paragraph)


def _find_boundaries(content: str, code: str) -> list[int]:
    """Find the offsets between the sentences of a paragraph. A quotation mark goes with what it opens."""
    boundaries, position = [], 0
    for piece in sentencex.segment(code, content):
        position = content.index(piece, position)
        boundaries += [position + offset for offset in _split_further(piece, code)]
        position += len(piece)
        boundaries.append(position)
    return sorted({_move_before_quote(content, offset) for offset in boundaries if offset < len(content)})


def _split_further(piece: str, code: str) -> Iterator[int]:
    """Find boundaries within a piece of sentencex that it misses."""
    yield from (match.start() for match in _STOP_BEFORE_DIGIT.finditer(piece))
    if len(piece) > LONG:
        # sentencex never splits within quotation marks, and may pair two marks that do not belong together
        yield from accumulate(map(len, sentencex.segment(code, _QUOTE.sub(" ", piece))))


def _move_before_quote(content: str, offset: int) -> int:
    """Move a boundary before a quotation mark that opens the next sentence."""
    at = offset
    while at and content[at - 1] == " ":
        at -= 1
    opens = at > 1 and content[at - 1] in _OPENING and content[at - 2] == " "
    return at - 1 if opens else offset
