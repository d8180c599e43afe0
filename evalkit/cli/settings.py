"""TODO cli.settings."""

from __future__ import annotations

import dataclasses
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from evalkit.errors import ConfigError
from evalkit.plugins import find_class

if TYPE_CHECKING:
    from evalkit.data.reader import Reader
    from evalkit.gate.rules import Gate
    from evalkit.metrics.base import Metric
    from evalkit.reports.base import Report


ANNOTATE = "annotate"
"""The configuration that proposes names."""
DOCTOR = "doctor"
"""The configuration that checks what a run needs."""
COMPARE, HISTORY, BASELINE = "compare", "history", "baseline"
"""The configurations that work on stored runs."""
SINGLE = (ANNOTATE, DOCTOR, HISTORY, BASELINE)
"""Those that no sweep makes sense of. All configurations that have no name here evaluate."""


def shipped(folder: str) -> Path:
    """``configs`` or ``references``: inside the package where it is installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    return package / folder if (package / folder).is_dir() else package.parent / folder


def choices(group: str) -> list[str]:
    """The files of a folder in ``configs``."""
    return sorted(path.stem for path in shipped(f"configs/{group}").glob("*.yaml"))


def _flag(config: DictConfig, key: str) -> bool:
    value = config.get(key, False)  # not in a configuration of one's own
    if not isinstance(value, bool):
        raise ConfigError(f"{key}: expected true or false, found {value!r}")
    return value


def _folder(record: dict[str, Any], key: str) -> str:
    if not isinstance(record[key], str) or not record[key]:
        raise ConfigError(f"{key}: expected a folder, found {record[key]!r}")
    return str(record[key])


def _folders(record: dict[str, Any], key: str) -> list[str]:
    found = record[key] if isinstance(record[key], list) else [record[key]]
    if not found or not all(isinstance(folder, str) and folder for folder in found):
        raise ConfigError(f"{key}: expected a folder, a glob, or a list of these, found {record[key]!r}")
    return found


def _mapping(record: dict[str, Any], key: str, kind: Any) -> dict[str, Any]:
    found = record[key] or {}
    if not isinstance(found, dict) or not all(
        isinstance(value, kind) and not isinstance(value, bool) for value in found.values()
    ):
        expected = "names by name" if kind is str else "numbers by metric"
        raise ConfigError(f"{key}: expected {expected}, found {record[key]!r}")
    return {str(name): value for name, value in found.items()}


def _gate(config: DictConfig) -> Gate | None:
    from evalkit.gate.rules import Gate

    return build(config.gate, "gate", Gate) if config.get("gate") else None


def _reports(config: DictConfig) -> list[Report]:
    from evalkit.reports.base import Report

    return [build(node, f"report.{key}", Report) for key, node in (config.get("report") or {}).items()]


def _hydra_files(config: DictConfig) -> dict[str, str]:
    return {
        ".hydra/config.yaml": OmegaConf.to_yaml(config),
        ".hydra/overrides.yaml": OmegaConf.to_yaml(HydraConfig.get().overrides.task),
        ".hydra/hydra.yaml": OmegaConf.to_yaml({"hydra": HydraConfig.get()}),
    }


def _record(config: DictConfig) -> dict[str, Any]:
    """The settings as plain values."""
    return typing.cast("dict[str, Any]", OmegaConf.to_container(config, resolve=True, throw_on_missing=True))


def _parts(config: DictConfig, record: dict[str, Any]) -> tuple[Reader, list[Metric], dict[str, Any]]:
    """What a run reads and scores with."""
    from evalkit.alignment import Aligner
    from evalkit.data.reader import Reader
    from evalkit.metrics.base import Metric
    from evalkit.ner.base import Ner

    _check_name(config.name)
    test_set = build(config.test_set, "test_set", Reader)
    metrics = [
        build(node, f"metrics.{key}", Metric, name=str(key))
        for key, node in (config.get("metrics") or {}).items()
    ]
    ner = build(config.ner, "ner", Ner) if config.get("ner") else None
    aligner = build(config.alignment, "alignment", Aligner)
    return (
        test_set,
        metrics,
        {"systems": record["systems"], "ner": ner, "alignment": aligner, "cache": record["cache"]},
    )


def _check_name(name: object, folder: str = "outputs") -> None:
    """Refuse names that would put what comes of a job elsewhere than into a folder of its own."""
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise ConfigError(f"name: expected text, found {name!r}; quote it: name='\"…\"'")
    if not {"", ".", "..", "latest"}.isdisjoint(str(name).replace("\\", "/").split("/")):
        raise ConfigError(
            f"name={name}: expected the name of a folder in {folder}/, other than latest, which is the newest run"
        )


def build(node: DictConfig, key: str, base: type, **fixed: object) -> Any:
    """The object that a configuration node describes: ``_target_`` names a dataclass, whose fields are the schema.

    Raises:
        ConfigError: unknown class or key, missing value, or a value of another type.
    """
    target = node.get("_target_") if isinstance(node, DictConfig) else None
    if not target:
        raise ConfigError(f"{key}: expected settings with a _target_, found {node!r}")
    cls: Any = find_class(str(target), base)
    hints = typing.get_type_hints(cls)
    fields = [
        (f.name, hints[f.name], dataclasses.field(default="???")) for f in dataclasses.fields(cls) if f.init
    ]
    given = {name: value for name, value in node.items() if name != "_target_"} | fixed
    schema = OmegaConf.structured(dataclasses.make_dataclass(cls.__name__, fields))
    values: dict[str, Any] = {}
    for name, value in ((str(name), value) for name, value in given.items()):
        if name not in hints:
            raise ConfigError(
                f"{key}.{name}: no such setting; {cls.__name__} has {', '.join(f[0] for f in fields)}"
            )
        try:
            values[name] = typing.cast(
                "dict[str, Any]", OmegaConf.to_container(OmegaConf.merge(schema, {name: value}))
            )[name]
        except OmegaConfBaseException as error:
            expected = hints[name].__name__ if isinstance(hints[name], type) else hints[name]
            raise ConfigError(f"{key}.{name}: expected {expected}, found {value!r}") from error
    for field in dataclasses.fields(cls):
        if (
            field.init
            and field.name not in values
            and field.default is field.default_factory is dataclasses.MISSING
        ):
            raise ConfigError(f"{key}.{field.name} is not set; say {key}.{field.name}=…")
    return cls(**values)
