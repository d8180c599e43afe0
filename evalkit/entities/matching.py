"""How a hypothesis translated every name of the reference, and which of its names the reference lacks.

Each document goes through these steps. Each is an optimal assignment of what the steps before it left over
(`evalkit.entities.assignment`), in which no word of the hypothesis counts twice:

1. accepted    exact forms and variants, by rules that do not confuse names (`evalkit.entities.variants.finding`)
2. misspelled  the most similar capitalised words, or replaced if they are another name
3. 1 and 2 in the segments before and after, unless the mention's own segment has another name in its place
4. replaced    names left over, by position and the words around; common words that are similar or have the
               same neighbours
5. missing     all other mentions

Then names that were exchanged become replaced: both are in the hypothesis, but each among the words around
the other. Names of the hypothesis that are left over are spurious if no word of them is similar to a word
of the reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalkit.entities.document import Document, JudgedSpan, NameVerdict
from evalkit.entities.language.rules import Rules, rules_of
from evalkit.entities.language.tokens import Words, fold_words
from evalkit.entities.outcomes import ACCEPTED, OUTCOMES
from evalkit.entities.steps.accepted import find_accepted
from evalkit.entities.steps.exchanged import find_exchanged, put_in_order
from evalkit.entities.steps.left_over import find_spurious
from evalkit.entities.steps.misspelled import NEAR, find_misspelled
from evalkit.entities.steps.replaced import find_other_names, find_other_words
from evalkit.types import EntityFile, TestSet

__all__ = ["ACCEPTED", "NEAR", "OUTCOMES", "JudgedSpan", "Matching", "NameVerdict", "SpuriousName", "match"]


@dataclass(frozen=True, slots=True)
class SpuriousName:
    """A name of the hypothesis that the reference does not have."""

    place: JudgedSpan
    hypothesis: str
    """The words of the name."""


@dataclass(frozen=True, slots=True)
class Matching:
    """All verdicts on the output of one system."""

    verdicts: tuple[NameVerdict, ...]
    """One per mention, in the order of the mentions."""
    spurious: tuple[SpuriousName, ...]
    """In the order of the text."""


def match(test_set: TestSet, hypotheses: Sequence[str]) -> Matching:
    """Judge every mention of a test set.

    Args:
        test_set: its first reference is the one in which the mentions are.
        hypotheses: one per segment.
    """
    entities = test_set.entities
    if entities is None:
        return Matching((), ())
    owners = _find_owners(entities, rules_of(test_set.target_language, test_set.source_language))
    verdicts: dict[int, NameVerdict] = {}
    spurious: list[SpuriousName] = []
    for segments, indices in _split_documents(test_set, entities):
        document = Document.of(test_set, entities, hypotheses, segments, indices, owners)
        _judge(document)
        verdicts |= document.verdicts
        for span in find_spurious(document):
            written = document.hypotheses[span.segment].written(span.first, span.last)
            spurious.append(SpuriousName(document.locate(span), written))
    return Matching(tuple(verdicts[index] for index in range(len(entities.mentions))), tuple(spurious))


def _find_owners(entities: EntityFile, rules: Rules) -> dict[Words, frozenset[str]]:
    """The entities that have a form in the alias file, by its normalised words."""
    owners: dict[Words, frozenset[str]] = {}
    for alias in entities.aliases.values():
        for spelling in alias.forms:
            form = rules.normalise_all(fold_words(spelling, rules.target.tag))
            owners[form] = owners.get(form, frozenset()) | {alias.entity}
    return owners


def _split_documents(test_set: TestSet, entities: EntityFile) -> Iterator[tuple[list[int], list[int]]]:
    """Segments and mentions of each document. Without documents, each segment is a document."""
    by_segment: dict[int, list[int]] = {}
    for index, mention in enumerate(entities.mentions):
        by_segment.setdefault(mention.segment, []).append(index)
    for document, indices in test_set.segments_of.items():
        for segments in [indices] if document is not None else [[index] for index in indices]:
            yield segments, [index for segment in segments for index in by_segment.get(segment, ())]


def _judge(document: Document) -> None:
    """Give every mention its verdict."""
    if document.mentions:
        _find_all(document)
    for index in document.unjudged():
        document.verdicts[index] = NameVerdict(document.mentions[index], "missing")


def _find_all(document: Document) -> None:
    """Settle all mentions for which the hypotheses have anything."""
    neighbours = (-1, 1) if len(document.segments) > 1 else ()
    is_spaced = document.rules.target.has_spaces  # single characters are not words, nor words around a name
    find_accepted(document, 0)
    find_misspelled(document, 0)
    for find in (find_accepted, find_misspelled):
        for offset in neighbours:
            find(document, offset)
    find_other_names(document, 0)
    if is_spaced:
        find_other_words(document)
    for offset in neighbours:
        find_other_names(document, offset)
    put_in_order(document)
    find_exchanged(document)
