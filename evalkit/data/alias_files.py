"""Reading ``aliases.yaml``, a list of entities with their accepted and rejected spellings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from evalkit.data.text import read_text
from evalkit.errors import DataError, quote, shorten
from evalkit.types import ENTITY_TYPES, Alias

_KEYS = {"id", "type", "forms", "reject", "note"}
_UNQUOTED = "(quote no, on and 12:30, which YAML does not read as text)"


def read_aliases(path: Path) -> dict[str, Alias]:
    """Read an alias file.

    Returns:
        The accepted and rejected spellings, by entity id.

    Raises:
        DataError: the file is not valid YAML, or an item is invalid; names file and line or item.
    """
    items = _load_yaml(path)
    if not isinstance(items, list):
        raise DataError(
            f"{path}: expected a list of items with id, type, forms and reject, found {type(items).__name__}"
        )
    table: dict[str, Alias] = {}
    for number, item in enumerate(items, 1):
        where = f"{path}, item {number}"
        alias = _check_alias(item, where)
        if alias.entity in table:
            raise DataError(f"{where}: duplicate id {alias.entity!r}; merge the two items")
        table[alias.entity] = alias
    return table


def _load_yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(read_text(path)) or []
    except yaml.MarkedYAMLError as error:
        line_number = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError(f"{path}:{line_number}: not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:  # a control character; a date such as 2024-02-30
        raise DataError(f"{path}: not valid YAML: {str(error).splitlines()[0]}") from error


def _check_alias(item: Any, where: str) -> Alias:
    if not isinstance(item, dict) or "id" not in item or not item.keys() <= _KEYS:
        raise DataError(
            f"{where}: expected an id, and optionally type, forms, reject and note, "
            f"found {quote(str(item), 80)}"
        )
    if not isinstance(item["id"], str | int) or isinstance(item["id"], bool):
        raise DataError(f"{where}: id: expected text, found {item['id']!r} {_UNQUOTED}")
    if item.get("type") not in (None, *ENTITY_TYPES):
        raise DataError(f"{where}: type: expected one of {', '.join(ENTITY_TYPES)}, found {item['type']!r}")
    forms, reject = (_check_forms(item.get(key, []), f"{where}: {key}") for key in ("forms", "reject"))
    contradictions = set(forms) & set(reject)
    if contradictions:
        raise DataError(
            f"{where}: {shorten(sorted(contradictions))} both in forms and in reject; remove from one of them"
        )
    return Alias(str(item["id"]), forms, reject)


def _check_forms(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(form, str) and form.strip() for form in value):
        raise DataError(f"{where}: expected a list of texts, found {quote(str(value), 80)} {_UNQUOTED}")
    return tuple(value)
