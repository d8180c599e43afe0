"""The base class of test-set formats. A new format is one module with one class, and one YAML file.

The fields of a reader are its settings. `configs/test_set/<format>.yaml` lists them, and their types are
checked before anything is read.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from evalkit.data.compression import strip_ending
from evalkit.data.selection import describe_counts, pair_rows
from evalkit.data.text import check_line_count, find_path, normalize_id, read_lines, read_text
from evalkit.errors import ConfigError, DataError, format_count, shorten
from evalkit.languages.registry import find_language, suggest_code
from evalkit.runtime.paths import expand_home
from evalkit.types import TestSet

Hypotheses: TypeAlias = tuple[str, ...]
"""One hypothesis per segment of the test set, in the same order."""
DocumentTexts: TypeAlias = dict[str, str]
"""Whole texts by document id, not yet aligned."""

_COUNTRIES = dict(
    pair.split(":")
    for pair in "cn:zh cz:cs dk:da gb:en gr:el il:he ir:fa jp:ja kr:ko rs:sr ua:uk us:en vn:vi".split()
)
"""Country codes that are often used for languages and would select the wrong tokenizer. None is in ISO
639-1."""
_LANGUAGE = re.compile(r"([a-z]{2,4}|[ix](?=[-_]))([-_][a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Reader(ABC):
    """Reads one test set and the outputs of systems on it."""

    path: str
    name: str | None = None
    """Name of the test set in reports; by default the name of its file or folder."""
    references: list[str] | None = None
    """Which references to use, and in which order (which matters for chrF); by default all."""
    entities: str | None = None
    """Path of the reviewed entity file, ``entities.jsonl``."""
    aliases: str | None = None
    """Path of the alias file, ``aliases.yaml``, for the names of the entity file or for those that a model
    finds."""
    only: dict[str, Any] | None = None
    """Groups to score, by kind: ``{domain: news, origlang: [de, en]}``; by default all but test suites."""

    def __post_init__(self) -> None:
        """Expand ``~``, which a shell does not expand after ``test_set.path=``."""
        if self.path.startswith("~"):
            object.__setattr__(self, "path", str(expand_home(self.path)))

    @abstractmethod
    def read(self) -> TestSet:
        """Read the whole test set, with what is not scored; see `evalkit.data.selection.select`.

        Raises:
            DataError: files are missing, unreadable or do not fit together.
            ConfigError: a setting names something that the files do not have.
        """

    def bundled(self) -> list[str]:
        """Names of the systems that the test set includes."""
        return []

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses | DocumentTexts:
        """Read the output of a system that the test set includes.

        Returns:
            Hypotheses or texts of the segments or documents of the test set; those of `TestSet.whole` will do.

        Raises:
            DataError: the output does not fit the test set.
        """
        raise NotImplementedError

    def read_output(self, path: Path, test_set: TestSet) -> Hypotheses | DocumentTexts:
        """Read the output of one system: a folder of articles, or a text file with one segment per line.

        Returns:
            Hypotheses for the whole test set, or as many as `evalkit.data.selection.pair_rows` takes.

        Raises:
            DataError: the output does not fit the test set.
        """
        if path.is_dir():
            return read_articles(path, test_set)
        lines = read_lines(path)
        if pair_rows(lines, test_set) is not None:
            return tuple(lines)
        if test_set.selection is None:
            check_line_count(path, lines, len(test_set.segments), f"one per segment of {test_set.name}")
        raise DataError(f"{path}: {format_count(len(lines), 'line')}, expected {describe_counts(test_set)}")

    def choose_references(self, available: list[str], default: list[str] | None = None) -> list[str]:
        """Names of the references to use, in order: the setting `references`, or the default ones, or all.

        Raises:
            ConfigError: a name is unknown or repeated, or the list is empty.
        """
        chosen = self.references if self.references is not None else default or available
        unknown = [name for name in chosen if name not in available]
        if unknown or not chosen or len(set(chosen)) != len(chosen):
            raise ConfigError(
                f"test_set.references=[{','.join(chosen)}]: expected one or more of {shorten(available)}, "
                f"each once ({self.path})"
            )
        return chosen


def read_articles(folder: Path, test_set: TestSet) -> DocumentTexts:
    """Read one text per document of the test set.

    Raises:
        DataError: a document is missing or unknown.
    """
    paths = list_articles(folder)
    expected = [document for document in test_set.documents if document is not None]
    if not expected:
        raise DataError(
            f"{folder}: expected a file with one segment per line, found a folder; "
            f"{test_set.name} has no documents"
        )
    hint = "; if the system has no output for a document, add an empty file"
    others = [document for document in test_set.whole.documents if document is not None]
    check_documents(folder, list(paths), expected, hint, others)
    return {document: read_text(paths[document]) for document in expected}


def check_documents(
    folder: Path, documents: list[str], expected: list[str], hint: str = "", others: Sequence[str] = ()
) -> None:
    """Refuse missing and unknown documents.

    Args:
        folder: the folder, for the message.
        documents: those in the folder.
        expected: those of the test set.
        hint: what to do about a missing document, for the message.
        others: those that may be there as well.

    Raises:
        DataError: names them.
    """
    known = {*expected, *others}
    missing = [document for document in expected if document not in documents]
    unknown = [document for document in documents if document not in known]
    if unknown:
        raise DataError(
            f"{folder}: unknown documents {shorten(unknown)}; the test set has {shorten(expected)}"
        )
    if missing:
        raise DataError(
            f"{folder}: missing documents {shorten(missing)} "
            f"(found {len(documents)} of {len(expected)}){hint}"
        )


def list_articles(folder: Path) -> dict[str, Path]:
    """The files of a folder by document id; see `name_document`.

    Raises:
        DataError: it is not a folder, or two files have the same id.
    """
    if not find_path(folder, "folder").is_dir():
        raise DataError(f"{folder}: expected a folder with one text file per document, found a file")
    paths: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_file():
            continue
        document = name_document(path)
        if document in paths:
            is_form = normalize_id(path.name) == normalize_id(paths[document].name)
            why = ", whose name differs in its Unicode normal form only" if is_form else ""
            raise DataError(
                f"{path}: same document id {document!r} as the file {paths[document].name}{why}; "
                "remove one of them"
            )
        paths[document] = path
    return paths


def name_document(path: Path) -> str:
    """The document id of a file: ``a`` for ``a.txt`` and ``a.txt.gz``."""
    return normalize_id(strip_ending(path.name).removesuffix(".txt"))


def check_language(code: Any, where: str) -> str:
    """Refuse anything but a language code such as ``en``, ``zho_Hans`` or ``pt-BR``.

    A code that is not registered, such as ``dsgs``, is accepted: a run warns of it.

    Args:
        code: a value from YAML, which reads an unquoted ``no`` as False.
        where: the setting or file, for the message.

    Raises:
        ConfigError: it is not a language code.
    """
    # a setting of type text has the text "False"
    if not isinstance(code, str) or str(code) == "False":
        hint = "; write 'no' in quotes, since YAML reads it as False" if str(code) == "False" else ""
        raise ConfigError(f"{where}: expected a language code such as en or zh, found {code!r}{hint}")
    language = _COUNTRIES.get(re.split("[-_]", code.lower())[0])
    if language is not None:
        raise ConfigError(
            f"{where}: {code!r} is the code of a country; use the code of the language, {language!r}"
        )
    is_code = _LANGUAGE.fullmatch(code)
    if is_code and find_language(code).is_known:
        return code
    meant = suggest_code(code)
    if meant or not is_code:
        hint = f"; use {meant!r}" if meant else ""
        raise ConfigError(f"{where}: expected a language code such as en or zh, found {code!r}{hint}")
    return code


def check_languages(source: Any, target: Any) -> None:
    """Check both languages with `check_language`; the source language may be None."""
    check_language(target, "test_set.target_language")
    if source is not None:
        check_language(source, "test_set.source_language")
