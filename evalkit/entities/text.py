"""A text as words, ready for look-up: by romanisation, by place, as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from evalkit.entities.known import KnownNames, Words, known_names
from evalkit.entities.languages import ABBREVIATIONS, NEVER_GIVEN
from evalkit.entities.romanisation import romanised
from evalkit.entities.tokens import Token, tokenize

_END = re.compile(r"[.!?:;…\"“”»«]")
"""What ends a sentence, or begins a quotation."""


@dataclass(frozen=True)
class Text:
    """The words of one text, ready for look-up."""

    text: str
    tokens: tuple[Token, ...]
    language: str
    known: KnownNames

    @classmethod
    @lru_cache(maxsize=16384)
    def of(cls, text: str, language: str) -> Text:
        """The words of a text; the same object for the same text, so that a reference is prepared once for all systems."""
        return cls(text, tokenize(text, language), language, known_names(language))

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
        """Whether a text of several words has no capital letter, so that small letters say nothing."""
        return len(self.tokens) > 2 and not any(token.capitalised for token in self.tokens)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """A key per word under which its romanisations meet."""
        return tuple(key(word, self.known) for word in self.folded)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Positions of each key."""
        found: dict[str, list[int]] = {}
        for index, word in enumerate(self.keys):
            found.setdefault(word, []).append(index)
        return found

    def words(self, first: int, last: int) -> Words:
        """Folded words of a span."""
        return self.folded[first:last]

    def written(self, first: int, last: int) -> str:
        """The text of a span as it stands."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def wider(self, first: int, last: int, most: int) -> Iterator[tuple[int, int]]:
        """Spans that hold a span and up to so many words more on each side."""
        for start in range(max(0, first - most), first + 1):
            for end in range(last, min(len(self.tokens), last + most) + 1):
                if end - start > last - first:
                    yield start, end

    def starts_sentence(self, index: int) -> bool:
        """Whether a sentence, or a quotation, begins with a word."""
        if index == 0:
            return True
        return self.apart(index) and bool(
            _END.search(self.text[self.tokens[index - 1].end : self.tokens[index].start])
        )

    def goes_on(self, index: int) -> bool:
        """Whether a capitalised word that could belong to a name stands at an index."""
        if index >= len(self.tokens) or self.apart(index):
            return False
        return self.tokens[index].capitalised and self.tokens[index].folded not in NEVER_GIVEN

    def apart(self, index: int) -> bool:
        """Whether punctuation stands between a word and the one before it, other than a hyphen or the full stop of an abbreviation."""
        before, after = self.tokens[index - 1 : index + 1]
        if after.start - before.end == 1:
            return False
        between = self.text[before.end : after.start].strip(" -‑")
        return bool(between.strip("'’")) and not (
            between == "." and (len(before.text) == 1 or before.folded in ABBREVIATIONS)
        )


def key(folded: str, known: KnownNames) -> str:
    """What all romanisations of a word share."""
    found = known.keys.get(folded)
    if found is None:
        word = romanised(folded)
        found = known.keys[folded] = known.words.get(word, word)
    return found


def keys(words: Iterable[str], known: KnownNames) -> Words:
    """`key` of every word."""
    return tuple(key(word, known) for word in words)
