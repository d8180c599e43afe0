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


@cache
def rules_of(language: str, source: str | None = None) -> Rules:
    """The rules for a target language and, if the test set names it, a source language, both as codes."""
    return Rules(
        target=find_language(language),
        source=find_language(source).code if source else None,
        words=words_of(language),
        known=known_names(language),
    )
