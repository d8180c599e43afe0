"""A text as words, prepared for looking up names in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from evalkit.entities.joined_letters import Letters
from evalkit.entities.language.inflection import is_same_inflected, list_keys, list_stems
from evalkit.entities.language.rules import GENERIC, JOINED, Rules, rules_of
from evalkit.entities.language.tokens import Token, Words, split_words
from evalkit.entities.language.word_lists import capitals_mark_names

_SENTENCE_BOUNDARY = re.compile(r"[.!?:;…\"“”»«]")
"""Signs that end a sentence, or begin or end a quotation."""
_LONG_WORD = 4
"""Fewest letters of a word that says whether a text is in title case."""
_FEWEST_LONG_WORDS = 4
_TITLE_CASE = 0.8
"""Share of capitalised long words above which a text is in title case."""


@dataclass(frozen=True)
class Text:
    """The words of one text. Spans of words are two positions, the last one exclusive."""

    text: str
    tokens: tuple[Token, ...]
    rules: Rules

    @classmethod
    @lru_cache(maxsize=16384)
    def of(cls, text: str, language: str, source: str | None = None) -> Text:
        """Split a name or a reference into words. It is kept, so that it is prepared once for all systems."""
        return cls.once(text, language, source)

    @classmethod
    def once(cls, text: str, language: str, source: str | None = None) -> Text:
        """Split a text into words that is not likely to come again, such as a hypothesis."""
        return cls(text, split_words(text, language), rules_of(language, source))

    @cached_property
    def folded(self) -> Words:
        """All words, folded."""
        return tuple(token.folded for token in self.tokens)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Distinct folded words."""
        return frozenset(self.folded)

    @cached_property
    def uncased(self) -> bool:
        """Whether a text of three words or more has no capital letter, so that lower case means nothing."""
        return len(self.tokens) > 2 and not any(token.capitalised for token in self.tokens)

    @cached_property
    def normalised(self) -> Words:
        """All words, normalised: the romanisations of a word are the same. See `Rules.normalise`."""
        return self.rules.normalise_all(self.folded)

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """Positions of each normalised word."""
        return _index(self.normalised)

    @cached_property
    def positions_of_folded(self) -> dict[str, list[int]]:
        """Positions of each folded word."""
        return _index(self.folded)

    @cached_property
    def parts(self) -> Words:
        """What each word contributes to the name of a place or an institution. See `Rules.part_of`."""
        parts = list(map(self.rules.part_of, self.folded))
        self._join_places(parts)
        endings = self.rules.generic.kind_of_ending
        for position in range(1, len(parts) if endings else 0):
            token = self.tokens[position]
            if token.folded in endings and self.text[token.start - 1] == "-":
                parts[position] = GENERIC + endings[token.folded]  # Takahama-cho
        return tuple(parts)

    def _join_places(self, parts: list[str]) -> None:
        """Make one part of each well-known place of several words: the United States."""
        places = self.rules.places_of_several_words
        for first, word in enumerate(self.folded):
            for words, place in places.get(word, ()):
                if self.folded[first : first + len(words)] == words and self.tokens[first].capitalised:
                    parts[first : first + len(words)] = [place, *[JOINED] * (len(words) - 1)]
                    break

    @cached_property
    def positions_of_parts(self) -> dict[str, list[int]]:
        """Positions of each part."""
        return _index(self.parts)

    @cached_property
    def letters(self) -> Letters:
        """All words, normalised, as one string."""
        return Letters.of(self.normalised)

    @cached_property
    def stems(self) -> dict[str, list[int]]:
        """Positions of the words with each stem. See `list_stems`."""
        stems: dict[str, list[int]] = {}
        for position, word in enumerate(self.folded):
            for stem in list_stems(word, self.rules.target.tag):
                stems.setdefault(stem, []).append(position)
        return stems

    @cached_property
    def keys(self) -> dict[str, list[int]]:
        """Positions of the words with each key. See `list_keys`."""
        keys: dict[str, list[int]] = {}
        for position, word in enumerate(self.folded):
            for key in list_keys(word, self.rules.target.tag):
                keys.setdefault(key, []).append(position)
        return keys

    def find_inflected(self, word: str) -> Iterator[int]:
        """Find the positions of a word with any ending."""
        language = self.rules.target.tag
        positions = {position for key in list_keys(word, language) for position in self.keys.get(key, ())}
        for position in sorted(positions):
            if is_same_inflected(word, self.folded[position], language):
                yield position

    def words(self, first: int, last: int) -> Words:
        """Folded words of a span."""
        return self.folded[first:last]

    def written(self, first: int, last: int) -> str:
        """The characters of a span, as written."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def token_before(self, first: int) -> Token | None:
        """The word before a position, unless punctuation separates the two."""
        return self.tokens[first - 1] if first and not self.is_separate(first) else None

    def token_after(self, last: int) -> Token | None:
        """The word at the end of a span, unless punctuation separates it from the span."""
        return self.tokens[last] if last < len(self.tokens) and not self.is_separate(last) else None

    def starts_sentence(self, position: int) -> bool:
        """Whether a sentence or a quotation begins with the word at a position."""
        if position == 0:
            return True
        between = self.text[self.tokens[position - 1].end : self.tokens[position].start]
        return self.is_separate(position) and bool(_SENTENCE_BOUNDARY.search(between))

    def continues_name(self, last: int) -> bool:
        """Whether the word after a span is capitalised and could belong to a name that begins before it."""
        after = self.token_after(last)
        if after is None or not after.capitalised:
            return False
        return after.folded not in self.rules.words.never_given and not self.rules.is_title(after.folded)

    def is_ordinary(self, position: int) -> bool:
        """Whether a listed word is capitalised because a sentence begins with it: Mit Merkel; not S. Merkel."""
        word, lists = self.folded[position], self.rules.words
        if not self.starts_sentence(position) or self.is_initial(position):
            return False
        return word in lists.first_words or word.endswith(tuple(lists.not_given_endings))

    def is_initial(self, position: int) -> bool:
        """Whether a word is a letter with a full stop."""
        token = self.tokens[position]
        return len(token.text) == 1 and self.text[token.end : token.end + 1] == "."

    def is_noun(self, position: int) -> bool:
        """Whether a word is a noun because of an article before it, or its ending: der Besuch Macrons.

        Only where all nouns have capitals. Elsewhere, one is no noun because a name has an article as well.
        """
        if capitals_mark_names(self.rules.target.tag):
            return False
        before, lists = self.token_before(position), self.rules.words
        has_article = before is not None and before.folded in lists.articles
        return has_article or self.folded[position].endswith(tuple(lists.not_given_endings))

    def is_separate(self, position: int) -> bool:
        """Whether punctuation separates the word at a position, 1 or more, from the word before it.

        Hyphens, apostrophes and the full stop of an abbreviation do not separate words.
        """
        before, after = self.tokens[position - 1 : position + 1]
        if after.start - before.end == 1:
            return False
        between = self.text[before.end : after.start].strip(" -‑")
        abbreviation = between == "." and (
            len(before.text) == 1 or before.folded in self.rules.words.abbreviations
        )
        return bool(between.strip("'’")) and not abbreviation


def _index(words: Words) -> dict[str, list[int]]:
    """Positions of each word."""
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, word in enumerate(words):
        positions[word].append(position)
    return positions


def is_title_case(text: Text) -> bool:
    """Whether capitals mean nothing because the text is a headline or all in capitals."""
    long = [token for token in text.tokens if len(token.text) >= _LONG_WORD]
    capitalised = sum(token.capitalised for token in long)
    return len(long) >= _FEWEST_LONG_WORDS and capitalised > _TITLE_CASE * len(long)
