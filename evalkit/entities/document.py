"""One document while its names are judged: the texts as words, what is known of its names, and what has been found so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from evalkit.entities.assignment import Span
from evalkit.entities.context import Place, agreement
from evalkit.entities.known import KnownNames, Words, known_names
from evalkit.entities.languages import COMMON_WORDS
from evalkit.entities.similarity import similarity
from evalkit.entities.text import Text
from evalkit.entities.variants import Name
from evalkit.types import Alias, EntityFile, Mention, TestSet


class Judged(NamedTuple):
    """Where the words of a hypothesis stand that were judged."""

    segment: int
    """Index into ``TestSet.segments``: that of the mention, or one beside it."""
    start: int
    end: int
    """Character offsets in the hypothesis of the segment, end exclusive."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mention."""

    mention: Mention
    outcome: str
    """One of `OUTCOMES`."""
    reason: str = ""
    hypothesis: str = ""
    """The words of the hypothesis that were judged."""
    similarity: float | None = None
    """Of the reference's words and these, 0–1; None where there are none."""
    place: Judged | None = None
    """Where these words stand; None where there are none."""


@dataclass
class Document:
    """One document, or one segment of a test set without documents. Mentions go by their number in the entity file."""

    language: str
    segments: Sequence[int]
    """In the order of the text."""
    mentions: Mapping[int, Mention]
    names: Mapping[int, Name]
    """By mention."""
    hypotheses: Mapping[int, Text]
    references: Mapping[int, Text]
    """By segment."""
    owners: Mapping[Words, frozenset[str]]
    """Entities of the test set by the keys of each of their forms."""
    taken: set[tuple[int, int]] = field(default_factory=set)
    """Words of hypotheses that have been judged: segment, word."""
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    spans: dict[int, Span] = field(default_factory=dict)
    """What was judged, by mention."""

    @classmethod
    def of(
        cls,
        test_set: TestSet,
        entities: EntityFile,
        hypotheses: Sequence[str],
        segments: Sequence[int],
        numbers: Sequence[int],
        alias_owners: Mapping[Words, frozenset[str]],
    ) -> Document:
        """The document with these segments and mentions."""
        language = test_set.target_language
        mentions = {number: entities.mentions[number] for number in numbers}
        spellings: dict[str, dict[str, None]] = {}
        for mention in mentions.values():
            spellings.setdefault(mention.entity, {})[mention.text] = None
        names, owners = {}, dict(alias_owners)
        for number, mention in mentions.items():
            alias = entities.aliases.get(mention.entity) or Alias(mention.entity, ())
            others = tuple(text for text in spellings[mention.entity] if text != mention.text)
            names[number] = Name.of(mention.text, mention.type, alias, others, language)
            for form, _ in (*names[number].forms, *names[number].well_known):
                owners[form] = owners.get(form, frozenset()) | {mention.entity}
        return cls(
            language,
            segments,
            mentions,
            names,
            {index: Text.of(hypotheses[index], language) for index in segments},
            {index: Text.of(test_set.segments[index].references[0], language) for index in segments},
            owners,
        )

    @cached_property
    def known(self) -> KnownNames:
        """Well-known names."""
        return known_names(self.language)

    @cached_property
    def order(self) -> dict[int, int]:
        """Places of the segments in the document."""
        return {segment: place for place, segment in enumerate(self.segments)}

    @cached_property
    def lower_case(self) -> frozenset[str]:
        """Words that the document writes in lower case somewhere, and function words."""
        texts = (*self.hypotheses.values(), *self.references.values())
        return COMMON_WORDS | {
            token.folded for text in texts for token in text.tokens if not token.capitalised
        }

    @cached_property
    def mid_sentence(self) -> frozenset[str]:
        """Words that the hypotheses capitalise within a sentence."""
        texts = self.hypotheses.values()
        return frozenset(
            t.folded
            for text in texts
            for at, t in enumerate(text.tokens)
            if t.capitalised and not text.starts_sentence(at)
        )

    @cached_property
    def reference_words(self) -> dict[int, frozenset[str]]:
        """Folded words of each reference."""
        return {index: text.vocabulary for index, text in self.references.items()}

    @cached_property
    def reference_phrases(self) -> frozenset[Words]:
        """Up to three words in a row of the references."""
        texts = self.references.values()
        return frozenset(
            text.folded[i : i + n]
            for text in texts
            for n in (1, 2, 3)
            for i in range(len(text.folded) - n + 1)
        )

    @cached_property
    def given_names(self) -> dict[str, set[str]]:
        """Keys of given names, with the persons who have them."""
        found: dict[str, set[str]] = {}
        for number, mention in self.mentions.items():
            for word in frozenset().union(*self.names[number].given):
                found.setdefault(word, set()).add(mention.entity)
        return found

    @cached_property
    def places(self) -> dict[int, Place]:
        """Where each mention stands in its reference."""
        found = {}
        for number, mention in self.mentions.items():
            tokens = self.references[mention.segment].tokens
            inside = [
                index
                for index, token in enumerate(tokens)
                if mention.start < token.end and token.start < mention.end
            ] or [0]
            found[number] = Place(tokens, inside[0], inside[-1] + 1)
        return found

    @cached_property
    def words_of_names(self) -> dict[int, set[int]]:
        """Words of each reference that belong to mentions."""
        found: dict[int, set[int]] = {segment: set() for segment in self.segments}
        for number, place in self.places.items():
            found[self.mentions[number].segment].update(range(place.first, place.last))
        return found

    def open(self) -> list[int]:
        """Mentions without a verdict."""
        return [number for number in self.mentions if number not in self.verdicts]

    def segment_of(self, number: int, offset: int = 0) -> int | None:
        """The segment of a mention, or one near it; None beyond the ends of the document."""
        place = self.order[self.mentions[number].segment] + offset
        return self.segments[place] if 0 <= place < len(self.segments) else None

    def free(self, span: Span) -> bool:
        """Whether no word of a span has been judged."""
        return all((span.segment, word) not in self.taken for word in range(span.first, span.last))

    def distance(self, number: int, span: Span) -> float:
        """Difference of relative positions in reference and hypothesis, 0–1; 1 more for a neighbour."""
        mention, text = self.mentions[number], self.hypotheses[span.segment]
        here = (mention.start + mention.end) / 2 / max(len(self.references[mention.segment].text), 1)
        there = (text.tokens[span.first].start + text.tokens[span.last - 1].end) / 2 / max(len(text.text), 1)
        return abs(here - there) + abs(self.order[mention.segment] - self.order[span.segment])

    def place_of(self, span: Span) -> Place:
        """A span of a hypothesis as a place."""
        return Place(self.hypotheses[span.segment].tokens, span.first, span.last)

    def judged_words(self, segment: int) -> set[int]:
        """Words of a hypothesis that have been judged."""
        return {word for taken, word in self.taken if taken == segment}

    def agreement(self, number: int, span: Span) -> float:
        """How well the words around a mention agree with those around a span."""
        here = self.places[number].around(self.words_of_names[self.mentions[number].segment])
        return agreement(here, self.place_of(span).around(self.judged_words(span.segment)))

    def judged(self, span: Span) -> Judged:
        """A span of a hypothesis as characters."""
        tokens = self.hypotheses[span.segment].tokens
        return Judged(span.segment, tokens[span.first].start, tokens[span.last - 1].end)

    def settle(self, number: int, outcome: str, reason: str, span: Span) -> None:
        """Give a mention its verdict on a span."""
        text = self.hypotheses[span.segment]
        self.taken.update((span.segment, word) for word in range(span.first, span.last))
        self.spans[number] = span
        alike = similarity(self.names[number].words, text.words(span.first, span.last))
        self.verdicts[number] = Verdict(
            self.mentions[number],
            outcome,
            reason,
            text.written(span.first, span.last),
            round(alike, 4),
            self.judged(span),
        )
