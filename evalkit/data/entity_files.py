"""Reading reviewed names: ``entities.jsonl`` lists their mentions."""

from __future__ import annotations

import difflib
import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from evalkit.data.alias_files import read_aliases
from evalkit.data.json_lines import JsonLine, read_json_lines
from evalkit.data.text import compile_whole_words, find_path, normalize_id, read_text
from evalkit.errors import DataError, quote, shorten
from evalkit.types import (
    ENTITY_TYPES,
    Alias,
    EntityFile,
    EntityType,
    Mention,
    TestSet,
    is_entity_type,
)

_KEYS = ("document", "text", "type", "entity", "start", "end", "segment")
"""The keys of a row. Other keys are ignored, unless they look like a misspelt one of these."""

_Place: TypeAlias = tuple[int, int, int]
"""Index of a segment, and start and end offset in its primary reference."""


@dataclass(frozen=True)
class _Row:
    """One row of an entity file: one mention if it has offsets, otherwise every occurrence of a text."""

    where: str
    """File and line, for messages."""
    line_number: int
    document: str | None
    text: str
    type: EntityType
    entity: str
    segment: str | None
    start: Any
    """Offset in the segment, or in the document without one; not checked yet. None without offsets."""
    end: Any

    @property
    def has_offsets(self) -> bool:
        return self.start is not None

    @property
    def scope(self) -> str:
        """The part of the references that the row is about, for messages."""
        parts = [] if self.document is None else [f"document {self.document!r}"]
        if self.segment is not None:
            parts.append(f"segment {self.segment!r}")
        return f"the reference of {', '.join(parts)}" if parts else "the references"


def read_entities(test_set: TestSet, entities: str | None, aliases: str | None) -> TestSet:
    """Add names to a test set. Without files, the test set is returned unchanged.

    Args:
        test_set: the references that the names occur in.
        entities: path of an entity file. Without one, there are no mentions until a model finds them.
        aliases: path of an alias file.

    Raises:
        DataError: a file is invalid or does not fit the references; names file and line.
    """
    if entities is None and aliases is None:
        return test_set
    table: Mapping[str, Alias] = {}
    mentions: Sequence[Mention] = ()
    mentions_origin = aliases_origin = "none"
    files = list(test_set.files)
    if aliases is not None:
        path = find_path(aliases, "alias file")
        table, aliases_origin = read_aliases(path), _hash_text(path)
    if entities is not None:
        path = find_path(entities, "entity file")
        mentions, mentions_origin = _read_mentions(path, test_set), f"file:{_hash_text(path)}"
        files.append(str(path))
    if aliases is not None:
        files.append(aliases)
    names = EntityFile(tuple(mentions), table, mentions_origin, aliases_origin)
    return replace(test_set, entities=names, files=tuple(files))


def _read_mentions(path: Path, test_set: TestSet) -> list[Mention]:
    expected = "a JSON object with document, text, type and entity"
    rows = [_check_row(line, path, test_set) for line in read_json_lines(path, expected=expected)]
    if not rows:
        raise DataError(f"{path}: the file is empty; expected one mention per line")
    # rows with offsets first, then longer texts: a row without offsets takes only what no longer mention has
    rows.sort(key=lambda row: (not row.has_offsets, -len(row.text)))
    mentions = _Mentions(test_set)
    for row in rows:
        mentions.add(row)
    return mentions.sort()


class _Mentions:
    """The mentions of an entity file, by their place."""

    def __init__(self, test_set: TestSet) -> None:
        self._test_set = test_set
        self._by_place: dict[_Place, tuple[_Row, Mention]] = {}
        self._places: dict[int, list[_Place]] = {}
        """By segment."""

    def add(self, row: _Row) -> None:
        """Add the mention of a row with offsets, or all occurrences of a text.

        A segment without any of the references is not scored, and a mention in it is left out.

        Raises:
            DataError: the text does not occur where the row has it, or another row has the same mention.
        """
        segments = [self._test_set.segments[index] for index in _list_segments(row, self._test_set)]
        if segments and not any(segment.present_references for segment in segments):
            return
        if row.has_offsets:
            places = [_check_offsets(row, self._test_set)]
        else:
            places = list(self._find_occurrences(row))
        if not places:
            hint = _suggest_form(row.text, [segment.reference for segment in segments])
            raise DataError(f"{row.where}: {row.text!r} does not occur in {row.scope}{hint}")
        for place in places:
            self._add_mention(place, row)

    def _add_mention(self, place: _Place, row: _Row) -> None:
        if place in self._by_place:
            first, mention = self._by_place[place]
            is_same = (mention.type, mention.entity) == (row.type, row.entity)
            if not row.has_offsets and (is_same or first.has_offsets):
                return  # an occurrence that has a row with offsets as well is one mention
            raise DataError(
                f"{row.where}: duplicate mention, first in line {first.line_number}; remove one of them"
            )
        segment, start, end = place
        self._places.setdefault(segment, []).append(place)
        self._by_place[place] = row, Mention(segment, start, end, row.text, row.type, row.entity)

    def _find_occurrences(self, row: _Row) -> Iterator[_Place]:
        """The places of a text in its document or segment that are not within a longer mention."""
        pattern = compile_whole_words(row.text, self._test_set.target_language)
        for index in _list_segments(row, self._test_set):
            for match in pattern.finditer(self._test_set.segments[index].reference):
                place = (index, match.start(), match.end())
                if not any(_contains(other, place) for other in self._places.get(index, ())):
                    yield place

    def sort(self) -> list[Mention]:
        """The mentions in the order of the references."""
        return [self._by_place[place][1] for place in sorted(self._by_place)]


