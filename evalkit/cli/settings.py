"""From a Hydra configuration to plain, typed objects. Classes and values are checked here."""

from __future__ import annotations

import dataclasses
import types
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from evalkit.errors import ConfigError
from evalkit.plugins import find_class

if TYPE_CHECKING:
    from evalkit.commands.settings import EvaluationSettings
    from evalkit.data.reader import Reader
    from evalkit.gate import Gate
    from evalkit.metrics.base import Metric
    from evalkit.reports.base import Report
    from evalkit.significance import Bootstrap

T = TypeVar("T")
Command = Literal["evaluate", "annotate", "doctor", "compare", "history", "baseline"]
COMMANDS: tuple[Command, ...] = typing.get_args(Command)
"""The configurations that are commands. A configuration of any other name evaluates."""
Content = dict[str, Any]
"""A configuration as plain values."""
_TYPES: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list such as [a,b]",
    dict: "a mapping such as {a: b}",
    types.NoneType: "null",
}
"""What messages call the types of settings."""


def find_shipped(folder: str) -> Path:
    """Find ``configs`` or ``references``: inside the package if it is installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    return package / folder if (package / folder).is_dir() else package.parent / folder


def list_choices(group: str) -> list[str]:
    """The names of the YAML files in a folder of ``configs``."""
    return sorted(path.stem for path in find_shipped(f"configs/{group}").glob("*.yaml"))


def to_content(config: DictConfig) -> Content:
    """The configuration as plain values, with everything resolved."""
    return typing.cast("Content", OmegaConf.to_container(config, resolve=True, throw_on_missing=True))


def list_hydra_files(config: DictConfig) -> dict[str, str]:
    """The files of ``.hydra/``, which evalkit writes itself, together with the results or not at all."""
    return {
        ".hydra/config.yaml": OmegaConf.to_yaml(config),
        ".hydra/overrides.yaml": OmegaConf.to_yaml(HydraConfig.get().overrides.task),
        ".hydra/hydra.yaml": OmegaConf.to_yaml({"hydra": HydraConfig.get()}),
    }


def build_inputs(config: DictConfig, output: Path) -> tuple[Reader, list[Metric], EvaluationSettings]:
    """What an evaluation reads, what it scores with, and its settings.

    Raises:
        ConfigError: an unknown class or setting, or an invalid value.
    """
    from evalkit.alignment import Aligner
    from evalkit.commands.settings import EvaluationSettings
    from evalkit.data.reader import Reader
    from evalkit.metrics.base import Metric
    from evalkit.ner.base import Ner

    check_name(config.name)
    content = to_content(config)
    reader = build(config.test_set, "test_set", Reader)
    metrics = [
        build(node, f"metrics.{key}", Metric, name=str(key))
        for key, node in (config.get("metrics") or {}).items()
    ]
    settings = EvaluationSettings(
        systems=content["systems"],
        limit=read_limit(content),
        ner=build(config.ner, "ner", Ner) if config.get("ner") else None,
        alignment=build(config.alignment, "alignment", Aligner),
        cache=content["cache"],
        significance=build_significance(config),
        controls=read_flag(content, "controls"),
        baseline=None if content["baseline"] is None else read_folder(content, "baseline"),
        baseline_systems=read_mapping(content, "baseline_systems", str),
        gate=build_gate(config),
        reports=build_reports(config),
        name=str(config.name),
        output=output,
        config=content,
        files=list_hydra_files(config),
        progress=True,
    )
    return reader, metrics, settings


def build_significance(config: DictConfig) -> Bootstrap:
    """The settings of intervals and tests."""
    from evalkit.significance import Bootstrap

    return build(config.significance, "significance", Bootstrap)


def build_gate(config: DictConfig) -> Gate | None:
    """The gate, if one is chosen."""
    from evalkit.gate import Gate

    if not config.get("gate"):
        return None
    if "_target_" not in config.gate:
        raise ConfigError(
            f"gate: settings, but no gate; choose one with gate={'|'.join(list_choices('gate'))}"
        )
    return build(config.gate, "gate", Gate)


def build_reports(config: DictConfig) -> list[Report]:
    """The reports to write."""
    from evalkit.reports.base import Report

    return [build(node, f"report.{key}", Report) for key, node in (config.get("report") or {}).items()]


def build(node: DictConfig, key: str, base: type[T], **fixed: object) -> T:
    """Build the object that a configuration node describes.

    ``_target_`` names a dataclass, and its fields are the schema.

    Raises:
        ConfigError: an unknown class or setting, a missing value, or a value of another type.
    """
    target = node.get("_target_") if isinstance(node, DictConfig) else None
    if not target:
        raise ConfigError(f"{key}: expected settings with a _target_, found {node!r}")
    cls: Any = find_class(str(target), base, f"{key}._target_")
    fields = [field for field in dataclasses.fields(cls) if field.init]
    hints = typing.get_type_hints(cls)
    given = {str(name): value for name, value in node.items() if name != "_target_"} | fixed
    for name in given:
        if name not in (field.name for field in fields):
            known = ", ".join(field.name for field in fields)
            raise ConfigError(f"{key}.{name}: unknown setting; {cls.__name__} has {known}")
    values = {name: _convert(value, hints[name], f"{key}.{name}") for name, value in given.items()}
    for field in fields:
        has_default = (
            field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        )
        if field.name not in values and not has_default:
            raise ConfigError(f"{key}.{field.name} is not set; set {key}.{field.name}=…")
    built: T = cls(**values)
    return built


def _convert(value: object, hint: Any, key: str) -> Any:
    """A value as OmegaConf converts it to a type: ``1`` becomes a float if a float is expected."""
    schema = OmegaConf.structured(dataclasses.make_dataclass("Schema", [("value", hint)]))
    try:
        merged = OmegaConf.merge(schema, {"value": value})
        return typing.cast("Content", OmegaConf.to_container(merged))["value"]
    except OmegaConfBaseException as error:
        raise ConfigError(f"{key}: expected {_describe_type(hint)}, found {value!r}") from error


def _describe_type(hint: Any) -> str:
    """A type in words: ``a number or null``."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(map(_describe_type, typing.get_args(hint)))
    return _TYPES.get(origin or hint, str(hint))


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
    return {str(name): value for name, value in values.items()}


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
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise ConfigError(f"name: expected text, found {name!r}; quote it: name='\"…\"'")
    if not {"", ".", "..", "latest"}.isdisjoint(str(name).replace("\\", "/").split("/")):
        raise ConfigError(
            f"name={name}: expected the name of a folder in {folder}/, "
            "other than latest, the link to the newest run"
        )
