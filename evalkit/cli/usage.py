"""TODO cli.usage."""

from __future__ import annotations

import difflib
import re
from typing import Any

import hydra
from hydra.errors import OverrideParseException
from omegaconf import OmegaConf
from omegaconf.errors import MissingMandatoryValue

from evalkit.cli.settings import COMPARE, SINGLE, choices, shipped


def _usage(error: BaseException, config_name: str) -> str:
    """Hydra's message in one line: without its search path, and without advice that only moves the error elsewhere."""
    text = str(error)
    command = f"python -m evalkit {f'-cn {config_name} ' if config_name in (*SINGLE, COMPARE) else ''}--help"
    if isinstance(error, MissingMandatoryValue):
        return f"{error.full_key} is not set; say {error.full_key}=…"
    unknown = re.search(r"Could not override '([^']+)'", text)
    if unknown:
        return f"unknown setting {unknown.group(1)!r}{_meant(unknown.group(1), config_name)}; {command} lists the settings"
    text = re.sub(
        r"\s*(Config search path:.*|Set the environment variable.*|full_key:.*|object_type=.*)",
        "",
        text,
        flags=re.DOTALL,
    )
    choice = re.search(r"Could not (?:find|load) '([^']+)/([^'/]+)'", text)
    if choice:
        group, name = choice.groups()
        if group == "hydra/launcher":
            extra = {"submitit_slurm": "slurm", "submitit_local": "slurm", "joblib": "joblib"}.get(name)
            return f"{group}={name}: not installed" + (f"; pip install -e '.[{extra}]'" if extra else "")
        return f"{group}={name}: no such choice; there are {', '.join(choices(group))}"
    quoting = isinstance(error, OverrideParseException)
    advice = (
        "quote a value that holds spaces, commas, = or brackets: 'key=\"a, b\"'"
        if quoting
        else f"see: {command}"
    )
    return f"{' '.join(text.split())} ({advice})"


def _meant(setting: str, config_name: str) -> str:
    """What a misspelt setting may have been."""
    with hydra.initialize_config_dir(version_base="1.3", config_dir=str(shipped("configs"))):
        config = OmegaConf.to_container(hydra.compose(config_name))
    known: list[str] = []
    parts: list[tuple[str, Any]] = [("", config)]
    while parts:
        path, node = parts.pop()
        for key, value in node.items() if isinstance(node, dict) else ():
            known.append(f"{path}{key}")
            parts.append((f"{path}{key}.", value))
    close = difflib.get_close_matches(setting, known, n=1, cutoff=0.8)
    return f"; did you mean {close[0]}?" if close else ""
