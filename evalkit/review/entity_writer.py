"""Writing reviewed mentions to ``entities.jsonl``, so that nothing that a person wrote is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from evalkit.data.json_lines import read_json_lines
from evalkit.errors import ResultsError
from evalkit.runtime.files import explain_write_errors, replace_files
from evalkit.types import Mention, TestSet

_ADVICE = "choose another folder with output=FOLDER"

_Place: TypeAlias = tuple[str | None, str | None, int, int]
"""Document, segment, and character offsets in the segment, or in the document if the segment is None."""
_Row: TypeAlias = Mapping[str, Any]


def format_entities(test_set: TestSet, mentions: Iterable[Mention], before: Path | None) -> str:
    """The text of an entity file, in the order of the references.

    Args:
        test_set: the references.
        mentions: to write.
        before: an earlier file. A row of the same mention keeps its further keys.
    """
    earlier = _read_by_place(before) if before else {}
    ordered = sorted(mentions, key=lambda mention: (mention.segment, mention.start, mention.end))
    rows = [_make_row(test_set, mention, earlier) for mention in ordered]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _make_row(test_set: TestSet, mention: Mention, earlier: Mapping[_Place, _Row]) -> _Row:
    segment = test_set.segments[mention.segment]
    length = len(mention.text)
    start = segment.start + mention.start
    in_document = (segment.document, None, start, start + length)
    in_segment = (segment.document, segment.id, mention.start, mention.start + length)
    row = earlier.get(in_document) or earlier.get(in_segment)
    if row is not None:
        is_same_id = str(row["entity"]) == mention.entity  # 7 and "7" are one id
        return {**row, "type": mention.type, "entity": row["entity"] if is_same_id else mention.entity}
    document = {} if segment.document is None else {"document": segment.document}
    return document | {
        "text": mention.text,
        "type": mention.type,
        "entity": mention.entity,
        "start": start,
        "end": start + length,
    }


def _read_by_place(path: Path) -> dict[_Place, _Row]:
    """The rows with offsets, by their place."""
    rows: dict[_Place, _Row] = {}
    for _, row in read_json_lines(path):
        if row.get("start") is not None:
            segment = None if row.get("segment") is None else str(row["segment"])
            rows[row.get("document"), segment, row["start"], row["end"]] = row
    return rows


def check_folder(folder: Path) -> None:
    """Check before the work that files can be written to a folder, which may not exist yet.

    Raises:
        ResultsError: they cannot.
    """
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        reason = "Permission denied" if nearest.is_dir() else "Not a directory"
        raise ResultsError(f"{folder}: cannot be written: {reason}; {_ADVICE}")


def write_review_files(texts: Mapping[Path, str]) -> None:
    """Write files whose texts have changed, each completely or not at all.

    Raises:
        ResultsError: a file cannot be written; names it and the reason.
    """
    changed = {
        path: text for path, text in texts.items() if not path.exists() or path.read_bytes() != text.encode()
    }
    with explain_write_errors(Path(), _ADVICE):
        replace_files(changed)
