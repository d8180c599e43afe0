"""What the judging of names knows about the target language, and about the source language where it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from evalkit.entities.language.generic_words import GenericWords, generic_words
from evalkit.entities.language.inflection import is_inflected, is_same_inflected
from evalkit.entities.language.known import KnownNames, known_names
from evalkit.entities.language.lexicon import is_word
from evalkit.entities.language.own_scripts import respell
from evalkit.entities.language.particles import takes_particles
from evalkit.entities.language.romanisation import romanise
from evalkit.entities.language.tokens import Words
from evalkit.entities.language.word_lists import WordLists, words_of
from evalkit.languages.registry import Language, find_language

JOINED = "+"
"""The part of the words of a place after the first, which has the part for all of them."""
GENERIC = "="
"""What comes before the kind of a generic word in `Rules.part_of`."""
_MOST_WORDS = 131072
"""Words of which the normalised form is kept."""
_COMPOUNDING = frozenset("de lb nl af sv da nb nn no is".split())
"""Languages in which the end of a word can be a title: Außenminister."""
_SHORTEST_END = 4
"""Fewest letters of such a title."""

_SHORTEST_SINGULAR = 5
"""Fewest letters of a word whose plural is the same in the name of an institution."""

JOINED_BEFORE = {"ar": ("و", "ف", "ب", "ل", "ك", "لل"), "he": tuple("ובלמהשכ"), "fa": ("و",)}
"""Words of one or two letters that are written as one word with the next, by `Language.code`."""


@dataclass(frozen=True, eq=False)
class Rules:
    """Word lists, well-known names and romanisation of one pair of languages. See `rules_of`."""

    target: Language
    source: str | None
    """The code of the source language (`Language.code`); None if the test set does not say."""
    words: WordLists
    known: KnownNames
    generic: GenericWords

    @cached_property
    def normalise(self) -> Callable[[str], str]:
        """Reduce a folded word to the spelling that all its romanisations share."""
        return lru_cache(_MOST_WORDS)(self._normalise)

    def _normalise(self, folded: str) -> str:
        folded_alike = respell(folded, self.target.code)
        word = self.known.romanisations.get(romanise(folded_alike), folded_alike)
        return romanise(word, self.source, self.target.code)

    def normalise_all(self, words: Iterable[str]) -> Words:
        """Normalise every word of a name."""
        return tuple(map(self.normalise, words))

    @cached_property
    def part_of(self) -> Callable[[str], str]:
        """What a folded word contributes to the name of a place or an institution.

        It gives nothing for a function word; the kind after `GENERIC` for a generic word; otherwise the word,
        normalised, in the same form for all words that mean the same, and for a place and its people.
        """
        return lru_cache(_MOST_WORDS)(self._find_part)

    def _find_part(self, folded: str) -> str:
        if folded in self.words.optional or folded in self.words.determiners:
            return ""
        kind = self.generic.kind_of(folded)
        if kind:
            return GENERIC + kind
        same = self.generic.same.get(folded)
        return same or self._find_singular(folded) or self.reduce_to_place(folded)

    def _find_singular(self, folded: str) -> str:
        """The part of the singular, for plurals of English words: Admissions Center, Exhibitors Alliance."""
        singular = folded.removesuffix("s")
        is_plural = (
            self.target.code == "en"
            and _SHORTEST_SINGULAR <= len(singular) < len(folded)
            and not self.known.find((folded,))
        )
        return (
            self.part_of(singular) if is_plural and is_word(singular, "en") and is_word(folded, "en") else ""
        )

    @cached_property
    def places_of_several_words(self) -> Mapping[str, Sequence[tuple[Words, str]]]:
        """Well-known places and peoples of several words, with the place as one word, by their first word."""
        places: dict[str, list[tuple[Words, str]]] = {}
        for words, names in self.known.names.items():
            place = next((name for name in names if name.type == "LOC" and name.people), None)
            if len(words) > 1 and place is not None:
                places.setdefault(words[0], []).append((words, "".join(place.forms[0])))
        return {first: sorted(items, key=lambda item: -len(item[0])) for first, items in places.items()}

    def reduce_to_place(self, folded: str) -> str:
        """The place that a word names, or whose people it names, as its first form; or the word, normalised."""
        for name in self.known.find((folded,)):
            if name.type == "LOC" and (name.people or (folded,) in name.forms[1:]):
                return "".join(name.forms[0])
        return self.normalise(folded)

    def is_title(self, folded: str) -> bool:
        """Whether a folded word is a title, or ends in one where words are compounded: Außenministerin."""
        if folded in self.words.titles:
            return True
        if self.target.code not in _COMPOUNDING:
            return False
        ends = (folded[start:] for start in range(1, len(folded) - _SHORTEST_END + 1))
        return not self.words.titles.isdisjoint(ends)


@cache
def rules_of(language: str, source: str | None = None) -> Rules:
    """The rules for a target language and, if the test set names it, a source language, both as codes."""
    target, code = find_language(language), find_language(source).code if source else None
    return Rules(
        target=target,
        source=code,
        words=words_of(language),
        known=known_names(language),
        generic=generic_words(target.code, code),
    )


@lru_cache(maxsize=65536)
def is_listed_inflected(word: str, listed: frozenset[str], language: str) -> bool:
    """Whether a list has a word, or another form of it: Üniversitesi, Üniversitesi'nde; Sparta, Spartu."""
    if word in listed or not is_inflected(language):
        return word in listed
    return any(one[:2] == word[:2] and is_same_inflected(one, word, language) for one in listed)


def is_listed(word: str, listed: frozenset[str], rules: Rules) -> bool:
    """Whether a list has a word, apart from what the language joins to it: وقال, 대통령은."""
    if word in listed:
        return True
    prefixes = JOINED_BEFORE.get(rules.target.code, ())
    if any(word.startswith(prefix) and word[len(prefix) :] in listed for prefix in prefixes):
        return True
    if rules.target.code != "ko":
        return False
    sizes = range(1, len(word))
    return any(word[:size] in listed and takes_particles(word[:size], word[size:]) for size in sizes)
