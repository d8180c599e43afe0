"""EA-MT, the test sets of SemEval-2025 Task 2, entity-aware machine translation; a JSONL file per language.

A line is a question with one name in it:

    {"id": "Q42_0", "wikidata_id": "Q42", "entity_types": ["Person"],
     "source": "…", "source_locale": "en", "target_locale": "de",
     "targets": [{"translation": "…", "mention": "…"}, …]}

An output has one line `{"id": "Q42_0", "prediction": "…"}` per item.
https://github.com/SapienzaNLP/ea-mt-eval
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from evalkit.data.compression import strip_ending
from evalkit.data.entity_files import read_entities
from evalkit.data.json_lines import read_json_lines
from evalkit.data.lines import number_segments
from evalkit.data.reader import DocumentTexts, Hypotheses, Reader, check_language
from evalkit.data.text import find_path, has_lone_surrogate, normalize_id, read_text
from evalkit.errors import ConfigError, DataError, quote, shorten
from evalkit.types import Alias, EntityFile, EntityType, Mention, TestSet

PLACES = frozenset({"Landmark", "Natural place", "Place of worship"})
"""The task's types of places. Most of its other types are titles of works."""


class _Target(NamedTuple):
    translation: str
    mention: str


@dataclass(frozen=True)
class _Line:
    """One line of a file, with its place for messages."""

    where: str
    row: Mapping[str, Any]

    @property
    def id(self) -> str:
        return normalize_id(self.text("id"))

    def text(self, key: str, *, empty: bool = False) -> str:
        """The text of a key, which may be blank if `empty`."""
        return _check_text(self.row, key, self.where, empty=empty)

    def languages(self) -> tuple[str, str]:
        """Codes of the source and the target language."""
        source, target = (
            check_language(self.text(key), self.where) for key in ("source_locale", "target_locale")
        )
        return source, target

    def targets(self) -> list[_Target]:
        """Translation and mention of every target."""
        targets = self.row.get("targets")
        if not isinstance(targets, list) or not all(isinstance(target, dict) for target in targets):
            raise DataError(
                f"{self.where}: targets: expected a list of {{translation, mention}}, "
                f"found {quote(repr(targets))}"
            )
        return [
            _Target(*(_check_text(target, key, self.where) for key in ("translation", "mention")))
            for target in targets
        ]

    def type(self) -> EntityType:
        """PER for every person, also a fictional one; LOC for places; MISC for the rest."""
        types = self.row.get("entity_types")
        if not isinstance(types, list) or not all(isinstance(type_, str) for type_ in types):
            raise DataError(
                f"{self.where}: entity_types: expected a list of texts, found {quote(repr(types))}"
            )
        if "Person" in types:
            return "PER"
        return "LOC" if PLACES.intersection(types) else "MISC"


