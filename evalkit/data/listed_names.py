"""Names of an entity file before the references are split, so that no sentence is cut inside one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from evalkit.alignment.sentences import find_names
from evalkit.data.json_lines import read_json_lines
from evalkit.data.text import find_path, normalize_id


@dataclass(frozen=True)
class ListedNames:
    """The names that an entity file lists, by document."""

    texts: dict[str, set[str]] = field(default_factory=dict)
    """The names of each document."""
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Start and end offset in the document, of the names that have them."""

    def locate(self, document: str, text: str) -> Iterator[tuple[int, int]]:
        """Find the names of a document in its reference: at their offsets, and wherever they occur."""
        yield from self.places.get(document, ())
        yield from find_names(text, self.texts.get(document, ()))


def list_names(entities: str | None) -> ListedNames:
    """Read the names of an entity file. Invalid rows are skipped here; `read_entities` reports them.

    Args:
        entities: its path; there are no names without one.

    Raises:
        DataError: the file is missing or is not JSON Lines.
    """
    names = ListedNames()
    if entities is None:
        return names
    expected = "a JSON object with document, text, type and entity"
    for line in read_json_lines(find_path(entities, "entity file"), expected=expected):
        document, text, start, end = (line.row.get(key) for key in ("document", "text", "start", "end"))
        if not isinstance(document, str) or not isinstance(text, str):
            continue
        document = normalize_id(document)
        names.texts.setdefault(document, set()).add(text)
        if isinstance(start, int) and isinstance(end, int) and line.row.get("segment") is None:
            # no name is longer than its text, so a wrong end protects nothing else
            names.places.setdefault(document, []).append((start, min(end, start + len(text))))
    return names
