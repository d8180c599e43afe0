"""Whether a form in the hypothesis is the translation of a mention, or of something else in the reference.

As many mentions are right as the hypothesis has forms. Who gets a form depends on its position and the words
around it. Words of the reference that are no mention, such as the second Japan of a sentence or Russian in
Russian drones, have the same right to it as a mention.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from evalkit.entities.assignment import Option, Span
from evalkit.entities.context import Occurrence, measure_agreement
from evalkit.entities.document import Document
from evalkit.entities.language.tokens import Words
from evalkit.entities.similarity import token_similarity

_LESS = 0.2
"""What words that are no mention weigh less than a mention in the same place."""
_ALIKE = 0.6
"""Least similarity of a word beside a form to a word of the name that the form lacks."""
_MOST_BETWEEN = 2
"""Words between a form and such a word."""
_STEM = 5
"""Words that agree in this many letters count as forms of one word, as in `Occurrence.surroundings`."""


def find_rivals(document: Document, segment: int, options: Sequence[Option]) -> Iterator[Option]:
    """Find options, with negative indices, for words of the reference that are the same and no mention."""
    by_words: dict[Words, list[Option]] = {}
    spans = {option.span for option in options}
    for option in options:
        if document.mentions[option.mention].type != "PER" and not _is_inside(option.span, spans):
            by_words.setdefault(document.words(option.span), []).append(option)
    number = 0
    for words, same in by_words.items():
        for occurrence in _find_unmarked(document, segment, words):
            number -= 1
            for option in {option.span: option for option in same}.values():
                own = document.distance(option.mention, option.span)
                weight = option.weight + own - _measure_distance(document, occurrence, option.span) - _LESS
                yield Option(number, option.span, weight)


def _is_inside(span: Span, others: Collection[Span]) -> bool:
    """Whether a span is a part of another one: the World of World Bank."""
    return any(other.first <= span.first and span.last <= other.last and other != span for other in others)


def _find_unmarked(document: Document, segment: int, words: Words) -> Iterator[Occurrence]:
    """Find words in the reference that do not belong to mentions."""
    text, marked = document.references[segment], document.positions_of_names[segment]
    for first in text.positions_of_folded.get(words[0], ()):
        last = first + len(words)
        is_same = text.folded[first:last] == words and text.tokens[first].nameable
        if is_same and marked.isdisjoint(range(first, last)):
            yield Occurrence(text, first, last)


def _measure_distance(document: Document, occurrence: Occurrence, span: Span) -> float:
    """Difference of the relative positions of words in the reference and in the hypothesis, 0–1."""
    return abs(occurrence.relative_position - document.occurrence_of(span).relative_position)


def measure_rival_agreement(document: Document, option: Option, segment: int) -> float:
    """How well the words around agree with those around the same words of the reference, at best."""
    names = document.positions_of_names[segment]
    in_hypothesis = document.occurrence_of(option.span).surroundings(document.judged_positions(segment))
    return max(
        (
            measure_agreement(occurrence.surroundings(names), in_hypothesis)
            for occurrence in _find_unmarked(document, segment, document.words(option.span))
        ),
        default=0.0,
    )


def has_moved(document: Document, index: int, span: Span) -> bool:
    """Whether the words around a mention moved to another segment with its name.

    They did not if the hypothesis of its own segment has more of them than the words around the span.
    """
    own_segment = document.mentions[index].segment
    around = document.surroundings_of(index)
    here = {word[:_STEM] for word in document.hypotheses[own_segment].folded}
    there = {word for _, word in document.occurrence_of(span).surroundings(())}
    stayed = sum(weight for (_, word), weight in around.items() if word in here)
    moved = sum(weight for (_, word), weight in around.items() if word in there)
    return moved >= stayed


def has_rest_beside(document: Document, index: int, span: Span) -> bool:
    """Whether a part of a name has another word of the name beside it, spelt otherwise: FGAOU WO RNIMU."""
    name, text = document.names[index], document.hypotheses[span.segment]
    form = document.words(span)
    rest = [word for word in name.words if word not in form and word not in text.rules.words.function_words]
    if name.type == "PER" or not rest or not set(form) < set(name.words):
        return False
    for position in range(span.first - 1, max(-1, span.first - 2 - _MOST_BETWEEN), -1):
        token = text.tokens[position]
        if text.is_separate(position + 1):
            return False
        if token.nameable and any(token_similarity(token.folded, word) >= _ALIKE for word in rest):
            return True
    return False
