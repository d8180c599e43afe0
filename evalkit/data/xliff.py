"""XLIFF 1.x and 2.x: files of units, each with a source and, once translated, a target.

Formats: https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html and
https://docs.oasis-open.org/xliff/xliff-core/v2.1/xliff-core-v2.1.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from lxml import etree

from evalkit.data.bitext import (
    Bitext,
    Content,
    Unit,
    choose_language,
    extract_text,
    iterate_children,
    normalize_language,
    read_id,
)
from evalkit.data.text import find_duplicate
from evalkit.errors import DataError

_NOT_TRANSLATED = frozenset({"new", "needs-translation", "initial"})
"""States of a target that may be a copy of the source."""


@dataclass(frozen=True, kw_only=True)
class Xliff(Bitext):
    """One XLIFF file. Each ``<file>`` is a document, named by its ``original``; ids are those of the units.

    Targets that are empty, or whose state (``new``, ``needs-translation``, ``initial``) says that they may be
    copies of the source, are missing references.
    Units with ``translate="no"`` and alternative translations are not read. A unit that is divided into
    segments has one segment each, with the id ``unit/segment``.
    """

    root: ClassVar[str] = "xliff"
    endings: ClassVar[tuple[str, ...]] = (".xlf", ".xliff", ".sdlxliff", ".mqxliff")

    def parse(self, root: etree._Element, path: Path) -> Content:
        """See `Bitext.parse`."""
        version = root.get("version") or ""
        if not version.startswith(("1.", "2.")):
            raise DataError(f"{path}: expected XLIFF 1.x or 2.x, found version {version!r}")
        is_first = version.startswith("1.")
        files = list(iterate_children(root, "file"))
        holders, keys = (
            (files, ("source-language", "target-language")) if is_first else ([root], ("srcLang", "trgLang"))
        )
        source, target = (self._choose_language(holders, key, path) for key in keys)
        units = []
        for file, document in zip(files, _name_documents(files), strict=True):
            for unit in _iterate_units(file, file.get("translate")):
                units += _read_first(unit, document, path) if is_first else _read_second(unit, document, path)
        return Content(source, target, units)

    def _choose_language(self, holders: list[etree._Element], key: str, path: Path) -> str:
        """The language that all files have in an attribute, or that the settings say if none has one."""
        what = "source" if key.startswith(("source", "src")) else "target"
        setting = self.source_language if what == "source" else self.target_language
        declared = [holder.get(key) for holder in holders]
        codes = list(dict.fromkeys(normalize_language(code) for code in declared if code))
        if not codes and setting is not None:
            codes = [normalize_language(setting)]
        return choose_language(setting, codes, what, path)


def _name_documents(files: list[etree._Element]) -> list[str]:
    names = [
        read_id(file, "original") or read_id(file, "id") or str(number)
        for number, file in enumerate(files, 1)
    ]
    if find_duplicate(names) is None:
        return names
    return [f"{name}#{number}" for number, name in enumerate(names, 1)]


def _iterate_units(parent: etree._Element, translate: str | None) -> Iterator[etree._Element]:
    """The units of a file that are to be translated, in order. `translate` is the attribute of the parent."""
    for child in iterate_children(parent, "body", "group", "unit", "trans-unit"):
        own = child.get("translate") or translate
        if not child.tag.endswith("unit"):
            yield from _iterate_units(child, own)
        elif own != "no":
            yield child


def _read_first(unit: etree._Element, document: str, path: Path) -> list[Unit]:
    """The segments of a unit of XLIFF 1.x: those marked in ``<seg-source>``, or the whole unit."""
    where, id_ = f"{path}:{unit.sourceline}", read_id(unit, "id")
    source, target, marked = (
        next(iterate_children(unit, name), None) for name in ("source", "target", "seg-source")
    )
    if source is None or not id_:
        raise DataError(f"{where}: <trans-unit> without {'id' if source is not None else 'source'}")
    segments = {} if marked is None else _find_marked(marked)
    if not segments:
        return [_make_unit(where, id_, document, source, target, target)]
    targets = {} if target is None else _find_marked(target)
    if target is not None and len(segments) == 1 and not targets:
        targets = dict.fromkeys(segments, target)  # some tools mark segments in the source only
    return [
        _make_unit(
            where, f"{id_}/{mid}" if len(segments) > 1 else id_, document, segment, targets.get(mid), target
        )
        for mid, segment in segments.items()
    ]


def _find_marked(element: etree._Element) -> dict[str, etree._Element]:
    """The segments that ``<mrk mtype="seg">`` marks, by id."""
    marks = (mark for mark in element.iter("{*}mrk") if mark.get("mtype") == "seg")
    return {mark.get("mid") or str(number): mark for number, mark in enumerate(marks, 1)}


def _read_second(unit: etree._Element, document: str, path: Path) -> list[Unit]:
    """The segments of a unit of XLIFF 2.x, without what is between them."""
    id_, segments = read_id(unit, "id"), list(iterate_children(unit, "segment"))
    units = []
    for number, segment in enumerate(segments, 1):
        where = f"{path}:{segment.sourceline}"
        source, target = (next(iterate_children(segment, name), None) for name in ("source", "target"))
        if source is None or not id_:
            raise DataError(
                f"{where}: <{'unit> without id' if source is not None else 'segment> without source'}"
            )
        name = f"{id_}/{read_id(segment, 'id') or number}" if len(segments) > 1 else id_
        units.append(_make_unit(where, name, document, source, target, segment))
    return units


def _make_unit(
    where: str,
    id_: str,
    document: str,
    source: etree._Element,
    target: etree._Element | None,
    holder: etree._Element | None,
) -> Unit:
    """A segment. `holder` has the state of the target."""
    state = None if holder is None else holder.get("state")
    text = "" if target is None else extract_text(target)
    targets = (text,) if text.strip() else ()
    return Unit(where, id_, document, extract_text(source), targets, is_draft=state in _NOT_TRANSLATED)
