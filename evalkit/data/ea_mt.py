"""EA-MT, the test sets of SemEval-2025 Task 2 (entity-aware machine translation): one JSONL file per target language.

A line is one question with one name in it:

    {"id": "Q42_0", "wikidata_id": "Q42", "entity_types": ["Person"], "source": "…", "source_locale": "en", "target_locale": "de",
     "targets": [{"translation": "…", "mention": "…"}, …]}

and an output has one line `{"id": "Q42_0", "prediction": "…"}` for each. https://github.com/SapienzaNLP/ea-mt-eval
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from evalkit.data.entity_files import read_entities
from evalkit.data.lines import number_segments
from evalkit.data.reader import Articles, Hypotheses, Reader, check_language
from evalkit.data.text import existing, read_text
from evalkit.errors import ConfigError, DataError, quote, shorten
from evalkit.types import Alias, EntityFile, Mention, TestSet

PLACES = frozenset({"Landmark", "Natural place", "Place of worship"})
"""The task's types of places. Most of its other types are titles of works."""

_Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class EaMt(Reader):
    """One file of EA-MT. The names are in it: `entities` and `aliases` replace them.

    The reference is the translation of the first target. Every item has one mention, that of the first target, and is an
    entity of its own: items on the same Wikidata entity accept different mentions. The mentions of all targets of the item
    are the accepted forms. A mention that does not stand in its translation, not even in other case, spans all of it.

    The task leaves out items without targets; here they are refused, since their segments would have no reference.

    There are no documents, so intervals are over items. About three items ask for each Wikidata entity and tend to come out
    alike: resampling entities instead makes the intervals of M-ETA on the task's validation files about 1.5 times as wide.
    """

    def read(self) -> TestSet:
        """See `Reader.read`."""
        path = existing(self.path, "EA-MT file")
        rows = list(_by_id(path).values())
        languages = [
            tuple(check_language(_text(row, f"{side}_locale", where), where) for side in ("source", "target"))
            for where, row in rows
        ]
        for (where, _), found in zip(rows, languages, strict=True):
            if found != languages[0]:
                raise DataError(
                    f"{where}: {'–'.join(found)}, expected {'–'.join(languages[0])} as in the lines before"
                )
        targets = [_targets(row, where) for where, row in rows]
        segments = number_segments(
            [(of[0][0],) for of in targets], [_text(row, "source", where) for where, row in rows], None
        )
        test_set = TestSet(
            name=self.name or path.stem,
            source_language=languages[0][0],
            target_language=languages[0][1],
            references=tuple(self.choose_references(["A"])),
            segments=tuple(
                replace(segment, id=row["id"]) for segment, (_, row) in zip(segments, rows, strict=True)
            ),
            files=(self.path,),
        )
        if self.entities is None and self.aliases is not None:
            raise ConfigError(
                f"test_set.aliases={self.aliases}: the file has its own names and forms; set test_set.entities as well"
            )
        if self.entities is not None:
            return read_entities(test_set, self.entities, self.aliases)
        mentions, aliases = [], {}
        for index, ((where, row), of) in enumerate(zip(rows, targets, strict=True)):
            translation, text = of[0]
            mentions.append(Mention(index, *_place(translation, text), text, _type(row, where), row["id"]))
            aliases[row["id"]] = Alias(row["id"], tuple(dict.fromkeys(mention for _, mention in of)))
        digest = hashlib.sha256(read_text(path).encode()).hexdigest()[:12]
        return replace(test_set, entities=EntityFile(tuple(mentions), aliases, f"file:{digest}", digest))

    def read_output(self, path: Path, test_set: TestSet) -> Hypotheses | Articles:
        """A JSONL file with `id` and `prediction`, in any order; or what `Reader.read_output` takes."""
        if path.suffix != ".jsonl":
            return super().read_output(path, test_set)
        rows = _by_id(path)
        expected = [segment.id for segment in test_set.segments]
        known = set(expected)
        for id_, (where, _) in rows.items():
            if id_ not in known:
                raise DataError(f"{where}: unknown id {id_!r}; {test_set.name} has {shorten(expected, 3)}")
        missing = [id_ for id_ in expected if id_ not in rows]
        if missing:
            raise DataError(
                f"{path}: {len(rows)} predictions, {test_set.name} has {len(expected)} items; missing ids: {shorten(missing)}"
            )
        return tuple(_text(rows[id_][1], "prediction", rows[id_][0], empty=True) for id_ in expected)


def _by_id(path: Path) -> dict[str, tuple[str, _Row]]:
    """``file:line`` and content of every line, by its id."""
    found: dict[str, tuple[str, _Row]] = {}
    for where, row in _rows(path):
        id_ = _text(row, "id", where)
        if id_ in found:
            raise DataError(f"{where}: duplicate id {id_!r}, first at {found[id_][0]}")
        found[id_] = where, row
    if not found:
        raise DataError(f"{path}: is empty, expected one item per line")
    return found


def _rows(path: Path) -> Iterator[tuple[str, _Row]]:
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(f"{where}: not valid JSON: {error.msg} at column {error.colno}") from error
        except RecursionError as error:
            raise DataError(f"{where}: not an item: nested too deeply") from error
        if not isinstance(row, dict):
            raise DataError(f"{where}: expected an object, found {quote(line)}")
        yield where, row


def _text(row: _Row, key: str, where: str, *, empty: bool = False) -> str:
    if key not in row:
        raise DataError(f"{where}: no {key!r}; the line has {shorten(list(row)) or 'nothing'}")
    value = row[key]
    if not isinstance(value, str) or not (empty or value.strip()):
        raise DataError(f"{where}: {key}: expected text, found {quote(repr(value))}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise DataError(f"{where}: {key}: half a surrogate pair, which is no text: {quote(repr(value))}")
    return value


def _targets(row: _Row, where: str) -> list[tuple[str, str]]:
    """Translation and mention of every target."""
    targets = row.get("targets")
    if not isinstance(targets, list) or not all(isinstance(target, dict) for target in targets):
        raise DataError(
            f"{where}: targets: expected a list of {{translation, mention}}, found {quote(repr(targets))}"
        )
    if not targets:
        raise DataError(
            f"{where}: {row['id']} has no targets, so there is nothing to score; leave it out here and in the predictions"
        )
    return [(_text(target, "translation", where), _text(target, "mention", where)) for target in targets]


def _type(row: _Row, where: str) -> str:
    """PER for whatever is a person, though it be a fictional one; LOC for places; MISC for the rest."""
    types = row.get("entity_types")
    if not isinstance(types, list) or not all(isinstance(type_, str) for type_ in types):
        raise DataError(f"{where}: entity_types: expected a list of texts, found {quote(repr(types))}")
    return "PER" if "Person" in types else "LOC" if PLACES.intersection(types) else "MISC"


def _place(translation: str, mention: str) -> tuple[int, int]:
    """Start and end of a mention, as it is written if possible, else in any case, else of the whole text."""
    text = re.escape(mention)
    found = re.search(text, translation) or re.search(text, translation, re.IGNORECASE)
    return found.span() if found else (0, len(translation))
