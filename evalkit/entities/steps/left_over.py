"""Names of the hypothesis that no mention has taken. One may be in the place of a mention, or be spurious."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.lexicon import is_common, is_word
from evalkit.entities.language.tokens import Words
from evalkit.entities.language.word_lists import capitals_mark_names
from evalkit.entities.similarity import token_similarity
from evalkit.entities.surroundings.own_place import has_moved
from evalkit.entities.text import Text, is_title_case

_SAME_PLACE = 0.45
"""Greatest difference of the relative positions of a name and of another one in its place."""
_SHORT = 2
"""Most letters of a single word that is too short for a name: C, TV."""
_KNOWN_WORD = 0.75
"""Least similarity to a word of the references at which a word is not new, and its name not spurious."""


def find_left_over(document: Document, segment: int) -> Sequence[Span]:
    """Find the longest sequences of free capitalised words that are new or name an entity.

    New means that a word is not in the reference of the segment.
    """
    taken, spans = document.left_over.get(segment, (-1, ()))
    if taken != len(document.taken):  # words have been judged since
        spans = tuple(_find_left_over(document, segment))
        document.left_over[segment] = len(document.taken), spans
    return spans


def _find_left_over(document: Document, segment: int) -> Iterator[Span]:
    text = document.hypotheses[segment]
    end = 0
    for position, token in enumerate(text.tokens):
        if position < end or not token.capitalised or (segment, position) in document.taken:
            continue
        first, end = position, _find_end(document, segment, position)
        if text.starts_sentence(first):
            while first < end and text.tokens[first].folded in document.rules.words.openers:
                first += 1
        if first < end and _names_something(document, Span(segment, first, end)):
            yield Span(segment, first, end)


def _find_end(document: Document, segment: int, first: int) -> int:
    """Find the end of a sequence of free capitalised words; "of" and the like may be between them."""
    text = document.hypotheses[segment]
    end = position = first
    while position < len(text.tokens) and (segment, position) not in document.taken:
        if position > first and text.is_separate(position):
            break
        token = text.tokens[position]
        if token.capitalised:
            end = position + 1
        elif end == first or token.folded not in document.rules.words.links or position - end > 1:
            break
        position += 1
    return end


def _names_something(document: Document, span: Span) -> bool:
    """Whether capitalised words are new or name an entity, and not the people of a place in the reference."""
    text, words = document.hypotheses[span.segment], document.words(span)
    if _is_people_in_references(document, words):
        return False
    is_common_word = len(words) == 1 and words[0] in document.rules.words.common_words
    is_name = document.normalised_words(span) in document.owners or bool(document.known.find(words))
    if is_name and (not is_common_word or text.tokens[span.first].text.isupper()):
        return True  # WHO, but not Who at the beginning of a question
    known, lists = document.reference_words[span.segment], document.rules.words
    is_new = any(
        word not in known and word not in lists.titles and word not in lists.function_words for word in words
    )
    return is_new and not is_common_word and not _only_opens_sentence(document, text, span)


def _is_people_in_references(document: Document, words: Words) -> bool:
    """Whether words are the people of a place that the references name: Danish, if they have Denmark."""
    return any(
        form in document.reference_phrases
        for place in document.known.find_places_of_people(words)
        for form in (*place.forms, *place.people)
    )


def _only_opens_sentence(document: Document, text: Text, span: Span) -> bool:
    """Whether a single word is capitalised only because a sentence begins with it."""
    opens = text.rules.target.has_capitals and text.starts_sentence(span.first)
    if span.last - span.first > 1 or not opens:
        return False
    token, after = text.tokens[span.first], text.tokens[span.last : span.last + 1]
    word = token.folded
    if (
        word in document.lower_case
        or word in document.rules.words.calendar
        or is_common(word, document.rules.target.code)
    ):
        return True
    if document.rules.target.code != "en":
        return word not in document.mid_sentence
    is_possessive = text.text.startswith(("'s", "’s"), token.end)
    before_verb = bool(after) and after[0].folded in document.rules.words.after_subject
    is_subject = is_possessive or before_verb or word in document.mid_sentence
    return is_word(word, document.rules.target.code) and not is_subject


def has_another_name(document: Document, index: int) -> bool:
    """Whether another name is in the place of a mention. Then the neighbours do not have the mention.

    A name that belongs to a mention of a neighbour has moved, as the mention may have.
    """
    segment, words = (
        document.mentions[index].segment,
        set(document.names[index].words) - document.rules.words.particles,
    )
    return any(
        (document.distance(index, span) <= _SAME_PLACE or not words.isdisjoint(document.words(span)))
        and not _is_of_neighbour(document, index, span)
        for span in find_left_over(document, segment)
    )


def _is_of_neighbour(document: Document, index: int, span: Span) -> bool:
    """Whether a name shares half of the words with a mention before or after that moved with its surroundings."""
    neighbours = {document.segment_of(index, -1), document.segment_of(index, 1)}
    words = {word for word in document.normalised_words(span) if not document.rules.is_title(word)}
    own = document.names[index]
    for other in document.unjudged():
        name = document.names[other]
        if document.mentions[other].segment in neighbours and name.words != own.words:
            form = set(name.forms[0][0])
            is_alike = 2 * len(form & words) >= min(len(form), len(words)) > 0
            if is_alike and has_moved(document, other, span):
                return True
    return False


def find_spurious(document: Document) -> Iterator[Span]:
    """Find the left-over names without a word that is similar to a word of the references.

    There are none in languages in which a capital does not mark a name, and in title case.
    """
    if not capitals_mark_names(document.rules.target.tag):
        return
    for segment, text in document.hypotheses.items():
        spans = [span for span in find_left_over(document, segment) if _is_new(document, span)]
        if spans and not is_title_case(text):
            yield from spans


def _is_new(document: Document, span: Span) -> bool:
    """Whether a left-over name is not part of a judged name, not a short or common word, and not known."""
    if _touches_judged_word(document, span):
        return False
    whole = document.words(span)
    lists = document.rules.words
    ignored = lists.titles, lists.function_words, lists.calendar, lists.generations
    words = [word for word in whole if not any(word in listed for listed in ignored)]
    if not words:
        return False
    if len(words) == 1 and (len(words[0]) <= _SHORT or is_common(words[0], document.rules.target.code)):
        return False  # TV, Internet
    if any(_is_known(word, document.all_reference_words) for word in words):
        return False
    forms = (form for name in document.known.find(whole) for form in (*name.forms, *name.people))
    return not any(form in document.reference_phrases for form in forms)  # Brazil for Brazilian


def _touches_judged_word(document: Document, span: Span) -> bool:
    """Whether a judged word is next to a span, which then is the given name or surname of somebody."""
    text, segment = document.hypotheses[span.segment], span.segment
    before = (segment, span.first - 1) in document.taken and not text.is_separate(span.first)
    return before or ((segment, span.last) in document.taken and not text.is_separate(span.last))


def _is_known(word: str, known: frozenset[str]) -> bool:
    """Whether a word is among known words, or similar to one."""
    return word in known or any(token_similarity(word, other) >= _KNOWN_WORD for other in known)
