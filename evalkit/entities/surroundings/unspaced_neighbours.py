"""The letters around a form in languages written without spaces: other persons, and longer words.

The rules need `evalkit.entities.language.tokens` to keep katakana and Latin words whole, so that マリ is not in マリア.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.rules import Rules
from evalkit.entities.language.tokens import NAME_DOT, fold_words
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.similarity import token_similarity
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import join_span
from evalkit.entities.variants.unspaced_persons import (
    HAN,
    Person,
    ends_word,
    has_title,
    is_whole_word,
    split_person,
    words_before,
)

_SIMILAR = 0.5
"""Least similarity of a given name that is misspelled."""
_LEAST_SHARED = 2
"""Letters before a dot that the reference has too."""
_JUNIOR = {"zh": "小"}
"""What is put before the name of a son who has the name of his father, by `Language.code`."""
_SHORT_CHUNK = re.compile(".{1,12}")
"""Letters between two spaces that could be a given name, and not a phrase."""
_GIVEN_BEFORE_SPACE = {"zh": re.compile("[㐀-鿿]{2,3}"), "ja": re.compile("[ァ-ヴー]+")}
"""The same in languages that have a dot in foreign names, and seldom a space, by `Language.code`."""


def find_part(document: Document, index: int, segment: int) -> Iterator[tuple[int, int, MatchingRule]]:
    """Find a part of a person's name between the same characters as the whole: 和王小明结婚, 和小明结婚."""
    name, rules = document.names[index], document.rules
    person = split_person(name.text, rules) if name.type == "PER" and not rules.target.has_spaces else None
    if person is None or person.is_foreign:
        return
    occurrence, text = document.occurrences[index], document.hypotheses[segment]
    neighbours = _neighbours(occurrence.text, occurrence.first, occurrence.last)
    for part in (person.surname, *person.given):
        for first, last in text.letters.find(part):
            before, after = _neighbours(text, first, last)
            is_same = len(part) > 1 and after == neighbours[1]
            is_titled = part == person.surname and has_title(text, last)
            is_rejected = join_span(text, first, last) in name.reject
            if before == neighbours[0] and (is_same or is_titled) and not is_rejected:
                yield first, last, "short"


def _neighbours(text: Text, first: int, last: int) -> tuple[str, str]:
    """The words before and after a span; empty at the ends of the text."""
    return "".join(text.folded[max(first - 1, 0) : first]), "".join(text.folded[last : last + 1])


def is_other_unspaced(document: Document, index: int, span: Span) -> bool:
    """Whether a given name of somebody else is before or after a person's name."""
    return (
        _has_other_chunk_before(document, index, span)
        or _has_other_given_after(document, index, span)
        or _is_junior(document, index, span)
        or _is_eponym(document, index, span)
        or _has_longer_surname(document, index, span)
        or _has_longer_given(document, index, span)
    )


def _is_eponym(document: Document, index: int, span: Span) -> bool:
    """Whether something that is named after a person follows: 盖茨基金会."""
    after, occurrence = (
        document.hypotheses[span.segment].letters.after(span.last),
        document.occurrences[index],
    )
    things = [thing for thing in document.rules.words.after_eponyms if after.startswith(thing)]
    return bool(things) and not occurrence.text.letters.after(occurrence.last).startswith(tuple(things))


def _is_junior(document: Document, index: int, span: Span) -> bool:
    """Whether a full foreign name is that of a son: 小唐纳德·特朗普."""
    junior = _JUNIOR.get(document.rules.target.code)
    text, occurrence = document.hypotheses[span.segment], document.occurrences[index]
    given_before = _find_parts_before(text, span.first)[-1:]
    if junior is None or not (given_before or NAME_DOT in document.words(span)):
        return False
    in_reference = occurrence.text.letters.before(occurrence.first).endswith(junior)
    starts = [junior + given for given in _find_given(document, index)] if given_before else [junior]
    before = given_before[0] if given_before else text.letters.before(span.first)
    return before.endswith(tuple(starts)) and not in_reference


def _has_longer_surname(document: Document, index: int, span: Span) -> bool:
    """Whether a surname of one character is the end of another listed surname: 林芳正 in 小林芳正."""
    text, occurrence = document.hypotheses[span.segment], document.occurrences[index]
    before = text.letters.before(span.first)[-1:]
    if document.rules.target.code != "ja" or not HAN.match(before):
        return False
    if occurrence.text.letters.before(occurrence.first).endswith(before):
        return False
    surnames = {person.surname for person in _find_persons(document, index)}
    return any(len(s) == 1 and before + s in document.rules.words.joined_surnames for s in surnames)


def _has_longer_given(document: Document, index: int, span: Span) -> bool:
    """Whether one more character follows a full name, and then what follows it in the reference: 毛宁宁回答."""
    text, occurrence = document.hypotheses[span.segment], document.occurrences[index]
    form, after = "".join(document.normalised_words(span)), text.letters.after(span.last)
    follows = occurrence.text.letters.after(occurrence.last)[:_LEAST_SHARED]
    if not HAN.fullmatch(form) or not HAN.match(after[:1]) or len(follows) < _LEAST_SHARED:
        return False
    if after[1:].removeprefix(follows) == after[1:] or after.startswith(follows):
        return False
    is_full = any(form == person.surname + "".join(person.given) for person in _find_persons(document, index))
    return (
        is_full
        and not ends_word(text, span.last)
        and not has_title(text, span.last)
        and (after[0] not in document.rules.words.after_names)
    )


