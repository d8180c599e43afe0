"""Sentence splitting with Wikimedia's sentencex, which has rules for 240 languages and works offline.

Rules for abbreviations, ordinals and names correct it; see `evalkit.alignment.sentence_ends`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import accumulate, pairwise

import regex
import sentencex

from evalkit.alignment.sentence_ends import CLOSING, find_candidates, find_sentence_ends, is_quoted
from evalkit.alignment.unmarked import find_unmarked_ends
from evalkit.languages.registry import find_language

VERSION = 1
"""Version of the rules. Raise it when sentences change, so that old and new scores are not compared."""
LONG = 150
"""Characters from which a sentence is also split within quotation marks, as lines of NTREX and WMT are."""
_STOP_BEFORE_DIGIT = regex.compile(r"(?<=[。！？][」』”）]*)(?=\d)")
"""A full stop that sentencex mistakes for a decimal point."""
_SPACED_QUOTE = re.compile(r" »(?= |$)")
"""A closing quotation mark as in French."""
_QUOTE = re.compile(r"[\"“”„«»]")
_OPENING = '"“„«‚([¿¡'
_END_INSIDE = regex.compile(r"[\p{STerm}…།༎]\s*\S")
"""A mark inside a name, behind which a sentence could end."""


def splitter(name: str) -> str:
    """Name and version of a sentence splitter (``sentencex`` or ``lines``), for the signature."""
    return f"sentencex-{version('sentencex')}+rules-{VERSION}" if name == "sentencex" else name


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


def split_sentences(text: str, language: str, protected: Iterable[tuple[int, int]] = ()) -> list[TextSpan]:
    """Find the sentences of a text, without surrounding white space. No sentence crosses a line break.

    Args:
        text: one or more paragraphs, one per line.
        language: code such as ``en``; sentencex falls back to a related language if it has no rules for it.
        protected: start and end of each part that is not cut, such as a name.
    """
    inside = {at for start, end in protected for at in range(start + 1, end)}
    return [
        sentence
        for paragraph in split_paragraphs(text)
        for sentence in _split_paragraph(paragraph, paragraph.of(text), language, inside)
    ]


def find_names(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Find where names occur in a text, as the ``protected`` of `split_sentences`."""
    for name in filter(None, names):
        yield from (match.span() for match in re.finditer(re.escape(name), text))


def is_protected(name: str, language: str) -> bool:
    """Whether a sentence could be cut inside a name, so that the sentences of a text may depend on it."""
    by_spaces = find_language(language).code in ("th", "lo") and " " in name.strip()
    return by_spaces or _END_INSIDE.search(name) is not None


def _split_paragraph(paragraph: TextSpan, text: str, language: str, inside: set[int]) -> Iterator[TextSpan]:
    # sentencex panics at a letter followed by U+00A0 and a full stop
    content = re.sub(r"\s", " ", text)
    ends = [at for at in _find_boundaries(content, language) if paragraph.start + at not in inside]
    for start, end in pairwise([0, *ends, len(content)]):
        sentence = content[start:end].strip()
        if sentence:
            begin = paragraph.start + content.index(sentence, start)
            yield TextSpan(begin, begin + len(sentence), paragraph.paragraph)


def _find_boundaries(content: str, language: str) -> list[int]:
    """Find the offsets between the sentences of a paragraph. A quotation mark goes with what it opens."""
    code = find_language(language).code
    proposed = {_move_behind_quote(content, offset) for offset in _propose(content, code)}
    proposed |= set(find_unmarked_ends(content, code))
    proposed -= {0, len(content)}
    candidates = set(find_candidates(content)) - proposed
    rules, cased = find_sentence_ends(language), content != content.lower()
    boundaries: list[int] = []
    for offset in sorted(proposed | candidates):
        start = boundaries[-1] if boundaries else 0
        ends = rules.judge(content, offset, cased=cased, start=start)
        if offset in candidates:
            ends = ends is True and not is_quoted(content, start, offset)
        if ends is not False:
            boundaries.append(offset)
    return sorted({_move_before_quote(content, offset) for offset in boundaries})


def _propose(content: str, code: str) -> Iterator[int]:
    """Find boundaries with sentencex."""
    position = 0
    for piece in sentencex.segment(code, content):
        position = content.index(piece, position)
        yield from (position + offset for offset in _split_further(piece, code))
        position += len(piece)
        yield position


def _split_further(piece: str, code: str) -> Iterator[int]:
    """Find boundaries within a piece of sentencex that it misses."""
    yield from (match.start() for match in _STOP_BEFORE_DIGIT.finditer(piece))
    if len(piece) > LONG and _QUOTE.search(piece):
        # sentencex never splits within quotation marks, and may pair two marks that do not belong together
        yield from accumulate(map(len, sentencex.segment(code, _QUOTE.sub(" ", piece))))


def _move_behind_quote(content: str, offset: int) -> int:
    """Move a boundary from white space to the mark before it, or behind the marks that close the sentence."""
    at = offset
    while at and content[at - 1] == " ":
        at -= 1
    while at < len(content) and content[at] in CLOSING and content[at + 1 : at + 2] in ("", " ", *CLOSING):
        at += 1
    if at and content[at - 1] == '"' and content[at : at + 1].strip() and content.count('"', 0, at) % 2:
        return at - 1  # it opens the next sentence, in a language without spaces
    spaced = _SPACED_QUOTE.match(content, at)
    return spaced.end() if spaced else at


def _move_before_quote(content: str, offset: int) -> int:
    """Move a boundary before a quotation mark that opens the next sentence."""
    at = offset
    while at and content[at - 1] == " ":
        at -= 1
    opens = at > 1 and content[at - 1] in _OPENING and content[at - 2] == " "
    return at - 1 if opens else offset
