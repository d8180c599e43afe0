"""Names of the hypothesis that no mention has taken."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.known import Words
from evalkit.entities.languages import (
    AFTER_SUBJECT,
    CALENDAR,
    COMMON_WORDS,
    FUNCTION_WORDS,
    GENERATIONS,
    LINKS,
    OPENERS,
    PARTICLES,
    TITLES,
    capitals_mark_names,
    is_english,
)
from evalkit.entities.lexicon import is_common, is_word
from evalkit.entities.similarity import token_similarity
from evalkit.entities.text import Text

_NO_NAMES = TITLES | FUNCTION_WORDS
_NOT_NEW = CALENDAR | GENERATIONS
SAME_PLACE = 0.45
"""Greatest difference of relative positions of a name and another in its place."""
_SHORT = 2
"""Letters of a word that is too short to be a name of its own: C, TV."""
KNOWN_WORD = 0.75
"""A name of the hypothesis is not spurious if a word of it is so similar to one of the reference."""


def left_over(document: Document, segment: int) -> Iterator[Span]:
    """Longest runs of free capitalised words that say something else than the reference, or name another entity."""
    text, known = document.hypotheses[segment], document.reference_words[segment]
    last = -1
    for at, token in enumerate(text.tokens):
        if at < last or not token.capitalised or (segment, at) in document.taken:
            continue
        first, last = at, _run_end(document, segment, at)
        if text.starts_sentence(first):
            while first < last and text.tokens[first].folded in OPENERS:
                first += 1
        words = text.words(first, last)
        if not words:
            continue
        if _people_of(document, words):
            continue
        owned = text.keys[first:last] in document.owners or words in document.known.names
        if len(words) == 1 and words[0] in COMMON_WORDS and not text.tokens[first].text.isupper():
            owned = False  # Who, at the beginning of a question
        new = any(word not in known and word not in _NO_NAMES for word in words) and not (
            len(words) == 1 and words[0] in COMMON_WORDS
        )
        if owned or (new and not _opens_sentence(document, text, first, last)):
            yield Span(segment, first, last)


def _people_of(document: Document, words: Words) -> bool:
    """Whether words are the people of a place that the references name: Danish, where they have Denmark."""
    return any(
        form in document.reference_phrases
        for place in document.known.places_of_people(words)
        for form in (*place.forms, *place.people)
    )


def another_name_at(document: Document, number: int) -> bool:
    """Whether the own segment has another name at the place of a mention: then its neighbours do not have it."""
    segment, own = document.mentions[number].segment, set(document.names[number].words) - PARTICLES
    return any(
        document.distance(number, span) <= SAME_PLACE
        or not own.isdisjoint(document.hypotheses[segment].words(span.first, span.last))
        for span in left_over(document, segment)
    )


def spurious(document: Document) -> Iterator[Span]:
    """Left-over names none of whose words is like one of the reference."""
    if not capitals_mark_names(document.language):
        return
    known = frozenset(word for words in document.reference_words.values() for word in words)
    for segment, text in document.hypotheses.items():
        if title_case(text):
            continue
        for span in left_over(document, segment):
            words = [
                word
                for word in text.words(span.first, span.last)
                if word not in _NO_NAMES and word not in _NOT_NEW
            ]
            beside = (segment, span.first - 1) in document.taken and not text.apart(span.first)
            beside |= (segment, span.last) in document.taken and not text.apart(span.last)
            if beside:
                continue  # the given name of somebody
            if len(words) == 1 and (len(words[0]) <= _SHORT or is_common(words[0], document.language)):
                continue  # TV, Internet
            if not words or any(
                word in known or any(token_similarity(word, k) >= KNOWN_WORD for k in known) for word in words
            ):
                continue
            whole = text.words(span.first, span.last)
            named = (
                form for name in document.known.names.get(whole, ()) for form in (*name.forms, *name.people)
            )
            if not any(
                form in document.reference_phrases for form in named
            ):  # Brazil, where the reference has Brazilian
                yield span


def title_case(text: Text) -> bool:
    """Whether capitals say nothing here: a headline, or a text in capitals."""
    long = [token for token in text.tokens if len(token.text) > 3]
    return len(long) > 3 and sum(token.capitalised for token in long) > 0.8 * len(long)


def _run_end(document: Document, segment: int, first: int) -> int:
    """Where a run of free capitalised words ends; it goes on over "of" and the like."""
    text = document.hypotheses[segment]
    tokens, last, at = text.tokens, first, first
    while at < len(tokens) and (segment, at) not in document.taken and not (at > first and text.apart(at)):
        if tokens[at].capitalised and not tokens[at].text.isdigit():
            last = at + 1
        elif last == first or tokens[at].folded not in LINKS or at - last > 1:
            break
        at += 1
    return last


def _opens_sentence(document: Document, text: Text, first: int, last: int) -> bool:
    """Whether a single word is capitalised only because a sentence begins with it."""
    if last - first > 1 or not text.starts_sentence(first):
        return False
    word, after = text.tokens[first].folded, text.tokens[last : last + 1]
    if word in document.lower_case or word in CALENDAR or is_common(word, document.language):
        return True
    if not is_english(document.language):
        return word not in document.mid_sentence
    possessive = text.text[text.tokens[first].end :][:2] in ("'s", "’s")
    verb = bool(after) and after[0].folded in AFTER_SUBJECT
    return is_word(word, document.language) and not (possessive or verb or word in document.mid_sentence)
