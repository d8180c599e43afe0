"""What may help with a line of a review sheet: other lines that may be the same entity, and well-known other spellings.

They are for the eyes of a person; no score uses them. What evalkit accepts without a list, such as the surname of a person,
is not suggested as an alias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import yaml

from evalkit.entities import known
from evalkit.entities.forms import Name
from evalkit.entities.languages import is_english
from evalkit.entities.text import Text
from evalkit.entities.tokens import Words, fold_words
from evalkit.review.sheet import NO, Line
from evalkit.types import Alias

_MOST = 2
"""Of each kind."""
_SECTIONS = {"places": ("LOC", "ORG"), "organisations": ("ORG",), "people": ("PER",)}
"""Of the list of well-known names, and the types that they are for."""


def with_suggestions(lines: Sequence[Line], others: Sequence[Line], language: str) -> list[Line]:
    """New lines with their suggestions, and those that may be one entity beside each other. `others` are reviewed already.

    A suggestion is a text such as ``new form of kyiv``, ``same as steve-witkoff?`` or ``known: Kiev``.
    """
    kept = [line for line in others if line.keep != NO]
    reviewed = {line.entity for line in kept}
    same = _same(lines, kept, language)
    forms = {form for line in (*lines, *others) for form in (*line.forms, *line.aliases)}
    ordered: dict[int, Line] = {}
    for line in lines:
        beside = [other for entity in same[line.entity] for other in lines if other.entity == entity]
        ordered |= {id(some): some for some in (line, *beside) if id(some) not in ordered}
    found = []
    for line in ordered.values():
        known_forms = [form for form in _known(line, language) if form not in forms]
        parts = [f"new form of {line.entity}"] * (line.entity in reviewed)
        parts += [f"same as {', '.join(same[line.entity][:_MOST])}?"] * bool(same[line.entity])
        parts += [f"known: {', '.join(known_forms[:_MOST])}"] * bool(known_forms)
        found.append(replace(line, cells={**line.cells, "suggestions": "; ".join(parts)}))
    return found


def _same(lines: Sequence[Line], others: Sequence[Line], language: str) -> dict[str, list[str]]:
    """Entities that an accepted form of an entity leads to, and the other way round: surname, acronym, another romanisation."""
    heads: dict[Words, list[Line]] = {}
    for line in (*lines, *others):
        heads.setdefault(
            Text.of(line.forms[0], language).normalised or fold_words(line.forms[0], language), []
        ).append(line)
    found: dict[str, list[str]] = {line.entity: [] for line in (*lines, *others)}
    for line in (*lines, *others):
        name = Name.of(line.forms[0], line.type, Alias(line.entity, ()), (), language)
        forms = [form for form, rule in (*name.forms, *name.well_known) if rule != "demonym"]
        forms += [Text.of(initials, language).normalised for initials in sorted(name.initials)]
        for other in (other for form in forms for other in heads.get(form, ())):
            if other.entity != line.entity and _alike(line.type, other.type):
                for one, two in ((line.entity, other.entity), (other.entity, line.entity)):
                    if two not in found[one]:
                        found[one].append(two)
    return found


def _alike(one: str, other: str) -> bool:
    """Whether an entity could be of two types: models confuse all but peoples."""
    return (one == "NORP") == (other == "NORP")


def _known(line: Line, language: str) -> list[str]:
    """Other well-known spellings, as they are listed."""
    if not is_english(language):
        return []
    groups = [
        group
        for type_, group in _spellings().get(fold_words(line.forms[0], language), ())
        if line.type in type_
    ]
    return [form for group in groups for form in group]


@lru_cache(maxsize=1)
def _spellings() -> dict[Words, list[tuple[tuple[str, ...], list[str]]]]:
    """Groups of spellings with their types, by the folded words of each of them."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = Path(known.__file__).with_name("known_names.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=loader)  # noqa: S506  # both are safe
    found: dict[Words, list[tuple[tuple[str, ...], list[str]]]] = {}
    for section, types in _SECTIONS.items():
        for item in data[section]:
            forms = item["forms"] if isinstance(item, dict) else item
            for words in dict.fromkeys(fold_words(form, "en") for form in forms):
                found.setdefault(words, []).append((types, forms))
    return found
