"""A name of the reference, and the forms that are accepted for it in any hypothesis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Literal, TypeAlias

from evalkit.entities.language.known import KnownNames
from evalkit.entities.language.romanisation import expand_digraphs
from evalkit.entities.language.rules import GENERIC, JOINED, Rules, rules_of
from evalkit.entities.language.tokens import Token, Words, fold_words, tokenize
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.text import Text
from evalkit.entities.variants.initials import collect_initials, double_initials
from evalkit.entities.variants.person_forms import find_person_forms
from evalkit.entities.variants.persons import PersonName, collect_persons, parse_person
from evalkit.types import NAME_TYPES, Alias

_LAST_VOWEL, _POSSESSIVE = re.compile("[aeiou]$"), re.compile("s?[iu]$")
"""Endings that a plural may replace: yıldızı, yıldızları; kedisi, kedileri."""
_SHORTEST_WITH_PLURAL = 3
"""Letters that a word with a plural has more than."""
_ABBREVIATED = (
    (("us",), ("united", "states")),
    (("uk",), ("united", "kingdom")),
    (("un",), ("united", "nations")),
    (("eu",), ("european", "union")),
)
"""Abbreviations within names: UN Security Council."""
_HYPHENS = frozenset("-‐‑")
_DIGRAPH = re.compile(r"([aou])e|(?<=a)a|(?<=A)a", re.IGNORECASE)

NEEDS_DIACRITIC: Literal["needs diacritic"] = "needs diacritic"
"""Marks the form Lokke of Loekke: accepted only if the hypothesis has Løkke."""
FormRule: TypeAlias = MatchingRule | Literal["needs diacritic"]
Forms: TypeAlias = dict[Words, FormRule]
"""Accepted forms, normalised, with their rules."""


@dataclass(frozen=True)
class Name:
    """One spelling of an entity in the reference, and everything that is accepted for it."""

    text: str
    type: str
    """One of `ENTITY_TYPES`."""
    rules: Rules
    words: Words
    """Folded."""
    forms: tuple[tuple[Words, FormRule], ...]
    """Accepted forms, normalised, with their rules; the name itself comes first."""
    well_known: tuple[tuple[Words, MatchingRule], ...]
    """Further forms, from the list of well-known names. `forms` takes precedence."""
    as_written: frozenset[str]
    """Forms of the alias file, letter by letter: accepted in lower case too."""
    initials: frozenset[str]
    """Acronyms of the name."""
    reject: frozenset[str]
    """Rejected spellings, as `join_words` gives them."""
    longest_reject: int
    """Words of the longest rejected spelling."""
    persons: tuple[PersonName, ...]
    """The complete names of a person among all spellings, as far as they are known."""

    @classmethod
    @lru_cache(maxsize=65536)
    def of(
        cls,
        text: str,
        kind: str,
        alias: Alias,
        others: tuple[str, ...],
        language: str,
        source: str | None = None,
    ) -> Name:
        """Collect the accepted forms of a name.

        Args:
            text: the name, as the reference has it.
            kind: its type, one of `ENTITY_TYPES`.
            alias: the alias item of its entity.
            others: other names that the reference has for the entity in the same document.
            language: the target language.
            source: the source language, if it is known.
        """
        rules = rules_of(language, source)
        forms = _collect_forms(text, kind, alias, others, rules)
        spellings = (text, *alias.forms, *others)
        reject = frozenset(join_words(tokenize(form, language)) for form in alias.reject)
        is_person = kind == "PER" and rules.target.has_spaces
        return cls(
            text=text,
            type=kind,
            rules=rules,
            words=fold_words(text, language),
            forms=tuple(forms.items()),
            well_known=tuple(_collect_well_known(spellings, kind, rules, forms).items()),
            as_written=frozenset(alias.forms),
            initials=collect_initials((text, *alias.forms), kind, rules),
            reject=reject,
            longest_reject=max((len(form.split()) for form in reject), default=0),
            persons=collect_persons(spellings, rules) if is_person else (),
        )

    @cached_property
    def parts(self) -> Words:
        """What each word contributes. See `Rules.part_of`."""
        return Text.of(self.text, self.rules.target.tag, self.rules.source).parts

    @cached_property
    def own_parts(self) -> Words:
        """The parts that are neither generic nor small words."""
        return tuple(part for part in self.parts if part and not part.startswith((GENERIC, JOINED)))

    @cached_property
    def own_words(self) -> Words:
        """The folded words that are neither generic nor small words."""
        pairs = zip(self.words, self.parts, strict=False)
        parts = ((word, self.rules.part_of(word) if part == JOINED else part) for word, part in pairs)
        return tuple(word for word, part in parts if part and not part.startswith(GENERIC))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds that the generic words of the name name: river, university."""
        return frozenset(part[1:] for part in self.parts if part.startswith(GENERIC))

    @cached_property
    def kinds_beside(self) -> frozenset[str]:
        """Kinds that the name may lack or add because of another word in it: police station, police."""
        beside = self.rules.generic.beside
        parts = self.kinds.union(self.own_parts)
        return frozenset().union(*(beside[part] for part in parts if part in beside))

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """All beginnings of the name written as one word."""
        return frozenset(accumulate("".join(self.words)))

    @cached_property
    def own_beginnings(self) -> frozenset[str]:
        """The same of the normalised name."""
        return frozenset(accumulate("".join(self.forms[0][0])))

    @property
    def surname_first(self) -> bool:
        """Whether the surname of a person comes first: Xi Jinping."""
        return parse_person(self.text, self.rules).order == "first"

    @cached_property
    def given(self) -> tuple[frozenset[str], ...]:
        """Given names of a person, normalised: one set per complete name."""
        sets = (frozenset(self.rules.normalise_all(person.given_words)) for person in self.persons)
        return tuple(words for words in sets if words)

    @cached_property
    def all_given(self) -> frozenset[str]:
        """Given names of a person in all full forms, normalised."""
        return frozenset().union(*self.given)

    @cached_property
    def joined_given(self) -> tuple[tuple[str, str], ...]:
        """Pairs of given names that a hyphen joins, normalised: Jean-Luc."""
        own = Text.of(self.text, self.rules.target.tag, self.rules.source)
        return tuple(
            (own.normalised[position], own.normalised[position + 1])
            for position in range(len(own.tokens) - 1)
            if own.text[own.tokens[position].end : own.tokens[position + 1].start] in _HYPHENS
            and own.tokens[position + 1].capitalised
            and self.all_given >= {*own.normalised[position : position + 2]}
        )

    @cached_property
    def person_words(self) -> frozenset[str]:
        """All words of a person's names, normalised, without titles, numbers and places."""
        persons = self.persons or (parse_person(self.text, self.rules),)
        return frozenset(word for person in persons for word in self.rules.normalise_all(person.words))

    @cached_property
    def folded_forms(self) -> tuple[tuple[Words, FormRule], ...]:
        """`forms`, but folded as far as their spelling is known: endings belong to words as written."""
        language = self.rules.target.tag
        spelt = [fold_words(spelling, language) for spelling in (self.text, *self.as_written)]
        persons = find_person_forms(self.text, self.rules) if self.type == "PER" else ()
        others = (words for words, _ in persons)
        folded = {self.rules.normalise_all(words): words for words in (*others, *reversed(spelt))}
        return tuple((folded.get(form, form), rule) for form, rule in self.forms)

    def has_form(self, forms: Iterable[Words]) -> bool:
        """Whether one of these folded forms is in `forms`."""
        own = {form for form, _ in self.forms}
        return any(self.rules.normalise_all(form) in own for form in forms)


