"""Which systems to score: what `systems=…` means, and reading their outputs."""

from __future__ import annotations

import fnmatch
import glob
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from evalkit.alignment import Aligner
from evalkit.data.reader import Reader
from evalkit.data.table import TABLES
from evalkit.data.text import existing
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.types import SystemOutput, TestSet

Systems: TypeAlias = str | Path | Sequence[str | Path] | Mapping[str, str | Path | None] | None
"""``None``: those that come with the test set. Else a name of one of those, a path, a glob, or several of
these; or a mapping from names to paths."""


def read_outputs(
    reader: Reader, test_set: TestSet, systems: Systems = None, aligner: Aligner | None = None
) -> list[SystemOutput]:
    """The outputs of the wanted systems, paired with the segments of the test set.

    Raises:
        ConfigError: no system, or one given twice.
        DataError: an output is missing or does not fit the test set.
    """
    chosen = _choose(reader, test_set, systems)
    outputs = []
    for name, path in chosen:
        output = reader.read_bundled(name, test_set) if path is None else reader.read_output(path, test_set)
        outputs.append(
            (aligner or Aligner()).align(name, output, test_set, origin=str(path or f"{reader.path}: {name}"))
        )
    return outputs


def _choose(reader: Reader, test_set: TestSet, systems: Systems) -> list[tuple[str, Path | None]]:
    """Names and paths; a path of None means that the system comes with the test set."""
    bundled = reader.bundled()
    chosen: list[tuple[str, Path | None]] = []
    if systems is None:
        chosen = [(name, None) for name in bundled]
    elif isinstance(systems, Mapping):
        for name, path in systems.items():
            if not isinstance(path, str | Path | None):
                raise ConfigError(f"systems: {name}: expected a path, found {path!r}")
            chosen.append((name, existing(path, "system output") if path is not None else None))
            if path is None and name not in bundled:
                raise ConfigError(
                    f"systems: {name!r} has no path and does not come with the test set ({shorten(bundled) or 'none do'})"
                )
    else:
        items = [systems] if isinstance(systems, str | Path) else systems
        if not isinstance(items, Sequence) or not all(isinstance(item, str | Path) for item in items):
            raise ConfigError(
                f"systems: expected a name, a path, a list of these, or names with paths, found {systems!r}"
            )
        for item in items:
            if not str(item):
                raise ConfigError("systems: expected a name, a folder, a file or a glob, found an empty text")
            chosen += [(str(item), None)] if str(item) in bundled else _find(str(item), test_set, bundled)
    if not chosen:
        raise ConfigError(
            "no systems: give systems=FOLDER, a glob, or 'systems={NAME: PATH}' (the test set brings none)"
        )
    seen: dict[str, Path | None] = {}
    for name, path in chosen:
        if not name or not name.isprintable():
            raise ConfigError(
                f"system {name!r} ({path}): a name has to be printable; name it: 'systems={{NAME: PATH}}'"
            )
        if name in seen:
            raise ConfigError(
                f"system {name!r} given twice: {seen[name] or 'with the test set'} and {path or 'with the test set'}; "
                "name them apart: 'systems={NAME: PATH, OTHER: PATH}'"
            )
        seen[name] = path
    return chosen


def _find(item: str, test_set: TestSet, bundled: list[str]) -> list[tuple[str, Path | None]]:
    if any(character in item for character in "*?[") and not Path(item).exists():
        named = fnmatch.filter(bundled, item)
        if named:
            return [(name, None) for name in named]
        paths = [Path(path) for path in sorted(glob.glob(str(Path(item).expanduser())))]  # noqa: PTH207  # patterns may be absolute
        if not paths:
            raise DataError(f"systems={item}: no file or folder matches")
    else:
        path = _path(item, bundled)
        paths = [path] if _is_one_output(path, test_set) else _entries(path)
        if not paths:
            raise DataError(f"{path}: no system outputs in it")
    return [(system_name(path, test_set.target_language), path) for path in paths]


def _path(item: str, bundled: list[str]) -> Path:
    if bundled and not Path(item).expanduser().exists():
        raise DataError(
            f"system {item!r}: no such file or folder, and not one of the test set's own systems: {shorten(bundled, 20)}"
        )
    return existing(item, "system output")


def _is_one_output(path: Path, test_set: TestSet) -> bool:
    """Whether a path is one system: a file, or a folder with files named like documents; else each entry is one."""
    if path.is_file():
        return True
    names = {entry.name.removesuffix(".txt") for entry in _entries(path) if entry.is_file()}
    return not names.isdisjoint(str(document) for document in test_set.documents)


def _entries(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def system_name(path: Path, target_language: str) -> str:
    """A name from a path: ``hyp.Online-A.de`` and ``Online-A.txt`` are both ``Online-A``."""
    name = path.resolve().name
    if path.is_file():
        for ending in (".txt", *TABLES, f".{target_language}"):
            name = name.removesuffix(ending)
        name = name.removeprefix("hyp.")
    return name
