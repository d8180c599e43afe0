"""WMT XML (2021 and later): documents, sources, several references and all systems in one file.

Format: https://github.com/wmt-conference/wmt-format-tools
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from evalkit.data.compression import strip_ending
from evalkit.data.entity_files import read_entities
from evalkit.data.lines import number_segments
from evalkit.data.reader import Hypotheses, Reader, check_language
from evalkit.data.text import find_path, normalize_id
from evalkit.data.xml_files import parse_xml
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.types import TestSet

_Texts: TypeAlias = dict[str, str]
"""Texts by segment id."""


@dataclass(frozen=True)
class _Document:
    id: str
    line_number: int
    source: _Texts
    references: dict[str, _Texts]
    """By name."""
    hypotheses: dict[str, _Texts]
    """By system."""


@dataclass(frozen=True)
class _File:
    documents: list[_Document]
    source_language: str
    target_language: str


@dataclass(frozen=True, kw_only=True)
class WmtXml(Reader):
    """One WMT XML file. If `references` is not set, all are used, the last one first.

    This is the order of WMT's published multi-reference scores (`bleu-all`, `chrf-all`). chrF depends on the
    order.
    """

    def read(self) -> TestSet:
        """See `Reader.read`."""
        documents = self._file.documents
        available = dict.fromkeys(name for document in documents for name in document.references)
        names = self.choose_references(list(available)[::-1])
        references, sources, document_ids, ids = [], [], [], []
        for document in documents:
            self._check_complete(document, "reference", document.references, names)
            for id_, source in document.source.items():
                references.append(tuple(document.references[name][id_] for name in names))
                sources.append(source)
                document_ids.append(document.id)
                ids.append(id_)
        segments = number_segments(references, sources, document_ids)
        test_set = TestSet(
            name=self.name or strip_ending(Path(self.path).name).removesuffix(".xml"),
            source_language=self._file.source_language,
            target_language=self._file.target_language,
            references=tuple(names),
            segments=tuple(replace(segment, id=id_) for segment, id_ in zip(segments, ids, strict=True)),
            files=(self.path,),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def bundled(self) -> list[str]:
        """The systems in the file."""
        return list(dict.fromkeys(name for document in self._file.documents for name in document.hypotheses))

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses:
        """See `Reader.read_bundled`."""
        documents = self._file.documents
        for document in documents:
            self._check_complete(document, "system", document.hypotheses, [name])
        return tuple(document.hypotheses[name][id_] for document in documents for id_ in document.source)

    def _check_complete(
        self, document: _Document, kind: str, texts: dict[str, _Texts], names: list[str]
    ) -> None:
        """Refuse references or systems that do not have exactly the segments of the source."""
        setting = "systems" if kind == "system" else "test_set.references"
        for name in names:
            ids = texts.get(name, {}).keys()
            missing = [id_ for id_ in document.source if id_ not in ids]
            unknown = [id_ for id_ in ids if id_ not in document.source]
            if missing or unknown:
                problem = f"missing segments {shorten(missing)}"
                if not missing:
                    problem = f"unknown segments {shorten(unknown)}"
                raise DataError(
                    f"{self.path}:{document.line_number}: document {document.id}: {kind} {name}: {problem} "
                    f"(expected {len(document.source)}, found {len(ids)}); "
                    f"to leave it out, list the others in {setting}=[…]"
                )

    @cached_property
    def _file(self) -> _File:
        path = find_path(self.path, "WMT XML file")
        documents: dict[str, _Document] = {}
        languages: dict[str, set[str]] = {"src": set(), "ref": set()}
        for element in parse_xml(path).iter("doc"):
            if "testsuite" in element.attrib:  # as sacrebleu does: published scores leave test suites out
                continue
            document = self._read_document(element, languages)
            if document.id in documents:
                first = documents[document.id].line_number
                raise DataError(
                    f"{path}:{document.line_number}: duplicate document id {document.id!r}, "
                    f"first in line {first}"
                )
            documents[document.id] = document
        if not documents:
            raise DataError(f"{path}: no <doc>; expected WMT XML with <doc>, <src>, <ref>, <hyp> and <seg>")
        source, target = (_choose_language(path, tag, codes) for tag, codes in languages.items())
        return _File(list(documents.values()), source, target)

    def _read_document(self, element: etree._Element, languages: dict[str, set[str]]) -> _Document:
        """Read a ``<doc>``, and add the languages of its parts to `languages`."""
        line_number = int(element.sourceline or 0)
        id_ = normalize_id(element.get("id") or "")
        if not id_:
            raise DataError(f"{self.path}:{line_number}: <doc> without id; add one")
        texts: dict[str, dict[str, _Texts]] = {"src": {}, "ref": {}, "hyp": {}}
        for child in element.iterchildren("src", "ref", "hyp"):
            where = f"{self.path}:{child.sourceline}"
            name = _name_part(child)
            if not name:
                raise DataError(f"{where}: <hyp> without system; add its name")
            if name in texts[child.tag]:
                raise DataError(f"{where}: document {id_}: duplicate <{child.tag}> of {name!r}; remove one")
            texts[child.tag][name] = self._read_segments(child, id_)
            if child.tag in languages:
                languages[child.tag].add(child.get("lang") or "")
        for tag in ("src", "ref"):
            if not texts[tag]:
                raise DataError(f"{self.path}:{line_number}: document {id_} has no <{tag}>")
        return _Document(id_, line_number, texts["src"]["source"], texts["ref"], texts["hyp"])

    def _read_segments(self, parent: etree._Element, document: str) -> _Texts:
        segments: _Texts = {}
        for seg in parent.iter("seg"):
            id_ = normalize_id(seg.get("id") or "")
            if not id_ or id_ in segments:
                problem = f"duplicate segment id {id_!r}" if id_ else "<seg> without id"
                raise DataError(f"{self.path}:{seg.sourceline}: document {document}: {problem}")
            segments[id_] = "".join(str(text) for text in seg.itertext())
        return segments


def _name_part(element: etree._Element) -> str:
    """Name of the reference or system; empty for a ``<hyp>`` without one."""
    if element.tag == "src":
        return "source"
    if element.tag == "ref":
        return element.get("translator") or "A"
    return element.get("system") or ""


def _choose_language(path: Path, tag: str, codes: set[str]) -> str:
    """The language of all elements with a tag."""
    if codes == {""}:
        raise ConfigError(f'{path}: <{tag}> without language; expected <{tag} lang="…">')
    if len(codes) != 1:
        listed = shorten(sorted(code or "no language" for code in codes))
        raise DataError(f"{path}: expected one language of <{tag}>, found {listed}")
    return check_language(codes.pop(), f'{path}: <{tag} lang="…">')
