"""What became of names, as reports show it: from the rows of the audit to lists, worst first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from evalkit.entities.matching import ACCEPTED

ENTITIES = "entity_accuracy"
SPURIOUS = "spurious"

REASONS = {
    "case": "other capitals",
    "diacritic": "other diacritics",
    "spacing": "other spaces or hyphens",
    "alias": "an accepted alias",
    "translit": "another transcription",
    "acronym": "an acronym, or what it stands for",
    "demonym": "the people for the place, or the place for the people",
    "reorder": "the words in another order",
    "short": "a shorter form of the name",
    "inflection": "an inflected form",
    "spelling": "recognisable, but spelt wrong",
    "truncated": "words of the name are left out",
    "garbled": "recognisable, but garbled",
    "other": "another name in its place",
    "partial": "another name that shares a word",
    "word": "a common word in its place",
    "exchanged": "has changed places with another name",
}
"""The reasons of verdicts in words."""


class Form(NamedTuple):
    """What a name became."""

    text: str
    """Empty where the name is missing."""
    outcome: str
    times: int


class Hurt(NamedTuple):
    """An entity that came out wrong at least once."""

    name: str
    """Its longest mention."""
    type: str
    wrong: int
    mentions: int
    became: tuple[Form, ...]
    """The wrong forms, most frequent first."""


class Mixed(NamedTuple):
    """An entity of one document that came out right at least once and wrong at least once."""

    document: str
    name: str
    right: int
    mentions: int
    forms: tuple[tuple[str, int], ...]
    """All forms, with how often; ``missing`` where there is none."""


def hurt_most(rows: Sequence[Mapping[str, Any]]) -> list[Hurt]:
    """Entities that came out wrong, most often wrong first.

    Args:
        rows: of the audit; spurious names are left out.
    """
    rows = [row for row in rows if row["outcome"] != SPURIOUS]
    wrong: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    mentions: Counter[str] = Counter(row["entity"] for row in rows)
    names: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if len(row["reference"]) > len(names.get(row["entity"], {"reference": ""})["reference"]):
            names[row["entity"]] = row
        if row["outcome"] not in ACCEPTED:
            wrong[row["entity"]][row["hypothesis"], row["outcome"]] += 1
    found = [
        Hurt(
            names[entity]["reference"],
            names[entity]["type"],
            forms.total(),
            mentions[entity],
            tuple(Form(text, outcome, times) for (text, outcome), times in forms.most_common()),
        )
        for entity, forms in wrong.items()
    ]
    return sorted(found, key=lambda hurt: (-hurt.wrong, hurt.mentions, hurt.name))


def right_and_wrong(rows: Sequence[Mapping[str, Any]]) -> list[Mixed]:
    """Entities that are right here and wrong there in one document, most often wrong first."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["outcome"] != SPURIOUS:
            groups[row["document"] or row["segment"], row["entity"]].append(row)
    found = []
    for (document, _), mentions in groups.items():
        right = sum(row["outcome"] in ACCEPTED for row in mentions)
        if 0 < right < len(mentions):
            forms = Counter(row["hypothesis"] or "missing" for row in mentions)
            name = max((row["reference"] for row in mentions), key=len)
            found.append(Mixed(document, name, right, len(mentions), tuple(forms.most_common())))
    return sorted(found, key=lambda mixed: (mixed.right - mixed.mentions, mixed.document, mixed.name))


def not_in_reference(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, int]]:
    """Spurious names: document, name, times; most frequent first."""
    others = Counter((row["document"] or "", row["hypothesis"]) for row in rows if row["outcome"] == SPURIOUS)
    return [(document, name, times) for (document, name), times in others.most_common()]
