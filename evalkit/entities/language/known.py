"""Well-known names that have several accepted forms in a language (`known_names/`).

- places: Kyiv, Kiev; United States, US, America; and what their people are called: Ukrainian, American
- organisations: World Health Organization, WHO; Islamic State, ISIS
- words: romanisations of one word of a person's name: Mohammed, Muhammad
- people: persons with several established spellings: Zelensky, Zelenskyy; Bin Laden, Bin Ladin

Each language has a file written by hand. Its places are added to those in `known_names/cldr/`, which has the
names of countries and cities from Unicode's CLDR: ``cldr: RU`` is the country with this code there. A name is
also listed if it has one form only but contains another name: Papua New Guinea is not Guinea.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, cast

from evalkit.entities.language.data_files import has_file, read_file
from evalkit.entities.language.declension import decline, name_people
from evalkit.entities.language.inflection import is_inflected, is_same_name_inflected, list_stems
from evalkit.entities.language.romanisation import romanise
from evalkit.entities.language.tokens import Words, fold, fold_words, tokenize
from evalkit.languages.registry import find_language

Section = Literal["places", "organisations", "words", "people"]
_TYPES: dict[Section, Literal["PER", "LOC", "ORG"]] = {
    "places": "LOC",
    "organisations": "ORG",
    "people": "PER",
}


class Group(NamedTuple):
    """One item of a list, as written there."""

    forms: tuple[str, ...]
    people: tuple[str, ...] = ()


_MOST_FOUND = 65536
"""Words, and sequences of words, for which it is kept what they name."""
_STEM = 4
"""First letters in which the forms of a word in lower case agree."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """One place, organisation or person."""

    type: Literal["PER", "LOC", "ORG"]
    forms: tuple[Words, ...]
    people: tuple[Words, ...] = ()
    """Adjectives and nouns for the people of a place."""


@dataclass(frozen=True)
class KnownNames:
    """The well-known names of a language, by their folded words."""

    names: dict[Words, tuple[KnownName, ...]]
    """By each of their forms, and of the words for their people."""
    romanisations: dict[str, str]
    """Each word of a person's name, and the spelling that represents all its romanisations."""
    lower_case: frozenset[Words] = frozenset()
    """Forms and words for peoples that the language writes in lower case: French russe, Russian минобороны."""
    small_stems: frozenset[str] = frozenset()
    """Stems of the words in lower case in names of several words: область, nad."""
    language: str = ""
    """Its code."""
    by_stem: dict[tuple[int, str], list[Words]] = field(default_factory=dict)
    """Keys of `names` by number of words and first letters, for `find`; empty if nothing is inflected."""

    def find(self, words: Words) -> tuple[KnownName, ...]:
        """Find the names of which these words are a form, with any ending in languages that inflect names."""
        names = self.names.get(words)
        if names is not None or not self.by_stem:
            return names or ()
        return self._find_any_ending(words)

    @cached_property
    def _find_any_ending(self) -> Callable[[Words], tuple[KnownName, ...]]:
        return lru_cache(_MOST_FOUND)(self._find_inflected)

    def _find_inflected(self, words: Words) -> tuple[KnownName, ...]:
        names: dict[int, KnownName] = {}
        for stem in list_stems(words[0], self.language):
            for form in self.by_stem.get((len(words), stem), ()):
                if is_same_name_inflected(form, words, self.language):
                    names.update((id(name), name) for name in self.names[form])
        return tuple(names.values())

    def is_small(self, word: str) -> bool:
        """Whether a word in lower case may be part of a well-known name."""
        return word[:_STEM] in self.small_stems

    def is_people(self, words: Words, name: KnownName) -> bool:
        """Whether words that `find` gives this name for are a word for the people of the place."""
        if words in name.people or words in name.forms:
            return words in name.people
        return not any(
            len(form) == len(words) and is_same_name_inflected(form, words, self.language)
            for form in name.forms
        )

    def is_same(self, one: Words, other: Words) -> bool:
        """Whether a well-known name has both as forms, or as words for its people."""
        names = self.find(other)
        return any(name is another for name in self.find(one) for another in names)

    @cached_property
    def sizes(self) -> dict[str, set[int]]:
        """See `measure_sizes`."""
        return measure_sizes(self.names)

    @cached_property
    def _find_beginning(self) -> Callable[[str], tuple[Words, ...]]:
        """Find the names of several words that begin with a word, with any ending."""
        by_stem: dict[str, list[Words]] = {}
        for (size, stem), forms in self.by_stem.items():
            if size > 1:
                by_stem.setdefault(stem, []).extend(forms)

        def find(word: str) -> tuple[Words, ...]:
            stems = list_stems(word, self.language)
            forms = dict.fromkeys(form for stem in stems for form in by_stem.get(stem, ()))
            return tuple(f for f in forms if is_same_name_inflected(f[:1], (word,), self.language))

        return lru_cache(_MOST_FOUND)(find)

    def find_within(self, words: Words) -> Iterator[tuple[int, int]]:
        """Find the names of several words in a text, with any endings; their first and last position."""
        if not self.by_stem:
            yield from find_sequences(words, self.names, self.sizes)
            return
        for first, forms in enumerate(map(self._find_beginning, words)):
            for form in forms:
                last = first + len(form)
                if is_same_name_inflected(form, words[first:last], self.language):
                    yield first, last

    def find_places_of_people(self, words: Words) -> tuple[KnownName, ...]:
        """Find the places whose people have this name."""
        return tuple(name for name in self.names.get(words, ()) if words in name.people)


