"""Whether the words around a form make it a part of a longer name: Beijing University is not Beijing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.rules import GENERIC, JOINED, is_listed_inflected
from evalkit.entities.language.tokens import Words
from evalkit.entities.language.word_lists import capitals_mark_names
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.text import Text, is_title_case

_OPENING = re.compile(r"""[«“„"][^\W\d_]+ (?:[^\W\d_]+ )?$""")
"""The first word or two of a quotation, before its last word."""
_CLOSING = frozenset('»”“"')
_AUTHORITIES = frozenset(
    "ministry department government congress parliament senate army navy embassy treasury police".split()
)
_SCHOOLS = frozenset("university school college institute academy polytechnic".split())
_REACH = 4
"""Words beside a name among which the word that continues it is looked for."""
_NATURAL = frozenset("lake river mountain bay gulf strait falls cape port valley".split())
"""Kinds that make another place of a well-known one: Niger River, Gulf of Mexico, Jordan Valley."""


def is_in_longer_name(document: Document, index: int, span: Span, rule: MatchingRule) -> bool:
    """Whether a form is part of a longer name: one of the test set, a well-known one, or one by its words."""
    if rule == "demonym" and _is_in_longer_phrase(document, span):
        return True
    if (
        _is_in_title(document, index, span)
        or _becomes_new_place(document, index, span)
        or is_continued(document, index, span)
    ):
        return True
    return any(
        _is_another_name(document, index, span, start, end) for start, end in _find_longer(document, span)
    )


def _is_in_title(document: Document, index: int, span: Span) -> bool:
    """Whether a place ends a short quotation that the reference lacks: «Эхо Москвы», "Voice of America"."""
    text, mention = document.hypotheses[span.segment], document.mentions[index]
    if mention.type != "LOC" or not capitals_mark_names(document.rules.target.tag):
        return False
    start, end = text.tokens[span.first].start, text.tokens[span.last - 1].end
    opening = _OPENING.search(text.text[:start])
    if opening is None or text.text[end : end + 1] not in _CLOSING or opening.group()[1:2].islower():
        return False
    reference = document.references[mention.segment]
    return not reference.text[mention.end :].startswith(tuple(_CLOSING)) and not is_title_case(text)


def _becomes_new_place(document: Document, index: int, span: Span) -> bool:
    """Whether New comes before a place, or Mount before a person, and not in the reference: New Mexico."""
    text, type_ = document.hypotheses[span.segment], document.mentions[index].type
    before = text.token_before(span.first)
    if type_ == "ORG" or before is None or not before.capitalised:
        return False
    is_natural = text.parts[span.first - 1].removeprefix(GENERIC) in _NATURAL
    makes_place = is_natural if type_ == "PER" else before.folded == "new"
    return makes_place and document.occurrences[index].word_before != before.folded


def is_continued(document: Document, index: int, span: Span) -> bool:
    """Whether a capitalised word beside a form makes another name of it, and the reference lacks it."""
    if document.mentions[index].type not in ("LOC", "ORG"):
        return False
    text = document.hypotheses[span.segment]
    makers = [*_find_makers_after(text, span), *_find_makers_before(text, span)]
    makers += _find_makers_of_institution(text, span)
    if document.mentions[index].type == "ORG":
        legal = document.rules.generic.legal  # Toyota Group is Toyota
        makers = [p for p in makers if text.parts[p].removeprefix(GENERIC) not in legal]
    if not makers:
        return False
    occurrence = document.occurrences[index]
    beside = occurrence.text.parts[max(0, occurrence.first - _REACH) : occurrence.last + _REACH]
    return any(text.parts[position] not in beside for position in makers)


def _find_makers_after(text: Text, span: Span) -> Iterator[int]:
    """Find words after a form that make another name of it: University, FC; City after Panama."""
    position = span.last
    while position < min(len(text.tokens), span.last + _REACH) and not text.is_separate(position):
        token = text.tokens[position]
        is_joined = text.text[token.end : token.end + 1] == "-"  # Saint-Germain
        if not token.capitalised or (token.folded in text.rules.words.never_given and not is_joined):
            return
        is_next, kind = position == span.last, text.parts[position].removeprefix(GENERIC)
        if is_listed_inflected(token.folded, text.rules.generic.attached, text.rules.target.code):
            if is_next or kind not in text.rules.generic.legal:
                yield position
        elif is_next and _makes_another_place(text, span, position):
            yield position
        position += 1


def _find_makers_before(text: Text, span: Span) -> Iterator[int]:
    """Find the word before a form that makes another name of it: University of, Lake."""
    position = span.first - 1
    if position < 0 or text.is_separate(span.first):
        return
    has_link = text.folded[position] in text.rules.words.links
    while position > 0 and text.folded[position] in text.rules.words.links:
        position -= 1
    if not text.tokens[position].capitalised or text.folded[position] in text.rules.words.titles:
        return
    makers = text.rules.generic.attached if has_link else text.rules.generic.attached_before
    is_city = text.parts[position] == GENERIC + "city"
    is_maker = is_listed_inflected(text.folded[position], makers, text.rules.target.code)
    if is_maker or (not is_city and _makes_another_place(text, span, position)):
        yield position


