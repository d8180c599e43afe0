"""Completing the names of a document: a name that a model found in one place is one in other places too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from evalkit.data.text import compile_whole_words
from evalkit.entities.language.tokens import Token, tokenize
from evalkit.entities.language.word_lists import is_english, words_of
from evalkit.languages.registry import has_spaces
from evalkit.ner import hygiene
from evalkit.types import EntityType, Mention, TestSet

_ENGLISH = words_of("en")
_AFTER_SURNAMES = _ENGLISH.generations | frozenset("v vi vii viii ix x xi xii xiv xvi".split())


def complete(test_set: TestSet, mentions: Sequence[Mention]) -> list[Mention]:
    """Add the mentions of the same names that the model missed, document by document.

    Within a document a name has one type, the most frequent one. If a document has the full name of a person,
    the surname is a name as well.
    """
    completed: list[Mention] = []
    for document, indices in test_set.segments_of.items():
        in_document = set(indices)
        found = [mention for mention in mentions if mention.segment in in_document]
        if document is not None:
            texts = {index: test_set.segments[index].reference for index in indices}
            found = _complete_document(texts, found, test_set.target_language)
        completed += found
    return sorted(completed, key=lambda mention: (mention.segment, mention.start))


def _complete_document(texts: Mapping[int, str], found: Sequence[Mention], language: str) -> list[Mention]:
    """Complete the mentions of a document with these texts, by segment."""
    types = _choose_types(found, language)
    mentions = [replace(mention, type=types[mention.text]) for mention in found]
    words = {word.text for text in texts.values() for word in tokenize(text, language)}
    mixed_case = {index: text for index, text in texts.items() if not hygiene.is_all_capitals(text)}
    for name in sorted(types, key=lambda name: (-len(name), name)):
        if not is_unambiguous(name, words, language):
            continue
        for index, text in mixed_case.items():
            for start, end in find_occurrences(name, text, language):
                mentions = _add(Mention(index, start, end, name, types[name], ""), mentions)
    return mentions


def _add(mention: Mention, mentions: list[Mention]) -> list[Mention]:
    """Add a mention unless it overlaps others. Those that are parts of it are replaced."""
    overlapping = [
        other
        for other in mentions
        if other.segment == mention.segment and other.start < mention.end and mention.start < other.end
    ]
    if not all(_is_part(other, mention) for other in overlapping):
        return mentions
    return [*(other for other in mentions if other not in overlapping), mention]


def _is_part(mention: Mention, longer: Mention) -> bool:
    is_inside = longer.start <= mention.start and mention.end <= longer.end
    return is_inside and (mention.start, mention.end) != (longer.start, longer.end)


def _choose_types(mentions: Sequence[Mention], language: str) -> dict[str, EntityType]:
    """One type for each name of a document, and for the surnames of its persons."""
    votes: dict[str, Counter[EntityType]] = {}
    for mention in mentions:
        votes.setdefault(mention.text, Counter())[mention.type] += 1
    persons = [mention for mention in mentions if _choose_type(votes[mention.text]) == "PER"]
    for mention in persons:
        last = find_surname(mention.text, language)
        if last:
            votes.setdefault(last, Counter())["PER"] += 1
    return {name: _choose_type(counts) for name, counts in votes.items()}


def _choose_type(votes: Counter[EntityType]) -> EntityType:
    return votes.most_common(1)[0][0]


def find_surname(name: str, language: str) -> str | None:
    """The last word of a person's name, without Jr or III; None if it is lower case or the only word."""
    words = list(tokenize(name, language))
    while len(words) > 1 and words[-1].folded in _AFTER_SURNAMES:
        words.pop()
    if len(words) < 2 or not words[-1].capitalised:
        return None
    return name[words[-1].start : words[-1].end]


def is_unambiguous(name: str, words: set[str], language: str) -> bool:
    """Whether a name is a name wherever it occurs in a document.

    Args:
        name: as it was found in one place.
        words: of the document. A name of one word is ambiguous if they have it in lower case too.
        language: of the document.
    """
    if len(name) < 2:
        return False
    if not has_spaces(language) or len(tokenize(name, language)) > 1:
        return True
    lower = name.lower()
    return lower not in words - {name} and lower not in _ENGLISH.calendar


def find_occurrences(name: str, text: str, language: str) -> Iterator[tuple[int, int]]:
    """Start and end of each occurrence of a name as whole words, unless it is part of a longer name."""
    for match in compile_whole_words(name, language).finditer(text):
        start, end = match.span()
        if not is_english(language) or not _is_in_longer_name(start, end, text, language):
            yield start, end


def _is_in_longer_name(start: int, end: int, text: str, language: str) -> bool:
    """Whether a single word is next to another name word: Washington in Washington Post is not a place."""
    words = tokenize(text, language)
    inside = [index for index, word in enumerate(words) if start <= word.start < end]
    if len(inside) != 1:
        return False
    (index,) = inside
    if index + 1 < len(words):
        after = words[index + 1]
        if text[end : after.start] in (" ", "-") and may_be_part_of_name(after):
            return True
    if index == 0:
        return False
    before = words[index - 1]
    opens_sentence = index == 1 and before.folded in _ENGLISH.common_words
    return not opens_sentence and text[before.end : start] in (" ", "-") and may_be_part_of_name(before)


def may_be_part_of_name(word: Token) -> bool:
    """Whether a word is capitalised and not a title, a day, a month or a number."""
    return word.capitalised and word.folded not in _ENGLISH.never_given and not word.text.isdigit()
