"""Line-aligned text files: line n of every file belongs to segment n."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from evalkit.data.compression import strip_ending
from evalkit.data.entity_files import read_entities
from evalkit.data.missing import check_blank_rule, mark_missing
from evalkit.data.reader import Reader, check_languages
from evalkit.data.text import check_line_count, find_path, normalize_id, read_lines
from evalkit.errors import ConfigError, DataError
from evalkit.types import Segment, TestSet


@dataclass(frozen=True, kw_only=True)
class Lines(Reader):
    """One or more reference files, and optionally a source file and a file with one document id per line."""

    path: str = "."
    """Folder that the other paths are relative to."""
    source: str | None = None
    reference: Any = None
    """Reference files by name: ``{A: ref.A.en, B: ref.B.en}``; or one file, or a list of files, which are
    named after what differs in their file names."""
    blank_reference: str | None = None
    """What a blank line of a reference is: ``missing``, or an ``empty`` text. None: missing if another
    reference has a text for the segment, otherwise an empty text."""
    documents: str | None = None
    groups: dict[str, str] | None = None
    """Files with one group per line, by kind: ``{domain: domains.txt}``."""
    source_language: str | None = None
    target_language: str

    def read(self) -> TestSet:
        """See `Reader.read`."""
        check_languages(self.source_language, self.target_language)
        check_blank_rule(self.blank_reference)
        reference = _name_references(self.reference)
        names = self.choose_references(list(reference))
        paths = self._find_files(names, reference)
        columns = {what: read_lines(path) for what, path in paths.items()}
        first = f"reference {names[0]}"
        for what, lines in columns.items():
            check_line_count(paths[what], lines, len(columns[first]), f"as in {paths[first]}")
        if "documents" in columns:
            _check_documents(columns["documents"], paths["documents"])
        references = list(zip(*(columns[f"reference {name}"] for name in names), strict=True))
        groups = {kind: columns[f"groups {kind}"] for kind in self.groups or {}}
        test_set = TestSet(
            name=self.name or paths[first].parent.resolve().name,
            source_language=self.source_language,
            target_language=self.target_language,
            references=tuple(names),
            segments=number_segments(
                mark_missing(references, self.blank_reference),
                columns.get("source"),
                columns.get("documents"),
                groups,
            ),
            files=tuple(str(path) for path in paths.values()),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def _find_files(self, names: list[str], reference: dict[str, str]) -> dict[str, Path]:
        """The files to read by what they are: ``reference A``, ``source``, ``documents``, ``groups domain``."""
        files = {f"reference {name}": reference[name] for name in names}
        if self.source is not None:
            files["source"] = self.source
        if self.documents is not None:
            files["documents"] = self.documents
        files |= {f"groups {kind}": file for kind, file in (self.groups or {}).items()}
        return {what: find_path(Path(self.path) / file, what) for what, file in files.items()}


def _check_documents(documents: Sequence[str], path: Path) -> None:
    """Refuse blank lines, which would become a document."""
    for line_number, document in enumerate(documents, 1):
        if not document.strip():
            raise DataError(f"{path}:{line_number}: the line is blank; expected a document id")


def _name_references(value: Any) -> dict[str, str]:
    """The setting `reference` as a mapping.

    Raises:
        ConfigError: it is not a path, a list of paths or a mapping from names to paths.
    """
    if not value:
        raise ConfigError("test_set.reference is not set; set test_set.reference=FILE")
    named = {"A": value} if isinstance(value, str | Path) else value
    if isinstance(named, Sequence) and len(named) <= len(ascii_uppercase):
        named = dict(zip(_name_files(named), named, strict=True))
    if not isinstance(named, Mapping) or not all(isinstance(file, str | Path) for file in named.values()):
        raise ConfigError(
            "test_set.reference: expected a file, a list of files, or a mapping such as {A: FILE, B: FILE}, "
            f"found {value!r}"
        )
    return {str(name): str(file) for name, file in named.items()}


def _name_files(files: Sequence[object]) -> list[str]:
    """Names of reference files: what differs in their file names, or A, B, … if that is nothing.

    ``ref.B.en`` and ``ref.A.en`` are B and A; ``one/ref.en`` and ``two/ref.en`` are A and B.
    """
    parts = [strip_ending(Path(str(file)).name).split(".") for file in files]
    if len({len(own) for own in parts}) == 1:
        differing = [column for column in zip(*parts, strict=True) if len(set(column)) > 1]
        names = [".".join(own) for own in zip(*differing, strict=True)]
        if len(set(names)) == len(files):
            return names
    return list(ascii_uppercase[: len(files)])


def number_segments(
    references: Sequence[tuple[str | None, ...]],
    sources: Sequence[str] | None,
    documents: Sequence[str | None] | None,
    groups: Mapping[str, Sequence[str | None]] | None = None,
) -> tuple[Segment, ...]:
    """Number segments from 1, within their document if there are documents.

    The text of a document is its segments joined by line feeds; `Segment.start` is an offset in it.

    Args:
        references: texts of each segment; None for a missing one.
        sources: one per segment.
        documents: one id per segment; None if it has none.
        groups: by kind, one group per segment; None or an empty text if it has none.
    """
    segments, counts, offsets = [], dict[str | None, int](), dict[str | None, int]()
    for index, texts in enumerate(references):
        document = None if documents is None else documents[index]
        document = None if document is None else normalize_id(document)
        counts[document] = counts.get(document, 0) + 1
        segment = Segment(
            id=str(counts[document]),
            document=document,
            source=None if sources is None else sources[index],
            references=texts,
            start=offsets.get(document, 0),
            groups={
                kind: normalize_id(name) for kind, column in (groups or {}).items() if (name := column[index])
            },
        )
        offsets[document] = segment.start + len(segment.reference) + 1
        segments.append(segment)
    return tuple(segments)
