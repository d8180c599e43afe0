"""The names of a test set that has no reviewed ones: found in the references, cleaned, completed, and tied to entities."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from evalkit.entities.known import known_names
from evalkit.entities.languages import CALENDAR, COMMON_WORDS, GENERATIONS, TITLES, is_english
from evalkit.entities.lexicon import is_common, is_word
from evalkit.entities.text import Text
from evalkit.entities.tokens import Token, tokenize
from evalkit.ner import hygiene
from evalkit.ner.base import Found, Ner
from evalkit.runtime.cache import Cache, hash_parts
from evalkit.types import ENTITY_TYPES, Alias, EntityFile, Mention, TestSet, written_with_spaces

_OPENING = "He said that "
"""What stands before a text where the model reads it a second time."""
_LONGEST = 6
"""Words of a well-known name."""
_SHORT = 4
"""Letters of an acronym that may be a word as well, and counts only in capitals."""
_AT_ONCE = 512
"""Texts that are read before their results go into the cache, so that a run that is stopped loses little."""


def find_names(test_set: TestSet, ner: Ner, cache: Cache | None = None) -> TestSet:
    """The test set with the names that a model finds in its primary references, in place of any that it had.

    The aliases of the test set stay, and link mentions by their forms. `EntityFile.mentions_origin` is
    ``ner:<signature>/rules-<version>``.

    Raises:
        ConfigError: the model is not for this language or kind of work.
        NerError: the model cannot be had or fails.
    """
    ner.check_language(test_set.target_language)
    texts = [segment.references[0] for segment in test_set.segments]
    found = _find(texts, test_set.target_language, ner, cache or Cache())
    mentions = [
        mention
        for index, text in enumerate(texts)
        for mention in clean(index, text, found[text], test_set.target_language)
    ]
    if test_set.documents != (None,):
        mentions = complete(test_set, mentions)
    aliases: Mapping[str, Alias] = test_set.entities.aliases if test_set.entities else {}
    aliases_origin = test_set.entities.aliases_origin if test_set.entities else "none"
    origin = f"ner:{ner.signature()}/rules-{hygiene.VERSION}"
    linked = tuple(link(test_set, mentions, aliases))
    return replace(test_set, entities=EntityFile(linked, aliases, origin, aliases_origin))


def _find(texts: Sequence[str], language: str, ner: Ner, cache: Cache) -> dict[str, list[Found]]:
    """The names of each distinct text: what the model finds, and in English two kinds of names that small models miss.

    Of a name at the beginning of a sentence its capital says nothing; within one it does, so that the model reads each
    text a second time after a few words. Well-known places and organisations are names wherever they stand.
    """
    found = _read(texts, language, ner, cache)
    if not is_english(language):
        return found
    moved = _read([_OPENING + text for text in texts], language, ner, cache)
    for text, spans in found.items():
        first = [
            Found(0, end - len(_OPENING), type_)
            for start, end, type_ in moved[_OPENING + text]
            if start == len(_OPENING)
        ]
        spans += [
            span for span in first if not _overlaps(span, spans) and not _opens_as_a_word(text, language)
        ]
        types = {span[:2]: span.type for span in well_known(text, language)}
        spans[:] = [span._replace(type=types.get(span[:2], span.type)) for span in spans]
        spans += [
            span for place, type_ in types.items() if not _overlaps(span := Found(*place, type_), spans)
        ]
    return found


def _overlaps(span: Found, others: Iterable[Found]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _opens_as_a_word(text: str, language: str) -> bool:
    """Whether a text begins with a common word."""
    words = tokenize(text, language)
    return not words or words[0].folded in COMMON_WORDS or is_common(words[0].folded, language)


def well_known(text: str, language: str) -> Iterator[Found]:
    """Well-known places, peoples and organisations in a text, the longest first; none beside another capitalised word."""
    words, known = Text.of(text, language), known_names(language)
    last = 0
    for first, word in enumerate(words.tokens):
        if (
            first < last
            or not word.capitalised
            or (first and _beside(words, first - 1) and not words.apart(first))
        ):
            continue
        for end in range(min(first + _LONGEST, len(words.tokens)), first, -1):
            names = [name for name in known.names.get(words.words(first, end), ()) if name.type != "PER"]
            final = words.tokens[end - 1]
            if not names or not final.capitalised:
                continue
            if (
                end == first + 1
                and is_word(word.folded, language)
                and len(word.folded) <= _SHORT
                and not word.text.replace(".", "").isupper()
            ):
                continue  # Us, Who
            if end < len(words.tokens) and _beside(words, end) and not words.apart(end):
                continue
            people = words.words(first, end) in names[0].people
            yield Found(word.start, final.end, "NORP" if people else names[0].type)
            last = end
            break


def _beside(words: Text, index: int) -> bool:
    """Whether a word is capitalised as a part of a name is."""
    return _nameable(words.tokens[index]) and words.tokens[index].folded not in COMMON_WORDS


def _read(texts: Sequence[str], language: str, ner: Ner, cache: Cache) -> dict[str, list[Found]]:
    """What the model finds in each distinct text, from the cache where it is there."""
    signature = ner.signature()
    keys = {text: hash_parts("ner", signature, language, text) for text in texts}
    stored = cache.get(keys.values())
    found = {
        text: result for text, k in keys.items() if (result := _decoded(stored.get(k), text)) is not None
    }
    missing = [text for text in keys if text not in found]
    for start in range(0, len(missing), _AT_ONCE):
        some = missing[start : start + _AT_ONCE]
        new = dict(zip(some, ner.find(some, language), strict=True))
        cache.put({keys[text]: json.dumps(spans).encode() for text, spans in new.items()})
        found |= new
    return found


def _decoded(value: bytes | None, text: str) -> list[Found] | None:
    """Spans from the cache; None where there are none, or none of this text."""
    try:
        found = [Found(*span) for span in json.loads(value or b"")]
        fitting = all(0 <= span.start < span.end <= len(text) and span.type in ENTITY_TYPES for span in found)
    except (ValueError, TypeError):
        return None
    return found if fitting else None


def clean(index: int, text: str, found: Iterable[Found], language: str) -> list[Mention]:
    """The mentions of one segment, without entity ids yet: trimmed, whole words, the longer one of two that overlap."""
    if hygiene.shouted(text):
        return []
    kept: list[Mention] = []
    spans = [
        Found(*place, span.type) for span in found for place in hygiene.apart(text, span.start, span.end)
    ]
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        place = hygiene.trim(
            text, *hygiene.whole_words(text, span.start, span.end, language), span.type, language
        )
        if place is not None and not any(place[0] < other.end and other.start < place[1] for other in kept):
            kept.append(Mention(index, *place, text[slice(*place)], span.type, ""))
    return sorted(kept, key=lambda mention: mention.start)


def complete(test_set: TestSet, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, and those that the model missed of the same names, document by document.

    Within a document a name has one type, the most frequent one. The surname of a person of whom the document has the
    full name is a name as well.
    """
    completed: list[Mention] = []
    for document, indices in test_set.segments_of.items():
        inside = set(indices)
        own = [mention for mention in mentions if mention.segment in inside]
        if document is not None:
            own = _complete_document(
                {index: test_set.segments[index].references[0] for index in indices},
                own,
                test_set.target_language,
            )
        completed += own
    return sorted(completed, key=lambda mention: (mention.segment, mention.start))


