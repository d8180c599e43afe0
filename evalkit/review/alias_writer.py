"""Adding aliases of a review to ``aliases.yaml``, so that nothing that a person wrote is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from evalkit.data.text import read_text
from evalkit.errors import shorten

_Item: TypeAlias = Mapping[str, Any]
"""An item of an alias file."""


@dataclass(frozen=True)
class ReviewedEntity:
    """What the lines of a sheet with yes have about one entity."""

    entity: str
    """The id."""
    type: str
    forms: tuple[str, ...]
    """Spellings in the references."""
    aliases: tuple[str, ...]
    """Further accepted spellings."""


@dataclass(frozen=True)
class AliasUpdate:
    """What a review changes in an alias file."""

    text: str | None
    """The new text; None if the file does not change."""
    warnings: tuple[str, ...]
    """What a person has to add or check."""


@dataclass
class _Changes:
    """Differences between an alias file and a review."""

    added: list[_Item] = field(default_factory=list)
    replaced: dict[str, _Item] = field(default_factory=dict)
    """New items, by the lines of the old ones."""
    lacking: list[str] = field(default_factory=list)
    """Entities whose item lacks aliases but cannot be replaced."""
    unlisted: list[str] = field(default_factory=list)
    """Entities whose item has forms that the sheet does not have."""


def update_aliases(path: Path, entities: Iterable[ReviewedEntity]) -> AliasUpdate:
    """Add the aliases of a review to an alias file.

    New items are appended. An item that an earlier update wrote gets its new forms in place. An item that a
    person wrote, with rejected spellings or in another layout, is left as it is. Nothing is ever removed.

    Args:
        path: the alias file, which may not exist yet.
        entities: what the sheet has.
    """
    text = read_text(path) if path.exists() else ""
    items: list[_Item] = yaml.safe_load(text) or []
    changes = _compare(text, items, entities)
    warnings = []
    if changes.lacking:
        warnings.append(
            f"{path}: left as it is, but lacks aliases of the sheet; add {shorten(changes.lacking)}"
        )
    if changes.unlisted:
        warnings.append(
            f"{path}: accepts spellings that the sheet does not list, and keeps them: "
            f"{shorten(changes.unlisted)}"
        )
    if not changes.added and not changes.replaced:
        return AliasUpdate(None, tuple(warnings))
    updated = _apply(text, changes)
    expected = [changes.replaced.get(_format(item), item) for item in items] + changes.added
    if not _parses_as(updated, expected):  # for example if the list is in [ ]
        ids = [str(item["id"]) for item in [*changes.replaced.values(), *changes.added]]
        warnings.append(
            f"{path}: left as it is, because it is not a plain list of '- {{id: …}}'; "
            f"add the aliases of {shorten(ids)}"
        )
        return AliasUpdate(None, tuple(warnings))
    return AliasUpdate(updated, tuple(warnings))


def _compare(text: str, items: Iterable[_Item], entities: Iterable[ReviewedEntity]) -> _Changes:
    changes = _Changes()
    by_id = {str(item["id"]): item for item in items}
    for entity in entities:
        item = by_id.get(entity.entity)
        if item is not None:
            _compare_item(text, item, entity, changes)
        elif entity.aliases:
            forms = list(dict.fromkeys(entity.forms + entity.aliases))
            changes.added.append({"id": entity.entity, "type": entity.type, "forms": forms})
    return changes


def _compare_item(text: str, item: _Item, entity: ReviewedEntity, changes: _Changes) -> None:
    forms = item.get("forms") or []
    missing = [alias for alias in entity.aliases if alias not in forms]
    if set(forms) - set(entity.forms) - set(entity.aliases):
        changes.unlisted.append(entity.entity)
    line = _format(item)
    is_as_written_here = item.keys() == {"id", "type", "forms"} and text.count(f"{line}\n") == 1
    if missing and is_as_written_here:
        changes.replaced[line] = {**item, "forms": [*forms, *missing]}
    elif missing:
        changes.lacking.append(f"{entity.entity} ({', '.join(missing)})")


def _apply(text: str, changes: _Changes) -> str:
    """Change the text of an alias file line by line, so that comments and layout stay."""
    if text and not text.endswith("\n"):
        text += "\n"
    indent = re.search(r"^ *(?=- )", text, re.MULTILINE)
    for line, item in changes.replaced.items():
        text = text.replace(f"{line}\n", f"{_format(item)}\n")
    return text + "".join(f"{indent.group() if indent else ''}{_format(item)}\n" for item in changes.added)


def _format(item: _Item) -> str:
    """An item on one line: ``- {id: kyiv, type: LOC, forms: [Kyiv, Kiev]}``."""
    text = yaml.safe_dump(
        dict(item), default_flow_style=True, allow_unicode=True, sort_keys=False, width=1 << 30
    )
    return f"- {text.strip()}"


def _parses_as(text: str, items: list[_Item]) -> bool:
    try:
        return bool(yaml.safe_load(text) == items)
    except yaml.YAMLError:
        return False
