"""Step 4: give mentions the left-over names, and common words, that are in their place."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.entities.assignment import Option, Span, assign
from evalkit.entities.context import find_gap
from evalkit.entities.document import Document
from evalkit.entities.language.lexicon import is_word
from evalkit.entities.language.tokens import Words
from evalkit.entities.similarity import similarity
from evalkit.entities.steps.left_over import find_left_over
from evalkit.entities.steps.misspelled import LENGTH_PENALTY, find_changes, has_another_word
from evalkit.entities.text import Text

_LEFT_OVER = 2.0
"""Weight of a left-over name, before distance and another type reduce it and agreement adds to it."""
_OTHER_TYPE = 1.2
"""What a left-over name loses if it is well known as a name of another type."""
_GARBLED = 0.5
"""Least similarity of a garbled name."""
_SIMILAR_WORD = 0.55
"""Least similarity of common words in the place of a name."""
_SHORTEST_SIMILAR = 4
"""Fewest letters of such words."""
_STEM = 5
"""Words that agree in this many letters count as forms of one word."""


def find_other_names(document: Document, offset: int) -> None:
    """Settle mentions with the left-over names of their segment, or of the neighbour at an offset.

    Position and the words around decide which mention gets which name. A mention gets a name of a neighbour
    only if its own segment has no hypothesis, so that the neighbour may have the text of both.
    """
    options: dict[int, list[Option]] = {}
    for index in document.unjudged():
        segment = document.segment_of(index, offset)
        if segment is None or (offset and document.hypotheses[document.mentions[index].segment].tokens):
            continue
        options.setdefault(segment, []).extend(_find_options(document, index, segment))
    for options_in_segment in options.values():
        for option in assign(options_in_segment):
            if _is_garbled(document, option.mention, option.span):
                document.settle(option.mention, "misspelled", "garbled", option.span)
            else:
                document.settle(option.mention, "replaced", "other", option.span)


def _find_options(document: Document, index: int, segment: int) -> Iterator[Option]:
    for span in find_left_over(document, segment):
        weight = _LEFT_OVER - document.distance(index, span) + document.agreement(index, span) / 2
        if _has_another_type(document, index, document.words(span)):
            weight -= _OTHER_TYPE
        yield Option(index, span, weight)


def _has_another_type(document: Document, index: int, words: Words) -> bool:
    """Whether words are well known, but only as names of other types than the mention."""
    types = {known.type for known in document.known.find(words)}
    return bool(types) and document.mentions[index].type not in types


def _is_garbled(document: Document, index: int, span: Span) -> bool:
    """Whether words are somewhat similar to a name, and not another name or word: Whitcom for Witkoff."""
    name, words = document.names[index], document.words(span)
    if document.normalised_words(span) in document.owners or document.known.find(words):
        return False
    several = len(words) == len(name.words) > 1
    if several and has_another_word(document, find_changes(document, name, words)):
        return False
    new = set(words) - set(name.words) - document.rules.words.function_words
    if any(is_word(word, document.rules.target.code) for word in new):
        return False
    return similarity(name.words, words) >= _GARBLED


def find_other_words(document: Document) -> None:
    """Settle mentions with common words.

    These are similar words (taxes for Texas), new words between the same neighbours, or a new noun that says
    or does something.
    """
    for index in document.unjudged():
        span = (
            _find_similar_word(document, index)
            or _find_words_between_neighbours(document, index)
            or _find_actor(document, index)
        )
        if span is None:
            continue
        if _is_name_in_lower_case(document, index, span):
            document.settle(index, "variant", "case", span)
        else:
            document.settle(index, "replaced", "word", span)


def _is_name_in_lower_case(document: Document, index: int, span: Span) -> bool:
    """Whether words are a name with an article, in lower case: the Party, the party. A shell is not Shell."""
    if document.mentions[index].type == "PER" or document.words(span) != document.names[index].words:
        return False
    before = document.occurrence_of(span).word_before
    has_article = before == "the" or before not in document.rules.words.determiners
    return document.occurrences[index].word_before == "the" and has_article


def _find_similar_word(document: Document, index: int) -> Span | None:
    """Find the most similar one or two free words, at least one of them new. Of equals, the first."""
    segment, name = document.mentions[index].segment, document.names[index]
    text = document.hypotheses[segment]
    best: Span | None = None
    most = 0.0
    is_old = [_is_old(document, segment, word, name.words) for word in text.folded]
    for first in range(len(text.tokens)):
        for last in range(first + 1, min(first + 2, len(text.tokens)) + 1):
            span = Span(segment, first, last)
            if all(is_old[first:last]) or not document.is_free(span):
                continue
            alike = _compare_words(name.words, document.words(span))
            if alike > most:
                best, most = span, alike
    return best


def _is_old(document: Document, segment: int, word: str, words_of_name: Words) -> bool:
    """Whether a word is in the reference outside the name, or too common to replace a name."""
    if word in words_of_name:
        return False
    return (
        word in document.reference_words[segment]
        or word in document.rules.words.common_words
        or word in document.rules.words.general_nouns
    )


def _compare_words(name: Words, words: Words) -> float:
    """Similarity of words to a name, minus a penalty for length; 0 if too low or the words are too short."""
    alike = similarity(name, words) - LENGTH_PENALTY * abs(len(words) - len(name))
    is_long_enough = len("".join(words)) >= _SHORTEST_SIMILAR
    return alike if is_long_enough and alike >= _SIMILAR_WORD else 0.0


def _find_words_between_neighbours(document: Document, index: int) -> Span | None:
    """Find new words between the words that are next to the name in the reference."""
    segment = document.mentions[index].segment
    text = document.hypotheses[segment]
    stems = _find_stems(document, segment)
    new = [
        position
        for position in find_gap(document.occurrences[index], text.tokens)
        if (segment, position) not in document.taken and _is_new(text, position, stems)
    ]
    return Span(segment, new[0], new[-1] + 1) if new else None


def _find_stems(document: Document, segment: int) -> set[str]:
    """The stems of all words of a reference."""
    return {word[:_STEM] for word in document.reference_words[segment]}


def _is_new(text: Text, position: int, stems: set[str]) -> bool:
    """Whether a word could translate a name: it is not very common, and the reference has no form of it."""
    word = text.folded[position]
    return word not in text.rules.words.not_names and word[:_STEM] not in stems


def _find_actor(document: Document, index: int) -> Span | None:
    """Find the first new noun with an article that says or does something: "the frost said"."""
    segment, kind = document.mentions[index].segment, document.mentions[index].type
    if kind == "LOC" or document.rules.target.code != "en":
        return None
    text = document.hypotheses[segment]
    stems = _find_stems(document, segment)
    for position in range(1, len(text.tokens)):
        token = text.tokens[position]
        if text.folded[position - 1] != "the" or token.capitalised or (segment, position) in document.taken:
            continue
        is_noun = _is_new(text, position, stems) and is_word(token.folded, document.rules.target.code)
        if is_noun and _speaks_or_acts(text, position):
            return Span(segment, position, position + 1)
    return None


def _speaks_or_acts(text: Text, position: int) -> bool:
    """Whether a verb follows a noun, or a word of saying comes before its article."""
    after = text.token_after(position + 1)
    if after is not None and (after.folded in text.rules.words.after_actor or after.folded.endswith("ed")):
        return True
    before = text.token_before(position - 1)
    if before is not None and before.folded == "to" and position > 2:
        before = text.tokens[position - 3]  # according to
    return before is not None and before.folded in text.rules.words.saying
