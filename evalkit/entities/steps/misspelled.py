"""Step 2: give mentions the most similar names: misspelled, or replaced if they name something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evalkit.entities.assignment import Option, Span, assign
from evalkit.entities.document import Document
from evalkit.entities.language.lexicon import is_word
from evalkit.entities.language.tokens import Words
from evalkit.entities.outcomes import Outcome
from evalkit.entities.reasons import Reason
from evalkit.entities.similarity import begin_alike, pair_words, similarity
from evalkit.entities.steps.left_over import has_another_name
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name, join_span
from evalkit.entities.variants.letters import keeps_letters

NEAR = 0.62
"""Least similarity of a misspelled name, after penalties. It is part of the metric's signature."""
_OTHER_WORD = 0.45
"""Similarity below which a word of a name was replaced by another word."""
_DISTANCE_PENALTY = 0.05
LENGTH_PENALTY = 0.02
"""What similarity loses for each word that a span has more or less than the name."""
_MOST_FEWER = 2
"""Words that a similar span may have fewer than the name."""
_MOST_MORE = 2
"""Words that a candidate may have more than the name."""
_REACH = 2
"""Words on each side by which a known name may extend a candidate."""
_EXTRA_WEIGHT = 0.1
"""Most that parts of a name and rejected spellings weigh above `NEAR`."""
_STEM = 5
"""First letters in which two forms of one word agree: Electoral, Election."""
_ACRONYM = 5
"""Letters of the longest acronym in which one other letter makes another acronym."""


class WordChange(NamedTuple):
    """A word of a name, and the other word that the hypothesis has for it."""

    reference: str
    hypothesis: str
    """Both folded."""
    similarity: float
    """0–1."""


def find_misspelled(document: Document, offset: int) -> None:
    """Settle the mentions for which their segment, or the neighbour at an offset, has a similar name."""
    options: dict[int, list[Option]] = {}
    for index in document.unjudged():
        segment = document.segment_of(index, offset)
        if segment is None or (offset and has_another_name(document, index)):
            continue
        for span in _find_candidates(document, segment, document.names[index]):
            weight = _weigh(document, index, span)
            if weight >= NEAR:
                options.setdefault(segment, []).append(Option(index, span, weight))
    for options_in_segment in options.values():
        for option in assign(options_in_segment):
            outcome, reason = _judge(document, option.mention, option.span)
            document.settle(option.mention, outcome, reason, option.span)


def _weigh(document: Document, index: int, span: Span) -> float:
    """Similarity minus penalties for distance and length.

    Parts of the name and rejected spellings weigh about `NEAR` or more, and less only far from the mention.
    """
    name, text, words = document.names[index], document.hypotheses[span.segment], document.words(span)
    added = len(words) - len(name.words)
    alike = similarity(name.words, words) if added >= -_MOST_FEWER else 0.0
    is_part = added < 0 and _is_part(words, name.words, document.rules.words.function_words)
    is_rejected = bool(name.reject) and join_span(text, span.first, span.last) in name.reject
    if alike < NEAR and not is_part and not is_rejected:
        return 0.0
    distance = document.distance(index, span)
    weight = alike - _DISTANCE_PENALTY * distance - LENGTH_PENALTY * abs(added)
    if is_part:
        weight = max(weight, NEAR + _EXTRA_WEIGHT * (len(words) / len(name.words) - distance))
    if is_rejected:
        weight = max(weight, NEAR + _EXTRA_WEIGHT * (1 - distance))
    return weight


def _is_part(words: Words, whole: Words, small: frozenset[str]) -> bool:
    """Whether words are all in a name, and not just function words."""
    return words[0] in whole and set(words) <= set(whole) and not set(words) <= small


def _find_candidates(document: Document, segment: int, name: Name) -> Iterator[Span]:
    """Find free spans that begin and end with a word of a name, up to two words longer than the name.

    A span shorter than the name must not have a word of a name beside it: of "Mykola Stefanchuk", for Ruslan
    Stefanchuk, the surname alone is not a candidate.

    An ordinary word at the beginning of a sentence begins no candidate, unless the name begins with it: The
    Hague, El Salvador. Without a letter of the name, only a rejected spelling is similar to it.
    """
    text, length = document.hypotheses[segment], len(name.words)
    letters = frozenset("".join(name.words))
    could_be = [bool(name.reject) or not letters.isdisjoint(word) for word in text.folded]
    for first, token in enumerate(text.tokens):
        if not token.nameable or not any(could_be[first : first + length + _MOST_MORE]):
            continue
        if token.folded not in name.words and _only_opens_sentence(text, first):
            continue
        for last in range(first + 1, min(first + length + _MOST_MORE, len(text.tokens)) + 1):
            final = text.tokens[last - 1]
            belongs = final.nameable or final.folded in document.rules.words.function_words
            if not belongs or (segment, last - 1) in document.taken:
                break
            if last == first + 1 and _only_opens_sentence(text, first):
                continue
            if (
                final.nameable
                and any(could_be[first:last])
                and _is_complete(document, Span(segment, first, last), length)
            ):
                yield Span(segment, first, last)


def _only_opens_sentence(text: Text, position: int) -> bool:
    """Whether a sentence begins with an ordinary word, which has a capital for that reason alone."""
    return text.folded[position] in text.rules.words.openers and text.starts_sentence(position)


