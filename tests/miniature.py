"""Tiny test sets and runs made in memory or in a folder, for tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evalkit.data.lines import Lines, number_segments
from evalkit.types import SystemOutput, TestSet

REFERENCE = [
    "The cat sat on the mat.",
    "Steve Witkoff flew to Kursk.",
    "It rained all day in Kyiv.",
    "Nobody came.",
]
GOOD = [
    "The cat sat on a mat.",
    "Steve Witkoff flew to Kursk.",
    "It was raining all day in Kyiv.",
    "No one came.",
]
BAD = ["A cat is sitting at mat", "Steve Whitcom flew to Corsak.", "", "Nobody has came there."]
SECOND = [
    "A cat sat on the mat.",
    "Steve Witkoff went to Kursk.",
    "It rained the whole day in Kyiv.",
    "Nobody has come.",
]
"""A second reference."""
SOURCE = [
    "Кошка сидела на коврике.",
    "Стив Уиткофф прилетел в Курск.",
    "В Киеве весь день шёл дождь.",
    "Никто не пришёл.",
]


def in_memory(
    references: Sequence[Sequence[str]],
    sources: list[str] | None = None,
    target_language: str = "en",
    documents: list[str] | None = None,
) -> TestSet:
    """A test set from one list of texts per reference."""
    segments = number_segments(list(zip(*references, strict=True)), sources, documents)
    names = tuple("ABCDEF"[: len(references)])
    return TestSet(
        name="mini",
        source_language=None,
        target_language=target_language,
        references=names,
        segments=segments,
    )


def output(hypotheses: Sequence[str], system: str = "sys") -> SystemOutput:
    """A line-aligned output."""
    return SystemOutput(system, tuple(hypotheses))


def in_folder(folder: Path, *, entities: bool = False) -> Lines:
    """`REFERENCE`, `GOOD` and `BAD` as files, and a reader of them. Systems are in ``folder/systems``."""
    (folder / "systems").mkdir(parents=True, exist_ok=True)
    for path, lines in (
        ("ref.en", REFERENCE),
        ("systems/good.txt", GOOD),
        ("systems/bad.txt", BAD),
        ("docs", ["a", "a", "b", "b"]),
    ):
        (folder / path).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    rows = [
        {"document": "a", "text": "Steve Witkoff", "type": "PER", "entity": "witkoff"},
        {"document": "a", "text": "Kursk", "type": "LOC", "entity": "kursk"},
        {"document": "b", "text": "Kyiv", "type": "LOC", "entity": "kyiv"},
    ]
    (folder / "entities.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return Lines(
        path=str(folder),
        reference={"A": "ref.en"},
        documents="docs",
        target_language="en",
        entities=str(folder / "entities.jsonl") if entities else None,
    )
