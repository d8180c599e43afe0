"""Line-aligned text files: line n of every file belongs to segment n."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalkit.data.entity_files import read_entities
from evalkit.data.reader import Reader, check_languages
from evalkit.data.text import check_line_count, find_path, read_lines
from evalkit.errors import ConfigError
from evalkit.types import Segment, TestSet


@dataclass(frozen=True, kw_only=True)
class Lines(Reader):
    """One or more reference files, and optionally a source file and a file with one document id per line."""

    path: str = "."
    """Folder that the other paths are relative to."""
    source: str | None = None
    reference: dict[str, str] | None = None
    """Reference files by name: ``{A: ref.A.en, B: ref.B.en}``."""
    documents: str | None = None
    source_language: str | None = None
    target_language: str

    def read(self) -> TestSet:
        """See `Reader.read`."""
        check_languages(self.source_language, self.target_language)
        if not self.reference:
            raise ConfigError("test_set.reference is not set; set 'test_set.reference={A: FILE}'")
        names = self.choose_references(list(self.reference))
        paths = self._find_files(names, self.reference)
        columns = {what: read_lines(path) for what, path in paths.items()}
        first = f"reference {names[0]}"
        for what, lines in columns.items():
            check_line_count(paths[what], lines, len(columns[first]), f"as in {paths[first]}")
        references = list(zip(*(columns[f"reference {name}"] for name in names), strict=True))
        test_set = TestSet(
            name=self.name or paths[first].parent.resolve().name,
            source_language=self.source_language,
            target_language=self.target_language,
            references=tuple(names),
            segments=number_segments(references, columns.get("source"), columns.get("documents")),
            files=tuple(str(path) for path in paths.values()),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def _find_files(self, names: list[str], reference: dict[str, str]) -> dict[str, Path]:
        """The files to read, by what they are: ``reference A``, ``source``, ``documents``."""
        files = {f"reference {name}": reference[name] for name in names}
        if self.source is not None:
            files["source"] = self.source
        if self.documents is not None:
            files["documents"] = self.documents
        return {what: find_path(Path(self.path) / file, what) for what, file in files.items()}


def number_segments(
    references: list[tuple[str, ...]], sources: list[str] | None, documents: list[str] | None
) -> tuple[Segment, ...]:
    """Number segments from 1, within their document if there are documents.

    The text of a document is its segments joined by line feeds; `Segment.start` is an offset in it.
    """
    segments, counts, offsets = [], dict[str | None, int](), dict[str | None, int]()
    for index, texts in enumerate(references):
        document = None if documents is None else documents[index]
        counts[document] = counts.get(document, 0) + 1
        start = offsets.get(document, 0)
        offsets[document] = start + len(texts[0]) + 1
        source = None if sources is None else sources[index]
        segments.append(Segment(str(counts[document]), document, source, texts, start))
    return tuple(segments)
