"""WMT XML (2021 and later): documents, sources, several references and all systems in one file.

Format: https://github.com/wmt-conference/wmt-format-tools
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from evalkit.data.compression import strip_ending
from evalkit.data.entity_files import read_entities
from evalkit.data.lines import number_segments
from evalkit.data.reader import Hypotheses, Reader, check_language
from evalkit.data.selection import TEST_SUITE
from evalkit.data.text import find_path, normalize_id
from evalkit.data.xml_files import parse_xml
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.types import TestSet

_Texts: TypeAlias = dict[str, str]
"""Texts by segment id."""


_GROUPS = ("domain", "origlang", TEST_SUITE)
"""Attributes of ``<doc>`` that are groups of segments; the id of its ``<collection>`` is another one."""


@dataclass(frozen=True)
class _Document:
    id: str
    line_number: int
    source: _Texts
    references: dict[str, _Texts]
    """By name."""
    hypotheses: dict[str, _Texts]
    """By system."""
    groups: dict[str, str]

    @property
    def in_test_suite(self) -> bool:
        return TEST_SUITE in self.groups


@dataclass(frozen=True)
class _File:
    documents: dict[str, _Document]
    """By id."""
    source_language: str
    target_language: str


@dataclass(frozen=True, kw_only=True)
class WmtXml(Reader):
    """One WMT XML file. If `references` is not set, all are used, the last one first.

    This is the order of WMT's published multi-reference scores (`bleu-all`, `chrf-all`). chrF depends on the
    order.

    A document without ``<ref>``, or a ``<ref>`` without a ``<seg>`` of the source, lacks that reference.
    """

    def read(self) -> TestSet:
        """See `Reader.read`."""
        documents = self._file.documents.values()
        names = self._choose_references()
        for document in documents:
            for name in names:
                self._check_known(document, "reference", name, document.references.get(name, {}))
        places = [(document, id_) for document in documents for id_ in document.source]
        segments = number_segments(
            [tuple(doc.references.get(name, {}).get(id_) for name in names) for doc, id_ in places],
            [document.source[id_] for document, id_ in places],
            [document.id for document, _ in places],
        )
        test_set = TestSet(
            name=self.name or strip_ending(Path(self.path).name).removesuffix(".xml"),
            source_language=self._file.source_language,
            target_language=self._file.target_language,
            references=tuple(names),
            segments=tuple(
                replace(segment, id=id_, groups=document.groups)
                for segment, (document, id_) in zip(segments, places, strict=True)
            ),
            files=(self.path,),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def _choose_references(self) -> list[str]:
        """Names of the references to use; by default those outside test suites, in the order of WMT."""
        documents = self._file.documents.values()
        available = dict.fromkeys(name for document in documents for name in document.references)
        default = dict.fromkeys(
            name for document in documents if not document.in_test_suite for name in document.references
        )
        return self.choose_references(list(available)[::-1], list(default or available)[::-1])

    def bundled(self) -> list[str]:
        """The systems in the file; those of test suites alone only if `only` chooses test suites."""
        documents = [
            document
            for document in self._file.documents.values()
            if TEST_SUITE in (self.only or {}) or not document.in_test_suite
        ]
        return list(dict.fromkeys(name for document in documents for name in document.hypotheses))

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses:
        """See `Reader.read_bundled`."""
        for id_, indices in test_set.segments_of.items():
            document = self._file.documents[str(id_)]
            texts = document.hypotheses.get(name, {})
            expected = [test_set.segments[index].id for index in indices]
            missing = [segment for segment in expected if segment not in texts]
            if missing:
                raise self._refuse(document, "system", name, f"missing segments {shorten(missing)}", texts)
            self._check_known(document, "system", name, texts)
        documents = self._file.documents
        return tuple(
            documents[str(segment.document)].hypotheses[name][segment.id] for segment in test_set.segments
        )

    def _check_known(self, document: _Document, kind: str, name: str, texts: _Texts) -> None:
        """Refuse a reference or a system with segments that the source does not have."""
        unknown = [id_ for id_ in texts if id_ not in document.source]
        if unknown:
            raise self._refuse(document, kind, name, f"unknown segments {shorten(unknown)}", texts)

    def _refuse(self, document: _Document, kind: str, name: str, problem: str, texts: _Texts) -> DataError:
        setting = "systems" if kind == "system" else "test_set.references"
        return DataError(
            f"{self.path}:{document.line_number}: document {document.id}: {kind} {name}: {problem} "
            f"(expected {len(document.source)}, found {len(texts)}); "
            f"to leave it out, list the others in {setting}=[…]"
        )

    @cached_property
    def _file(self) -> _File:
        path = find_path(self.path, "WMT XML file")
        documents: dict[str, _Document] = {}
        elements = list(parse_xml(path).iter("doc"))
        for element in elements:
            document = self._read_document(element)
            if document.id in documents:
                first = documents[document.id].line_number
                raise DataError(
                    f"{path}:{document.line_number}: duplicate document id {document.id!r}, "
                    f"first in line {first}"
                )
            documents[document.id] = document
        if not documents:
            raise DataError(f"{path}: no <doc>; expected WMT XML with <doc>, <src>, <ref>, <hyp> and <seg>")
        scored = [element for element in elements if TEST_SUITE not in element.attrib]
        source, target = (
            _choose_language(path, tag, _list_languages(scored, tag) or _list_languages(elements, tag))
            for tag in ("src", "ref")
        )
        return _File(documents, source, target)

    def _read_document(self, element: etree._Element) -> _Document:
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
        if not texts["src"]:
            raise DataError(f"{self.path}:{line_number}: document {id_} has no <src>")
        groups = _read_groups(element)
        return _Document(id_, line_number, texts["src"]["source"], texts["ref"], texts["hyp"], groups)

    def _read_segments(self, parent: etree._Element, document: str) -> _Texts:
        segments: _Texts = {}
        for seg in parent.iter("seg"):
            id_ = normalize_id(seg.get("id") or "")
            if not id_ or id_ in segments:
                problem = f"duplicate segment id {id_!r}" if id_ else "<seg> without id"
                raise DataError(f"{self.path}:{seg.sourceline}: document {document}: {problem}")
            segments[id_] = "".join(str(text) for text in seg.itertext())
        return segments


def _read_groups(element: etree._Element) -> dict[str, str]:
    """The groups of a ``<doc>`` by kind."""
    found = {kind: element.get(kind) for kind in _GROUPS}
    if TEST_SUITE in element.attrib:
        found[TEST_SUITE] = element.get(TEST_SUITE) or "unnamed"
    parent = element.getparent()
    if parent is not None and parent.tag == "collection":
        found["collection"] = parent.get("id")
    return {kind: normalize_id(name) for kind, name in found.items() if name}


def _name_part(element: etree._Element) -> str:
    """Name of the reference or system; empty for a ``<hyp>`` without one."""
    if element.tag == "src":
        return "source"
    if element.tag == "ref":
        return element.get("translator") or "A"
    return element.get("system") or ""


def _list_languages(documents: Sequence[etree._Element], tag: str) -> set[str]:
    return {element.get("lang") or "" for document in documents for element in document.iter(tag)}


def _choose_language(path: Path, tag: str, codes: set[str]) -> str:
    """The language of all elements with a tag."""
    if not codes:
        raise DataError(f"{path}: no <{tag}>, so there is nothing to score")
    if codes == {""}:
        raise ConfigError(f'{path}: <{tag}> without language; expected <{tag} lang="…">')
    if len(codes) != 1:
        listed = shorten(sorted(code or "no language" for code in codes))
        raise DataError(f"{path}: expected one language of <{tag}>, found {listed}")
    return check_language(codes.pop(), f'{path}: <{tag} lang="…">')
