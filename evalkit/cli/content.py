"""The configuration as plain values: text where text is expected, and settings that belong to no class."""

from __future__ import annotations

import typing
from typing import Any

from omegaconf import DictConfig, OmegaConf

from evalkit.cli.overrides import TEXT_SETTINGS, find_spelling
from evalkit.errors import ConfigError

Content = dict[str, Any]
"""A configuration as plain values."""


def to_content(config: DictConfig) -> Content:
    """The configuration as plain values, with everything resolved, and text where text is expected.

    Raises:
        ConfigError: text is expected, but YAML made something else of what is written.
    """
    resolved = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    content = typing.cast("Content", name_with_text(resolved, ""))
    return {key: spell(value, key) if key in TEXT_SETTINGS else value for key, value in content.items()}


def name_with_text(value: object, key: str) -> object:
    """A value whose mappings have text as keys, where YAML has numbers: ``{2024: out.en}``."""
    if isinstance(value, list):
        return [name_with_text(item, key) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        str(spell("null" if name is None else name, key)): name_with_text(
            item, f"{key}.{name}" if key else str(name)
        )
        for name, item in value.items()
    }


def spell(value: object, key: str) -> object:
    """A value with every number as it was written, in lists and mappings as well."""
    if isinstance(value, list):
        return [spell(item, key) for item in value]
    if isinstance(value, dict):
        return {name: spell(item, f"{key}.{name}") for name, item in value.items()}
    if isinstance(value, bool):
        word = "true" if value else "no"
        advice = f"write {word!r} in quotes, since YAML reads it as {value}"
        example = f"{key}='\"{word}\"'"
        raise ConfigError(f"{key}: expected text, found {value}; {advice}; on the command line {example}")
    if not isinstance(value, int | float):
        return value
    spelling = find_spelling(value)
    if spelling is not None:
        raise ConfigError(f"{key}: expected text, found the number {value}; write '{spelling}' in quotes")
    return str(value)


def read_flag(content: Content, key: str) -> bool:
    """A truth value; False in a configuration without the key."""
    value = content.get(key, False)
    if not isinstance(value, bool):
        raise ConfigError(f"{key}: expected true or false, found {value!r}")
    return value


def read_folder(content: Content, key: str) -> str:
    """The path of a folder."""
    value = content[key]
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{key}: expected a folder, found {value!r}")
    return value


def read_folders(content: Content, key: str) -> list[str]:
    """Paths or globs of folders."""
    values = content[key] if isinstance(content[key], list) else [content[key]]
    if not values or not all(isinstance(folder, str) and folder for folder in values):
        raise ConfigError(f"{key}: expected a folder, a glob, or a list of these, found {content[key]!r}")
    return values


def read_mapping(content: Content, key: str, kind: Any) -> Content:
    """Text by name (`kind` is ``str``), or numbers by metric."""
    values = content[key] or {}
    valid = isinstance(values, dict) and all(
        isinstance(value, kind) and not isinstance(value, bool) for value in values.values()
    )
    if not valid:
        expected = (
            "a mapping such as {name: other_name}"
            if kind is str
            else "numbers by metric, such as {bleu: 0.1}"
        )
        raise ConfigError(f"{key}: expected {expected}, found {content[key]!r}")
    return values


def read_count(content: Content, key: str) -> int:
    """A whole number."""
    value = content[key]
    if not isinstance(value, int) or isinstance(value, bool):
        raise ConfigError(f"{key}: expected a whole number, found {value!r}")
    return value


def read_limit(content: Content) -> int | None:
    """How much to score; None, as in a configuration without the key, for all."""
    return None if content.get("limit") is None else read_count(content, "limit")


def check_name(name: object, folder: str = "outputs") -> None:
    """Refuse names that do not give the results a separate folder.

    Raises:
        ConfigError: such a name.
    """
    if not isinstance(name, str):
        raise ConfigError(f"name: expected text, found {name!r}; quote it: name='\"…\"'")
    if not {"", ".", "..", "latest"}.isdisjoint(name.replace("\\", "/").split("/")):
        raise ConfigError(
            f"name={name}: expected the name of a folder in {folder}/, "
            "other than latest, the link to the newest run"
        )
