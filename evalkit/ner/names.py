"""The names of a test set without an entity file: a model finds them; rules clean, complete and link them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from evalkit.entities.language.known import KnownNames, known_names
from evalkit.entities.language.lexicon import is_common, is_word
from evalkit.entities.language.tokens import Token, tokenize
from evalkit.entities.language.word_lists import is_english, words_of
from evalkit.entities.text import Text
from evalkit.ner import hygiene
from evalkit.ner.base import NameSpan, Ner
from evalkit.ner.completion import complete, may_be_part_of_name
from evalkit.ner.linking import link
from evalkit.runtime.cache import Cache, hash_parts
from evalkit.types import Alias, EntityFile, EntityType, Mention, TestSet, is_entity_type

_ENGLISH = words_of("en")
_OPENING = "He said that "
"""Precedes a text when the model reads it a second time."""
_LONGEST_KNOWN_NAME = 6
"""In words."""
_LONGEST_ACRONYM = 4
"""In letters. A known name that is a single word of the dictionary and no longer than this counts only in
capitals: Who, Us."""
_BATCH = 512
"""Texts that are read before their results are cached, so that an interrupted run loses little."""


def find_names(test_set: TestSet, ner: Ner, cache: Cache | None = None) -> TestSet:
    """Find the names in the primary references with a model. They replace any names that the test set has.

    The aliases of the test set stay, and link mentions by their forms. `EntityFile.mentions_origin` is
    ``ner:<signature>/rules-<version>``.

    Args:
        test_set: the references.
        ner: the model.
        cache: of what models found; by default the user's.

    Raises:
        ConfigError: the model is for another language or task.
        NerError: the model is not available or fails.
    """
    language = test_set.target_language
    ner.check_language(language)
    texts = [segment.reference for segment in test_set.segments]
    spans = _find_spans(texts, language, ner, cache or Cache())
    mentions = [
        mention for index, text in enumerate(texts) for mention in clean(index, text, spans[text], language)
    ]
    if test_set.documents != (None,):
        mentions = complete(test_set, mentions)
    aliases: Mapping[str, Alias] = test_set.entities.aliases if test_set.entities else {}
    aliases_origin = test_set.entities.aliases_origin if test_set.entities else "none"
    origin = f"ner:{ner.signature()}/rules-{hygiene.VERSION}"
    linked = tuple(link(test_set, mentions, aliases))
    return replace(test_set, entities=EntityFile(linked, aliases, origin, aliases_origin))


def _find_spans(texts: Sequence[str], language: str, ner: Ner, cache: Cache) -> dict[str, list[NameSpan]]:
    """The names of each distinct text, and in English two kinds of names that small models miss.

    The capital letter at the beginning of a sentence does not show a name, but inside a sentence it does. The
    model therefore reads each text a second time, after a few words. Well-known places and organisations are
    always names.
    """
    by_text = _read(texts, language, ner, cache)
    if not is_english(language):
        return by_text
    shifted = _read([_OPENING + text for text in texts], language, ner, cache)
    return {
        text: _add_known(text, _add_first(text, spans, shifted[_OPENING + text], language), language)
        for text, spans in by_text.items()
    }


def _add_first(
    text: str, spans: Sequence[NameSpan], shifted: Iterable[NameSpan], language: str
) -> list[NameSpan]:
    """Add the name that a text begins with, if the model found it after `_OPENING`."""
    first = [
        NameSpan(0, span.end - len(_OPENING), span.type) for span in shifted if span.start == len(_OPENING)
    ]
    new = [span for span in first if not _overlaps(span, spans)]
    if not new or _begins_with_word(text, language):
        return list(spans)
    return [*spans, *new]


def _add_known(text: str, spans: Sequence[NameSpan], language: str) -> list[NameSpan]:
    """Add well-known names, and use their types for the same names that the model found."""
    known = {(span.start, span.end): span for span in find_well_known(text, language)}
    typed = [known.get((span.start, span.end), span) for span in spans]
    return [*typed, *(span for span in known.values() if not _overlaps(span, typed))]


def _overlaps(span: NameSpan, others: Iterable[NameSpan]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _begins_with_word(text: str, language: str) -> bool:
    """Whether a text begins with a common word, or has no words."""
    words = tokenize(text, language)
    return not words or words[0].folded in _ENGLISH.common_words or is_common(words[0].folded, language)


def find_well_known(text: str, language: str) -> Iterator[NameSpan]:
    """Find well-known places, peoples and organisations, the longest first, if not part of a longer name."""
    words, known = Text.of(text, language), known_names(language)
    last = 0
    for first, word in enumerate(words.tokens):
        if first < last or not word.capitalised or (first and _continues(words, first - 1, first)):
            continue
        for end in range(min(first + _LONGEST_KNOWN_NAME, len(words.tokens)), first, -1):
            type_ = _find_known_type(words, first, end, known)
            if type_ is None or (end < len(words.tokens) and _continues(words, end, end)):
                continue
            yield NameSpan(word.start, words.tokens[end - 1].end, type_)
            last = end
            break


def _find_known_type(words: Text, first: int, end: int, known: KnownNames) -> EntityType | None:
    """The type of the words from `first` to before `end`, if they are a well-known name, but not a person."""
    folded = words.words(first, end)
    names = [name for name in known.names.get(folded, ()) if name.type != "PER"]
    if not names or not words.tokens[end - 1].capitalised:
        return None
    if end == first + 1 and _is_also_word(words.tokens[first], words.rules.target.code):
        return None
    return "NORP" if folded in names[0].people else cast("EntityType", names[0].type)


def _is_also_word(token: Token, language: str) -> bool:
    """Whether a known name of one word may be a common word instead: Who, Us."""
    is_short_word = len(token.folded) <= _LONGEST_ACRONYM and is_word(token.folded, language)
    return is_short_word and not token.text.replace(".", "").isupper()


def _continues(words: Text, index: int, boundary: int) -> bool:
    """Whether a word looks like part of the same name as its neighbour.

    Args:
        words: the text.
        index: of the word.
        boundary: index of the later one of the two words.
    """
    word = words.tokens[index]
    is_name = may_be_part_of_name(word) and word.folded not in _ENGLISH.common_words
    return is_name and not words.is_separate(boundary)


def _read(texts: Sequence[str], language: str, ner: Ner, cache: Cache) -> dict[str, list[NameSpan]]:
    """What the model finds in each distinct text, from the cache if possible."""
    signature = ner.signature()
    cache_keys = {text: hash_parts("ner", signature, language, text) for text in texts}
    stored = cache.get(cache_keys.values())
    decoded = {text: _decode(stored.get(cache_key), text) for text, cache_key in cache_keys.items()}
    by_text = {text: spans for text, spans in decoded.items() if spans is not None}
    missing = [text for text in cache_keys if text not in by_text]
    for start in range(0, len(missing), _BATCH):
        batch = missing[start : start + _BATCH]
        new = dict(zip(batch, ner.find(batch, language), strict=True))
        cache.put({cache_keys[text]: json.dumps(spans).encode() for text, spans in new.items()})
        by_text |= new
    return by_text


def _decode(value: bytes | None, text: str) -> list[NameSpan] | None:
    """Spans from the cache; None if there are none, or if they do not fit the text."""
    try:
        spans = [NameSpan(*span) for span in json.loads(value or b"")]
        is_valid = all(
            0 <= span.start < span.end <= len(text) and is_entity_type(span.type) for span in spans
        )
    except (ValueError, TypeError):
        return None
    return spans if is_valid else None


def clean(index: int, text: str, spans: Iterable[NameSpan], language: str) -> list[Mention]:
    """Turn spans into mentions without entity ids.

    Spans are trimmed and extended to whole words. Of two that overlap, the longer one is kept.

    Args:
        index: of the segment.
        text: of the segment.
        spans: what was found in it.
        language: of the text.
    """
    if hygiene.is_all_capitals(text):
        return []
    mentions: list[Mention] = []
    parts = [
        NameSpan(*offsets, span.type)
        for span in spans
        for offsets in hygiene.split_brackets(text, span.start, span.end)
    ]
    for part in sorted(parts, key=lambda part: (part.start - part.end, part.start)):
        whole = hygiene.extend_to_words(text, part.start, part.end, language)
        trimmed = hygiene.trim(text, *whole, part.type, language)
        if trimmed is None:
            continue
        start, end = trimmed
        if not any(start < other.end and other.start < end for other in mentions):
            mentions.append(Mention(index, start, end, text[start:end], part.type, ""))
    return sorted(mentions, key=lambda mention: mention.start)
