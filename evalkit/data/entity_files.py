"""Reading reviewed names: ``entities.jsonl`` (what to look for) and ``aliases.yaml`` (what counts as right)."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from evalkit.data.text import existing, read_text
from evalkit.errors import DataError, quote, shorten
from evalkit.types import ENTITY_TYPES, Alias, EntityFile, Mention, TestSet, written_with_spaces

_KEYS = ("document", "text", "type", "entity", "start", "end", "segment")
"""What a row may hold; further keys are for its author, unless they look like one of these misspelt."""

_Place = tuple[int, int, int]
"""Segment, and character offsets in its primary reference."""


def read_entities(test_set: TestSet, entities: str | None, aliases: str | None) -> TestSet:
    """The test set with its names, or unchanged where neither file is given.

    Aliases alone are for the names that a model will find: then there are no mentions yet.

    Raises:
        DataError: a row cannot be read or does not fit the references; names file and line.
    """
    if entities is None and aliases is None:
        return test_set
    alias_table, alias_hash = (
        ({}, "none") if aliases is None else _read_aliases(existing(aliases, "alias file"))
    )
    if entities is None:
        return replace(
            test_set,
            entities=EntityFile((), alias_table, "none", alias_hash),
            files=(*test_set.files, str(aliases)),
        )
    path = existing(entities, "entity file")
    mentions = tuple(_read_mentions(path, test_set))
    found = EntityFile(mentions, alias_table, f"file:{_hash(path)}", alias_hash)
    files = (str(path),) if aliases is None else (str(path), str(aliases))
    return replace(test_set, entities=found, files=test_set.files + files)


def _read_mentions(path: Path, test_set: TestSet) -> list[Mention]:
    rows: list[tuple[int, dict[str, Any]]] = []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            rows.append((number, _row(path, number, line, test_set)))
    if not rows:
        raise DataError(f"{path}: is empty, expected one mention per line")
    by_place: dict[_Place, tuple[int, Mention]] = {}
    taken: dict[int, list[_Place]] = {}
    placed = {number for number, row in rows if "start" in row}
    # rows with a place first: a row without one takes only what no longer mention has
    rows.sort(key=lambda item: ("start" not in item[1], -len(item[1]["text"])))
    for number, row in rows:
        places = (
            [_given_place(path, number, row, test_set)] if "start" in row else _find(row, test_set, taken)
        )
        if not places:
            where = f"document {row['document']!r}" + (
                f", segment {row['segment']!r}" if "segment" in row else ""
            )
            raise DataError(f"{path}:{number}: {row['text']!r} does not occur in the reference of {where}")
        for place in places:
            if place in by_place:
                first, other = by_place[place]
                same = (other.type, other.entity) == (row["type"], row["entity"])
                if "start" not in row and (same or first in placed):
                    continue  # what is listed with its place as well is one mention
                raise DataError(f"{path}:{number}: the same mention stands in line {first} already")
            segment, start, end = place
            taken.setdefault(segment, []).append(place)
            by_place[place] = number, Mention(segment, start, end, row["text"], row["type"], row["entity"])
    return [by_place[place][1] for place in sorted(by_place)]


def _row(path: Path, number: int, line: str, test_set: TestSet) -> dict[str, Any]:
    """One line of the entity file, checked by itself."""
    where = f"{path}:{number}"
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"{where}: not valid JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(row, dict):
        raise DataError(
            f"{where}: expected an object with document, text, type and entity, found {quote(line)}"
        )
    row = {key: value for key, value in row.items() if value is not None}
    for key in row:
        meant = [] if key in _KEYS else difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.75)
        if meant:
            raise DataError(f"{where}: unknown key {key!r}; did you mean {meant[0]!r}?")
    if test_set.documents != (None,) and "document" not in row:
        raise DataError(f"{where}: no document; expected one of {shorten(test_set.documents)}")
    row.setdefault("document", None)
    if row["document"] not in test_set.documents:
        raise DataError(
            f"{where}: unknown document {row['document']!r}; the test set has {shorten(test_set.documents)}"
        )
    if not isinstance(row.get("text"), str) or not row["text"].strip():
        raise DataError(f"{where}: expected text, found {row.get('text')!r}")
    if row.get("type") not in ENTITY_TYPES:
        raise DataError(f"{where}: type {row.get('type')!r}; expected one of {', '.join(ENTITY_TYPES)}")
    if not isinstance(row.get("entity"), str | int) or not str(row["entity"]):
        raise DataError(
            f"{where}: expected an entity id, which all mentions of one entity share, found {row.get('entity')!r}"
        )
    row["entity"] = str(row["entity"])
    if ("start" in row) != ("end" in row):
        raise DataError(f"{where}: start and end belong together")
    return row


def _given_place(path: Path, number: int, row: dict[str, Any], test_set: TestSet) -> _Place:
    """Segment and offsets in it, from offsets in the document (or in the segment, where one is named)."""
    start, end = row["start"], row["end"]
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        raise DataError(f"{path}:{number}: expected offsets 0 <= start < end, found {start!r} and {end!r}")
    indices = _segments(row, test_set)
    if "segment" not in row:
        for index in indices:
            offset = test_set.segments[index].start
            if offset <= start < offset + len(test_set.segments[index].references[0]):
                indices, start, end = [index], start - offset, end - offset
                break
        else:
            indices = []
    reference = test_set.segments[indices[0]].references[0] if indices else ""
    found = reference[start:end]
    if not found or end - start != len(row["text"]) or found != row["text"][: len(reference) - start]:
        raise DataError(
            f"{path}:{number}: expected {row['text']!r} at characters {row['start']}–{row['end']} of the reference of document "
            f"{row['document']!r}, found {quote(reference[start:end])}; offsets count characters, CRLF as one"
        )
    return indices[0], start, min(end, len(reference))


def _find(row: dict[str, Any], test_set: TestSet, taken: Mapping[int, list[_Place]]) -> list[_Place]:
    """Every place of a text in its document or segment that lies not within a longer mention."""
    edge = r"\w" if written_with_spaces(test_set.target_language) else r"(?!)"
    pattern = re.compile(rf"(?<!{edge}){re.escape(row['text'])}(?!{edge})")
    found = []
    for index in _segments(row, test_set):
        for match in pattern.finditer(test_set.segments[index].references[0]):
            place = (index, match.start(), match.end())
            if not any(
                s <= place[1] and place[2] <= e and (s, e) != place[1:] for _, s, e in taken.get(index, ())
            ):
                found.append(place)
    return found


def _segments(row: dict[str, Any], test_set: TestSet) -> list[int]:
    indices = test_set.segments_of[row["document"]]
    return [i for i in indices if "segment" not in row or test_set.segments[i].id == str(row["segment"])]


def _read_aliases(path: Path) -> tuple[Mapping[str, Alias], str]:
    try:
        items = yaml.safe_load(read_text(path)) or []
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError(f"{path}:{line}: not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:  # a control character; a date such as 2024-02-30
        raise DataError(f"{path}: not valid YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(items, list):
        raise DataError(
            f"{path}: expected a list of {{id, type, forms, reject}}, found {type(items).__name__}"
        )
    table: dict[str, Alias] = {}
    for number, item in enumerate(items, 1):
        where = f"{path}: item {number}"
        if (
            not isinstance(item, dict)
            or "id" not in item
            or set(item) - {"id", "type", "forms", "reject", "note"}
        ):
            raise DataError(
                f"{where}: expected id, type, forms, reject and note, found {quote(str(item), 80)}"
            )
        forms, reject = (_forms(item.get(key, []), f"{where}: {key}") for key in ("forms", "reject"))
        if not isinstance(item["id"], str | int) or isinstance(item["id"], bool):
            raise DataError(
                f"{where}: id: expected a text, found {item['id']!r} (YAML reads no, on and 12:30 as other things: quote them)"
            )
        if item.get("type") not in (None, *ENTITY_TYPES):
            raise DataError(f"{where}: type {item['type']!r}; expected one of {', '.join(ENTITY_TYPES)}")
        id_ = str(item["id"])
        if id_ in table:
            raise DataError(f"{where}: duplicate id {id_!r}")
        both = set(forms) & set(reject)
        if both:
            raise DataError(f"{where}: {shorten(sorted(both))} both in forms and in reject")
        table[id_] = Alias(id_, forms, reject)
    return table, _hash(path)


def _forms(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(form, str) and form.strip() for form in value):
        raise DataError(
            f"{where}: expected a list of texts, found {quote(str(value), 80)} (YAML reads no, on and 12:30 as other things: quote them)"
        )
    return tuple(value)


def _hash(path: Path) -> str:
    """First 12 hex digits of the SHA-256 of a file's text."""
    return hashlib.sha256(read_text(path).encode()).hexdigest()[:12]
