"""A person's name as a hypothesis has it: a form of the name in the reference, and the words around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from evalkit.entities.assignment import Span
from evalkit.entities.document import Document
from evalkit.entities.language.inflection import is_inflected, is_same_inflected
from evalkit.entities.language.tokens import Words, fold
from evalkit.entities.surroundings.name_words import SHORTEST_ACRONYM, find_name_words
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name


@dataclass(frozen=True)
class Written:
    """A form of a person's name in a hypothesis, with the words around it that belong to it."""

    document: Document
    index: int
    """Of the mention."""
    span: Span
    """The form."""

    @property
    def name(self) -> Name:
        """The name in the reference."""
        return self.document.names[self.index]

    @property
    def text(self) -> Text:
        """The hypothesis."""
        return self.document.hypotheses[self.span.segment]

    @cached_property
    def inside(self) -> Words:
        """The words of the form, normalised."""
        return self.document.normalised_words(self.span)

    @cached_property
    def positions_before(self) -> list[int]:
        """Positions of the words before the form that belong to it, the nearest first."""
        return find_name_words(self.document, self.index, self.span, -1)

    @cached_property
    def before(self) -> Words:
        """The words before the form that belong to it, normalised."""
        return _read_words(self.text, self.positions_before)

    @cached_property
    def positions_after(self) -> list[int]:
        """Positions of the words after the form that belong to it."""
        return find_name_words(self.document, self.index, self.span, 1)

    @cached_property
    def after(self) -> Words:
        """The words after the form that belong to it, normalised."""
        return _read_words(self.text, self.positions_after)

    @cached_property
    def is_full(self) -> bool:
        """Whether the form itself has given names and surname, or the number of somebody without a surname."""
        if len(self.inside) > 1 and "none" in self.orders:
            return True
        normalise_all = self.document.rules.normalise_all
        return any(
            person.given_words
            and self.covers(frozenset(normalise_all(person.given_words)), self.inside)
            and self.covers(frozenset(normalise_all(person.surname[-1:])), self.inside)
            for person in self.name.persons
        )

    @cached_property
    def orders(self) -> frozenset[str]:
        """Where the surname is in the spellings of the reference."""
        return frozenset(person.order for person in self.name.persons)

    @cached_property
    def initials(self) -> frozenset[str]:
        """The initials of the given names; of Yevgeny also that of Evgeny, its normalised form."""
        folded = {word[0] for person in self.name.persons for word in person.given_words}
        return frozenset(folded | {word[0] for word in self.name.all_given})

    def fits(self, word: str, given: frozenset[str]) -> bool:
        """Whether a word is one of the given names, the initial of one, or a name for one of the initials."""
        if len(word) == 1:
            return word in self.initials
        return any(self.is_same(word, other) or word[0] == other for other in given)

    def covers(self, given: frozenset[str], words: Words) -> bool:
        """Whether all given names are among words."""
        return all(any(self.is_same(word, other) for word in words) for other in given)

    def is_same(self, word: str, other: str) -> bool:
        """Whether two normalised words are one name, in any case."""
        language = self.document.rules.target.tag
        return word == other or (is_inflected(language) and is_same_inflected(word, other, language))


def _read_words(text: Text, positions: list[int]) -> Words:
    """The normalised words at positions, in the order of the text; J.R. and JD are initials."""
    words: list[str] = []
    for position in sorted(positions):
        token = text.tokens[position]
        letters = token.text.replace(".", "")
        are_initials = "." in token.text or (len(letters) < SHORTEST_ACRONYM and letters.isupper())
        words += map(fold, letters) if are_initials else [text.normalised[position]]
    return tuple(words)
