"""What became of every name of the reference in a hypothesis, and which names of the hypothesis the reference does not have.

Per document, in this order; each step is an optimal assignment over what the steps before left (`evalkit.entities.assignment`),
in which no word of the hypothesis counts twice:

1. accepted    exact and variant, by rules that cannot take one name for another (`evalkit.entities.variants`)
2. misspelled  the most similar capitalised words; replaced where they are another name after all
3. 1 and 2 in the segments before and after, unless the own segment has another name at that place
4. replaced    left-over names, by place and by the words around; common words that are similar or stand between the same neighbours
5. missing     what is left

Then names that changed places are found: both are in the hypothesis, but each where the words around belong to the other.
Left-over names of the hypothesis none of whose words is like one of the reference are spurious.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalkit.entities.accepted import accept
from evalkit.entities.document import Document, Judged, Verdict
from evalkit.entities.known import Words, known_names
from evalkit.entities.left_over import spurious
from evalkit.entities.misspelled import NEAR, find_misspelled
from evalkit.entities.outcomes import ACCEPTED, OUTCOMES
from evalkit.entities.replaced import find_exchanged, find_other_names, find_other_words, put_in_order
from evalkit.entities.text import keys
from evalkit.entities.variants import folded
from evalkit.types import EntityFile, TestSet, written_with_spaces

__all__ = ["ACCEPTED", "NEAR", "OUTCOMES", "Judged", "Matching", "Spurious", "Verdict", "match"]


@dataclass(frozen=True, slots=True)
class Spurious:
    """A name of the hypothesis that the reference does not have."""

    place: Judged
    hypothesis: str


@dataclass(frozen=True, slots=True)
class Matching:
    """All that was found in the output of one system."""

    verdicts: tuple[Verdict, ...]
    """One per mention, in the order of the mentions."""
    spurious: tuple[Spurious, ...]
    """In the order of the text."""


def match(test_set: TestSet, hypotheses: Sequence[str]) -> Matching:
    """Judge every mention of a test set.

    Args:
        hypotheses: one per segment.
    """
    entities = test_set.entities
    if entities is None:
        return Matching((), ())
    owners: dict[Words, frozenset[str]] = {}
    for alias in entities.aliases.values():
        for form in alias.forms:
            words = keys(folded(form, test_set.target_language), known_names(test_set.target_language))
            owners[words] = owners.get(words, frozenset()) | {alias.entity}
    verdicts: dict[int, Verdict] = {}
    found: list[Spurious] = []
    for segments, numbers in _parts(test_set, entities):
        document = Document.of(test_set, entities, hypotheses, segments, numbers, owners)
        _judge(document)
        verdicts.update(document.verdicts)
        texts = document.hypotheses
        found += [
            Spurious(document.judged(span), texts[span.segment].written(span.first, span.last))
            for span in spurious(document)
        ]
    return Matching(tuple(verdicts[number] for number in range(len(entities.mentions))), tuple(found))


def _parts(test_set: TestSet, entities: EntityFile) -> Iterator[tuple[list[int], list[int]]]:
    """Segments and mentions of each document; without documents every segment stands for itself."""
    by_segment: dict[int, list[int]] = {}
    for number, mention in enumerate(entities.mentions):
        by_segment.setdefault(mention.segment, []).append(number)
    for document, indices in test_set.segments_of.items():
        for segments in [indices] if document is not None else [[index] for index in indices]:
            yield segments, [number for segment in segments for number in by_segment.get(segment, ())]


def _judge(document: Document) -> None:
    """Give every mention its verdict."""
    if document.mentions:
        accept(document, 0)
        find_misspelled(document, 0)
        neighbours = (-1, 1) if len(document.segments) > 1 else ()
        for step in (accept, find_misspelled):
            for offset in neighbours:
                step(document, offset)
        find_other_names(document, 0)
        spaced = written_with_spaces(document.language)  # characters are no words, and have no words around
        if spaced:
            find_other_words(document)
        for offset in neighbours:
            find_other_names(document, offset)
        put_in_order(document)
        if spaced:
            find_exchanged(document)
    for number in document.open():
        document.verdicts[number] = Verdict(document.mentions[number], "missing")
