"""Whether the words around a person's name make it the name of somebody else: Hunter Biden for Joe Biden."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.lexicon import is_common
from evalkit.entities.text import Text
from evalkit.entities.without_capitals import is_other_without_capitals

_LONGEST_RUN = 4
"""Most words before or after a name that are considered."""


def is_other_person(document: Document, index: int, span: Span) -> bool:
    """Whether the words before or after a form make it the name of another person, or in the wrong order."""
    name = document.names[index]
    if name.type != "PER":
        return False
    if _has_other_number(document, index, span):
        return True
    if not document.rules.target.has_capitals:
        return is_other_without_capitals(document, index, span)
    if not name.given:
        return False
    text = document.hypotheses[span.segment]
    before, after = _find_run(text, span.first, -1), _find_run(text, span.last, 1)
    return (
        _has_other_words_after(document, index, span, before, after)
        or _has_surname_before(document, index, span, before)
        or _has_other_initials(document, index, text, before)
        or _has_other_given_name(document, index, span, before)
    )


def _find_run(text: Text, edge: int, step: int) -> list[int]:
    """Find the capitalised words next to a name that could belong to it.

    Args:
        edge: first position of the name, or last position (exclusive).
        step: -1 for the words before, 1 for the words after.

    Returns:
        Positions, the nearest first. Particles such as bin and von are passed over.
    """
    run: list[int] = []
    position = edge if step > 0 else edge - 1
    while 0 <= position < len(text.tokens) and len(run) < _LONGEST_RUN:
        token = text.tokens[position]
        if text.is_separate(max(position, position - step)):
            break
        if token.folded not in text.rules.words.particles:
            after_name = step > 0 and token.folded in text.rules.words.generations
            if not token.nameable or token.folded in text.rules.words.never_given or after_name:
                break
            run.append(position)
        position += step
    return run


def _has_other_number(document: Document, index: int, span: Span) -> bool:
    """Whether another number follows than in the reference: Charles II for Charles III."""
    after = document.hypotheses[span.segment].token_after(span.last)
    if after is None or not after.text.isupper():
        return False
    occurrence = document.occurrences[index]
    reference = document.references[document.mentions[index].segment]
    words = (*document.names[index].words[1:], *reference.folded[occurrence.last : occurrence.last + 1])
    numbers = document.rules.words.numbered.intersection(words)
    # a single I is a pronoun, unless the reference has a number too
    return after.folded not in numbers and (
        after.folded in document.rules.words.numbered or (after.folded == "i" and bool(numbers))
    )


def _has_other_words_after(
    document: Document, index: int, span: Span, before: Sequence[int], after: Sequence[int]
) -> bool:
    """Whether the words after a surname are not the rest of the name: Kennedy Center, Biden Joe, Kim Jong Il.

    For names that begin with the surname, a given name before it is wrong as well: Jae-myung Lee.
    """
    name, text = document.names[index], document.hypotheses[span.segment]
    inside = document.normalised_words(span)
    words_after = [text.normalised[position] for position in after]
    if name.surname_first and name.all_given.isdisjoint(inside):
        words_before = (text.normalised[position] for position in before)
        return not name.all_given.issuperset(words_after) or not name.all_given.isdisjoint(words_before)
    if len(inside) >= max(len(name.words), 2):
        return False
    in_reference = document.reference_words[span.segment]
    return any(
        text.folded[position] not in in_reference
        or word in name.all_given
        or word in name.words
        or _is_given_to_others(document, index, word)
        for position, word in zip(after, words_after, strict=True)
    )


def _has_surname_before(document: Document, index: int, span: Span, before: Sequence[int]) -> bool:
    """Whether a word of the surname comes before the part of a name: Ahmed Abiy for Abiy Ahmed."""
    name, text = document.names[index], document.hypotheses[span.segment]
    if len(name.words) <= span.last - span.first:
        return False
    surname = set(document.rules.normalise_all(name.words)) - name.all_given
    return any(text.normalised[position] in surname for position in before)


def _has_other_initials(document: Document, index: int, text: Text, before: Sequence[int]) -> bool:
    """Whether the initials before differ: George V. Bush, or George W. Bush, for George H. W. Bush."""
    given = document.names[index].all_given
    in_name = {word for word in given if len(word) == 1}
    of_given_names = {word[0] for word in given if len(word) > 1}
    words_before = (text.normalised[position] for position in before)
    in_text = {word for word in words_before if len(word) == 1} - of_given_names
    return bool(in_name and in_text) and in_text != in_name


def _has_other_given_name(document: Document, index: int, span: Span, before: Sequence[int]) -> bool:
    """Whether the words before are given names of somebody else: Hunter Biden for Joe Biden."""
    name, text = document.names[index], document.hypotheses[span.segment]
    words = [text.normalised[position] for position in before]
    inside = document.normalised_words(span)
    if not words or any(full_name <= {*words, *inside} for full_name in name.given):
        return False
    fitting = [word for word in words if _fits_given_name(word, name.all_given)]
    if fitting:
        return len(fitting) < len(words)  # Mohammed Sheer al-Sudani for Mohammed Shia al-Sudani
    if len(words[0]) == 1 or _is_given_to_others(document, index, words[0]):
        return True
    return _is_unknown_given_name(document, index, span, before[0])


def _fits_given_name(word: str, given: frozenset[str]) -> bool:
    """Whether a word is one of the given names, the initial of one, or a name for one of the initials."""
    return word in given or any(word[0] == other[0] and 1 in (len(word), len(other)) for other in given)


def _is_unknown_given_name(document: Document, index: int, span: Span, position: int) -> bool:
    """Whether the word before a surname is a name, and not in the reference.

    The first word of a sentence is capitalised anyway. It counts as a name only if the reference has a given
    name as well, or, in English, if it is not a common word.
    """
    text = document.hypotheses[span.segment]
    word = text.folded[position]
    if word in document.reference_words[span.segment]:
        return False
    if not text.starts_sentence(position):
        return True
    has_given_name = len(document.names[index].words) > 1
    if document.rules.target.code == "en":
        is_name = has_given_name or not is_common(word, document.rules.target.code)
    else:
        is_name = has_given_name and document.occurrences[index].first == 0
    return is_name and word not in document.lower_case


def _is_given_to_others(document: Document, index: int, word: str) -> bool:
    """Whether a normalised word is a given name of other persons in the document."""
    return bool(document.given_names.get(word, set()) - {document.mentions[index].entity})
