"""Articles: a folder of plain-text files, one per document, not necessarily parallel.

    source.<lang>/       optional; there may be several, with each document in one of them
    reference.<lang>/    or reference.<lang>.A/, reference.<lang>.B/ …
    systems/<name>/      optional; one folder per system
    entities.jsonl       optional; reviewed names of the (first) reference
    aliases.yaml         optional; accepted and rejected spellings

Each line is a paragraph. Blank lines are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from evalkit.alignment import Aligner
from evalkit.alignment.length import align_by_length
from evalkit.alignment.sentences import TextSpan, split_paragraphs, split_sentences, splitter
from evalkit.data.compression import strip_ending
from evalkit.data.entity_files import read_entities
from evalkit.data.listed_names import ListedNames, list_names
from evalkit.data.reader import (
    DocumentTexts,
    Reader,
    check_documents,
    check_language,
    list_articles,
    read_articles,
)
from evalkit.data.text import find_duplicate, find_path, normalize_id, read_text
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.languages.registry import count_words, has_spaces
from evalkit.types import Segment, TestSet


class _Source(NamedTuple):
    text: str
    sentences: list[TextSpan]


@dataclass(frozen=True, kw_only=True)
class Articles(Reader):
    """A folder of articles. The sentences of a document's first reference become its segments.

    A reference may lack documents; a segment that has no part in another reference lacks that reference.
    """

    segments: str = "sentence"
    """What becomes a segment: each ``sentence`` or each ``paragraph`` of the reference."""

    def read(self) -> TestSet:
        """See `Reader.read`."""
        if self.segments not in ("sentence", "paragraph"):
            raise ConfigError(f"test_set.segments: expected sentence or paragraph, found {self.segments!r}")
        root = find_path(self.path, "test-set folder")
        if not root.is_dir():
            raise DataError(
                f"{root}: expected a folder of articles, found a file; "
                "for a file, set test_set to wmt_xml, table, ea_mt or lines"
            )
        folders, language = _find_references(root)
        names = self.choose_references(list(folders))
        references = [_read_reference(folders[name]) for name in names]
        others = [list_articles(folder) for name, folder in folders.items() if name not in names]
        documents = _merge(references)
        unscored = [document for document in _merge(others) if document not in documents]
        sources, source_language = _read_sources(root, documents, unscored)
        entities = self.entities or find_optional(root, "entities.jsonl")
        listed = list_names(entities)
        segments = [
            segment
            for document in (*documents, *unscored)
            for segment in self._split(document, references, others, sources.get(document), language, listed)
        ]
        test_set = TestSet(
            name=self.name or root.resolve().name,
            source_language=source_language,
            target_language=language,
            references=tuple(names),
            segments=tuple(segments),
            files=_list_files(root),
            segmentation=splitter("sentencex") if self.segments == "sentence" else "paragraph",
            notes=tuple(_describe_unused(names, references, segments, language)),
        )
        aliases = self.aliases or find_optional(root, "aliases.yaml")
        return read_entities(test_set, entities, aliases)

    def bundled(self) -> list[str]:
        """The folders in ``systems/``."""
        systems = Path(self.path) / "systems"
        if not systems.is_dir():
            return []
        names = sorted(normalize_id(path.name) for path in systems.iterdir() if path.is_dir())
        repeated = find_duplicate(names)
        if repeated is not None:
            raise DataError(
                f"{systems}: two folders have the name {repeated!r}, in different Unicode normal forms; "
                "remove one of them"
            )
        return names

    def read_bundled(self, name: str, test_set: TestSet) -> DocumentTexts:
        """See `Reader.read_bundled`."""
        return read_articles(find_path(Path(self.path) / "systems" / name, "system output"), test_set)

    def _split(
        self,
        document: str,
        references: Sequence[Mapping[str, str]],
        others: Sequence[Mapping[str, Path]],
        source: _Source | None,
        language: str,
        listed: ListedNames,
    ) -> list[Segment]:
        """Split the first reference that has a document, and align the further ones and the source to it.

        If only `others` have it, its segments lack all references.
        """
        texts = [reference.get(document) for reference in references]
        primary = next((text for text in texts if text is not None), None)
        if primary is None:
            primary = _read_article(next(paths[document] for paths in others if document in paths))
        units = split_sentences(primary, language, listed.locate(document, primary))
        spans, owners = units, list(range(len(units)))
        if self.segments == "paragraph":
            spans, owners = split_paragraphs(primary), [unit.paragraph for unit in units]
        names = listed.texts.get(document, ())
        sentences = [span.of(primary) for span in spans]
        columns = [_align_reference(sentences, text, primary, language, names) for text in texts]
        sources: Sequence[str | None] = [None] * len(spans)
        if source is not None:
            by_paragraph = self.segments == "paragraph"
            sources = align_by_length(units, owners, source.text, source.sentences, by_paragraph=by_paragraph)
        rows = zip(spans, sources, zip(*columns, strict=True), strict=True)
        return [
            Segment(str(number), document, source_text, row, span.start)
            for number, (span, source_text, row) in enumerate(rows, start=1)
        ]


def _align_reference(
    sentences: Sequence[str], text: str | None, primary: str, language: str, names: Iterable[str]
) -> Sequence[str | None]:
    """The parts of a reference by segment; None for those that it lacks."""
    if text is None:
        return [None] * len(sentences)
    if text is primary:
        return sentences
    return [part or None for part in Aligner().align_text(sentences, text, language, names).texts]


def _find_references(root: Path) -> tuple[dict[str, Path], str]:
    """The folders of references by name, and their language."""
    folders: dict[str, Path] = {}
    languages = set()
    for path in sorted(root.glob("reference.*")):
        if path.is_dir():
            _, language, *rest = path.name.split(".", 2)
            name = rest[0] if rest else "A"
            if name in folders and language in languages:
                raise DataError(
                    f"{path}: duplicate reference {name}, also in {folders[name].name}; rename one of them"
                )
            folders[name] = path
            languages.add(check_language(language, str(path)))
    if not folders:
        names = shorten(sorted(path.name for path in root.iterdir())) or "nothing"
        raise DataError(f"{root}: no reference; expected a folder such as reference.en/, found {names}")
    if len(languages) > 1:
        raise DataError(
            f"{root}: expected references in one language, found {shorten(sorted(languages))}; "
            "move the others to another folder"
        )
    return folders, languages.pop()


def _read_reference(folder: Path) -> dict[str, str]:
    """The texts of a reference by document."""
    paths = list_articles(folder)
    if not paths:
        raise DataError(f"{folder}: the folder is empty; expected one text file per document")
    return {document: _read_article(path) for document, path in paths.items()}


def _describe_unused(
    names: Sequence[str], references: Sequence[Mapping[str, str]], segments: Sequence[Segment], language: str
) -> Iterator[str]:
    """What further references have that matches nothing in the first one, so that no segment has it."""
    unit = "words" if has_spaces(language) else "characters"
    for column, (name, texts) in enumerate(zip(names, references, strict=True)):
        total = sum(count_words(text, language) for text in texts.values())
        used = sum(count_words(segment.references[column] or "", language) for segment in segments)
        if used < total:
            yield (
                f"reference {name}: {unit} that match nothing in the first reference and are not used: "
                f"{total - used:,} of {total:,}"
            )


def _merge(references: Sequence[Mapping[str, object]]) -> list[str]:
    """The documents that any of them has, in order."""
    return list(dict.fromkeys(document for paths in references for document in paths))


def _read_sources(
    root: Path, documents: list[str], unscored: list[str]
) -> tuple[dict[str, _Source], str | None]:
    """The sources by document, and their languages joined by ``+``; None if there are no sources.

    Args:
        root: the folder of the test set.
        documents: those that need a source, if there are sources.
        unscored: those that may have one.
    """
    sources: dict[str, _Source] = {}
    languages = []
    for folder in sorted(root.glob("source.*")):
        language = check_language(folder.name.split(".", 1)[1], str(folder))
        languages.append(language)
        for document, path in list_articles(folder).items():
            if document in sources:
                raise DataError(f"{path}: second source of document {document!r}; remove one of them")
            text = _read_article(path)
            sources[document] = _Source(text, split_sentences(text, language))
    if languages:
        check_documents(root / "source.*", list(sources), documents, others=unscored)
    return sources, "+".join(languages) or None


def _list_files(root: Path) -> tuple[str, ...]:
    """The files of all sources and references."""
    return tuple(
        str(path)
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.parent.name.startswith(("source.", "reference."))
    )


def _read_article(path: Path) -> str:
    text = read_text(path)
    if not text.strip():
        raise DataError(
            f"{path}: the file is empty; only the output of a system may be empty. Delete the file if there is "
            "no such text"
        )
    return text


def find_optional(folder: Path, name: str) -> str | None:
    """The path of a file that need not exist and may be compressed; None if there is none."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    found = next((other for other in names if strip_ending(other) == name), None)
    return None if found is None else str(folder / found)
