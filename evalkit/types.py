"""The records that all packages share: test set, segment, mention and system output.

The records are frozen. Texts are kept exactly as the files have them, except for two things that are removed
on reading: a byte order mark, and the carriage return of a CRLF line end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, TypeGuard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

Unit: TypeAlias = Literal["segment", "document"]
"""What a metric scores, and what resampling draws."""

EntityType: TypeAlias = Literal["PER", "LOC", "ORG", "NORP", "MISC"]
NAME_TYPES: tuple[EntityType, ...] = ("PER", "LOC", "ORG")
"""Persons, places and organisations: the types that the headline score of entity accuracy counts."""
ENTITY_TYPES: tuple[EntityType, ...] = (*NAME_TYPES, "NORP", "MISC")
"""All types. Peoples and their adjectives (NORP) and other names (MISC) are scored too, and reported
separately."""


def is_entity_type(value: object) -> TypeGuard[EntityType]:
    """Whether a value is one of `ENTITY_TYPES`."""
    return value in ENTITY_TYPES


@dataclass(frozen=True, slots=True)
class Segment:
    """One unit of the reference, usually a sentence. Every system has exactly one hypothesis for it."""

    id: str
    """Unique within its document; the line number if there are no documents."""
    document: str | None
    source: str | None
    references: tuple[str | None, ...]
    """One text per reference, in the order of ``TestSet.references``; None where a reference lacks the
    segment."""
    start: int = 0
    """Character offset of the primary reference in the text of its document."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """What the segment belongs to besides its document, by kind: ``{"domain": "news", "origlang": "ru"}``."""

    @property
    def present_references(self) -> list[str]:
        """The references that are not missing."""
        return [text for text in self.references if text is not None]

    @property
    def reference(self) -> str:
        """The primary reference: the first that is not missing; empty if the segment has none."""
        return next(iter(self.present_references), "")

    @property
    def where(self) -> str:
        """The place of the segment, for messages."""
        if self.document is None:
            return f"segment {self.id}"
        return f"document {self.document}, segment {self.id}"


@dataclass(frozen=True, slots=True)
class Mention:
    """One occurrence of a name in the primary reference, reviewed by a person or found by a model."""

    segment: int
    """Index into ``TestSet.segments``."""
    start: int
    end: int
    """Character offsets in the primary reference of the segment; `end` is exclusive."""
    text: str
    """The name."""
    type: EntityType
    entity: str
    """Id of the entity that the name refers to; all mentions of an entity share it."""


@dataclass(frozen=True, slots=True)
class Alias:
    """The accepted and the rejected spellings of one entity. They apply to that entity only."""

    entity: str
    forms: tuple[str, ...]
    reject: tuple[str, ...] = ()


@dataclass(frozen=True)
class EntityFile:
    """The names of a test set."""

    mentions: tuple[Mention, ...]
    aliases: Mapping[str, Alias]
    """By entity id."""
    mentions_origin: str
    """Where the mentions come from, for the signature: ``file:<hash>``, ``ner:<signature>``, or ``none`` if
    the test set has aliases but no mentions."""
    aliases_origin: str
    """Hash of the alias file, or ``none``."""


@dataclass(frozen=True)
class Selection:
    """Which segments of a test set are scored."""

    whole: TestSet
    """The test set as its files have it."""
    eligible: tuple[int, ...]
    """Indices of the segments that can be scored: they have a reference, and are not in a test suite."""
    kept: tuple[int, ...]
    """Indices of the segments that are scored: those of `eligible` that the settings do not leave out."""
    left_out: str
    """The segments that are not in `eligible`, in words; empty if there are none."""


@dataclass(frozen=True)
class TestSet:
    """Sources, human references and names; the same for all systems."""

    __test__: ClassVar[bool] = False  # keeps pytest from collecting it

    name: str
    source_language: str | None
    """Language code; several joined by ``+`` if documents differ; None if unknown."""
    target_language: str
    references: tuple[str, ...]
    """Names of the references, in the order in which metrics see them."""
    segments: tuple[Segment, ...]
    files: tuple[str, ...] = ()
    """The files that were read, for the stored run."""
    segmentation: str = "given"
    """How segments were made: ``given``, or the sentence splitter with its version."""
    entities: EntityFile | None = None
    """None if nothing is known about names. Entity accuracy then fails; it is not zero."""
    notes: tuple[str, ...] = ()
    """What a reader of the scores has to know about the test set, one sentence each."""
    selection: Selection | None = None
    """Which part of a larger test set this is; None if it is whole."""

    @property
    def whole(self) -> TestSet:
        """The test set as its files have it."""
        return self if self.selection is None else self.selection.whole

    @cached_property
    def documents(self) -> tuple[str | None, ...]:
        """Document ids in order of first appearance; ``(None,)`` if there are no documents."""
        return tuple(dict.fromkeys(segment.document for segment in self.segments))

    @cached_property
    def segments_of(self) -> dict[str | None, list[int]]:
        """Indices of the segments of each document, in order."""
        indices: dict[str | None, list[int]] = {document: [] for document in self.documents}
        for index, segment in enumerate(self.segments):
            indices[segment.document].append(index)
        return indices

    @cached_property
    def has_sources(self) -> bool:
        """Whether every segment has a source text."""
        return all(segment.source is not None for segment in self.segments)

    @cached_property
    def has_names(self) -> bool:
        """Whether a person or a model has listed the names."""
        return self.entities is not None and self.entities.mentions_origin != "none"

    @cached_property
    def fingerprint(self) -> str:
        """``sha256:…`` of languages, ids, sources and references. Comparable runs have the same."""
        return content_hash(
            [self.source_language, self.target_language, self.references]
            + [[s.document, s.id, s.source, s.references] for s in self.segments]
        )


@dataclass(frozen=True, slots=True)
class Addition:
    """Text of a system that matches nothing in the reference."""

    document: str | None
    text: str
    after: str | None = None
    """Id of the segment whose hypothesis precedes it in the text; None at the beginning."""


@dataclass(frozen=True, slots=True)
class DocumentAlignment:
    """How much of a document was aligned. In languages without spaces between words, words are characters."""

    document: str
    segments: int
    segments_covered: int
    """Reference segments that have a hypothesis."""
    words: int
    """Words of the system's text."""
    words_used: int
    """Words that are part of a hypothesis; the others are additions."""
    moved: tuple[str, ...] = ()
    """Ids of the segments whose hypothesis is elsewhere in the text than in the reference."""
    similarity: float | None = None
    """Of the hypotheses with their segments, 0–1, mean weighted by length; None if nothing was aligned."""
    warning: str = ""
    """Why the alignment may be wrong, with the number that shows it; empty if it is reliable."""

    @property
    def coverage(self) -> float:
        """Share of the reference segments that have a hypothesis, 0–1."""
        return self.segments_covered / self.segments

    @property
    def words_share(self) -> float | None:
        """Share of the words that are part of a hypothesis, 0–1; None without words."""
        return self.words_used / self.words if self.words else None


@dataclass(frozen=True)
class SystemOutput:
    """The output of one system for a test set."""

    system: str
    hypotheses: tuple[str, ...]
    """One per segment of the test set, in the same order; empty if the system has nothing for it."""
    additions: tuple[Addition, ...] = ()
    alignment: tuple[DocumentAlignment, ...] = field(default=())
    """One per document if the hypotheses were aligned; empty for line-aligned input."""
    origin: str = ""
    """The file or folder it was read from."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The whole texts of the system by document, if they were aligned; empty for line-aligned input."""
    aligner: str = ""
    """How the hypotheses were aligned, for the signature; empty for line-aligned input."""
    note: str = ""
    """What a reader of its scores has to know of how it was read; may be empty."""

    @cached_property
    def fingerprint(self) -> str:
        """``sha256:…`` of the hypotheses and additions."""
        return content_hash([self.hypotheses, [[a.document, a.text] for a in self.additions]])


def content_hash(content: Sequence[object]) -> str:
    """``sha256:`` and the hex digest of JSON-like content, independent of file names and machine."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
