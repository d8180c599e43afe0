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
    """The word lists of a language, folded (see `fold`). Empty where the language needs none or nobody wrote one.

    In the files, ``titles_endings`` lists endings that the words of ``titles`` may have; likewise for other lists.
    """

    function_words: frozenset[str] = frozenset()
    """Articles and prepositions. A name may contain them, and its initials skip them."""
    links: frozenset[str] = frozenset()
    """Words in lower case that join the words of a name: Bank of Korea."""
    particles: frozenset[str] = frozenset()
    """Small words within the name of a person, in lower case or not: bin, van."""
    compound_ends: frozenset[str] = frozenset()
    """Second parts of names of two words, never alone: نصر الله."""
    arabic_articles: frozenset[str] = frozenset()
    """Articles that may be left out before a surname: al-Sudani, Sudani."""
    generations: frozenset[str] = frozenset()
    """Words after the surname of a person: Jr."""
    numbered: frozenset[str] = frozenset()
    """Numbers that distinguish persons of one name: Charles III."""
    surname_first: frozenset[str] = frozenset()
    """Chinese, Korean and Vietnamese surnames, which come before the given name."""
    korean_syllables: frozenset[str] = frozenset()
    """Syllables of Korean given names, as they are romanised."""
    japanese_surname_endings: frozenset[str] = frozenset()
    """Endings of Japanese surnames that given names do not have."""
    first_surnames: frozenset[str] = frozenset()
    """Spanish surnames, of which the second one may be left out: Díaz Ayuso. None is a given name."""
    legal_forms: frozenset[str] = frozenset()
    """Words at the end of the name of a company: Ltd."""
    titles: frozenset[str] = frozenset()
    """Words before a name, or after it, that do not belong to it: President."""
    parties: frozenset[str] = frozenset()
    """Words for the party of a person, before the surname: Republican Trump."""
    before_given: frozenset[str] = frozenset()
    """Titles before the given name of a person who needs no surname: Prince Harry."""
    before_place: frozenset[str] = frozenset()
    """Words between the name of a person and a place that is part of it: Philip IV of France."""
    inside: frozenset[str] = frozenset()
    """Prepositions before places, and hardly before persons: in Washington."""
    names_too: frozenset[str] = frozenset()
    """Words of other lists that are given names too: Will Smith."""
    before_dates: frozenset[str] = frozenset()
    """Words before a day or a month, which may be a given name after others: June Farouki."""
    calendar: frozenset[str] = frozenset()
    """Capitalised words that name no person, place or organisation: Monday."""
    articles: frozenset[str] = frozenset()
    """Articles, after which a word is a noun: der Besuch Macrons."""
    common_words: frozenset[str] = frozenset()
    """Words that begin or join sentences."""
    not_given_endings: frozenset[str] = frozenset()
    """Endings of words that are no given names, at the beginning of a sentence before a name."""
    after_given: frozenset[str] = frozenset()
    """Titles that come after a given name without a surname: Ahmet Bey."""
    plurals: frozenset[str] = frozenset()
    """Endings of the plural of names that are no person, place or organisation."""
    ordinals: frozenset[str] = frozenset()
    """Numbers of persons written as words, each with its number: i=první."""
    general_nouns: frozenset[str] = frozenset()
    """Words for a person, place or organisation that are not names: minister."""
    place_nouns: frozenset[str] = frozenset()
    """Kinds of places, before or after the name: Lake Victoria, Kherson Province."""
    after_subject: frozenset[str] = frozenset()
    """Words that often follow the name at the beginning of a sentence: said."""
    acting: frozenset[str] = frozenset()
    """Beginnings of verbs whose subject and object cannot be exchanged: accus."""
    saying: frozenset[str] = frozenset()
    """Words before the name of somebody who speaks or acts: said, according."""
    abbreviations: frozenset[str] = frozenset()
    """Words that a full stop follows within a sentence: Mt."""
    adpositions: frozenset[str] = frozenset()
    """Prepositions that tell the role of the name after them; not those of company, such as with."""
    conjunctions: frozenset[str] = frozenset()
    """Words that join names in a list."""
    symmetrical: frozenset[str] = frozenset()
    """Words of what goes both ways, with a hyphen if only the beginning counts: with, border-."""
    one_way: frozenset[str] = frozenset()
    """Beginnings of verbs with a direction, even beside a word such as with: lost with."""
    agents: frozenset[str] = frozenset()
    """What marks the one who acts in a passive: by."""
    passives: frozenset[str] = frozenset()
    """Words between the names in a passive, or ends of its verb: was."""
    case_particles: frozenset[str] = frozenset()
    """Particles after a name that tell its role; those of one role are joined by a stroke."""
    determiners: frozenset[str] = frozenset()
    """Articles and the like, before common words."""
    indefinite: frozenset[str] = frozenset()
    """Those of them that are before words that are no name: every."""
    catalogue: frozenset[str] = frozenset()
    """Words that catalogues and their pages put before a name: category."""
    optional: frozenset[str] = frozenset()
    """Words that another order may add or leave out, beside function words: Ministry of Foreign Affairs."""
    joined_surnames: frozenset[str] = frozenset()
    """Surnames that are one word with the given name after them, in languages without spaces and Korean."""
    before_titles: frozenset[str] = frozenset()
    """Words between a surname and a title: 前 in 岸田前首相."""
    after_names: frozenset[str] = frozenset()
    """Characters between a name and what the person does, in languages without spaces."""
    before_names: frozenset[str] = frozenset()
    """Nouns and the like that come directly before a name, in languages without capitals."""
    ordinary_shapes: frozenset[str] = frozenset()
    """Shapes of words that are no given names; ``*`` is for letters and ``?`` for one letter."""
    given_names: frozenset[str] = frozenset()
    """Given names that have one of these shapes."""
    named_after: frozenset[str] = frozenset()
    """Things that are named after persons, in languages without capitals: airport."""
    before_eponyms: frozenset[str] = frozenset()
    """Things named after the person whose name follows directly: institut Curie."""
    after_eponyms: frozenset[str] = frozenset()
    """Things named after the person whose name is before them: Ford Foundation."""
    feminine_given: frozenset[str] = frozenset()
    """Given names of women that are no case of a man's name."""
    paired_given: frozenset[str] = frozenset()
    """Given names that are often two: Anna Maria Silva is not Maria Silva."""
    places: frozenset[str] = frozenset()
    """Places before a person or an institution, in languages without spaces."""
    institutions: frozenset[str] = frozenset()
    """Ends of the names of institutions that a country has one of: 外交部."""
    longer_names: frozenset[str] = frozenset()
    """Names that contain another name, in languages without spaces: 東インド会社."""
    place_prefixes: frozenset[str] = frozenset()
    """Words before a place that make another place: 南苏丹."""
    place_suffixes: frozenset[str] = frozenset()
    """Words after a place that make another place: غينيا الاستوائية."""
    place_endings: frozenset[str] = frozenset()
    """Kinds of places at the end of a name that may be left out: 青海省."""
    other_places: frozenset[str] = frozenset()
    """Kinds that may not, and make another place: 青海湖."""
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
    """Function words, titles and markers, which say nothing of a deed."""
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
    lists["small_or_titles"] = _unite(lists, "function_words markers titles")
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
