"""Whether two words, or two names, are forms of one name: Путин, Путиным; Irak, Irak'taki; 서울, 서울에서는.

There is one kind of rule per kind of language:

- declensions (`evalkit.entities.language.paradigms`): two words share a row of endings and a nominative
- suffixes (`evalkit.entities.language.suffixes`): a chain that fits the last sound of the name
- Korean particles (`evalkit.entities.language.particles`)
- Arabic and Hebrew prefixes (`evalkit.entities.language.suffixes`)

Before that, `unify_spelling` unifies spellings. The rules decide on the form alone. Путина may be Путин or a woman,
so that it is accepted for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from evalkit.entities.language.families import SLAVIC
from evalkit.entities.language.own_scripts import unify_spelling
from evalkit.entities.language.paradigms import Case, analyse, has_declensions
from evalkit.entities.language.particles import split_particles
from evalkit.entities.language.suffixes import (
    PREFIXES,
    SUFFIXES,
    split_suffixes,
    strip_prefixes,
)
from evalkit.entities.language.tokens import Words
from evalkit.languages.registry import find_language

__all__ = ["is_inflected", "is_same_inflected", "is_same_name_inflected", "list_stems"]

_CHANGING_WITHIN = frozenset({"fa", "hi"})
"""Languages with suffixes in which every word of a name may have one."""
_AGREEING = SLAVIC | {"lt", "lv"}
"""Languages in which the words of a name that are declined are in the same case."""
_FEMININE = {"cs": ("ova", "ove", "ovou"), "sk": ("ova", "ovej", "ovu", "ovou")}
"""Endings of women's surnames, which foreign women have or not: Merkel, Merkelová."""
_VOWELS = frozenset("aeiouy")
_LEAST_INFERRED = 3
_INDEXED = 2
"""First letters by which an index finds the forms of a name."""
_LONG = 6
"""Letters of a word whose first two letters no ending changes; Лев, Льва is shorter."""
_OTHER_LETTERS = frozenset({"el", "hi", "sr"})
"""Languages in which forms of one name may begin with other letters: Путин, Putin; Άδωνις, Αδώνιδος."""
_LEAST_OF_OTHERS = 5
"""Fewest letters of a stem if neither word is the nominative; vocatives and possessives need more."""


def is_inflected(language: str) -> bool:
    """Whether names take endings, particles or prefixes in this language."""
    code = _find_code(language)
    return code == "ko" or code in SUFFIXES or code in PREFIXES or has_declensions(code)


def is_same_inflected(a: str, b: str, language: str) -> bool:
    """Whether two folded words are forms of one name: Путин, Путина; Ankara, Ankara'da; بوتين, وبوتين."""
    return a == b or _is_same_word(a, b, _find_code(language))


def is_same_name_inflected(a: Words, b: Words, language: str) -> bool:
    """Whether two names, as folded words, are forms of one name.

    Words that differ must agree in case: Владимир Путин, Владимиром Путиным. Turkish, Korean and similar
    suffixes follow the last word only, and Arabic and Hebrew prefixes the first.
    """
    if a == b or len(a) != len(b):
        return a == b
    code = _find_code(language)
    if code in _AGREEING:
        return _agrees(a, b, code)
    changing = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if code in PREFIXES and any(not _differs_in_article(a[i], b[i], code) for i in changing if i):
        return False
    follows_last = code == "ko" or (code in SUFFIXES and code not in _CHANGING_WITHIN)
    if follows_last and any(unify_spelling(a[i], code) != unify_spelling(b[i], code) for i in changing[:-1]):
        return False
    return (not follows_last or changing[-1] == len(a) - 1) and all(
        _is_same_word(a[i], b[i], code) for i in changing
    )


@lru_cache(maxsize=65536)
def list_stems(word: str, language: str) -> frozenset[str]:
    """What two forms of one name have in common, for an index: first letters, or the word without prefixes."""
    code = _find_code(language)
    unified = unify_spelling(word, code)
    return frozenset(strip_prefixes(unified, code)) if code in PREFIXES else frozenset({unified[:_INDEXED]})


