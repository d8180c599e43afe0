"""Folder names for systems, safe on every file system."""

from __future__ import annotations

from collections.abc import Sequence

_PORTS = (f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))
_RESERVED = frozenset(("con", "prn", "aux", "nul", *_PORTS))
"""Names that Windows gives to devices, with any ending."""


def make_slugs(names: Sequence[str]) -> dict[str, str]:
    """A folder name for each system: its own name made safe, and unique even if case is ignored."""
    slugs: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        safe = _make_safe(name)
        slug, number = safe, 2
        while slug.lower() in taken:
            slug, number = f"{safe}-{number}", number + 1
        taken.add(slug.lower())
        slugs[name] = slug
    return slugs


def _make_safe(name: str) -> str:
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".-") or "system"
    return f"{safe}-" if safe.split(".")[0].lower() in _RESERVED else safe