def join_words(tokens: Sequence[Token]) -> str:
    """Write the words of a name in lower case, with diacritics, as rejected spellings are compared."""
    return " ".join(token.text for token in tokens).casefold()


def join_span(text: Text, first: int, last: int) -> str:
    """`join_words` of a span."""
    return join_words(text.tokens[first:last])


def _collect_forms(text: str, kind: str, alias: Alias, others: tuple[str, ...], rules: Rules) -> Forms:
    """Collect the accepted forms with their rules; of two rules for one form, the first."""
    language = rules.target.tag
    words = fold_words(text, language)
    is_person = kind == "PER" and rules.target.has_spaces
    own = rules.normalise_all(words)
    forms: Forms = {own: ""}
    for spelling in (*alias.forms, *others):
        form = rules.normalise_all(fold_words(spelling, language))
        forms.setdefault(form, "short" if is_person and own[-len(form) :] == form else "alias")
    for other, rule in find_person_forms(text, rules) if is_person else ():
        forms.setdefault(rules.normalise_all(other), rule)
    for plural in _find_plurals(words[-1], rules) if kind not in NAME_TYPES else ():
        forms.setdefault(rules.normalise_all((*words[:-1], plural)), "inflection")
    expanded = expand_digraphs(text)
    if expanded != text:
        shorter = [form for form, _ in find_person_forms(expanded, rules)] if is_person else []
        for form in (fold_words(expanded, language), *shorter):
            forms.setdefault(rules.normalise_all(form), "diacritic")
    elif _DIGRAPH.search(text):
        contracted = fold_words(_DIGRAPH.sub(r"\1", text), language)
        forms.setdefault(rules.normalise_all(contracted), NEEDS_DIACRITIC)
    for other in _exchange_abbreviations(words) if kind != "PER" and rules.target.code == "en" else ():
        forms.setdefault(rules.normalise_all(other), "acronym")
    for other in _drop_article(words, rules) if kind != "PER" else ():
        forms.setdefault(rules.normalise_all(other), "generic")
    for other in _join_endings(text, rules) if kind == "LOC" else ():
        forms.setdefault(rules.normalise_all(other), "generic")
    for other in double_initials(tokenize(text, language), rules) if kind != "PER" else ():
        forms.setdefault(other, "acronym")
    return forms