def _complete_document(texts: Mapping[int, str], mentions: Sequence[Mention], language: str) -> list[Mention]:
    types = _types(mentions, language)
    kept = [replace(mention, type=types[mention.text]) for mention in mentions]
    words = {word.text for text in texts.values() for word in tokenize(text, language)}
    for name in sorted(types, key=lambda name: (-len(name), name)):
        if not spreads(name, words, language):
            continue
        for index, text in texts.items():
            for start, end in [] if hygiene.shouted(text) else places(name, text, language):
                overlapping = [m for m in kept if m.segment == index and m.start < end and start < m.end]
                if all(
                    start <= m.start and m.end <= end and (m.start, m.end) != (start, end)
                    for m in overlapping
                ):
                    # what the model found within the longer name is a part of it
                    kept = [m for m in kept if m not in overlapping]
                    kept.append(Mention(index, start, end, name, types[name], ""))
    return kept


def _types(mentions: Sequence[Mention], language: str) -> dict[str, str]:
    """One type for each name of a document, and for the surnames of its persons."""
    votes: dict[str, Counter[str]] = {}
    for mention in mentions:
        votes.setdefault(mention.text, Counter())[mention.type] += 1
    persons = [mention for mention in mentions if votes[mention.text].most_common(1)[0][0] == "PER"]
    for mention in persons:
        last = surname(mention.text, language)
        if last:
            votes.setdefault(last, Counter())["PER"] += 1
    return {name: found.most_common(1)[0][0] for name, found in votes.items()}


