"""What a test-set format has to offer. A new format is one module with one class, and one YAML.

The fields of a reader are its configuration: `configs/test_set/<format>.yaml` lists them, and their types are
checked before anything is read.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from evalkit.data.text import check_line_count, existing, read_lines, read_text
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.types import TestSet

Hypotheses: TypeAlias = tuple[str, ...]
"""One hypothesis per segment of the test set, in its order."""
Articles: TypeAlias = dict[str, str]
"""Whole texts by document id, yet to be aligned."""

_COUNTRIES = {"cn": "zh", "cz": "cs", "dk": "da", "gr": "el", "jp": "ja", "kr": "ko", "ua": "uk"}
"""Codes of countries that are taken for languages, and would get the wrong tokenizer; none is an ISO 639 code of two letters."""
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Reader(ABC):
    """Reads one test set and the outputs of systems on it."""

    path: str
    name: str | None = None
    """How the test set is called in reports; by default the name of its file or folder."""
    references: list[str] | None = None
    """Which references to use, and in which order (it matters for chrF); by default all."""
    entities: str | None = None
    """Path of the reviewed entity file, ``entities.jsonl``."""
    aliases: str | None = None
    """Path of the alias file, ``aliases.yaml``: for the names of the entity file, or for those that a model finds."""

    def __post_init__(self) -> None:
        """Expand ``~``, which a shell leaves as it is after ``test_set.path=``."""
        if self.path.startswith("~"):
            object.__setattr__(self, "path", str(Path(self.path).expanduser()))

    @abstractmethod
    def read(self) -> TestSet:
        """The test set.

        Raises:
            DataError: files are missing, unreadable or do not fit together.
            ConfigError: a setting names something that the files do not have.
        """

    def bundled(self) -> list[str]:
        """Names of the systems that come with the test set."""
        return []

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses | Articles:
        """The output of a system that comes with the test set.

        Raises:
            DataError: the output does not fit the test set.
        """
        raise NotImplementedError

    def read_output(self, path: Path, test_set: TestSet) -> Hypotheses | Articles:
        """The output of one system: a folder of articles, or a text file with one segment per line.

        Raises:
            DataError: the output does not fit the test set.
        """
        if path.is_dir():
            return read_articles(path, test_set)
        lines = read_lines(path)
        check_line_count(path, lines, len(test_set.segments), f"segments in {test_set.name}")
        return tuple(lines)

    def choose_references(self, available: list[str], default: list[str] | None = None) -> list[str]:
        """The wanted references, in the wanted order; without a wish the default ones, or all.

        Raises:
            ConfigError: one is not there, stands twice, or none is left.
        """
        wanted = self.references if self.references is not None else default or available
        unknown = [name for name in wanted if name not in available]
        if unknown or not wanted or len(set(wanted)) != len(wanted):
            raise ConfigError(
                f"test_set.references=[{','.join(wanted)}]: expected distinct names out of {shorten(available)} ({self.path})"
            )
        return wanted


def read_articles(folder: Path, test_set: TestSet) -> Articles:
    """One text per document of the test set.

    Raises:
        DataError: a document is missing or unknown.
    """
    documents = article_files(folder)
    expected = [document for document in test_set.documents if document is not None]
    if not expected:
        raise DataError(
            f"{folder}: is a folder, but {test_set.name} has no documents; give a file with one segment per line"
        )
    check_documents(folder, list(documents), expected)
    return {document: read_text(documents[document]) for document in expected}


def check_documents(where: Path, found: list[str], expected: list[str]) -> None:
    """Refuse missing and unknown documents.

    Raises:
        DataError: names them.
    """
    missing = [document for document in expected if document not in found]
    unknown = [document for document in found if document not in expected]
    if unknown:
        raise DataError(
            f"{where}: unknown documents {shorten(unknown)}; the test set has {shorten(expected)}"
        )
    if missing:
        raise DataError(
            f"{where}: {len(found)} documents, expected {len(expected)}; missing: {shorten(missing)} (an empty file says that a system gave nothing)"
        )


def article_files(folder: Path) -> dict[str, Path]:
    """The files of a folder by document id, which is the file name without ``.txt``.

    Raises:
        DataError: it is no folder, or two files have one id.
    """
    if not existing(folder, "folder").is_dir():
        raise DataError(f"{folder}: expected a folder with one text file per document, found a file")
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_file():
            continue
        document = path.name.removesuffix(".txt")
        if document in files:
            raise DataError(f"{path}: duplicate document id {document!r}, also {files[document].name}")
        files[document] = path
    return files


def check_language(code: Any, where: str) -> str:
    """A language code such as en, zh or pt_BR.

    Raises:
        ConfigError: it is none. YAML reads a bare ``no`` as False: quote it.
    """
    if not isinstance(code, str) or not _LANGUAGE.fullmatch(code):
        raise ConfigError(
            f"{where}: expected a language code such as 'en' or 'zh' (in quotes: YAML reads no as False), found {code!r}"
        )
    language = _COUNTRIES.get(re.split("[-_]", code)[0])
    if language is not None:
        raise ConfigError(f"{where}: {code!r} is a country, no language: say {language!r}")
    return code


def check_languages(source: Any, target: Any) -> None:
    """See `check_language`; the source language may be None."""
    check_language(target, "test_set.target_language")
    if source is not None:
        check_language(source, "test_set.source_language")