def _suggest_form(text: str, references: Sequence[str]) -> str:
    """What to do about a text that looks like one of a reference, for a message."""
    for form in ("NFC", "NFD", "NFKC"):
        normalized = unicodedata.normalize(form, text)
        if any(normalized in unicodedata.normalize(form, reference) for reference in references):
            return f", except in another Unicode normal form; write both in the same one ({form})"
    return ""


def _contains(longer: _Place, place: _Place) -> bool:
    """Whether a place is a part of another one in the same segment."""
    _, start, end = place
    _, longer_start, longer_end = longer
    return longer_start <= start and end <= longer_end and longer != place


def _check_row(line: JsonLine, path: Path, test_set: TestSet) -> _Row:
    """Check a line of an entity file, except its offsets."""
    where = f"{path}:{line.line_number}"
    row = {key: value for key, value in line.row.items() if value is not None}
    _check_keys(row, where)
    document = _check_document(row, where, test_set)
    text, type_, entity = row.get("text"), row.get("type"), row.get("entity")
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{where}: text: expected a name, found {text!r}")
    if not is_entity_type(type_):
        raise DataError(f"{where}: type: expected one of {', '.join(ENTITY_TYPES)}, found {type_!r}")
    if not isinstance(entity, str | int) or not str(entity):
        raise DataError(
            f"{where}: entity: expected an id that all mentions of the entity share, found {entity!r}"
        )
    segment = None if "segment" not in row else normalize_id(str(row["segment"]))
    return _Row(
        where, line.line_number, document, text, type_, str(entity), segment, row.get("start"), row.get("end")
    )


def _check_keys(row: Mapping[str, Any], where: str) -> None:
    for key in row:
        similar = [] if key in _KEYS else difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.75)
        if similar:
            raise DataError(f"{where}: unknown key {key!r}; did you mean {similar[0]!r}?")
    if ("start" in row) != ("end" in row):
        present, missing = ("start", "end") if "start" in row else ("end", "start")
        raise DataError(f"{where}: {present} without {missing}; give both, or neither")


def _check_document(row: Mapping[str, Any], where: str, test_set: TestSet) -> str | None:
    document = row.get("document")
    if isinstance(document, str):
        document = normalize_id(document)
    if document is None and test_set.documents != (None,):
        raise DataError(f"{where}: missing document; expected one of {shorten(test_set.documents)}")
    if document not in test_set.documents:
        raise DataError(
            f"{where}: unknown document {document!r}; the test set has {shorten(test_set.documents)}"
        )
    return document if document is None else str(document)


def _check_offsets(row: _Row, test_set: TestSet) -> _Place:
    """Turn the offsets of a row into a place, and check that the reference has the text there."""
    start, end = row.start, row.end
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        raise DataError(f"{row.where}: expected offsets 0 <= start < end, found {start!r} and {end!r}")
    index = _find_segment(row, start, test_set)
    reference = "" if index is None else test_set.segments[index].reference
    if index is not None and row.segment is None:
        start, end = start - test_set.segments[index].start, end - test_set.segments[index].start
    text = reference[start:end]
    # a mention may go on in the next segment; then it is cut where its segment ends
    if (
        index is None
        or not text
        or end - start != len(row.text)
        or text != row.text[: len(reference) - start]
    ):
        raise DataError(
            f"{row.where}: expected {row.text!r} at characters {row.start}–{row.end} of {row.scope}, "
            f"found {quote(text)}; offsets count characters, with CRLF as one"
        )
    return index, start, min(end, len(reference))


def _find_segment(row: _Row, start: int, test_set: TestSet) -> int | None:
    """Index of the segment of a row: the one that it names, or the one at an offset of its document."""
    indices = _list_segments(row, test_set)
    if row.segment is not None:
        return indices[0] if indices else None
    for index in indices:
        segment = test_set.segments[index]
        if segment.start <= start < segment.start + len(segment.reference):
            return index
    return None


def _list_segments(row: _Row, test_set: TestSet) -> list[int]:
    """Indices of the segments that a row is about."""
    indices = test_set.segments_of[row.document]
    return [index for index in indices if row.segment in (None, test_set.segments[index].id)]


def _hash_text(path: Path) -> str:
    """First 12 hex digits of the SHA-256 of a file's text."""
    return hashlib.sha256(read_text(path).encode()).hexdigest()[:12]