def surname(name: str, language: str) -> str | None:
    """The last word of a person's name of several words, if it is capitalised; without Jr or III."""
    words = list(tokenize(name, language))
    while len(words) > 1 and words[-1].folded in GENERATIONS | {
        "v",
        "vi",
        "vii",
        "viii",
        "ix",
        "x",
        "xi",
        "xii",
        "xiv",
        "xvi",
    }:
        words.pop()
    if len(words) < 2 or not words[-1].capitalised:
        return None
    return name[words[-1].start : words[-1].end]


def spreads(name: str, words: set[str], language: str) -> bool:
    """Whether a name found at one place is believed at others: not a word that the document has in lower case too, nor a month."""
    if not written_with_spaces(language):
        return len(name) > 1
    several = len(tokenize(name, language)) > 1
    return several or (len(name) > 1 and name.lower() not in words - {name} and name.lower() not in CALENDAR)


def places(name: str, text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where a name stands in a text, as it is written, between other characters than letters."""
    edge = r"\w" if written_with_spaces(language) else r"(?!)"
    for match in re.finditer(rf"(?<!{edge}){re.escape(name)}(?!{edge})", text):
        if not is_english(language) or not _part_of_a_longer_name(match.start(), match.end(), text, language):
            yield match.span()


def _part_of_a_longer_name(start: int, end: int, text: str, language: str) -> bool:
    """Whether a single word stands beside another capitalised one: the Washington of Washington Post is no place."""
    words = tokenize(text, language)
    inside = [number for number, word in enumerate(words) if start <= word.start < end]
    if len(inside) != 1:
        return False
    (number,) = inside
    before, after = (
        words[number - 1] if number else None,
        words[number + 1] if number + 1 < len(words) else None,
    )
    opens = number == 1 and before is not None and before.folded in COMMON_WORDS
    if before is not None and not opens and text[before.end : start] in (" ", "-") and _nameable(before):
        return True
    return after is not None and text[end : after.start] in (" ", "-") and _nameable(after)


def _nameable(word: Token) -> bool:
    return word.capitalised and word.folded not in TITLES | CALENDAR and not word.text.isdigit()


def link(test_set: TestSet, mentions: Sequence[Mention], aliases: Mapping[str, Alias]) -> list[Mention]:
    """The mentions with entity ids.

    The alias item of whose forms the mention is one; else, for a single word, the one person of the document whose name
    ends in it; else the words of the name, the same over the whole test set.
    """
    language = test_set.target_language
    items: dict[str, list[str]] = {}
    for alias in aliases.values():
        for form in {_folded(form, language) for form in alias.forms}:
            items.setdefault(form, []).append(alias.entity)
    by_document: dict[str | None, list[Mention]] = {}
    for mention in mentions:
        by_document.setdefault(test_set.segments[mention.segment].document, []).append(mention)
    linked: list[Mention] = []
    for document, own in by_document.items():
        ids: dict[tuple[str, str], str] = {}
        names = sorted(
            {(mention.text, mention.type) for mention in own},
            key=lambda name: (-len(tokenize(name[0], language)), name),
        )
        full: dict[str, set[str]] = {}
        for name in names:  # longer names first: they tell whose the shorter ones are
            text, type_ = name
            last = surname(text, language)
            ids[name] = _entity(text, items, set(ids.values()), language)
            if last is not None and type_ == "PER" and document is not None:
                full.setdefault(_folded(last, language), set()).add(ids[name])
            elif type_ == "PER" and _folded(text, language) not in items:
                owners = full.get(_folded(text, language), set())
                ids[name] = next(iter(owners)) if len(owners) == 1 else ids[name]
        linked += [replace(mention, entity=ids[mention.text, mention.type]) for mention in own]
    return sorted(linked, key=lambda mention: (mention.segment, mention.start))


def _entity(text: str, items: Mapping[str, Sequence[str]], met: set[str], language: str) -> str:
    """Entity id of a name by itself. Of several alias items with this form, the only one of which the document has a longer name."""
    found = items.get(_folded(text, language), ())
    if len(found) > 1:
        found = [entity for entity in found if entity in met]
    return found[0] if len(found) == 1 else _folded(text, language)


def _folded(text: str, language: str) -> str:
    glue = "-" if written_with_spaces(language) else ""
    return glue.join(word.folded for word in tokenize(text, language)) or text
