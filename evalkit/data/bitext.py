"""What TMX and XLIFF share: files of units, each with a source and its translation, with codes inside texts.

Codes (``<bpt>``, ``<ph>``, ``<x/>`` …) are formatting and placeholders of the original document. They are not
text, and are removed with their content; a code for a line break becomes a space. Elements around text
(``<g>``, ``<pc>``, ``<mrk>``, ``<hi>``) are removed, and their text is kept. Runs of whitespace become one
space, and outer whitespace is removed, unless ``xml:space`` is ``preserve``.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from string import ascii_uppercase
from typing import ClassVar, NamedTuple

from lxml import etree

from evalkit.data.compression import strip_ending
from evalkit.data.entity_files import read_entities
from evalkit.data.lines import number_segments
from evalkit.data.reader import DocumentTexts, Hypotheses, Reader, check_language
from evalkit.data.text import find_duplicate, find_path, normalize_id
from evalkit.data.xml_files import parse_xml
from evalkit.errors import ConfigError, DataError, format_count, quote, shorten
from evalkit.languages.registry import find_language, is_same_language
from evalkit.types import TestSet

_CODES = frozenset({"bpt", "ept", "it", "ph", "ut", "x", "bx", "ex", "sc", "ec", "sm", "em", "cp", "sub"})
"""Elements that are not text. ``sub`` is text of its own within a code, such as a footnote."""
_LINE_BREAKS = frozenset({"lb", "x-lb", "xlf:lb"})
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Unit(NamedTuple):
    """A segment of a file."""

    where: str
    """File and line, for messages."""
    id: str | None
    document: str | None
    source: str
    targets: tuple[str, ...]
    """Translations."""
    is_draft: bool = False
    """Whether its translation is not one to compare with: it may be a copy of the source."""

    @property
    def references(self) -> tuple[str, ...]:
        """The translations to compare with."""
        return () if self.is_draft else self.targets


class Content(NamedTuple):
    """What a file has."""

    source_language: str
    target_language: str
    units: list[Unit]
    left_out: int = 0
    """How many units have no text in the source language."""


@dataclass(frozen=True, kw_only=True)
class Bitext(Reader):
    """One file. The translations are the reference; a unit without one lacks the reference.

    The output of a system is a text file with one line per unit, or a file of the same format with the same
    units.
    """

    root: ClassVar[str]
    """Name of the root element."""
    endings: ClassVar[tuple[str, ...]]
    """File name extensions."""
    source_language: str | None = None
    target_language: str | None = None

    @abstractmethod
    def parse(self, root: etree._Element, path: Path) -> Content:
        """Read what a file has, from its root element.

        Raises:
            DataError: the file is invalid; names the line.
            ConfigError: it does not have the languages of the settings.
        """

    def read(self) -> TestSet:
        """See `Reader.read`."""
        content = self._content
        units = content.units
        count = max(len(unit.references) for unit in units)
        if not count:
            raise DataError(f"{self.path}: no unit has a translation in {content.target_language}")
        available = list(ascii_uppercase[:count])
        names = self.choose_references(available)
        documents = [unit.document for unit in units if unit.document is not None]
        segments = number_segments(
            [
                tuple(dict(zip(available, unit.references, strict=False)).get(name) for name in names)
                for unit in units
            ],
            [unit.source for unit in units],
            documents or None,
        )
        test_set = TestSet(
            name=self.name or Path(strip_ending(Path(self.path).name)).stem,
            source_language=content.source_language,
            target_language=content.target_language,
            references=tuple(names),
            segments=tuple(
                segment if unit.id is None else replace(segment, id=unit.id)
                for segment, unit in zip(segments, units, strict=True)
            ),
            files=(self.path,),
            notes=_describe_left_out(content),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def read_output(self, path: Path, test_set: TestSet) -> Hypotheses | DocumentTexts:
        """Read a file of the same format, or what `Reader.read_output` reads.

        A unit without translation is an empty hypothesis.
        """
        if path.is_dir() or not strip_ending(path.name).lower().endswith(self.endings):
            return super().read_output(path, test_set)
        units = self._read_file(path).units
        if len(units) != len(self._content.units):
            raise DataError(
                f"{path}: {format_count(len(units), 'unit')}, expected {len(self._content.units)} (as in {self.path})"
            )
        for unit, expected in zip(units, self._content.units, strict=True):
            found, wanted = (_describe_unit(other) for other in (unit, expected))
            if found != wanted:
                raise DataError(f"{unit.where}: {found}, expected {wanted} ({expected.where})")
        return tuple(unit.targets[0] if unit.targets else "" for unit in units)

    @cached_property
    def _content(self) -> Content:
        return self._read_file(find_path(self.path, f"{self.root} file"))

    def _read_file(self, path: Path) -> Content:
        root = parse_xml(path)
        if local_name(root) != self.root:
            raise DataError(f"{path}: expected <{self.root}>, found <{local_name(root)}>")
        content = self.parse(root, path)
        if not content.units:
            raise DataError(f"{path}: no units to translate from {content.source_language}")
        repeated = find_duplicate((unit.document, unit.id) for unit in content.units if unit.id is not None)
        if repeated is not None:
            first, second, *_ = [unit for unit in content.units if (unit.document, unit.id) == repeated]
            raise DataError(f"{second.where}: duplicate unit id {second.id!r}, first in {first.where}")
        return content


def _describe_left_out(content: Content) -> tuple[str, ...]:
    if not content.left_out:
        return ()
    return (
        f"not scored: {format_count(content.left_out, 'unit')} without a text in {content.source_language}",
    )


def _describe_unit(unit: Unit) -> str:
    name = "" if unit.id is None else f"{unit.id} "
    return f"unit {name}with source {quote(unit.source)}"


def local_name(element: etree._Element) -> str:
    """Name of an element without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def iterate_children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children with one of the names, in the namespace of their parent."""
    namespace = etree.QName(element).namespace
    for child in element:
        if local_name(child) in names and etree.QName(child).namespace == namespace:
            yield child


def read_id(element: etree._Element, attribute: str) -> str:
    """An id in the form in which ids are compared; empty without one."""
    return normalize_id(element.get(attribute) or "")


def extract_text(element: etree._Element) -> str:
    """The text of an element, without codes."""
    text = "".join(_iterate_text(element))
    holders = (element, *element.iterancestors())
    space = next((holder.get(_SPACE) for holder in holders if holder.get(_SPACE)), "default")
    return text if space == "preserve" else " ".join(text.split())


def _iterate_text(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = local_name(child)
        if name in _CODES:
            is_break = _LINE_BREAKS.intersection(child.get(key) for key in ("type", "ctype", "subType"))
            yield " " if is_break else ""
        elif name:
            yield from _iterate_text(child)
        yield child.tail or ""


def normalize_language(code: str) -> str:
    """A language code of a file as settings have it: ``en-US`` for ``EN_US``."""
    return find_language(code.strip()).tag


def match_languages(wanted: str, codes: Sequence[str]) -> list[str]:
    """The codes that are a language, in another spelling or with more subtags: ``de-AT`` for ``de``."""
    tag = normalize_language(wanted).lower()
    exact = [code for code in codes if code.lower() == tag]
    same = exact or [code for code in codes if is_same_language(code, wanted)]
    return same or [code for code in codes if code.lower().startswith(f"{tag}-")]


def choose_language(setting: str | None, codes: Sequence[str], what: str, path: Path) -> str:
    """The language of a file that a setting names, or the only one.

    Args:
        setting: a code, or None.
        codes: the languages of the file, from `normalize_language`.
        what: ``source`` or ``target``, for messages.
        path: the file, for messages.

    Raises:
        ConfigError: no language or several match.
    """
    key = f"test_set.{what}_language"
    matching = codes if setting is None else match_languages(check_language(setting, key), codes)
    if len(matching) != 1:
        expected = "one" if setting is None else repr(setting)
        raise ConfigError(
            f"{path}: {what} language: expected {expected}, found {shorten(codes) or 'none'}; set {key}"
            + (" to one of them" if codes else "")
        )
    return check_language(matching[0], f"{path}: {what} language")