@dataclass(frozen=True, kw_only=True)
class EaMt(Reader):
    """One file of EA-MT. It includes the names; `entities` and `aliases` replace them.

    The reference is the translation of the first target. Every item has one mention, the one of the first
    target.
    It is a separate entity, because items about the same Wikidata entity accept different mentions: the
    accepted forms are the mentions of all targets of the item. If the mention does not occur in its
    translation, not even in a different case, it spans the whole translation.

    Items without targets have no reference, so they are not scored. The task leaves them out as well.

    There are no documents, so confidence intervals resample items. On average three items are about the same
    Wikidata entity and tend to have the same outcome. Resampling entities instead makes the confidence
    intervals of M-ETA on the task's validation files about 1.5 times as wide.
    """

    def read(self) -> TestSet:
        """See `Reader.read`."""
        path = find_path(self.path, "EA-MT file")
        lines = list(_read_by_id(path).values())
        source_language, target_language = _check_languages(lines)
        targets = [line.targets() for line in lines]
        segments = number_segments(
            [(of_line[0].translation if of_line else None,) for of_line in targets],
            [line.text("source") for line in lines],
            None,
        )
        test_set = TestSet(
            name=self.name or Path(strip_ending(path.name)).stem,
            source_language=source_language,
            target_language=target_language,
            references=tuple(self.choose_references(["A"])),
            segments=tuple(
                replace(segment, id=line.id) for segment, line in zip(segments, lines, strict=True)
            ),
            files=(self.path,),
        )
        if self.entities is None and self.aliases is not None:
            raise ConfigError(
                f"test_set.aliases={self.aliases}: the EA-MT file includes its names and their forms; "
                "to replace them, set test_set.entities as well"
            )
        if self.entities is not None:
            return read_entities(test_set, self.entities, self.aliases)
        return replace(test_set, entities=_make_entities(path, lines, targets))

    def read_output(self, path: Path, test_set: TestSet) -> Hypotheses | DocumentTexts:
        """Read a JSONL file with `id` and `prediction`, in any order, or what `Reader.read_output` reads."""
        if Path(strip_ending(path.name)).suffix != ".jsonl":
            return super().read_output(path, test_set)
        lines = _read_by_id(path)
        expected = [segment.id for segment in test_set.segments]
        known = {segment.id for segment in test_set.whole.segments}
        for id_, line in lines.items():
            if id_ not in known:
                raise DataError(
                    f"{line.where}: unknown id {id_!r}; {test_set.name} has {shorten(expected, 3)}"
                )
        missing = [id_ for id_ in expected if id_ not in lines]
        if missing:
            raise DataError(
                f"{path}: missing ids: {shorten(missing)}; {len(lines)} predictions, "
                f"expected {len(expected)} (as in {test_set.name})"
            )
        return tuple(
            lines[segment.id].text("prediction", empty=True) if segment.id in lines else ""
            for segment in test_set.whole.segments
        )


def _read_by_id(path: Path) -> dict[str, _Line]:
    lines: dict[str, _Line] = {}
    for line_number, row in read_json_lines(path):
        line = _Line(f"{path}:{line_number}", row)
        if line.id in lines:
            first = lines[line.id].where
            raise DataError(f"{line.where}: duplicate id {line.id!r}, first at {first}; remove one of them")
        lines[line.id] = line
    if not lines:
        raise DataError(f"{path}: the file is empty; expected one item per line")
    return lines


def _check_text(row: Mapping[str, Any], key: str, where: str, *, empty: bool = False) -> str:
    if key not in row:
        raise DataError(f"{where}: missing {key!r}; found {shorten(list(row)) or 'nothing'}")
    value = row[key]
    if not isinstance(value, str) or not (empty or value.strip()):
        raise DataError(f"{where}: {key}: expected text, found {quote(repr(value))}")
    if has_lone_surrogate(value):
        raise DataError(f"{where}: {key}: half of a surrogate pair is not valid text: {quote(repr(value))}")
    return value


def _check_languages(lines: Sequence[_Line]) -> tuple[str, str]:
    """The languages of all lines, which must be the same."""
    languages = [line.languages() for line in lines]
    for line, found in zip(lines, languages, strict=True):
        if found != languages[0]:
            raise DataError(
                f"{line.where}: expected the languages {'–'.join(languages[0])} as in the lines before, "
                f"found {'–'.join(found)}"
            )
    return languages[0]


def _make_entities(path: Path, lines: Sequence[_Line], targets: Sequence[Sequence[_Target]]) -> EntityFile:
    """One mention and one entity per item."""
    mentions, aliases = [], {}
    for index, (line, item_targets) in enumerate(zip(lines, targets, strict=True)):
        if not item_targets:
            continue
        translation, name = item_targets[0]
        mentions.append(Mention(index, *_find_mention(translation, name), name, line.type(), line.id))
        aliases[line.id] = Alias(line.id, tuple(dict.fromkeys(target.mention for target in item_targets)))
    digest = hashlib.sha256(read_text(path).encode()).hexdigest()[:12]
    return EntityFile(tuple(mentions), aliases, f"file:{digest}", digest)


def _find_mention(translation: str, name: str) -> tuple[int, int]:
    """Start and end of a name: as written if possible, otherwise in any case, otherwise the whole text."""
    pattern = re.escape(name)
    match = re.search(pattern, translation) or re.search(pattern, translation, re.IGNORECASE)
    return match.span() if match else (0, len(translation))
