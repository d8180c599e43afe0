"""One document while its names are judged: its texts as words, its names, and the verdicts so far."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from evalkit.entities.assignment import Span
from evalkit.entities.context import Occurrence, Surroundings, measure_agreement
from evalkit.entities.language.known import KnownNames, find_sequences, measure_sizes
from evalkit.entities.language.rules import Rules, rules_of
from evalkit.entities.language.tokens import Words
from evalkit.entities.outcomes import Outcome
from evalkit.entities.reasons import Reason
from evalkit.entities.similarity import similarity
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name
from evalkit.types import Alias, EntityFile, Mention, TestSet

_LONGEST_PHRASE = 3
"""Words of the longest phrases in `Document.reference_phrases`."""


class JudgedSpan(NamedTuple):
    """Where the judged words of a hypothesis are."""

    segment: int
    """Index into ``TestSet.segments``: the segment of the mention, or a neighbour."""
    start: int
    end: int
    """Character offsets in the hypothesis of the segment, end exclusive."""


@dataclass(frozen=True, slots=True)
class NameVerdict:
    """How the hypothesis translated one mention."""

    mention: Mention
    outcome: Outcome
    reason: Reason = ""
    hypothesis: str = ""
    """The judged words; empty if the outcome is missing."""
    similarity: float | None = None
    """Similarity of the mention and the judged words, 0–1, to 4 decimals; None if the outcome is missing."""
    place: JudgedSpan | None = None
    """Where the judged words are; None if the outcome is missing."""


@dataclass
class Document:
    """A document, or a single segment if the test set has no documents.

    Mentions are known by their index in the entity file, segments by their index in the test set.
    """

    rules: Rules
    segments: Sequence[int]
    """In the order of the text."""
    mentions: Mapping[int, Mention]
    names: Mapping[int, Name]
    """By mention."""
    hypotheses: Mapping[int, Text]
    references: Mapping[int, Text]
    """By segment."""
    owners: Mapping[Words, frozenset[str]]
    """Entities of the test set, by the normalised words of each of their forms."""
    taken: set[tuple[int, int]] = field(default_factory=set)
    """Words of hypotheses that have been judged: segment, position."""
    verdicts: dict[int, NameVerdict] = field(default_factory=dict)
    """By mention."""
    spans: dict[int, Span] = field(default_factory=dict)
    """The judged words, by mention."""
    left_over: dict[int, tuple[int, tuple[Span, ...]]] = field(default_factory=dict)
    """Names that no mention has taken, by segment, as they were after so many words had been judged."""
    _around: dict[int, Surroundings] = field(default_factory=dict)
    """Cache of `surroundings_of`."""
    _named_spans: dict[tuple[int, bool], Sequence[tuple[int, int]]] = field(default_factory=dict)
    """Cache of `named_spans`."""

    @classmethod
    def of(
        cls,
        test_set: TestSet,
        entities: EntityFile,
        hypotheses: Sequence[str],
        segments: Sequence[int],
        indices: Sequence[int],
        alias_owners: Mapping[Words, frozenset[str]],
    ) -> Document:
        """Prepare the document with these segments and these mentions.

        Args:
            alias_owners: entities of the test set, by the normalised words of the forms in their alias items.
        """
        languages = test_set.target_language, test_set.source_language
        mentions = {index: entities.mentions[index] for index in indices}
        names = _build_names(mentions, entities.aliases, *languages)
        owners = dict(alias_owners)
        for index, mention in mentions.items():
            for form, _ in (*names[index].forms, *names[index].well_known):
                owners[form] = owners.get(form, frozenset()) | {mention.entity}
        return cls(
            rules=rules_of(*languages),
            segments=segments,
            mentions=mentions,
            names=names,
            hypotheses={segment: Text.once(hypotheses[segment], *languages) for segment in segments},
            references={s: Text.of(test_set.segments[s].reference, *languages) for s in segments},
            owners=owners,
        )

    @property
    def known(self) -> KnownNames:
        """Well-known names."""
        return self.rules.known

    @cached_property
    def order(self) -> dict[int, int]:
        """Rank of each segment in the document, from 0."""
        return {segment: rank for rank, segment in enumerate(self.segments)}

    @cached_property
    def lower_case(self) -> frozenset[str]:
        """Words that the document has in lower case somewhere, and common words."""
        texts = (*self.hypotheses.values(), *self.references.values())
        return self.rules.words.common_words | {
            token.folded for text in texts for token in text.tokens if not token.capitalised
        }

    @cached_property
    def mid_sentence(self) -> frozenset[str]:
        """Words that the hypotheses capitalise within a sentence."""
        return frozenset(
            token.folded
            for text in self.hypotheses.values()
            for position, token in enumerate(text.tokens)
            if token.capitalised and not text.starts_sentence(position)
        )

    @cached_property
    def reference_words(self) -> dict[int, frozenset[str]]:
        """Folded words of each reference."""
        return {segment: text.vocabulary for segment, text in self.references.items()}

    @cached_property
    def all_reference_words(self) -> frozenset[str]:
        """Folded words of all references."""
        return frozenset().union(*self.reference_words.values())

    @cached_property
    def reference_phrases(self) -> frozenset[Words]:
        """All sequences of one to three words in the references."""
        return frozenset(
            text.folded[first : first + size]
            for text in self.references.values()
            for size in range(1, _LONGEST_PHRASE + 1)
            for first in range(len(text.folded) - size + 1)
        )

    def named_spans(self, segment: int, *, inflected: bool = False) -> Sequence[tuple[int, int]]:
        """Positions of the names of several words: of the test set, or well known, with any ending if inflected."""
        inflected = inflected and bool(self.known.by_stem)
        spans = self._named_spans.get((segment, inflected))
        if spans is None:
            text, known = self.hypotheses[segment], self.known
            owned = find_sequences(text.normalised, self.owners, self._sizes_of_owners)
            within = (
                known.find_within(text.folded)
                if inflected
                else find_sequences(text.folded, known.names, known.sizes)
            )
            spans = self._named_spans[segment, inflected] = (*owned, *within)
        return spans

    @cached_property
    def _sizes_of_owners(self) -> dict[str, set[int]]:
        return measure_sizes(self.owners)

    @cached_property
    def given_names(self) -> dict[str, set[str]]:
        """Persons by each of their given names, normalised."""
        persons: dict[str, set[str]] = {}
        for index, mention in self.mentions.items():
            for word in self.names[index].all_given:
                persons.setdefault(word, set()).add(mention.entity)
        return persons

    @cached_property
    def occurrences(self) -> dict[int, Occurrence]:
        """Each mention in its reference."""
        occurrences = {}
        for index, mention in self.mentions.items():
            text = self.references[mention.segment]
            inside = [
                position
                for position, token in enumerate(text.tokens)
                if mention.start < token.end and token.start < mention.end
            ] or [0]
            occurrences[index] = Occurrence(text, inside[0], inside[-1] + 1)
        return occurrences

    @cached_property
    def positions_of_names(self) -> dict[int, set[int]]:
        """Positions of the words of each reference that belong to mentions."""
        positions: dict[int, set[int]] = {segment: set() for segment in self.segments}
        for index, occurrence in self.occurrences.items():
            positions[self.mentions[index].segment].update(occurrence.positions)
        return positions

    def unjudged(self) -> list[int]:
        """Mentions without a verdict."""
        return [index for index in self.mentions if index not in self.verdicts]

    def segment_of(self, index: int, offset: int = 0) -> int | None:
        """The segment of a mention, or a neighbour at an offset; None beyond the ends of the document."""
        rank = self.order[self.mentions[index].segment] + offset
        return self.segments[rank] if 0 <= rank < len(self.segments) else None

    def is_free(self, span: Span) -> bool:
        """Whether no word of a span has been judged."""
        return all((span.segment, position) not in self.taken for position in span.positions)

    def words(self, span: Span) -> Words:
        """Folded words of a span."""
        return self.hypotheses[span.segment].folded[span.first : span.last]

    def normalised_words(self, span: Span) -> Words:
        """Normalised words of a span."""
        return self.hypotheses[span.segment].normalised[span.first : span.last]

    def distance(self, index: int, span: Span) -> float:
        """Difference of the relative positions of a mention and a span, 0–1, and 1 more for a neighbour."""
        mention, text = self.mentions[index], self.hypotheses[span.segment]
        reference = self.references[mention.segment].text
        in_reference = (mention.start + mention.end) / 2 / max(len(reference), 1)
        start, end = text.tokens[span.first].start, text.tokens[span.last - 1].end
        in_hypothesis = (start + end) / 2 / max(len(text.text), 1)
        segments_away = abs(self.order[mention.segment] - self.order[span.segment])
        return abs(in_reference - in_hypothesis) + segments_away

    def occurrence_of(self, span: Span) -> Occurrence:
        """A span with the words around it."""
        return Occurrence(self.hypotheses[span.segment], span.first, span.last)

    def judged_positions(self, segment: int) -> set[int]:
        """Positions of the words of a hypothesis that have been judged."""
        return {position for taken, position in self.taken if taken == segment}

    def agreement(self, index: int, span: Span) -> float:
        """How well the words around a mention agree with the words around a span. See `measure_agreement`."""
        in_hypothesis = self.occurrence_of(span).surroundings(self.judged_positions(span.segment))
        return measure_agreement(self.surroundings_of(index), in_hypothesis)

    def surroundings_of(self, index: int) -> Surroundings:
        """The words around a mention in its reference, without other names."""
        if index not in self._around:
            other_names = self.positions_of_names[self.mentions[index].segment]
            self._around[index] = self.occurrences[index].surroundings(other_names)
        return self._around[index]

    def locate(self, span: Span) -> JudgedSpan:
        """Convert a span from words to characters."""
        tokens = self.hypotheses[span.segment].tokens
        return JudgedSpan(span.segment, tokens[span.first].start, tokens[span.last - 1].end)

    def settle(self, index: int, outcome: Outcome, reason: Reason, span: Span) -> None:
        """Give a mention its verdict on a span, whose words are then taken."""
        self.taken.update((span.segment, position) for position in span.positions)
        self.spans[index] = span
        self.verdicts[index] = NameVerdict(
            self.mentions[index],
            outcome,
            reason,
            hypothesis=self.hypotheses[span.segment].written(span.first, span.last),
            similarity=round(similarity(self.names[index].words, self.words(span)), 4),
            place=self.locate(span),
        )


def _build_names(
    mentions: Mapping[int, Mention], aliases: Mapping[str, Alias], language: str, source: str | None
) -> dict[int, Name]:
    """Build the name of each mention, with the other spellings of its entity in the same document."""
    spellings: dict[str, dict[str, None]] = {}
    for mention in mentions.values():
        spellings.setdefault(mention.entity, {})[mention.text] = None
    names = {}
    for index, mention in mentions.items():
        alias = aliases.get(mention.entity) or Alias(mention.entity, ())
        others = _without(spellings[mention.entity], mention.text)
        names[index] = Name.of(mention.text, mention.type, alias, others, language, source)
    return names


def _without(spellings: Collection[str], spelling: str) -> tuple[str, ...]:
    return tuple(other for other in spellings if other != spelling)
