"""Declensions of names (`paradigms.yaml`): which nominatives a word may be a form of, and in which case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias, TypedDict, get_args

from evalkit.entities.language.data_files import read_file

Case: TypeAlias = Literal[
    "nominative", "genitive", "dative", "accusative", "instrumental", "locative", "other"
]
Analyses: TypeAlias = dict[tuple[int, str], frozenset[Case]]
"""What a word may be a form of: row and stem of the nominative, and the cases that the form may be."""

_CASES: tuple[Case, ...] = get_args(Case)
_Changes: TypeAlias = tuple[tuple[str, str], ...]
_SHORT = ("лев", "lev", "lew", "lav")
"""Names of three letters that lose a vowel."""
_IRREGULAR = -1
"""Row of forms that are listed as words."""
_LEAST_STEM = 2


class _Table(TypedDict, total=False):
    """One language of the file."""

    vowels: str
    rows: list[str]
    fleeting: str
    before_tilde: str
    lemmas: str
    forms: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Form:
    """One ending of one row."""

    row: int
    case: Case
    stem: re.Pattern[str]
    """What the stem of the nominative ends with."""
    changes: _Changes
    """Ends of this form's stem, and of the nominative's. The stem may also stay as it is."""
    unchanged: tuple[str, ...] = ()
    """Ends that the stem of this form does not have, because they change."""


@dataclass(slots=True)
class Declensions:
    """All rows of one language."""

    endings: dict[str, list[_Form]] = field(default_factory=dict)
    longest: int = 0
    lemmas: frozenset[str] = frozenset()
    """Words that are always nominatives: Марина is not a form of Марин."""
    vowels: str = ""
    irregular: dict[str, str] = field(default_factory=dict)
    """Forms, and their nominatives."""

    def analyse(self, word: str) -> Analyses:
        """Find the nominatives that a folded word may be a form of."""
        found: Analyses = {}
        if word in self.irregular:
            found[_IRREGULAR, self.irregular[word]] = frozenset(_CASES)
        for size in range(min(self.longest, len(word) - _LEAST_STEM + 1) + 1):
            stem, ending = word[: len(word) - size], word[len(word) - size :]
            for form in self.endings.get(ending, ()):
                if word in self.lemmas and form.case != "nominative":
                    continue
                for lemma in filter(self._is_stem, _undo(stem, form)):
                    key = form.row, lemma
                    found[key] = found.get(key, frozenset()) | {form.case}
        return found

    def _is_stem(self, stem: str) -> bool:
        """Whether a stem has three letters, or is like that of Un or Зоя: Diego is not a form of Di."""
        if len(stem) != _LEAST_STEM:
            return len(stem) > _LEAST_STEM
        ends_in_vowel = stem[1] in self.vowels
        return not stem.isascii() if ends_in_vowel else stem[0] in self.vowels


def _undo(stem: str, form: _Form) -> Iterator[str]:
    """Find the stems of the nominative that give this stem."""
    if form.unchanged and stem.endswith(form.unchanged):
        return iter(())
    stems = {stem}
    for end, of_nominative in form.changes:
        lemma = stem[: len(stem) - len(end)] + of_nominative
        if stem.endswith(end) and (len(stem) >= _LEAST_STEM + 1 or lemma in _SHORT):
            stems.add(lemma)
    return (lemma for lemma in stems if form.stem.search(lemma))


def has_declensions(code: str) -> bool:
    """Whether the file has a language, by `Language.code`."""
    return code in _load()


@lru_cache(maxsize=131072)
def analyse(word: str, code: str) -> Analyses:
    """Find the nominatives that a folded word may be a form of in a language of the file."""
    return _declensions(code).analyse(word)


@lru_cache(maxsize=1)
def _load() -> dict[str, _Table]:
    content: dict[str, dict[str, _Table]] = read_file("paradigms.yaml")
    return content["languages"]


@lru_cache(maxsize=64)
def _declensions(code: str) -> Declensions:
    table = _load()[code]
    vowels = table["vowels"]
    softened = tuple(_read_changes(table.get("before_tilde", ""), vowels))
    fleeting = tuple(_read_changes(table.get("fleeting", ""), vowels))
    found = Declensions(lemmas=frozenset(table.get("lemmas", "").split()), vowels=vowels)
    for lemma, forms in table.get("forms", {}).items():
        found.irregular |= dict.fromkeys((lemma, *forms.split()), lemma)
    for number, row in enumerate(table["rows"]):
        _read_row(row, number, found, vowels, softened, fleeting)
    return found


def _read_row(
    row: str, number: int, found: Declensions, vowels: str, softened: _Changes, fleeting: _Changes
) -> None:
    """Add the endings of one row."""
    pattern, _, endings = row.partition(":")
    stem, columns = _compile(pattern, vowels), [column.split("/") for column in endings.split()]
    nominative = columns[0][0]
    for case, column in zip(_CASES, columns, strict=False):
        for ending in column:
            if ending == ".":
                continue
            changes = softened if ending.startswith("~") else ()
            changed = {end for end, _ in changes}  # Finnish p is a changed pp, and changes to v
            unchanged = tuple(end for _, end in changes if end not in changed)
            if nominative in ("-", "ь") and ending != nominative:
                changes += fleeting
            letters = ending.strip("~-")
            found.endings.setdefault(letters, []).append(_Form(number, case, stem, changes, unchanged))
            found.longest = max(found.longest, len(letters))


def _compile(pattern: str, vowels: str) -> re.Pattern[str]:
    """Read what a stem ends with: C is a consonant, V a vowel, * any letter."""
    letters = pattern.replace("C", f"[^{vowels}ьй]").replace("V", f"[{vowels}]").replace("*", r"\w")
    return re.compile(f"(?:{letters})$")


def _read_changes(pairs: str, vowels: str) -> Iterator[tuple[str, str]]:
    """Read "nominative>other form", and turn it round. V is any vowel, the same on both sides."""
    for pair in pairs.split():
        nominative, _, other = pair.partition(">")
        for vowel in vowels if "V" in pair else ("",):
            yield other.replace("V", vowel), nominative.replace("V", vowel)
