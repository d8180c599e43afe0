"""The vocabulary of the whole tool: test set, document, segment, mention, system output.

All types are frozen. Texts are kept exactly as they stand in the files, but for a byte order mark and
CRLF line ends, which are removed on reading.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]

Unit = Literal["segment", "document"]
"""What a metric scores, and what resampling draws."""

NAME_TYPES = ("PER", "LOC", "ORG")
"""Persons, places and organisations: what the headline of entity accuracy counts."""
ENTITY_TYPES = (*NAME_TYPES, "NORP", "MISC")
"""All that a mention may be; peoples and their adjectives (NORP) and other names (MISC) are judged too, and reported apart."""

NO_SPACE_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})
"""Languages written without spaces between words (by first subtag)."""


def written_with_spaces(language: str) -> bool:
    """Whether words of this language (a code such as ``en``, ``zh_TW``) stand between spaces."""
    return language.replace("_", "-").split("-")[0].lower() not in NO_SPACE_LANGUAGES


def count_words(text: str, language: str) -> int:
    """Words of a text; in languages without spaces between words, characters."""
    return (
        len(text.split())
        if written_with_spaces(language)
        else sum(not character.isspace() for character in text)
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """One unit of the reference, usually a sentence. Every system has exactly one hypothesis for it."""

    id: str
    """Unique within its document; the line number where there are no documents."""
    document: str | None
    source: str | None
    references: tuple[str, ...]
    """One text per reference, in the order of ``TestSet.references``; the first is the primary one."""
    start: int = 0
    """Character offset of the primary reference in the text of its document."""

    @property
    def where(self) -> str:
        """The segment in words, for messages."""
        return (
            f"segment {self.id}" if self.document is None else f"document {self.document}, segment {self.id}"
        )


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the primary reference, reviewed by a person or found by NER."""

    segment: int
    """Index into ``TestSet.segments``."""
    start: int
    end: int
    """Character offsets in the primary reference of the segment, end exclusive."""
    text: str
    type: str
    """One of `ENTITY_TYPES`."""
    entity: str
    """Id shared by all mentions of one entity."""


@dataclass(frozen=True, slots=True)
class Alias:
    """The accepted and the refused spellings of one entity. Applies to that entity alone."""

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
    """Where the mentions come from, for the signature: ``file:<hash>``, ``ner:<signature>``, or ``none``: aliases alone."""
    aliases_origin: str
    """Hash of the alias file, or ``none``."""


@dataclass(frozen=True)
class TestSet:
    """Sources, human references and names, the same for all systems."""

    __test__: ClassVar[bool] = False  # keeps pytest from collecting it

    name: str
    source_language: str | None
    """Language code; several joined by ``+`` where documents differ; None where it is not known."""
    target_language: str
    references: tuple[str, ...]
    """Names of the references, in the order in which metrics see them."""
    segments: tuple[Segment, ...]
    files: tuple[str, ...] = ()
    """What was read, for the record."""
    segmentation: str = "given"
    """How segments were made: ``given``, or the sentence splitter with its version."""
    entities: EntityFile | None = None
    """None where the test set says nothing about names: then entity accuracy fails, and is not zero."""

    @cached_property
    def documents(self) -> tuple[str | None, ...]:
        """Document ids in order of first appearance; ``(None,)`` where there are no documents."""
        return tuple(dict.fromkeys(segment.document for segment in self.segments))

    @cached_property
    def segments_of(self) -> dict[str | None, list[int]]:
        """Indices of the segments of each document, in order."""
        found: dict[str | None, list[int]] = {document: [] for document in self.documents}
        for index, segment in enumerate(self.segments):
            found[segment.document].append(index)
        return found

    @cached_property
    def has_sources(self) -> bool:
        """Whether every segment has a source text."""
        return all(segment.source is not None for segment in self.segments)

    @cached_property
    def has_names(self) -> bool:
        """Whether somebody, or a model, has said which names there are."""
        return self.entities is not None and self.entities.mentions_origin != "none"

    @cached_property
    def fingerprint(self) -> str:
        """``sha256:…`` of languages, ids, sources and references. Runs compare only where it is the same."""
        return content_hash(
            [self.source_language, self.target_language, self.references]
            + [[s.document, s.id, s.source, s.references] for s in self.segments]
        )


@dataclass(frozen=True, slots=True)
class Addition:
    """Hypothesis material that matches nothing in the reference."""

    document: str | None
    text: str
    after: str | None = None
    """The segment whose hypothesis stands before it in the text; None at the beginning."""


@dataclass(frozen=True, slots=True)
class DocumentAlignment:
    """How much of a document found its counterpart. Words are what stands between spaces; characters in languages without."""

    document: str
    segments: int
    segments_covered: int
    """Reference segments that have a hypothesis."""
    words: int
    """Of the text of the system."""
    words_used: int
    """Words that stand in a hypothesis; the others are additions."""
    moved: tuple[str, ...] = ()
    """Segments whose hypothesis stands elsewhere in the text than the reference has it."""
    similarity: float | None = None
    """Of the hypotheses with their segments, 0-1, mean weighted by length; None where nothing was aligned."""
    warning: str = ""
    """Why the alignment is not to be trusted, with the number it is based on; empty where it is."""

    @property
    def coverage(self) -> float:
        """Share of the reference segments that have a hypothesis, 0-1."""
        return self.segments_covered / self.segments

    @property
    def words_share(self) -> float | None:
        """Share of the words that stand in a hypothesis, 0-1; None without words."""
        return self.words_used / self.words if self.words else None


@dataclass(frozen=True)
class SystemOutput:
    """What one system made of a test set."""

    system: str
    hypotheses: tuple[str, ...]
    """One per segment of the test set, same order; empty where the system has nothing for it."""
    additions: tuple[Addition, ...] = ()
    alignment: tuple[DocumentAlignment, ...] = field(default=())
    """One per document where the hypotheses were aligned; empty for line-aligned input."""
    origin: str = ""
    """The file or folder it was read from."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """What the system wrote, by document, where it was aligned; empty for line-aligned input."""
    aligner: str = ""
    """How the hypotheses were aligned, for the signature; empty for line-aligned input."""

    @cached_property
    def fingerprint(self) -> str:
        """``sha256:…`` of the hypotheses and additions."""
        return content_hash([self.hypotheses, [[a.document, a.text] for a in self.additions]])


def content_hash(content: Sequence[object]) -> str:
    """``sha256:`` and the hex digest of JSON-like content, independent of file names and machine."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
