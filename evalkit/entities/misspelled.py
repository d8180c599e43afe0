"""Step 2: of the names that are left, the most similar ones: misspelled, or replaced where they are another name after all."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.entities.assignment import Option, Span, assign
from evalkit.entities.document import Document
from evalkit.entities.known import Words
from evalkit.entities.languages import FUNCTION_WORDS, LINKS, OPENERS, TITLES
from evalkit.entities.left_over import another_name_at
from evalkit.entities.lexicon import is_word
from evalkit.entities.similarity import best_pairs, same_beginning, similarity
from evalkit.entities.text import Text, key, keys
from evalkit.entities.variants import Name, plain_span

NEAR = 0.62
"""Least similarity, less a penalty for distance, of a misspelled name."""
OTHER_WORD = 0.45
"""A word of a name less similar than this to its counterpart is another word."""
_STEM = 5
"""Letters that two forms of one word have in common."""
_ACRONYM = 5
"""Letters of an acronym, in which one wrong letter makes another."""


def find_misspelled(document: Document, offset: int) -> None:
    """Settle the mentions whose own segment, or the one at an offset, has something similar."""
    options: dict[int, list[Option]] = {}
    for number in document.open():
        segment = document.segment_of(number, offset)
        if segment is None or (offset and another_name_at(document, number)):
            continue
        name, text = document.names[number], document.hypotheses[segment]
        for span in _candidates(document, segment, len(name.words)):
            weight = _likeness(name, text, span, document.distance(number, span))
            if weight >= NEAR:
                options.setdefault(segment, []).append(Option(number, span, weight))
    for found in options.values():
        for option in assign(found):
            outcome, reason = _wrong(document, option.mention, option.span)
            document.settle(option.mention, outcome, reason, option.span)


def _likeness(name: Name, text: Text, span: Span, distance: float) -> float:
    """Similarity, less penalties for distance and length; just enough for parts of the name and for refused spellings."""
    words = text.words(span.first, span.last)
    shorter = len(words) < len(name.words)
    value = 0.0
    if len(words) >= len(name.words) - 2:
        value = similarity(name.words, words) - 0.05 * distance - 0.02 * abs(len(words) - len(name.words))
    if shorter and words[0] in name.words and set(words) - FUNCTION_WORDS and set(words) <= set(name.words):
        value = max(value, NEAR + 0.1 * (len(words) / len(name.words) - distance))
    if name.reject and plain_span(text, span.first, span.last) in name.reject:
        value = max(value, NEAR + 0.1 * (1 - distance))
    return value


def _candidates(document: Document, segment: int, length: int) -> Iterator[Span]:
    """Free spans that begin and end with capitalised words, up to two words longer than the name.

    A span shorter than the name has to take in the capitalised words beside it: of "Mykola Stefanchuk", for Ruslan
    Stefanchuk, the surname alone is no candidate.
    """
    text = document.hypotheses[segment]
    for first, token in enumerate(text.tokens):
        if not token.nameable:
            continue
        for last in range(first + 1, min(first + length + 2, len(text.tokens)) + 1):
            final = text.tokens[last - 1]
            if (segment, last - 1) in document.taken or not (
                final.nameable or final.folded in FUNCTION_WORDS
            ):
                break
            if last == first + 1 and token.folded in OPENERS and text.starts_sentence(first):
                continue
            goes_on = last - first < length and (
                _goes_on(document, segment, first, -1) or _goes_on(document, segment, last - 1, 1)
            )
            if final.nameable and not goes_on and not _part_of_known(document, text, first, last):
                yield Span(segment, first, last)


def _goes_on(document: Document, segment: int, here: int, step: int) -> bool:
    """Whether a word of a name stands next to a word."""
    text, there = document.hypotheses[segment], here + step
    if (
        not 0 <= there < len(text.tokens)
        or (segment, there) in document.taken
        or text.apart(max(here, there))
    ):
        return False
    word = text.tokens[there]
    if word.folded in LINKS and not word.nameable:
        return _goes_on(document, segment, there, step)
    title = step < 0 and word.folded in TITLES
    return word.nameable and not title and (there > 0 or word.folded not in document.lower_case)


def _part_of_known(document: Document, text: Text, first: int, last: int) -> bool:
    """Whether a span is a part of a longer name: of "Dominican Republic", Dominican is no candidate for Dominica."""
    tokens = text.tokens
    if not (first and tokens[first - 1].nameable) and not (
        last < len(tokens) and (tokens[last].nameable or tokens[last].folded in LINKS)
    ):
        return False
    return any(
        text.words(start, end) in document.known.names or text.keys[start:end] in document.owners
        for start, end in text.wider(first, last, 2)
        if text.tokens[start].capitalised and text.tokens[end - 1].capitalised
    )


def _wrong(document: Document, number: int, span: Span) -> tuple[str, str]:
    """Outcome and reason for words that look like the name and were not accepted."""
    name, text = document.names[number], document.hypotheses[span.segment]
    words, form = text.words(span.first, span.last), text.keys[span.first : span.last]
    own = keys(name.words, document.known)
    owners = document.owners.get(form, frozenset())
    well_known = name.type != "PER" and any(
        words in other.forms for other in document.known.names.get(words, ())
    )
    if owners and document.mentions[number].entity not in owners:
        return "replaced", "other"
    if len(words) < len(name.words) and set(words) <= set(name.words):
        return "misspelled", "truncated"
    if well_known:
        return "replaced", "other"
    if (
        len(words) == 1
        and len(name.words) == 1
        and name.text.isupper()
        and text.tokens[span.first].text.isupper()
        and len(words[0]) <= _ACRONYM
    ):
        return "replaced", "other"  # WTO for WHO
    if len(words) > 1 and form != own and sorted(form) == sorted(own):
        return "misspelled", "reorder"
    if similarity(name.words, words) < NEAR:
        return "replaced", "other"  # a refused spelling that is unlike the name
    if form == own and plain_span(text, span.first, span.last) in name.reject:
        return "misspelled", "spelling"
    if form == own:
        return "replaced", "partial"  # the name itself, but with the given name of somebody else
    if len(words) == len(name.words):
        changed = changed_words(document, name, words)
        real = all(
            is_word(w, document.language) and not w.startswith(before) and not before.startswith(w)
            for before, w, _ in changed
        )
        if len(changed) == len(set(words) - FUNCTION_WORDS) and real:
            return "replaced", "word"  # Mackerel for Mekelle
        if len(words) > 1 and any(another_word(document, *pair) for pair in changed):
            return "replaced", "partial"
    return "misspelled", "truncated" if len(words) < len(name.words) else "spelling"


def changed_words(document: Document, name: Name, words: Words) -> list[tuple[str, str, float]]:
    """The words of a name and what they became, where they differ, with their similarity."""
    known = document.known
    return [
        (name.words[i], words[j], alike)
        for i, j, alike in best_pairs(name.words, words)
        if key(name.words[i], known) != key(words[j], known)
    ]


def another_word(document: Document, own: str, word: str, alike: float) -> bool:
    """Whether a word of a name became another one: Hunter for Joe, Iran for Iraq; not a garbled one."""
    if len(own) == len(word) == 1:
        return False
    known = document.known.names
    if (own,) in known and (word,) in known:
        return True
    if own[:_STEM] == word[:_STEM] and len(own) >= _STEM:
        return False  # Electoral, Election
    words = is_word(own, document.language) and is_word(word, document.language)
    if words and alike < NEAR and not same_beginning(own, word):
        return True
    return alike < OTHER_WORD / 2 or (alike < OTHER_WORD and not same_beginning(own, word))