def _is_complete(document: Document, span: Span, length: int) -> bool:
    """Whether a span is not a part of a longer name, as far as that matters for a name of so many words."""
    if span.last - span.first < length and (
        _continues(document, span.segment, span.first, -1)
        or _continues(document, span.segment, span.last - 1, 1)
    ):
        return False
    return not _is_part_of_known(document, span)


def _continues(document: Document, segment: int, position: int, step: int) -> bool:
    """Whether the word before (step -1) or after (step 1) a position is a free word of a name."""
    text, neighbour = document.hypotheses[segment], position + step
    if not 0 <= neighbour < len(text.tokens) or (segment, neighbour) in document.taken:
        return False
    if text.is_separate(max(position, neighbour)):
        return False
    word = text.tokens[neighbour]
    if word.folded in document.rules.words.links and not word.nameable:
        return _continues(document, segment, neighbour, step)
    is_title = step < 0 and document.rules.is_title(word.folded)
    return word.nameable and not is_title and (neighbour > 0 or word.folded not in document.lower_case)


def _is_part_of_known(document: Document, span: Span) -> bool:
    """Whether a span is part of a longer known name: the Dominican of Dominican Republic is not Dominica."""
    tokens = document.hypotheses[span.segment].tokens
    return any(
        span.first - _REACH <= start <= span.first and span.last <= end <= span.last + _REACH
        for start, end in document.named_spans(span.segment)
        if end - start > span.last - span.first
        if tokens[start].capitalised and tokens[end - 1].capitalised
    )


def _judge(document: Document, index: int, span: Span) -> tuple[Outcome, Reason]:
    """Outcome and reason of words that are similar to a name and not accepted for it."""
    name, text = document.names[index], document.hypotheses[span.segment]
    words, form = document.words(span), document.normalised_words(span)
    own_form = document.rules.normalise_all(name.words)
    owners = document.owners.get(form, frozenset())
    if owners and document.mentions[index].entity not in owners:
        return "replaced", "other"
    if len(words) < len(name.words) and set(words) <= set(name.words):
        return "misspelled", "truncated"
    if _is_known_name(document, name, words) or _is_another_acronym(name, text, span):
        return "replaced", "other"
    if len(words) > 1 and form != own_form and sorted(form) == sorted(own_form):
        return "misspelled", "reorder"
    if similarity(name.words, words) < NEAR:
        return "replaced", "other"  # a rejected spelling that is unlike the name
    if form == own_form:
        is_rejected = join_span(text, span.first, span.last) in name.reject or not keeps_letters(
            name, text, span.first, span.last
        )
        # the name itself, but rejected or in other letters, or with the given name of another person
        return ("misspelled", "spelling") if is_rejected else ("replaced", "partial")
    if len(words) == len(name.words):
        return _judge_words(document, name, words)
    return "misspelled", "truncated" if len(words) < len(name.words) else "spelling"


def _is_known_name(document: Document, name: Name, words: Words) -> bool:
    """Whether words are well known as a name, for the name of anything but a person."""
    known = document.known
    return name.type != "PER" and any(not known.is_people(words, other) for other in known.find(words))


def _is_another_acronym(name: Name, text: Text, span: Span) -> bool:
    """Whether a short acronym was replaced by another acronym: WTO for WHO."""
    if len(name.words) > 1 or span.last - span.first > 1:
        return False
    token = text.tokens[span.first]
    return name.text.isupper() and token.text.isupper() and len(token.folded) <= _ACRONYM


def _judge_words(document: Document, name: Name, words: Words) -> tuple[Outcome, Reason]:
    """Outcome and reason of as many similar words as the name has."""
    changes = find_changes(document, name, words)
    all_changed = len(changes) == len(set(words) - document.rules.words.function_words)
    if all_changed and all(_is_real_word(document, change) for change in changes):
        return "replaced", "word"  # Mackerel for Mekelle
    if len(words) > 1 and has_another_word(document, changes):
        return "replaced", "partial"
    return "misspelled", "spelling"


def _is_real_word(document: Document, change: WordChange) -> bool:
    """Whether the other word is in the dictionary, and neither word begins with the other."""
    before, after = change.reference, change.hypothesis
    is_prefix = after.startswith(before) or before.startswith(after)
    return is_word(after, document.rules.target.code) and not is_prefix


def find_changes(document: Document, name: Name, words: Words) -> list[WordChange]:
    """Find the words of a name that differ in the hypothesis, beyond romanisation."""
    pairs = ((name.words[i], words[j], alike) for i, j, alike in pair_words(name.words, words))
    normalise = document.rules.normalise
    return [WordChange(*pair) for pair in pairs if normalise(pair[0]) != normalise(pair[1])]


def has_another_word(document: Document, changes: Sequence[WordChange]) -> bool:
    """Whether another word has replaced a word of the name, and not just a garbled one."""
    return any(_is_another_word(document, change) for change in changes)


def _is_another_word(document: Document, change: WordChange) -> bool:
    """Whether another word has replaced a word of a name: Hunter for Joe, Iran for Iraq."""
    before, after, alike = change
    if len(before) == len(after) == 1:
        return False
    if document.known.find((before,)) and document.known.find((after,)):
        return True
    if before[:_STEM] == after[:_STEM] and len(before) >= _STEM:
        return False  # Electoral, Election
    if begin_alike(before, after):
        return alike < _OTHER_WORD / 2
    are_words = is_word(before, document.rules.target.code) and is_word(after, document.rules.target.code)
    return alike < (NEAR if are_words else _OTHER_WORD)
