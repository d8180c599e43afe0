"""Words around and within names, by language: one file per language in ``words/``, and one for all of them.

A language without a file has only the words of ``any.yaml``. Its names are matched by exact forms, listed
aliases, similarity and endings (`evalkit.entities.language.inflection`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from evalkit.entities.language.data_files import has_file, read_file
from evalkit.entities.language.tokens import fold
from evalkit.languages.registry import find_language, has_spaces

_SAME_LISTS = {"nb": "no", "nn": "no", "bs": "hr"}
"""Languages that have the lists of another one, by `Language.code`."""
_VOWELS = "aeiouyаеиоуыэюяйьіїє"
"""Letters at the end of a word that an ending may replace: глава, главы."""
_SHORTEST_WITH_ENDING = 4
"""Fewest letters of a listed word that takes endings; Pan and a would be many names."""
_SHORTEST_STEM = 3
_NOUNS_CAPITALISED = frozenset({"de", "lb"})
"""Languages that capitalise all nouns."""


@dataclass(frozen=True, slots=True)
class WordLists:
    """The word lists of a language, folded (see `fold`). The files say what each list is for."""

    function_words: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()
    arabic_articles: frozenset[str] = frozenset()
    generations: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    surname_first: frozenset[str] = frozenset()
    korean_syllables: frozenset[str] = frozenset()
    japanese_surname_endings: frozenset[str] = frozenset()
    first_surnames: frozenset[str] = frozenset()
    legal_forms: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    before_given: frozenset[str] = frozenset()
    before_place: frozenset[str] = frozenset()
    names_too: frozenset[str] = frozenset()
    before_dates: frozenset[str] = frozenset()
    calendar: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    common_words: frozenset[str] = frozenset()
    not_given_endings: frozenset[str] = frozenset()
    after_given: frozenset[str] = frozenset()
    plurals: frozenset[str] = frozenset()
    ordinals: frozenset[str] = frozenset()
    general_nouns: frozenset[str] = frozenset()
    place_nouns: frozenset[str] = frozenset()
    after_subject: frozenset[str] = frozenset()
    acting: frozenset[str] = frozenset()
    saying: frozenset[str] = frozenset()
    abbreviations: frozenset[str] = frozenset()
    adpositions: frozenset[str] = frozenset()
    conjunctions: frozenset[str] = frozenset()
    symmetrical: frozenset[str] = frozenset()
    case_particles: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    indefinite: frozenset[str] = frozenset()
    catalogue: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    joined_surnames: frozenset[str] = frozenset()
    before_titles: frozenset[str] = frozenset()
    before_names: frozenset[str] = frozenset()
    ordinary_shapes: frozenset[str] = frozenset()
    given_names: frozenset[str] = frozenset()
    named_after: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    longer_names: frozenset[str] = frozenset()
    place_prefixes: frozenset[str] = frozenset()
    place_suffixes: frozenset[str] = frozenset()
    markers: frozenset[str] = frozenset()
    """Adpositions, conjunctions and particles, none of which is a part of a name."""
    never_given: frozenset[str] = frozenset()
    """Titles and words of the calendar: capitalised words next to a name that do not belong to it."""
    openers: frozenset[str] = frozenset()
    """Words at the beginning of a sentence that are not names although capitalised."""
    first_words: frozenset[str] = frozenset()
    """The same, with verbs and nouns that may come before a name: Sagte Merkel, Rede Merkels."""
    not_names: frozenset[str] = frozenset()
    """All words that are no translation of a name."""
    small_or_titles: frozenset[str] = frozenset()
    """Function words, adpositions, conjunctions and titles, which say nothing of a deed."""
    beside_names: frozenset[str] = frozenset()
    """Words beside a person's name that are no part of it, in languages without capitals."""
    after_actor: frozenset[str] = frozenset()
    """Words that often follow somebody who says or does something."""


@cache
def words_of(language: str) -> WordLists:
    """The word lists of a language code, together with those for any language."""
    any_language, own = read_file("words/any.yaml"), read_file(f"words/{_find_code(language)}.yaml")
    lists = {
        field.name: _read_list(any_language, field.name) | _read_list(own, field.name)
        for field in fields(WordLists)
    }
    particles = {particle for group in lists["case_particles"] for particle in group.split("/")}
    lists["markers"] = lists["adpositions"] | lists["conjunctions"] | particles
    lists["never_given"] = lists["titles"] | lists["calendar"]
    lists["openers"] = lists["common_words"] | lists["function_words"] | lists["calendar"]
    lists["first_words"] = lists["openers"] | lists["saying"] | lists["general_nouns"]
    lists["optional"] |= lists["function_words"]
    lists["not_names"] = lists["openers"] | lists["general_nouns"] | lists["titles"]
    lists["small_or_titles"] = _unite(lists, "function_words adpositions conjunctions titles")
    lists["beside_names"] = _unite(lists, "titles common_words before_names saying calendar markers")
    lists["after_actor"] = lists["after_subject"] - {"and", "with"}
    return WordLists(**lists)


def _unite(lists: dict[str, frozenset[str]], names: str) -> frozenset[str]:
    """Unite several lists, so that their union is not built for every word."""
    return frozenset().union(*(lists[name] for name in names.split()))


def _find_code(language: str) -> str:
    """The code of the file with the lists of a language."""
    code = find_language(language).code
    return _SAME_LISTS.get(code, code)


def _read_list(lists: dict[str, str], name: str) -> frozenset[str]:
    """Read one list, folded; with its endings, if there is a list of them: президент, президента."""
    words = frozenset(map(fold, lists.get(name, "").split()))
    endings = [fold(ending) for ending in lists.get(f"{name}_endings", "").split()]
    return words.union(
        stem + ending
        for word in words
        if len(word) >= _SHORTEST_WITH_ENDING
        for stem in {word, word.rstrip(_VOWELS)}
        if len(stem) >= _SHORTEST_STEM
        for ending in endings
    )


def has_rules(language: str) -> bool:
    """Whether a language has word lists of its own."""
    return has_file(f"words/{_find_code(language)}.yaml")


def is_english(language: str) -> bool:
    """Whether the rules for English apply to a language code."""
    return find_language(language).code == "en"


def capitals_mark_names(language: str) -> bool:
    """Whether a capitalised word within a sentence is a name.

    It is not in German, which capitalises all nouns, nor in scripts without spaces.
    """
    return has_spaces(language) and find_language(language).code not in _NOUNS_CAPITALISED
