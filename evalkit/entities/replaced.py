"""Step 4: other names, and other words, in the place of a name; and names that changed places."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from evalkit.entities.assignment import Option, Span, assign
from evalkit.entities.context import changed_places, gap_between
from evalkit.entities.document import Document
from evalkit.entities.known import Words
from evalkit.entities.languages import (
    AFTER_SUBJECT,
    CALENDAR,
    COMMON_WORDS,
    FUNCTION_WORDS,
    GENERAL_NOUNS,
    SAYING,
    TITLES,
    is_english,
)
from evalkit.entities.left_over import left_over
from evalkit.entities.lexicon import is_word
from evalkit.entities.misspelled import another_word, changed_words
from evalkit.entities.outcomes import ACCEPTED
from evalkit.entities.similarity import similarity

CHANGED_PLACES = 0.8
"""How much better the words around two names have to agree with each other's places."""
NAMESAKES_CHANGED_PLACES = 0.45
"""The same for two names that share a word."""
_OTHER_TYPE = 1.2
"""What a left-over name loses that is well known as one of another type."""
GARBLED = 0.5
"""Least similarity of a misspelled name among words that are no other name and no word at all."""
SIMILAR_WORD = 0.55
"""Least similarity of common words in the place of a name."""
_NOT_A_NAME = COMMON_WORDS | FUNCTION_WORDS | GENERAL_NOUNS | TITLES | CALENDAR


def find_other_names(document: Document, offset: int) -> None:
    """Give the names left over in a hypothesis to the mentions left over, by place and by the words around.

    Those of a neighbour only where the own segment has no text: then the neighbour may hold both.
    """
    options: dict[int, list[Option]] = {}
    for number in document.open():
        segment = document.segment_of(number, offset)
        if segment is None or (offset and document.hypotheses[document.mentions[number].segment].tokens):
            continue
        text = document.hypotheses[segment]
        for span in left_over(document, segment):
            weight = 2 - document.distance(number, span) + document.agreement(number, span) / 2
            if _of_another_type(document, number, text.words(span.first, span.last)):
                weight -= _OTHER_TYPE
            options.setdefault(segment, []).append(Option(number, span, weight))
    for found in options.values():
        for option in assign(found):
            outcome, reason = (
                ("misspelled", "garbled")
                if _garbled(document, option.mention, option.span)
                else ("replaced", "other")
            )
            document.settle(option.mention, outcome, reason, option.span)


def _garbled(document: Document, number: int, span: Span) -> bool:
    """Whether words that stand for a name are no other name or word, but are somewhat like it: Whitcom for Witkoff."""
    name, text = document.names[number], document.hypotheses[span.segment]
    words = text.words(span.first, span.last)
    if text.keys[span.first : span.last] in document.owners or words in document.known.names:
        return False
    if len(words) == len(name.words) > 1 and any(
        another_word(document, *pair) for pair in changed_words(document, name, words)
    ):
        return False
    new = set(words) - set(name.words) - FUNCTION_WORDS
    return (
        not any(is_word(word, document.language) for word in new) and similarity(name.words, words) >= GARBLED
    )


def _of_another_type(document: Document, number: int, words: Words) -> bool:
    """Whether words are well known as names of another type than the mention."""
    types = {name.type for name in document.known.names.get(words, ())}
    return bool(types) and document.mentions[number].type not in types


def find_other_words(document: Document) -> None:
    """Names that were translated as common words: similar ones (taxes for Texas), or other ones between the same neighbours."""
    for number in document.open():
        span = (
            _similar_word(document, number)
            or _words_between_neighbours(document, number)
            or _who_acts(document, number)
        )
        if span is not None:
            outcome, reason = (
                ("variant", "case") if _the_same_word(document, number, span) else ("replaced", "word")
            )
            document.settle(number, outcome, reason, span)


def _the_same_word(document: Document, number: int, span: Span) -> bool:
    """Whether a place or an organisation is only written in lower case: the Party, the party. Not so Shell, the shell."""
    text, place = document.hypotheses[span.segment], document.places[number]
    same = (
        document.mentions[number].type != "PER"
        and text.words(span.first, span.last) == document.names[number].words
    )
    return same and bool(place.first) and place.tokens[place.first - 1].folded == "the"


def _similar_word(document: Document, number: int) -> Span | None:
    """The most similar one or two words in lower case that the reference does not have."""
    segment, name = document.mentions[number].segment, document.names[number]
    text = document.hypotheses[segment]
    known, own = document.reference_words[segment], set(name.words)
    old = [
        word not in own and (word in known or word in COMMON_WORDS or word in GENERAL_NOUNS)
        for word in text.folded
    ]
    best: tuple[float, Span] | None = None
    for first in range(len(text.tokens)):
        for last in range(first + 1, min(first + 2, len(text.tokens)) + 1):
            words, span = text.words(first, last), Span(segment, first, last)
            if all(old[first:last]) or not document.free(span):
                continue
            alike = similarity(name.words, words) - 0.02 * abs(len(words) - len(name.words))
            if len("".join(words)) > 3 and alike >= SIMILAR_WORD and (best is None or alike > best[0]):
                best = alike, span
    return best[1] if best else None


