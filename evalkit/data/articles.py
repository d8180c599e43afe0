"""Articles: a folder of plain-text files, one per document, not necessarily parallel.

    source.<lang>/       optional; several languages may stand side by side, each document in one of them
    reference.<lang>/    or reference.<lang>.A/, reference.<lang>.B/ …
    systems/<name>/      optional; one folder per system
    entities.jsonl       optional; reviewed names of the (first) reference
    aliases.yaml         optional; accepted and refused spellings

Paragraphs are lines; blank lines between them do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evalkit.alignment import Aligner
from evalkit.alignment.length import align_by_length
from evalkit.alignment.sentences import TextSpan, split_paragraphs, split_sentences, splitter
from evalkit.data.entity_files import read_entities
from evalkit.data.reader import Articles as Texts
from evalkit.data.reader import Reader, article_files, check_documents, check_language, read_articles
from evalkit.data.text import existing, read_text
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.types import Segment, TestSet


@dataclass(frozen=True, kw_only=True)
class Articles(Reader):
    """A test-set folder of articles. The sentences of the first reference become the segments."""

    segments: str = "sentence"
    """``sentence`` or ``paragraph``: what of the reference is one segment."""

    def read(self) -> TestSet:
        """See `Reader.read`."""
        if self.segments not in ("sentence", "paragraph"):
            raise ConfigError(f"test_set.segments: expected sentence or paragraph, found {self.segments!r}")
        root = existing(self.path, "test-set folder")
        if not root.is_dir():
            raise DataError(
                f"{root}: is a file, expected a folder of articles; say what it is: test_set=wmt_xml, table or ea_mt"
            )
        folders, language = self._reference_folders(root)
        names = self.choose_references(list(folders))
        primary = article_files(folders[names[0]])
        if not primary:
            raise DataError(f"{folders[names[0]]}: no documents; expected one text file per document")
        others = [article_files(folders[name]) for name in names[1:]]
        for name, files in zip(names[1:], others, strict=True):
            check_documents(folders[name], list(files), list(primary))
        sources, source_language = self._sources(root, list(primary))
        segments: list[Segment] = []
        for document, path in primary.items():
            text = _not_empty(path)
            spans = split_sentences(text, language) if self.segments == "sentence" else split_paragraphs(text)
            columns: list[Sequence[str]] = [[span.of(text) for span in spans]]
            for files in others:
                columns.append(Aligner().align_text(columns[0], _not_empty(files[document]), language).texts)
            source: list[str] | list[None] = [None] * len(spans)
            if document in sources:
                source = align_by_length(text, spans, *sources[document])
            segments += [
                Segment(str(number), document, source_text, texts, span.start)
                for number, (span, source_text, texts) in enumerate(
                    zip(spans, source, zip(*columns, strict=True), strict=True), start=1
                )
            ]
        test_set = TestSet(
            name=self.name or root.resolve().name,
            source_language=source_language,
            target_language=language,
            references=tuple(names),
            segments=tuple(segments),
            files=tuple(
                str(path)
                for path in sorted(root.rglob("*"))
                if path.is_file() and path.parent.name.startswith(("source.", "reference."))
            ),
            segmentation=splitter("sentencex") if self.segments == "sentence" else "paragraph",
        )
        return read_entities(
            test_set,
            self.entities or _if_there(root / "entities.jsonl"),
            self.aliases or _if_there(root / "aliases.yaml"),
        )

    def bundled(self) -> list[str]:
        """The folders in ``systems/``."""
        systems = Path(self.path) / "systems"
        return sorted(path.name for path in systems.iterdir() if path.is_dir()) if systems.is_dir() else []

    def read_bundled(self, name: str, test_set: TestSet) -> Texts:
        """See `Reader.read_bundled`."""
        return read_articles(Path(self.path) / "systems" / name, test_set)

    def _reference_folders(self, root: Path) -> tuple[dict[str, Path], str]:
        folders: dict[str, Path] = {}
        languages: dict[str, Path] = {}
        for path in sorted(root.glob("reference.*")):
            if path.is_dir():
                _, language, *rest = path.name.split(".", 2)
                name = rest[0] if rest else "A"
                if name in folders and language in languages:
                    raise DataError(f"{path}: reference {name} stands twice, also {folders[name].name}")
                folders[name] = path
                languages[check_language(language, str(path))] = path
        if not folders:
            inside = sorted(path.name for path in root.iterdir()) if root.is_dir() else []
            raise DataError(
                f"{root}: no folder reference.<lang>/ such as reference.en/; found {shorten(inside) or 'nothing'}"
            )
        if len(languages) > 1:
            raise DataError(
                f"{root}: references in several languages ({shorten(sorted(languages))}); expected one target language"
            )
        return folders, next(iter(languages))

    def _sources(
        self, root: Path, documents: list[str]
    ) -> tuple[dict[str, tuple[str, list[TextSpan]]], str | None]:
        sources: dict[str, tuple[str, list[TextSpan]]] = {}
        languages = []
        for folder in sorted(root.glob("source.*")):
            language = check_language(folder.name.split(".", 1)[1], str(folder))
            languages.append(language)
            for document, path in article_files(folder).items():
                if document in sources:
                    raise DataError(f"{path}: document {document!r} has two sources")
                text = _not_empty(path)
                sources[document] = text, split_sentences(text, language)
        if languages:
            check_documents(root / "source.*", list(sources), documents)
        return sources, "+".join(languages) or None


def _not_empty(path: Path) -> str:
    text = read_text(path)
    if not text.strip():
        raise DataError(f"{path}: is empty; only the output of a system may be")
    return text


def _if_there(path: Path) -> str | None:
    return str(path) if path.exists() else None