def measure_sizes(names: Iterable[Words]) -> dict[str, set[int]]:
    """The numbers of words of the names of several words, by their first word."""
    sizes: dict[str, set[int]] = {}
    for name in names:
        if len(name) > 1:
            sizes.setdefault(name[0], set()).add(len(name))
    return sizes


def find_sequences(
    words: Words, names: Container[Words], sizes: Mapping[str, Collection[int]]
) -> Iterator[tuple[int, int]]:
    """Find the names of several words in a text; their first and last position."""
    for first in [position for position, word in enumerate(words) if word in sizes]:
        for size in sizes[words[first]]:
            if first + size <= len(words) and words[first : first + size] in names:
                yield first, first + size


_NONE = KnownNames({}, {})


def known_names(language: str) -> KnownNames:
    """The well-known names of a target language; none if it has no list."""
    return _find(language) or _NONE


@lru_cache(maxsize=256)
def _find(language: str) -> KnownNames | None:
    code = find_language(language).code
    return _load(code) if has_file(f"known_names/{code}.yaml") else None


@lru_cache(maxsize=32)
def read_lists(code: str) -> dict[Section, list[Group]]:
    """The lists of a language as they are written. All are empty if it has none.

    Args:
        code: of the language, as in `find_language`.
    """
    content = cast("dict[Section, list[object]]", read_file(f"known_names/{code}.yaml"))
    lists = {section: [_read_group(item) for item in items] for section, items in content.items()}
    lists["places"] = list(_add_cldr(code, content.get("places", [])))
    return lists


def _read_group(item: object) -> Group:
    """An item of a list: forms only, or forms and people."""
    if isinstance(item, list):
        return Group(tuple(item))
    group = cast("dict[str, list[str]]", item)
    return Group(tuple(group.get("forms", ())), tuple(group.get("people", ())))


def _add_cldr(code: str, items: Iterable[object]) -> Iterator[Group]:
    """The places of both lists, with the forms of one place together."""
    cldr = cast("dict[str, list[str]]", read_file(f"known_names/cldr/{code}.yaml"))
    left = dict(cldr)
    for item in items:
        forms, people = _read_group(item)
        keys = str(item.get("cldr", "")) if isinstance(item, dict) else ""
        listed = [form for key in keys.split("+") for form in left.pop(key, ())]
        yield Group(tuple(dict.fromkeys((*listed, *forms))), people)
    yield from (Group(tuple(forms)) for forms in left.values())


@lru_cache(maxsize=32)
def _load(code: str) -> KnownNames:
    lists = read_lists(code)
    names: dict[Words, list[KnownName]] = {}
    lower_case: set[Words] = set()
    for section, type_ in _TYPES.items():
        for group in lists.get(section, ()):
            people = [form for word in group.people for form in decline(word, code)]
            if section == "places":
                people += [word for form in group.forms for word in name_people(form, code)]
            name = KnownName(type_, _fold_all(group.forms, code), _fold_all(people, code))
            small = [form for form in (*people, *group.forms) if form[:1].islower()]
            lower_case.update(fold_words(form, code) for form in small)
            for words in dict.fromkeys(name.forms + name.people):
                names.setdefault(words, []).append(name)
    frozen = {words: tuple(names_of_form) for words, names_of_form in names.items()}
    spellings = [*lists.get("words", ()), *lists.get("people", ())]
    return KnownNames(
        frozen,
        _represent_romanisations(spellings, code),
        frozenset(lower_case),
        _list_small_stems(lists, code),
        code,
        by_stem=_index_stems(frozen, code) if is_inflected(code) else {},
    )


def _list_small_stems(lists: dict[Section, list[Group]], code: str) -> frozenset[str]:
    forms = [form for groups in lists.values() for group in groups for form in group.forms if " " in form]
    small = {token.folded for form in forms for token in tokenize(form, code) if not token.nameable}
    return frozenset(word[:_STEM] for word in small)


def _index_stems(names: Iterable[Words], code: str) -> dict[tuple[int, str], list[Words]]:
    index: dict[tuple[int, str], list[Words]] = {}
    for words in names:
        for stem in list_stems(words[0], code):
            index.setdefault((len(words), stem), []).append(words)
    return index


def _represent_romanisations(groups: Iterable[Group], code: str) -> dict[str, str]:
    """Map the single words of each group to the first of them."""
    representatives: dict[str, str] = {}
    for group in groups:
        words = [romanise(fold(form)) for form in group.forms if len(tokenize(form, code)) == 1]
        representatives.update((word, words[0]) for word in words)
    return representatives


def _fold_all(forms: Iterable[str], code: str) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(fold_words(form, code) for form in forms))
