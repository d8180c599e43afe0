"""Messages about a wrong command line: one line that says what is wrong, and what was probably meant."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from hydra.core.override_parser.types import Quote, QuotedString
from hydra.errors import OverrideParseException
from omegaconf import OmegaConf
from omegaconf.errors import (
    GrammarParseError,
    InterpolationResolutionError,
    MissingMandatoryValue,
    UnsupportedInterpolationType,
)

from evalkit.cli.overrides import REPEATED
from evalkit.cli.settings import COMMANDS, find_shipped, list_choices

_UNHELPFUL = r"\s*(Config search path:.*|Set the environment variable.*|full_key:.*|object_type=.*)"
"""Parts of Hydra's messages that say nothing about the command line."""
_EXAMPLE = "'key=[\"a, b\",c]', 'key={\"a, b\": c}'"
_EXTRAS = {"submitit_slurm": "slurm", "submitit_local": "slurm", "joblib": "joblib"}
"""Extras of evalkit that install a launcher."""


def explain(error: BaseException, config_name: str, overrides: Sequence[str] = ()) -> str:
    """Describe an error of Hydra or OmegaConf in one line, without its misleading advice.

    Args:
        error: what Hydra raised.
        config_name: the command.
        overrides: the settings on the command line, for an error that does not name the wrong one.
    """
    command = config_name if config_name in COMMANDS[1:] else ""
    show_help = f"python -m evalkit {f'-cn {command} ' if command else ''}--help"
    if isinstance(error, MissingMandatoryValue):
        return f"{error.full_key} is not set; set {error.full_key}=…"
    if isinstance(error, OverrideParseException):
        return _explain_syntax(error, show_help)
    if not _can_hold(str(Path.cwd())):
        return f"{Path.cwd()}: Hydra cannot run in a folder with this ${{ in its name; rename the folder"
    message = str(error) or str(error.__cause__)
    unknown = re.search(r"Could not override '([^']+)'", message)
    if unknown:
        setting, missing = unknown.group(1), getattr(error.__cause__, "full_key", None) or ""
        # if the value is a mapping, the unknown setting is in it
        setting = missing if missing.startswith(f"{setting}.") else setting
        return f"unknown setting {setting!r}; {_suggest_setting(setting, config_name, show_help)}"
    choice = re.search(r"Could not (?:find|load) '([^']+)/([^'/]+)'", message)
    if choice:
        return _explain_choice(*choice.groups())
    if "'gate.rules' does not exist" in message:  # see `evalkit.cli.overrides`
        return f"gate.rules: rules, but no gate; choose one with gate={'|'.join(list_choices('gate'))}"
    if message.startswith("Cannot find primary config"):
        commands = COMMANDS[1:]
        suggestion = _suggest(config_name, commands)
        return f"-cn {config_name}: unknown command; {suggestion}expected one of {', '.join(commands)}"
    if message.startswith("Config group override"):
        for group, _, value in (override.partition("=") for override in overrides):
            if list_choices(group) and not isinstance(yaml.safe_load(value), str | list):
                return _explain_choice(group, value)
    several = re.match(r"Ambiguous value for argument '(?:\+*)([^=]+)=(.*)'$", message.splitlines()[0])
    if several:
        key, values = several.groups()
        return (
            f"{key}={values}: several values; write a list as '{key}=[{values}]', a text as "
            f"'{key}=\"{values}\"', or add --multirun for one run each"
        )
    text = " ".join(re.sub(_UNHELPFUL, "", message, flags=re.DOTALL).split())
    if "${" in text or isinstance(error, InterpolationResolutionError | UnsupportedInterpolationType):
        return rf"{text}; to use ${{ as text, write \${{ (see: {show_help})"
    return f"{text} (see: {show_help})"


def _can_hold(folder: str) -> bool:
    """Whether a configuration can have this folder as a value."""
    try:
        OmegaConf.create({"folder": folder})
    except GrammarParseError:
        return False
    return True


def _explain_syntax(error: OverrideParseException, show_help: str) -> str:
    argument = error.override.lstrip("+")
    if argument in COMMANDS:
        return f"{argument}: expected key=value; to run this command: python -m evalkit -cn {argument}"
    if "=" not in argument:
        return f"{argument}: expected key=value; {show_help} lists the settings"
    if REPEATED in str(error):
        return f"{argument}: {REPEATED}"
    key, _, value = argument.partition("=")
    example = shlex.quote(f"{key}={QuotedString(value, Quote.double).with_quotes()}")
    return (
        f"{argument}: {_describe_syntax_error(error)}; close all brackets, and quote a value that contains "
        f"spaces, commas, = or brackets: {example if value[:1] not in '[{' else _EXAMPLE}"
    ).replace("\n", "\\n")


def _describe_syntax_error(error: OverrideParseException) -> str:
    first, second = str(error).splitlines()[:2]
    if first.startswith("LexerNoViableAltException"):
        return "a line break, or a quotation mark in or before a value that is not quoted"
    text = second.rpartition(": ")[2] if first.startswith("Error parsing override") else first
    return re.sub(r" expecting \{.*\}$", "", text)


def _explain_choice(group: str, name: str) -> str:
    if group == "hydra/launcher":
        extra = _EXTRAS.get(name)
        return f"{group}={name}: not installed" + (f"; pip install -e '.[{extra}]'" if extra else "")
    choices = list_choices(group)
    return f"{group}={name}: unknown choice; {_suggest(name, choices)}expected one of {', '.join(choices)}"


def _suggest_setting(setting: str, config_name: str, show_help: str) -> str:
    """What to do about an unknown setting: choose what has it, or correct its spelling."""
    settings = _list_settings(config_name)
    if settings.get(setting):
        group = setting.partition(".")[0]
        return f"to use it, choose {group}={'|'.join(settings[setting])}"
    parent, dot, name = setting.rpartition(".")
    beside = [other.rpartition(".")[2] for other in settings if other.rpartition(".")[0] == parent]
    suggestion = _suggest(name, beside, parent + dot) if beside else _suggest(setting, settings)
    return f"{suggestion}{show_help} lists the settings"


def _suggest(name: str, known: Collection[str], prefix: str = "") -> str:
    """The known name that a misspelt one probably means, for a message; empty if none is close."""
    import difflib

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f"did you mean {prefix}{close[0]}? " if close else ""


def _list_settings(config_name: str) -> dict[str, list[str]]:
    """The dotted names of all settings, each with the choices that have it: ``gate.coverage`` with ``ci``.

    The settings in the command's own file have no choices. Composing the configuration again would take as
    long as all the rest of the command.
    """
    configs = find_shipped("configs")
    file = config_name if config_name in COMMANDS and config_name != "doctor" else "evaluate"
    own = _read_yaml(configs / f"{file}.yaml")
    settings: dict[str, list[str]] = {name: [] for name in _list_keys(own, "")}
    groups = {str(group) for entry in own["defaults"] if isinstance(entry, dict) for group in entry}
    for group in sorted(groups):
        for path in sorted((configs / group).glob("*.yaml")):
            for name in _list_keys(_read_yaml(path), group):
                settings.setdefault(name, []).append(path.stem)
    return settings


def _read_yaml(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 - both are safe


def _list_keys(content: object, prefix: str) -> Iterator[str]:
    if prefix:
        yield prefix
    for key, value in content.items() if isinstance(content, dict) else ():
        yield from _list_keys(value, f"{prefix}.{key}" if prefix else str(key))
