"""Line-aligned text files: line n of every file belongs to segment n."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalkit.data.entity_files import read_entities
from evalkit.data.reader import Reader, check_languages
from evalkit.data.text import check_line_count, existing, read_lines
from evalkit.errors import ConfigError
from evalkit.types import Segment, TestSet


@dataclass(frozen=True, kw_only=True)
class Lines(Reader):
    """A source file, one or more reference files, and if wanted a file with one document id per line."""

    path: str = "."
    """Folder that the other paths start from."""
    source: str | None = None
    reference: dict[str, str] | None = None
    """Reference files by name: ``{A: ref.A.en, B: ref.B.en}``."""
    documents: str | None = None
    source_language: str | None = None
    target_language: str

    def read(self) -> TestSet:
        """See `Reader.read`."""
        check_languages(self.source_language, self.target_language)
        available = self.reference or {}
        if not available:
            raise ConfigError(
                "test_set.reference: no reference file given; say 'test_set.reference={A: FILE}'"
            )
        names = self.choose_references(list(available))
        root = Path(self.path)
        paths = [existing(root / available[name], f"reference {name}") for name in names]
        columns = [read_lines(path) for path in paths]
        expected, primary = len(columns[0]), str(paths[0])
        for path, column in zip(paths[1:], columns[1:], strict=True):
            check_line_count(path, column, expected, primary)
        extra: dict[str, list[str]] = {}
        for what, given in (("source", self.source), ("documents", self.documents)):
            if given is not None:
                path = existing(root / given, what)
                extra[what] = read_lines(path)
                check_line_count(path, extra[what], expected, primary)
                paths.append(path)
        test_set = TestSet(
            name=self.name or paths[0].parent.resolve().name,
            source_language=self.source_language,
            target_language=self.target_language,
            references=tuple(names),
            segments=number_segments(
                list(zip(*columns, strict=True)), extra.get("source"), extra.get("documents")
            ),
            files=tuple(str(path) for path in paths),
        )
        return read_entities(test_set, self.entities, self.aliases)


def number_segments(
    references: list[tuple[str, ...]], sources: list[str] | None, documents: list[str] | None
) -> tuple[Segment, ...]:
    """Segments numbered from 1, within their document where there are documents.

    The text of a document is its segments joined by line feeds; `Segment.start` counts in it.
    """
    segments, numbers, offsets = [], dict[str | None, int](), dict[str | None, int]()
    for index, texts in enumerate(references):
        document = None if documents is None else documents[index]
        numbers[document] = numbers.get(document, 0) + 1
        start = offsets.get(document, 0)
        offsets[document] = start + len(texts[0]) + 1
        source = None if sources is None else sources[index]
        segments.append(Segment(str(numbers[document]), document, source, texts, start))
    return tuple(segments)
