"""Which systems to score: the meaning of `systems=…`, and reading their outputs."""

from __future__ import annotations

import fnmatch
import glob
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

from evalkit.alignment import Aligner
from evalkit.data.compression import strip_ending
from evalkit.data.reader import DocumentTexts, Hypotheses, Reader, name_document
from evalkit.data.selection import describe_counts, describe_rows, pair_rows
from evalkit.data.table_rows import TABLES, is_table
from evalkit.data.text import find_existing, find_path, normalize_id
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.languages.registry import is_same_language
from evalkit.runtime.paths import expand_home
from evalkit.types import SystemOutput, TestSet

Systems: TypeAlias = str | Path | Sequence[str | Path] | Mapping[str, str | Path | None] | None
"""The systems to score. ``None``: all that the test set includes. Otherwise the name of one of those, a path,
a glob, or a list of several; or a mapping from names to paths."""


_BITEXTS = (".tmx", ".xlf", ".xliff", ".sdlxliff", ".mqxliff")
"""File name extensions of TMX and XLIFF."""


class _Choice(NamedTuple):
    name: str
    path: Path | None
    """None if the test set includes the system."""

    @property
    def origin(self) -> str:
        return str(self.path or "with the test set")


def read_outputs(
    reader: Reader, test_set: TestSet, systems: Systems = None, aligner: Aligner | None = None
) -> list[SystemOutput]:
    """Read the outputs of the chosen systems, and pair them with the segments of the test set.

    Raises:
        ConfigError: there is no system, or one is given twice.
        DataError: an output is missing or does not fit the test set.
    """
    aligner = aligner or Aligner()
    outputs = []
    for name, path in _choose(reader.bundled(), test_set, systems):
        output = reader.read_bundled(name, test_set) if path is None else reader.read_output(path, test_set)
        note = "" if path is None or isinstance(output, dict) else describe_rows(len(output), test_set)
        output = narrow(output, test_set, origin=str(path or name))
        origin = str(path or f"{reader.path}: {name}")
        outputs.append(replace(aligner.align(name, output, test_set, origin=origin), note=note))
    return outputs


def narrow(output: Hypotheses | DocumentTexts, test_set: TestSet, origin: str) -> Hypotheses | DocumentTexts:
    """Keep what an output has for the segments and documents that are scored.

    Raises:
        DataError: it has another number of hypotheses than the test set, or than `TestSet.whole`.
    """
    if isinstance(output, dict):
        return {document: output[document] for document in test_set.documents if document is not None}
    paired = pair_rows(output, test_set)
    if paired is None:
        raise DataError(f"{origin}: {len(output)} hypotheses, expected {describe_counts(test_set)}")
    return paired


def _choose(bundled: list[str], test_set: TestSet, systems: Systems) -> list[_Choice]:
    if systems is None:
        choices = [_Choice(name, None) for name in bundled]
    elif isinstance(systems, Mapping):
        choices = [_choose_by_name(name, path, bundled) for name, path in systems.items()]
    else:
        items = [systems] if isinstance(systems, str | Path) else systems
        if not isinstance(items, Sequence) or not all(isinstance(item, str | Path) for item in items):
            raise ConfigError(
                "systems: expected a name, a path, a list of names and paths, "
                f"or a mapping from names to paths, found {systems!r}"
            )
        choices = [choice for item in items for choice in _choose_by_item(str(item), test_set, bundled)]
    if not choices:
        reason = "the test set includes none" if systems is None else "the setting systems is empty"
        raise ConfigError(
            f"no systems to score: {reason}; set systems=FOLDER, a glob, or 'systems={{NAME: PATH}}'"
        )
    _check_names(choices)
    return choices


def _choose_by_name(name: str, path: str | Path | None, bundled: list[str]) -> _Choice:
    if not isinstance(path, str | Path | None):
        raise ConfigError(f"systems: {name}: expected a path, found {path!r}")
    if path is None and name not in bundled:
        raise ConfigError(
            f"systems: {name!r} has no path, and the test set does not include it; "
            f"the test set includes {shorten(bundled) or 'no systems'}"
        )
    return _Choice(name, None if path is None else find_path(path, "system output"))


def _choose_by_item(item: str, test_set: TestSet, bundled: list[str]) -> list[_Choice]:
    if not item:
        raise ConfigError("systems: expected a name, a folder, a file or a glob, found an empty text")
    included = [name for name in bundled if normalize_id(name) == normalize_id(item)]
    if included:
        return [_Choice(name, None) for name in included]
    if any(character in item for character in "*?[") and not Path(item).exists():
        names = fnmatch.filter(bundled, item)
        if names:
            return [_Choice(name, None) for name in names]
        pattern = str(expand_home(item))
        # Path.glob does not take an absolute pattern
        paths = [Path(path) for path in sorted(glob.glob(pattern))]  # noqa: PTH207
        if not paths:
            raise DataError(f"systems={item}: no file or folder matches")
    else:
        paths = _find_outputs(item, test_set, bundled)
    return [_Choice(system_name(path, test_set.target_language), path) for path in paths]


def _find_outputs(item: str, test_set: TestSet, bundled: list[str]) -> list[Path]:
    """The output at a path, or the outputs in a folder."""
    if bundled and find_existing(expand_home(item)) is None:
        raise DataError(
            f"systems={item}: not found; expected a file, a folder, or a system of the test set: "
            f"{shorten(bundled, 20)}"
        )
    path = find_path(item, "system output")
    paths = [path] if _is_one_output(path, test_set) else _list_entries(path)
    if not paths:
        raise DataError(f"{path}: no system outputs in the folder; expected one file or folder per system")
    return paths


def _is_one_output(path: Path, test_set: TestSet) -> bool:
    """Whether a path is the output of one system: a file, a table, or a folder of documents."""
    if path.is_file() or is_table(path):
        return True
    names = {name_document(entry) for entry in _list_entries(path) if entry.is_file()}
    return not names.isdisjoint(str(document) for document in test_set.whole.documents)


def _list_entries(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _check_names(choices: list[_Choice]) -> None:
    by_name: dict[str, _Choice] = {}
    for choice in choices:
        name = choice.name
        if not name or not name.isprintable():
            raise ConfigError(
                f"system {name!r} ({choice.path}): expected a printable name; "
                "set one with 'systems={NAME: PATH}'"
            )
        if name in by_name:
            raise ConfigError(
                f"system {name!r} is given twice: {by_name[name].origin} and {choice.origin}; "
                "give them different names: 'systems={NAME: PATH, OTHER: PATH}'"
            )
        by_name[name] = choice


def system_name(path: Path, target_language: str) -> str:
    """The name of a system, from its path.

    ``hyp.Online-A.de``, ``Online-A.txt`` and ``Online-A.txt.gz`` are all ``Online-A``.
    """
    name = normalize_id(path.resolve().name)
    if path.is_file():
        name = strip_ending(name)
        for ending in (".txt", *TABLES, *_BITEXTS):
            name = name.removesuffix(ending)
        stem, _, language = name.rpartition(".")
        if stem and is_same_language(language, target_language):
            name = stem
        name = name.removeprefix("hyp.")
    return name
