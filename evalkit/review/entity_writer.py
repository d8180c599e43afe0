"""Writing reviewed names so that nothing of what a person wrote is lost: ``entities.jsonl`` and ``aliases.yaml``."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evalkit.data.text import read_text
from evalkit.errors import ResultsError, shorten
from evalkit.types import Mention, TestSet


def entities_text(test_set: TestSet, mentions: Iterable[Mention], before: Path | None) -> str:
    """Mentions as an entity file, in the order of the references. Further keys of the rows of an earlier file stay."""
    rows = _rows_by_place(before) if before else {}
    lines = []
    for mention in sorted(mentions, key=lambda mention: (mention.segment, mention.start, mention.end)):
        segment = test_set.segments[mention.segment]
        length = len(mention.text)
        start = segment.start + mention.start
        row: dict[str, Any] = {} if segment.document is None else {"document": segment.document}
        row |= {
            "text": mention.text,
            "type": mention.type,
            "entity": mention.entity,
            "start": start,
            "end": start + length,
        }
        places = (
            (segment.document, None, start, start + length),
            (segment.document, segment.id, mention.start, mention.start + length),
        )
        earlier = next((rows[place] for place in places if place in rows), None)
        if earlier is not None:
            same_id = str(earlier["entity"]) == mention.entity  # 7 and "7" are one id
            row = earlier | {"type": mention.type, "entity": earlier["entity"] if same_id else mention.entity}
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(lines)


def _rows_by_place(path: Path) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows with a place, by document, segment and offsets; the file has been read and checked before."""
    rows = [json.loads(line) for line in read_text(path).split("\n") if line.strip()]
    return {
        (
            row.get("document"),
            None if row.get("segment") is None else str(row["segment"]),
            row["start"],
            row["end"],
        ): row
        for row in rows
        if row.get("start") is not None
    }


@dataclass(frozen=True)
class AliasItem:
    """What the review says of one entity."""

    entity: str
    type: str
    forms: tuple[str, ...]
    """Spellings in the references."""
    aliases: tuple[str, ...]
    """Further spellings that count as right."""


def aliases_text(path: Path, wanted: Iterable[AliasItem]) -> tuple[str | None, list[str]]:
    """An alias file with what a review adds, or None where nothing has to be written; and what a person has to know.

    New items are added at the end. An item that was written here before gets its new forms in place; one that a person
    wrote, with refused spellings or a layout of its own, is left alone. Nothing is ever removed.
    """
    text = read_text(path) if path.exists() else ""
    items: list[dict[str, Any]] = yaml.safe_load(text) or []
    by_id = {str(item["id"]): item for item in items}
    new, changed, lacking, more = [], dict[str, dict[str, Any]](), list[str](), list[str]()
    for item in wanted:
        old = by_id.get(item.entity)
        if old is None:
            if item.aliases:
                new.append(
                    {
                        "id": item.entity,
                        "type": item.type,
                        "forms": list(dict.fromkeys(item.forms + item.aliases)),
                    }
                )
            continue
        listed = old.get("forms") or []
        missing = [alias for alias in item.aliases if alias not in listed]
        if set(listed) - set(item.forms) - set(item.aliases):
            more.append(item.entity)
        if missing and set(old) == {"id", "type", "forms"} and text.count(f"{_dumped(old)}\n") == 1:
            changed[_dumped(old)] = {**old, "forms": [*listed, *missing]}
        elif missing:
            lacking.append(f"{item.entity} ({', '.join(missing)})")
    notes = (
        [f"{path}: is left as it is, and lacks aliases of the sheet: add {shorten(lacking)}"]
        if lacking
        else []
    )
    notes += (
        [f"{path}: accepts spellings that the sheet does not list, which stay: {shorten(more)}"]
        if more
        else []
    )
    if not new and not changed:
        return None, notes
    result = text if not text or text.endswith("\n") else text + "\n"
    for line, longer in changed.items():
        result = result.replace(f"{line}\n", f"{_dumped(longer)}\n")
    indent = re.search(r"^ *(?=- )", text, re.MULTILINE)
    result += "".join(f"{indent.group() if indent else ''}{_dumped(item)}\n" for item in new)
    expected = [changed.get(_dumped(old), old) for old in items] + new
    if not _reads_as(result, expected):  # such as a list in [ ]
        added = [str(item["id"]) for item in [*changed.values(), *new]]
        return None, [
            *notes,
            f"{path}: is no plain list of '- {{id: …}}', and is left as it is: add the aliases of {shorten(added)}",
        ]
    return result, notes


def _dumped(item: Mapping[str, Any]) -> str:
    return (
        "- "
        + yaml.safe_dump(
            dict(item), default_flow_style=True, allow_unicode=True, sort_keys=False, width=1 << 30
        ).strip()
    )


def _reads_as(text: str, items: list[dict[str, Any]]) -> bool:
    try:
        return bool(yaml.safe_load(text) == items)
    except yaml.YAMLError:
        return False


def check_folder(folder: Path) -> None:
    """Find out before the work, not after it, whether files can be written into a folder, which need not be there yet.

    Raises:
        ResultsError: they cannot.
    """
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        reason = "Permission denied" if nearest.is_dir() else "Not a directory"
        raise ResultsError(f"{folder}: cannot be written: {reason}; choose another folder with output=FOLDER")


def write_all(texts: Mapping[Path, str]) -> None:
    """Write files, each as a whole or not at all, and none before all are written beside their places.

    Raises:
        ResultsError: writing failed; names file and reason.
    """
    staged: dict[Path, Path] = {}
    path = Path()
    try:
        for path, text in texts.items():
            place = path.resolve()  # a link to a file stays one
            place.parent.mkdir(parents=True, exist_ok=True)
            staged[place] = place.with_name(f".{place.name}.incomplete-{os.getpid()}")
            staged[place].write_text(text, encoding="utf-8", newline="")
            if place.exists():
                shutil.copymode(place, staged[place])
        for path, stage in staged.items():
            stage.replace(path)
    except OSError as error:
        raise ResultsError(
            f"{path}: cannot be written: {error.strerror or error}; choose another folder with output=FOLDER"
        ) from error
    finally:
        for stage in staged.values():
            with suppress(OSError):
                stage.unlink()
