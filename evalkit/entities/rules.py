"""What the judging of names knows about the target language, and about the source language where it is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from evalkit.entities.known import KnownNames, known_names
from evalkit.entities.own_scripts import respell
from evalkit.entities.romanisation import romanise
from evalkit.entities.tokens import Words
from evalkit.entities.word_lists import WordLists, words_of
from evalkit.languages.registry import Language, find_language

_COMPOUNDING = frozenset("de lb nl af sv da nb nn no is".split())
"""Languages in which the end of a word can be a title: Außenminister."""
_SHORTEST_END = 4
"""Fewest letters of such a title."""


@dataclass(frozen=True, eq=False)
class Rules:
    """Word lists, well-known names and romanisation of one pair of languages. See `rules_of`."""

    target: Language
    source: str | None
    """The code of the source language (`Language.code`); None if the test set does not say."""
    words: WordLists
    known: KnownNames
    _normalised: dict[str, str] = field(default_factory=dict, repr=False)
    """Cache of `normalise`."""
    _titles: dict[str, bool] = field(default_factory=dict, repr=False, init=False)
    """Cache of `is_title`."""

    def normalise(self, folded: str) -> str:
        """Reduce a folded word to the spelling that all its romanisations share."""
        normalised = self._normalised.get(folded)
        if normalised is None:
            folded_alike = respell(folded, self.target.code)
            word = self.known.romanisations.get(romanise(folded_alike), folded_alike)
            normalised = self._normalised[folded] = romanise(word, self.source, self.target.code)
        return normalised

    def normalise_all(self, words: Iterable[str]) -> Words:
        """Normalise every word of a name."""
        return tuple(map(self.normalise, words))

    def is_title(self, folded: str) -> bool:
        """Whether a folded word is a title, or ends in one where words are compounded: Außenministerin."""
        known = self._titles.get(folded)
        if known is None:
            known = self._titles[folded] = folded in self.words.titles or self._ends_in_title(folded)
        return known

    def _ends_in_title(self, folded: str) -> bool:
        if self.target.code not in _COMPOUNDING:
            return False
        ends = (folded[start:] for start in range(1, len(folded) - _SHORTEST_END + 1))
        return not self.words.titles.isdisjoint(ends)


@cache
def rules_of(language: str, source: str | None = None) -> Rules:
    """The rules for a target language and, if the test set names it, a source language, both as codes."""
    return Rules(
        target=find_language(language),
        source=find_language(source).code if source else None,
        words=words_of(language),
        known=known_names(language),
    )