def _drop_article(words: Words, rules: Rules) -> Iterator[Words]:
    """The name without its article: the Danube."""
    if len(words) > 1 and rules.target.code == "en" and words[0] == "the":
        yield words[1:]


def _join_endings(text: str, rules: Rules) -> Iterator[Words]:
    """Write a place with the ending that transcriptions keep: Tama River, Tamagawa, Tamagawa River."""
    if not rules.generic.endings:
        return
    whole = Text.of(text, rules.target.tag, rules.source)
    kinds = [position for position, part in enumerate(whole.parts) if part.startswith(GENERIC)]
    if len(kinds) != 1 or kinds[0] not in (0, len(whole.parts) - 1) or len(whole.parts) < 2:
        return
    is_last, generic = kinds[0] > 0, whole.folded[kinds[0]]
    *before, last = whole.folded[:-1] if is_last else whole.folded[1:]
    for ending in rules.generic.endings.get(whole.parts[kinds[0]].removeprefix(GENERIC), ()):
        yield (*before, last + ending)
        yield (*before, last + ending, generic) if is_last else (generic, *before, last + ending)


def _find_plurals(word: str, rules: Rules) -> Iterator[str]:
    """Find the plurals of a word."""
    for stem in (
        {word, _LAST_VOWEL.sub("", word), _POSSESSIVE.sub("", word)}
        if len(word) > _SHORTEST_WITH_PLURAL
        else ()
    ):
        yield from (stem + ending for ending in rules.words.plurals)


def _exchange_abbreviations(words: Words) -> Iterator[Words]:
    """Abbreviate the names within a name, or write them out: UN Security Council."""
    for short, long in _ABBREVIATED:
        yield from _exchange(words, short, long)
        yield from _exchange(words, long, short)


def _exchange(words: Words, part: Words, other: Words) -> Iterator[Words]:
    """Replace a part of a longer name by another one."""
    for first in range(len(words) - len(part) + 1):
        if words[first : first + len(part)] == part and len(words) > len(part):
            yield words[:first] + other + words[first + len(part) :]


def _collect_well_known(
    spellings: Sequence[str], kind: str, rules: Rules, forms: Forms
) -> dict[Words, MatchingRule]:
    """Collect the forms in the list of well-known names that no other rule accepts."""
    well_known: dict[Words, MatchingRule] = {}
    for spelling in spellings:
        for form, rule in _find_well_known(fold_words(spelling, rules.target.tag), kind, rules.known):
            well_known[rules.normalise_all(form)] = rule
    return {
        form: rule for form, rule in well_known.items() if forms.get(form, NEEDS_DIACRITIC) == NEEDS_DIACRITIC
    }


def _find_well_known(words: Words, kind: str, known: KnownNames) -> Iterator[tuple[Words, MatchingRule]]:
    """Find the other forms of a well-known name, and the names of its people, or of the place of a people.

    A person has only forms of persons, and a place only of places. A place or an organisation is not the
    people.
    """
    for name in known.find(words):
        is_people = known.is_people(words, name)
        if (kind == "PER") != (name.type == "PER") or (kind == "LOC" and name.type != "LOC"):
            continue
        if is_people and kind in ("LOC", "ORG"):
            continue
        for form in name.forms:
            yield form, "demonym" if is_people else "alias"
        for form in name.people if kind != "ORG" else ():
            yield form, "demonym"
