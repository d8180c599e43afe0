"""WMT XML (2021 and later): documents, sources, several references and all systems in one file.

Format: https://github.com/wmt-conference/wmt-format-tools
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from evalkit.data.entity_files import read_entities
from evalkit.data.lines import number_segments
from evalkit.data.reader import Hypotheses, Reader, check_language
from evalkit.data.text import existing, read_text
from evalkit.errors import DataError, shorten
from evalkit.types import TestSet

_Texts: TypeAlias = dict[str, str]  # segment id -> text


@dataclass(frozen=True)
class _Document:
    id: str
    line: int
    source: _Texts
    references: dict[str, _Texts]
    hypotheses: dict[str, _Texts]


@dataclass(frozen=True, kw_only=True)
class WmtXml(Reader):
    """One WMT XML file. Without `references`, all are used, the last first.

    The order is that of WMT's published multi-reference scores (`bleu-all`, `chrf-all`), which chrF depends on.
    """

    def read(self) -> TestSet:
        """See `Reader.read`."""
        documents, languages = self._parsed
        names = self.choose_references(
            list(dict.fromkeys(name for d in documents for name in d.references))[::-1]
        )
        references, sources, document_ids, ids = [], [], [], []
        for document in documents:
            self._check_complete(document, "reference", document.references, names)
            for id_, source in document.source.items():
                references.append(tuple(document.references[name][id_] for name in names))
                sources.append(source)
                document_ids.append(document.id)
                ids.append(id_)
        numbered = number_segments(references, sources, document_ids)
        test_set = TestSet(
            name=self.name or Path(self.path).name.removesuffix(".xml"),
            source_language=languages["src"],
            target_language=languages["ref"],
            references=tuple(names),
            segments=tuple(replace(segment, id=id_) for segment, id_ in zip(numbered, ids, strict=True)),
            files=(self.path,),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def bundled(self) -> list[str]:
        """The systems in the file."""
        return list(dict.fromkeys(name for document in self._parsed[0] for name in document.hypotheses))

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses:
        """See `Reader.read_bundled`."""
        documents, _ = self._parsed
        for document in documents:
            self._check_complete(document, "system", document.hypotheses, [name])
        return tuple(document.hypotheses[name][id_] for document in documents for id_ in document.source)

    def _check_complete(
        self, document: _Document, kind: str, texts: dict[str, _Texts], names: list[str]
    ) -> None:
        for name in names:
            found = texts.get(name, {})
            missing = [id_ for id_ in document.source if id_ not in found]
            unknown = [id_ for id_ in found if id_ not in document.source]
            if missing or unknown:
                problem = (
                    f"lacks segments {shorten(missing)}"
                    if missing
                    else f"has unknown segments {shorten(unknown)}"
                )
                raise DataError(
                    f"{self.path}:{document.line}: document {document.id}: {kind} {name} {problem} "
                    f"(expected {len(document.source)}, found {len(found)}); name others in "
                    f"{'systems' if kind == 'system' else 'test_set.references'}=[…] to leave it out"
                )

    @cached_property
    def _parsed(self) -> tuple[list[_Document], dict[str, str]]:
        path = existing(self.path, "WMT XML file")
        read_text(path)  # says where it is not UTF-8; XML's own message does not
        try:
            root = etree.parse(
                str(path), etree.XMLParser(resolve_entities="internal", no_network=True)
            ).getroot()
        except etree.XMLSyntaxError as error:
            raise DataError(f"{path}:{error.lineno}: not well-formed XML: {error.msg}") from error
        documents: dict[str, _Document] = {}
        languages: dict[str, set[str]] = {"src": set(), "ref": set()}
        for element in root.iter("doc"):
            if "testsuite" in element.attrib:  # as sacrebleu does: published scores leave test suites out
                continue
            document = self._read_document(element, languages)
            if document.id in documents:
                first = documents[document.id].line
                raise DataError(
                    f"{path}:{document.line}: duplicate document id {document.id!r}, first at line {first}"
                )
            documents[document.id] = document
        if not documents:
            raise DataError(
                f"{path}: no <doc> found; expected WMT XML with <doc>, <src>, <ref>, <hyp> and <seg>"
            )
        for tag, found in languages.items():
            if len(found) != 1:
                raise DataError(
                    f"{path}: expected one language of <{tag}>, found {shorten(sorted(found)) or 'none'}"
                )
        codes = {
            tag: check_language(next(iter(found)), f'{path}: <{tag} lang="…">')
            for tag, found in languages.items()
        }
        return list(documents.values()), codes

    def _read_document(self, element: etree._Element, languages: dict[str, set[str]]) -> _Document:
        line = int(element.sourceline or 0)
        id_ = element.get("id")
        if not id_:
            raise DataError(f"{self.path}:{line}: <doc> without id")
        texts: dict[str, dict[str, _Texts]] = {"src": {}, "ref": {}, "hyp": {}}
        for child in element.iterchildren("src", "ref", "hyp"):
            name = {"src": "source", "ref": child.get("translator") or "A", "hyp": child.get("system") or ""}[
                child.tag
            ]
            if not name:
                raise DataError(f"{self.path}:{child.sourceline}: <hyp> without system")
            if name in texts[child.tag]:
                raise DataError(
                    f"{self.path}:{child.sourceline}: document {id_}: <{child.tag}> of {name!r} stands twice"
                )
            texts[child.tag][name] = self._read_segments(child, id_)
            if child.tag in languages:
                languages[child.tag].add(child.get("lang") or "none given")
        if not texts["src"]:
            raise DataError(f"{self.path}:{line}: document {id_} has no <src>")
        if not texts["ref"]:
            raise DataError(f"{self.path}:{line}: document {id_} has no <ref>")
        return _Document(id_, line, texts["src"]["source"], texts["ref"], texts["hyp"])

    def _read_segments(self, parent: etree._Element, document: str) -> _Texts:
        segments: _Texts = {}
        for seg in parent.iter("seg"):
            id_ = seg.get("id")
            if not id_ or id_ in segments:
                problem = f"duplicate segment id {id_!r}" if id_ else "<seg> without id"
                raise DataError(f"{self.path}:{seg.sourceline}: document {document}: {problem}")
            segments[id_] = "".join(str(text) for text in seg.itertext())
        return segments