def _find_makers_of_institution(text: Text, span: Span) -> Iterator[int]:
    """Find words that make another institution: Science after Tokyo University of, Reserve before Bank."""
    after, before = span.last + 1, span.first - 1
    if all(text.parts[position].startswith(GENERIC) for position in span.positions):
        return
    if text.parts[span.last - 1].startswith(GENERIC) and after < len(text.tokens):
        is_of = text.folded[span.last] == "of" and not text.is_separate(span.last)
        if is_of and text.tokens[after].capitalised and _is_own(text, after):
            yield after
    if text.parts[span.first].startswith(GENERIC) and before >= 0 and text.tokens[before].capitalised:
        is_title = text.folded[before] in text.rules.words.never_given
        if _is_next(text, before) and _is_own(text, before) and not is_title:
            yield before


def _is_next(text: Text, position: int) -> bool:
    """Whether no sign but an apostrophe is between two words, and no sentence begins with the first."""
    between = text.text[text.tokens[position].end : text.tokens[position + 1].start]
    return between.strip("'’s ") == "" and not text.starts_sentence(position)


def _is_own(text: Text, position: int) -> bool:
    """Whether a word is neither generic nor a place or its people: Ministry of Defence of Ukraine."""
    part, word = text.parts[position], text.folded[position]
    is_place = any(known.type == "LOC" for known in text.rules.known.find((word,)))
    return bool(part) and not part.startswith((GENERIC, JOINED)) and not is_place


def _makes_another_place(text: Text, span: Span, position: int) -> bool:
    """Whether a generic word makes another place of a form: Panama City, Niger River, but not Kyiv City."""
    kind, words = text.parts[position].removeprefix(GENERIC), text.words(span.first, span.last)
    if kind == text.parts[position] or (kind != "city" and kind not in _NATURAL):
        return False
    start, end = min(position, span.first), max(position + 1, span.last)
    known_names = text.rules.known.find(words)
    if any(text.words(start, end) in known.forms for known in known_names):
        return False
    is_whole = not text.rules.generic.whole.isdisjoint(words)
    return is_whole or (kind in _NATURAL and any(known.people for known in known_names))


def is_in_longer_known(document: Document, index: int, span: Span) -> bool:
    """Whether a form is part of a well-known name of its type with small words: Московская область."""
    type_, text = document.mentions[index].type, document.hypotheses[span.segment]
    return any(
        any(known.type == type_ for known in document.known.find(text.words(start, end)))
        and _is_another_name(document, index, span, start, end)
        for start, end in _find_longer(document, span)
    )


def _find_longer(document: Document, span: Span) -> Iterator[tuple[int, int]]:
    """Positions of the names of several words in a hypothesis that contain a span."""
    for start, end in document.named_spans(span.segment, inflected=True):
        if start <= span.first and span.last <= end and end - start > span.last - span.first:
            yield start, end


def _is_in_longer_phrase(document: Document, span: Span) -> bool:
    """Whether a demonym and its capitalised neighbour are a phrase of the references.

    The South African of South African Airways is not South Africa.
    """
    text = document.hypotheses[span.segment]
    return any(
        text.words(start, end) in document.reference_phrases
        and _is_capitalised(document, text.words(start, end))
        for start, end in ((span.first - 1, span.last), (span.first, span.last + 1))
        if start >= 0 and end <= len(text.tokens)
        if text.tokens[start].capitalised and text.tokens[end - 1].capitalised
    )


def _is_capitalised(document: Document, words: Words) -> bool:
    """Whether the first and last of some words are capitalised in the references: not East German communists."""
    return any(
        text.folded[first : first + len(words)] == words
        and text.tokens[first].capitalised
        and text.tokens[first + len(words) - 1].capitalised
        for text in document.references.values()
        for first in text.positions_of_folded.get(words[0], ())
    )


def names_school(document: Document, index: int, span: Span) -> bool:
    """Whether a demonym names a school that the reference does not have: Казанский университет."""
    text, reference = document.hypotheses[span.segment], document.references[document.mentions[index].segment]
    is_adjective = document.words(span) in document.known.lower_case  # so that its capital begins a name
    after = range(span.last, min(span.last + _REACH - 1, len(text.tokens)))
    kinds = (
        text.parts[position]
        for position in after
        if text.parts[position].removeprefix(GENERIC) in _SCHOOLS
        if is_adjective or text.tokens[position].capitalised
    )
    return any(kind not in reference.parts for kind in kinds)


def _governs(text: Text, first: int, last: int) -> bool:
    """Whether words behind a place are an authority of it: the US of US Department of Justice is the US."""
    return any(part.removeprefix(GENERIC) in _AUTHORITIES for part in text.parts[first:last])


def _is_another_name(document: Document, index: int, span: Span, start: int, end: int) -> bool:
    """Whether the words from start to end, around a span, name something else, and not in the reference."""
    mention, name, text = document.mentions[index], document.names[index], document.hypotheses[span.segment]
    form, words = text.normalised[start:end], text.words(start, end)
    entities = document.owners.get(form, frozenset())
    known_names = document.known.find(words)
    if mention.entity in entities:
        return False
    own = document.known.find(name.words)
    is_same = all(any(known is one for one in own) or name.has_form(known.forms) for known in known_names)
    if not entities and is_same:
        return False
    if mention.type == "PER" and set(name.words) <= set(words):
        return False  # John Fitzgerald Kennedy
    if mention.type == "LOC" and span.first == start and _governs(text, span.last, end):
        return False
    occurrence, reference = document.occurrences[index], document.references[mention.segment]
    reference_start = max(0, occurrence.first - (span.first - start))
    reference_end = occurrence.last + (end - span.last)
    return reference.normalised[reference_start:reference_end] != form
