"""Sentence splitting, through Wikimedia's sentencex (rules for some 240 languages, works offline)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version
from itertools import accumulate, pairwise

import sentencex


def splitter(name: str) -> str:
    """What splits sentences, with its version, for the signature: ``sentencex``, or ``lines``."""
    return f"sentencex-{version('sentencex')}" if name == "sentencex" else name


_STOP_BEFORE_DIGIT = re.compile(r"(?<=[。！？])(?=\d)")
"""A full stop that sentencex takes for a decimal point."""

_QUOTE = re.compile(r"[\"“”„«»]")
_OPENING = '"“„«'
LONG = 300
"""Characters from which a sentence is searched for sentences within quotation marks; few sentences are as long."""


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence or paragraph: character offsets in a text, end exclusive, and the paragraph it stands in."""

    start: int
    end: int
    paragraph: int

    def of(self, text: str) -> str:
        """The text of the span."""
        return text[self.start : self.end]


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
        content = re.sub(
            r"\s", " ", paragraph.of(text)
        )  # sentencex panics at a letter, U+00A0 and a full stop
        cuts = _cuts(content, code)
        for start, end in pairwise([0, *cuts, len(content)]):
            sentence = content[start:end].strip()
            if sentence:
                begin = paragraph.start + content.index(sentence, start)
                spans.append(Span(begin, begin + len(sentence), paragraph.paragraph))
    return spans


def _cuts(content: str, code: str) -> list[int]:
    """Offsets at which a paragraph is cut. An opening quotation mark goes with what it opens."""
    cuts, position = [], 0
    for piece in sentencex.segment(code, content):
        position = content.index(piece, position)
        end = position + len(piece)
        inside = [position + match.start() for match in _STOP_BEFORE_DIGIT.finditer(piece)]
        if len(piece) > LONG:
            # sentencex never cuts within quotation marks, and takes two that do not belong together for a pair
            inside += [
                position + cut
                for cut in accumulate(map(len, sentencex.segment(code, _QUOTE.sub(" ", piece))))
            ]
        cuts += [*inside, end]
        position = end
    return sorted({_before_quote(content, cut) for cut in cuts if cut < len(content)})


def _before_quote(content: str, cut: int) -> int:
    """A cut, moved before a quotation mark that opens what follows."""
    at = cut
    while at and content[at - 1] == " ":
        at -= 1
    opens = at > 1 and content[at - 1] in _OPENING and content[at - 2] == " "
    return at - 1 if opens else cut