def _has_other_given_after(document: Document, index: int, span: Span) -> bool:
    """Whether a surname in Chinese characters goes on as another word or name.

    A single character always has to be a whole word: 森 is not in 森林. Longer surnames have to be one if the
    document has the given name.
    """
    text, form = document.hypotheses[span.segment], "".join(document.normalised_words(span))
    persons = [person for person in _find_persons(document, index) if person.surname == form and person.given]
    if not HAN.fullmatch(form) or (len(form) > 1 and not persons):
        return False
    after = text.letters.after(span.last)
    if any(after.startswith(person.given[0]) for person in persons if not person.is_foreign):
        return False
    occurrence = document.occurrences[index]
    in_reference = _neighbours(occurrence.text, occurrence.first, occurrence.last)
    if _neighbours(text, span.first, span.last) == in_reference or any(p.is_foreign for p in persons):
        return False
    return not is_whole_word(text, span.first, span.last)


def is_dotted_to_another(document: Document, index: int, span: Span) -> bool:
    """Whether a dot joins a span with something that the reference does not have."""
    text, mention = document.hypotheses[span.segment], document.mentions[index]
    reference = document.references[mention.segment].letters.whole
    if text.folded[span.last : span.last + 1] == (NAME_DOT,):
        return text.normalised[span.last + 1] not in reference
    if not span.first or text.folded[span.first - 1] != NAME_DOT or _is_list(text, span.first):
        return False
    before = _find_parts_before(text, span.first)
    if mention.type != "PER":
        return before[0][-_LEAST_SHARED:] not in reference
    given = _find_given(document, index)
    inside = "".join(document.normalised_words(span))
    return bool(given) and not any(p.endswith(word) or word in inside for p in before for word in given)


def _is_list(text: Text, first: int) -> bool:
    """Whether the dot before a word separates two names of different scripts: 日本・メキシコ."""
    before, after = text.folded[first - 2], text.folded[first]
    return bool(HAN.match(before)) != bool(HAN.match(after))


def _find_parts_before(text: Text, first: int) -> list[str]:
    """The parts of a name before a dot, the nearest first. The farthest has all letters before it."""
    parts, end = [], first
    while end and text.folded[end - 1] == NAME_DOT:
        start = end - 1
        while start and text.folded[start - 1] != NAME_DOT and text.tokens[start - 1].folded.isalnum():
            start -= 1
        parts.append("".join(text.normalised[start : end - 1]))
        end = start
    return parts


def _find_persons(document: Document, index: int) -> list[Person]:
    """The parts of a person's name, in all spellings that the document has for the entity."""
    entity = document.mentions[index].entity
    texts = {document.names[other].text for other, m in document.mentions.items() if m.entity == entity}
    persons = (split_person(text, document.rules) for text in texts | document.names[index].as_written)
    return [person for person in persons if person is not None]


def _find_given(document: Document, index: int) -> frozenset[str]:
    """The given names of a foreign person."""
    persons = _find_persons(document, index)
    return frozenset(word for person in persons if person.is_foreign for word in person.given)


def _has_other_chunk_before(document: Document, index: int, span: Span) -> bool:
    """Whether a space, as in Thai, joins a surname with the given name of somebody else."""
    given = _find_given(document, index) if document.mentions[index].type == "PER" else frozenset()
    text = document.hypotheses[span.segment]
    start = text.tokens[span.first].start
    if not given or not start or not text.text[start - 1].isspace():
        return False
    if any(word in "".join(document.normalised_words(span)) for word in given):
        return False
    chunk = "".join(
        text.rules.normalise_all(fold_words(text.text[:start].split()[-1], text.rules.target.tag))
    )
    if chunk.endswith((*given, *words_before(document.rules))):
        return False
    if any(token_similarity(chunk, word) >= _SIMILAR for word in given):
        return True
    shape = _GIVEN_BEFORE_SPACE.get(document.rules.target.code, _SHORT_CHUNK)
    return shape.fullmatch(chunk) is not None


def is_in_longer_word(document: Document, index: int, span: Span) -> bool:
    """Whether a listed longer name contains a span, and the reference does not have it: 中国 in 中国地方."""
    letters = document.hypotheses[span.segment].letters
    reference = document.references[document.mentions[index].segment].letters.whole
    form = "".join(document.normalised_words(span))
    start = letters.offsets[span.first]
    for longer in _longer_names(document.rules):
        at = longer.find(form)
        is_around = 0 <= at <= start and letters.whole.startswith(longer, start - at)
        if is_around and longer not in reference:
            return True
    return False


@lru_cache(maxsize=64)
def _longer_names(rules: Rules) -> tuple[str, ...]:
    """Listed names that contain another name, normalised."""
    return tuple(
        "".join(rules.normalise_all(fold_words(name, rules.target.tag))) for name in rules.words.longer_names
    )
