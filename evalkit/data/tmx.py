"""TMX (translation memory exchange): each unit has the same text in two or more languages.

Format: TMX 1.4b, https://www.gala-global.org/tmx-14b
"""

from __future__ import annotations

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
    match_languages,
    normalize_language,
    read_id,
)
from evalkit.data.text import find_duplicate
from evalkit.errors import DataError

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, kw_only=True)
class Tmx(Bitext):
    """One TMX file. The units with a text in the source language are the segments.

    Without `source_language`, the source language is that of the header; without `target_language`, the file
    has one other language. Several texts in the target language are several references, A, B, … An empty text
    in the target language is a missing reference.
    """

    root: ClassVar[str] = "tmx"
    endings: ClassVar[tuple[str, ...]] = (".tmx",)

    def parse(self, root: etree._Element, path: Path) -> Content:
        """See `Bitext.parse`."""
        elements = [unit for body in iterate_children(root, "body") for unit in iterate_children(body, "tu")]
        texts = [_read_texts(element, path) for element in elements]
        codes = list(dict.fromkeys(code for languages in texts for code in languages))
        if not codes:
            raise DataError(f"{path}: no units with a text")
        headers = [header.get("srclang") or "" for header in iterate_children(root, "header")]
        source, target = self._choose_languages(headers, codes, path)
        ids: list[str | None] = [read_id(element, "tuid") or None for element in elements]
        if None in ids or find_duplicate(ids) is not None:  # the format does not require ids, or unique ones
            ids = [None] * len(ids)
        units = [
            Unit(
                f"{path}:{element.sourceline}",
                id_,
                None,
                languages[source][0],
                tuple(text for text in languages.get(target, ()) if text.strip()),
            )
            for element, id_, languages in zip(elements, ids, texts, strict=True)
            if source in languages
        ]
        return Content(source, target, units, left_out=len(elements) - len(units))

    def _choose_languages(self, headers: list[str], codes: list[str], path: Path) -> tuple[str, str]:
        """The source and the target language; without a setting, the source language is the header's."""
        target = self.target_language
        if target is not None:
            target = choose_language(target, codes, "target", path)
        sources = [code for code in codes if code != target]
        declared = next((code for code in headers if match_languages(code, sources)), None)
        source = choose_language(self.source_language or declared, sources, "source", path)
        if target is None:
            target = choose_language(None, [code for code in codes if code != source], "target", path)
        return source, target


def _read_texts(unit: etree._Element, path: Path) -> dict[str, list[str]]:
    """The texts of a unit by language."""
    texts: dict[str, list[str]] = {}
    for variant in iterate_children(unit, "tuv"):
        where = f"{path}:{variant.sourceline}"
        code = variant.get(_LANGUAGE) or variant.get("lang")  # TMX 1.1 has the latter
        segment = next(iterate_children(variant, "seg"), None)
        if not code or segment is None:
            raise DataError(f'{where}: expected <tuv xml:lang="…"> with a <seg>')
        texts.setdefault(normalize_language(code), []).append(extract_text(segment))
    return texts