def _words_between_neighbours(document: Document, number: int) -> Span | None:
    """New words that stand between the words that stand next to the name in the reference."""
    segment = document.mentions[number].segment
    text = document.hypotheses[segment]
    stems = {word[:5] for word in document.reference_words[segment]}
    inside = [
        index
        for index in range(*(gap_between(document.places[number], text.tokens) or (0, 0)))
        if (segment, index) not in document.taken
        and text.tokens[index].folded not in _NOT_A_NAME
        and text.tokens[index].folded[:5] not in stems
    ]
    return Span(segment, inside[0], inside[-1] + 1) if inside else None


def _who_acts(document: Document, number: int) -> Span | None:
    """A new noun with an article that says or does something: "the frost said", "wrote the messenger"."""
    mention = document.mentions[number]
    if mention.type == "LOC" or not is_english(document.language):
        return None
    text = document.hypotheses[mention.segment]
    stems = {word[:5] for word in document.reference_words[mention.segment]}
    for at in range(1, len(text.tokens)):
        token = text.tokens[at]
        after = text.tokens[at + 1].folded if at + 1 < len(text.tokens) and not text.apart(at + 1) else ""
        before = text.tokens[at - 2].folded if at > 1 and not text.apart(at - 1) else ""
        if before == "to" and at > 2:
            before = text.tokens[at - 3].folded  # according to
        if (
            text.tokens[at - 1].folded != "the"
            or token.capitalised
            or token.folded in _NOT_A_NAME
            or token.folded[:5] in stems
        ):
            continue
        acts = after in AFTER_SUBJECT - {"and", "with"} or after.endswith("ed") or before in SAYING
        if acts and is_word(token.folded, document.language) and (mention.segment, at) not in document.taken:
            return Span(mention.segment, at, at + 1)
    return None


def put_in_order(document: Document) -> None:
    """Let mentions with one spelling in one sentence have what was found for them in the order of the text."""
    groups: dict[tuple[int, str], list[int]] = {}
    for number, span in document.spans.items():
        mention = document.mentions[number]
        if span.segment == mention.segment:
            groups.setdefault((mention.segment, mention.text), []).append(number)
    for numbers in (numbers for numbers in groups.values() if len(numbers) > 1):
        by_place = sorted(numbers, key=lambda number: document.mentions[number].start)
        found = sorted(
            ((document.spans[number], document.verdicts[number]) for number in numbers),
            key=lambda item: item[0],
        )
        for number, (span, verdict) in zip(by_place, found, strict=True):
            document.spans[number], document.verdicts[number] = (
                span,
                replace(verdict, mention=document.mentions[number]),
            )


def find_exchanged(document: Document) -> None:
    """Two accepted names of one type in one sentence that each stand where the other should are both replaced."""
    accepted: dict[int, list[int]] = {}
    for number, verdict in document.verdicts.items():
        if verdict.outcome in ACCEPTED:
            accepted.setdefault(document.mentions[number].segment, []).append(number)
    candidates = (pair for numbers in accepted.values() for pair in combinations(numbers, 2))
    pairs = [
        (_changed_places(document, a, b), a, b) for a, b in candidates if _could_change_places(document, a, b)
    ]
    done: set[int] = set()
    for evidence, a, b in sorted(pairs, reverse=True):
        if evidence >= 1 and done.isdisjoint((a, b)):
            done.update((a, b))
            for number in (a, b):
                document.verdicts[number] = replace(
                    document.verdicts[number], outcome="replaced", reason="exchanged"
                )


def _could_change_places(document: Document, a: int, b: int) -> bool:
    """Whether two names of one type stand in one sentence, in another order than in the reference."""
    one, other, here, there = document.mentions[a], document.mentions[b], document.spans[a], document.spans[b]
    if (one.segment, one.type, here.segment) != (
        other.segment,
        other.type,
        there.segment,
    ) or one.entity == other.entity:
        return False
    return (one.start < other.start) != (here < there)


def _changed_places(document: Document, a: int, b: int) -> float:
    """Evidence from the words around that two names changed places; 1 is enough."""
    here, there = (
        [document.places[a], document.places[b]],
        [document.place_of(document.spans[a]), document.place_of(document.spans[b])],
    )
    if set(document.names[a].words).isdisjoint(document.names[b].words):
        skip, taken = (
            document.words_of_names[document.mentions[a].segment],
            document.judged_words(document.spans[a].segment),
        )
        return changed_places(here, there, skip, taken) / CHANGED_PLACES
    # of two with one surname, other names around tell which is which
    skip, taken = (
        set(range(one.first, one.last)) | set(range(other.first, other.last)) for one, other in (here, there)
    )
    return changed_places(here, there, skip, taken) / NAMESAKES_CHANGED_PLACES
