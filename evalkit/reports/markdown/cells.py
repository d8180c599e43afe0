"""Tables and lists in Markdown. All text in them is escaped, and a list that is cut short says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evalkit.reports.names import Form


def escape(text: str) -> str:
    """Text that Markdown shows unchanged, on one line."""
    for character in "\\`*_{}[]<>|#~":
        text = text.replace(character, "\\" + character)
    return " ".join(text.split())


def format_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in GitHub's Markdown."""
    lines = [
        [escape(cell) for cell in header],
        ["---"] * len(header),
        *([escape(str(cell)) for cell in row] for row in rows),
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def format_section(
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    shown: int,
    where: str,
    note: str = "",
) -> list[str]:
    """A heading, a note and the first rows of a table; nothing if there are no rows.

    Args:
        title: with its number signs: ``## Additions``.
        header: of the table.
        rows: of the table.
        shown: how many of the rows to show.
        where: the file that has all rows, such as "in `report.json`".
        note: printed above the table.
    """
    if not rows:
        return []
    return [title, note, format_table(header, rows[:shown]), format_rest(len(rows) - shown, where)]


def format_list(lines: Iterable[str]) -> str:
    """A bulleted list."""
    return "\n".join(f"- {escape(line)}" for line in lines)


def format_rest(count: int, where: str) -> str:
    """``… and 3 more in `report.json`.``; empty if there are none."""
    return f"… and {count} more {where}." if count > 0 else ""


def format_counts(counts: Iterable[tuple[str, int]]) -> str:
    """``Kursk ×2, Corsak``."""
    return ", ".join(text if times == 1 else f"{text} ×{times}" for text, times in counts)


def format_forms(forms: Iterable[Form]) -> str:
    """``Shoukry (replaced) ×2, missing``."""
    return format_counts(
        (f"{form.text} ({form.outcome})" if form.text else "missing", form.times) for form in forms
    )


def join_parts(parts: Iterable[str]) -> str:
    """A document of paragraphs; empty ones are dropped."""
    return "\n\n".join(part for part in parts if part) + "\n"
