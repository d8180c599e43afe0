"""Linking mentions to entities: giving the mentions of one entity the same id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from evalkit.entities.language.tokens import tokenize
from evalkit.languages.registry import has_spaces
from evalkit.ner.completion import find_surname
from evalkit.types import Alias, EntityType, Mention, TestSet

_Name: TypeAlias = tuple[str, EntityType]
"""A name and its type."""
_Items: TypeAlias = Mapping[str, Sequence[str]]
"""Entity ids of the alias items that have a form, by the folded form."""


def link(test_set: TestSet, mentions: Sequence[Mention], aliases: Mapping[str, Alias]) -> list[Mention]:
    """Give mentions entity ids.

    The id is that of the alias item that has the mention as a form. If there is none, a single word gets the
    id of the only person in the document whose name ends in it. Otherwise the id is the words of the name,
    and the same over the whole test set.
    """
    language = test_set.target_language
    items = _index_forms(aliases, language)
    by_document: dict[str | None, list[Mention]] = {}
    for mention in mentions:
        by_document.setdefault(test_set.segments[mention.segment].document, []).append(mention)
    linked: list[Mention] = []
    for document, in_document in by_document.items():
        names = {(mention.text, mention.type) for mention in in_document}
        ids = _choose_ids(names, items, language, with_surnames=document is not None)
        linked += [replace(mention, entity=ids[mention.text, mention.type]) for mention in in_document]
    return sorted(linked, key=lambda mention: (mention.segment, mention.start))


def _index_forms(aliases: Mapping[str, Alias], language: str) -> dict[str, list[str]]:
    items: dict[str, list[str]] = {}
    for alias in aliases.values():
        for form in {_fold(form, language) for form in alias.forms}:
            items.setdefault(form, []).append(alias.entity)
    return items


def _choose_ids(names: set[_Name], items: _Items, language: str, *, with_surnames: bool) -> dict[_Name, str]:
    """Entity ids of the names of one document."""
    ids: dict[_Name, str] = {}
    persons: dict[str, set[str]] = {}  # entity ids by surname
    # longer names first: they show whose name a shorter one is
    for name in sorted(names, key=lambda name: (-len(tokenize(name[0], language)), name)):
        text, type_ = name
        ids[name] = _choose_id(text, items, set(ids.values()), language)
        if type_ != "PER":
            continue
        surname = find_surname(text, language)
        folded = _fold(text, language)
        if surname is not None and with_surnames:
            persons.setdefault(_fold(surname, language), set()).add(ids[name])
        elif folded not in items and len(persons.get(folded, ())) == 1:
            (ids[name],) = persons[folded]
    return ids


def _choose_id(text: str, items: _Items, met: set[str], language: str) -> str:
    """Entity id of a name without regard to its surname.

    If several alias items have the form, it is the only one that the document has a longer name of.

    Args:
        text: the name.
        items: entity ids by form.
        met: entity ids of the longer names of the document.
        language: of the name.
    """
    folded = _fold(text, language)
    entities = items.get(folded, ())
    if len(entities) > 1:
        entities = [entity for entity in entities if entity in met]
    return entities[0] if len(entities) == 1 else folded


def _fold(text: str, language: str) -> str:
    """The folded words of a name, joined by hyphens: ``steve-witkoff``."""
    separator = "-" if has_spaces(language) else ""
    return separator.join(word.folded for word in tokenize(text, language)) or text
