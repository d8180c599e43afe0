"""Suggestions for the lines of a review sheet: lines that may be the same entity, and well-known spellings.

They are only for the person who reviews; no score uses them. What evalkit accepts without a list, such as the
surname of a person, is not suggested as an alias.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from evalkit.entities.language.known import Section, read_lists
from evalkit.entities.language.tokens import Words, fold_words
from evalkit.entities.text import Text
from evalkit.entities.variants.forms import Name
from evalkit.languages.registry import find_language
from evalkit.review.sheet import NO, SheetLine
from evalkit.types import Alias, EntityType

_MOST = 2
"""Suggestions of each kind."""
_SECTIONS: dict[Section, tuple[EntityType, ...]] = {
    "places": ("LOC", "ORG"),
    "organisations": ("ORG",),
    "people": ("PER",),
}
"""Sections of the list of well-known names, and the types that they apply to."""


class _Spellings(NamedTuple):
    """The spellings of one well-known name."""

    types: tuple[EntityType, ...]
    forms: tuple[str, ...]


def add_suggestions(
    lines: Sequence[SheetLine], reviewed: Sequence[SheetLine], language: str
) -> list[SheetLine]:
    """Add suggestions to new lines, and put those that may be one entity next to each other.

    A suggestion is a text such as ``new form of kyiv``, ``same as steve-witkoff?`` or ``known: Kiev``.

    Args:
        lines: new ones.
        reviewed: lines that are reviewed already.
        language: of the names.
    """
    kept = [line for line in reviewed if line.decision != NO]
    kept_entities = {line.entity for line in kept}
    same = _find_same([*lines, *kept], language)
    forms = {form for line in (*lines, *reviewed) for form in (*line.forms, *line.aliases)}
    result = []
    for line in _sort(lines, same):
        candidates = same[line.entity][:_MOST]
        spellings = [form for form in _list_known(line, language) if form not in forms][:_MOST]
        parts = []
        if line.entity in kept_entities:
            parts.append(f"new form of {line.entity}")
        if candidates:
            parts.append(f"same as {', '.join(candidates)}?")
        if spellings:
            parts.append(f"known: {', '.join(spellings)}")
        result.append(replace(line, cells={**line.cells, "suggestions": "; ".join(parts)}))
    return result


def _sort(lines: Sequence[SheetLine], same: dict[str, list[str]]) -> list[SheetLine]:
    """The lines, with each followed by those that may be the same entity."""
    by_entity: dict[str, list[SheetLine]] = {}
    for line in lines:
        by_entity.setdefault(line.entity, []).append(line)
    ordered: dict[int, SheetLine] = {}
    for line in lines:
        ordered.setdefault(id(line), line)
        for entity in same[line.entity]:
            for other in by_entity.get(entity, ()):
                ordered.setdefault(id(other), other)
    return list(ordered.values())


def _find_same(lines: Sequence[SheetLine], language: str) -> dict[str, list[str]]:
    """For each entity, those that may be the same: one has an accepted form of the other as its first form.

    Accepted forms are surnames, acronyms and other romanisations.
    """
    by_form: dict[Words, list[SheetLine]] = {}
    for line in lines:
        first = line.forms[0]
        by_form.setdefault(Text.of(first, language).normalised or fold_words(first, language), []).append(
            line
        )
    same: dict[str, list[str]] = {line.entity: [] for line in lines}
    for line in lines:
        for form in _list_accepted(line, language):
            for other in by_form.get(form, ()):
                if other.entity != line.entity and _may_be_same_type(line.type, other.type):
                    _link(same, line.entity, other.entity)
                    _link(same, other.entity, line.entity)
    return same


def _list_accepted(line: SheetLine, language: str) -> Iterator[Words]:
    """The accepted forms of the first form of a line."""
    name = Name.of(line.forms[0], line.type, Alias(line.entity, ()), (), language)
    for form, rule in (*name.forms, *name.well_known):
        if rule != "demonym":
            yield form
    for initials in sorted(name.initials):
        yield Text.of(initials, language).normalised


def _link(same: dict[str, list[str]], entity: str, other: str) -> None:
    if other not in same[entity]:
        same[entity].append(other)


def _may_be_same_type(one: EntityType, other: EntityType) -> bool:
    """Whether an entity may have two types. Models confuse all types except peoples."""
    return (one == "NORP") == (other == "NORP")


def _list_known(line: SheetLine, language: str) -> list[str]:
    """The spellings of a well-known name, as they are listed."""
    spellings = _load_spellings(find_language(language).code).get(fold_words(line.forms[0], language), ())
    return [form for group in spellings if line.type in group.types for form in group.forms]


@lru_cache(maxsize=4)
def _load_spellings(code: str) -> dict[Words, list[_Spellings]]:
    """The well-known names of a language, by the folded words of each of their spellings."""
    spellings: dict[Words, list[_Spellings]] = {}
    for section, types in _SECTIONS.items():
        for group in read_lists(code).get(section, ()):
            for words in dict.fromkeys(fold_words(form, code) for form in group.forms):
                spellings.setdefault(words, []).append(_Spellings(types, group.forms))
    return spellings