@lru_cache(maxsize=65536)
def list_keys(word: str, language: str) -> frozenset[str]:
    """What any two words for which `is_same_inflected` holds have in common, for an index."""
    code = _find_code(language)
    if code in PREFIXES:
        return list_stems(word, language)
    return frozenset({"" if code in _OTHER_LETTERS else word[:1]})


@lru_cache(maxsize=256)
def _find_code(language: str) -> str:
    return find_language(language).code


def _is_same_word(a: str, b: str, code: str) -> bool:
    """Whether two words that differ are forms of one."""
    if code in PREFIXES:
        return _is_same_prefixed(a, b, code)
    begins_alike = a[:2] == b[:2] or (a[:1] == b[:1] and min(len(a), len(b)) < _LONG)
    return (begins_alike or code in _OTHER_LETTERS) and _is_same_beginning(a, b, code)


@lru_cache(maxsize=65536)
def _is_same_beginning(a: str, b: str, code: str) -> bool:
    """Whether two words that begin alike are forms of one."""
    a, b = unify_spelling(a, code), unify_spelling(b, code)
    if a == b:
        return True
    if code == "ko":
        return split_particles(a, b) is not None
    if code in SUFFIXES:
        return split_suffixes(a, b, code) is not None
    return has_declensions(code) and any(True for _ in _share_cases(a, b, code))


def _is_same_prefixed(a: str, b: str, code: str) -> bool:
    a, b = unify_spelling(a, code), unify_spelling(b, code)
    if a[-1:] != b[-1:]:
        return False
    return not strip_prefixes(a, code).isdisjoint(strip_prefixes(b, code))


def _differs_in_article(a: str, b: str, code: str) -> bool:
    """Whether two words that follow the first word of a name are one, apart from an Arabic article."""
    a, b = unify_spelling(a, code), unify_spelling(b, code)
    return a == b or (code == "ar" and a.removeprefix("ال") == b.removeprefix("ال"))


def _share_cases(a: str, b: str, code: str) -> Iterator[tuple[Case, Case]]:
    """Find the cases that two words may be in, if they are forms of one name."""
    analyses_a, analyses_b = analyse(a, code), analyse(b, code)
    for key in analyses_a.keys() & analyses_b.keys():
        cases_a, cases_b = analyses_a[key], analyses_b[key]
        is_seen = "nominative" in cases_a or "nominative" in cases_b
        for pair in product(cases_a, cases_b):
            if is_seen or len(key[1]) >= (_LEAST_INFERRED if "other" not in pair else _LEAST_OF_OTHERS):
                yield pair


def _agrees(a: Words, b: Words, code: str) -> bool:
    """Whether every word of two names is the same, and those that differ agree in case."""
    shared: set[tuple[Case, Case]] | None = None
    feminine = _find_feminine(a, b, code)
    words = zip(_unify_all(a, code), _unify_all(b, code), strict=True)
    for position, (x, y) in enumerate(words):
        if x == y or position == feminine:
            continue
        cases = set(_share_cases(x, y, code))
        shared = cases if shared is None else shared & cases
        if not shared:
            return False
    return True


def _unify_all(words: Words, code: str) -> Words:
    return tuple(unify_spelling(word, code) for word in words)


def _find_feminine(a: Words, b: Words, code: str) -> int | None:
    """Find a surname that only one of two names has as a woman's: Angela Merkel, Angela Merkelová.

    The given name is the same, or a woman's in another case; Petra Nováková is not Petr Novák.
    """
    last = len(a) - 1
    of_woman = all(x == y or (x[-1] in _VOWELS and y[-1] in _VOWELS) for x, y in zip(a[:-1], b, strict=False))
    if not last or not of_woman:
        return None
    for masculine, feminine in ((a[last], b[last]), (b[last], a[last])):
        for ending in _FEMININE.get(code, ()):
            stem = feminine.removesuffix(ending)
            if stem != feminine and masculine in (stem, stem + "o", stem + "a"):
                return last
    return None
