"""What to say about a wrong command line: Hydra's messages in one line, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import yaml
from hydra.errors import OverrideParseException
from omegaconf.errors import MissingMandatoryValue

from evalkit.cli.settings import COMMANDS, find_shipped, list_choices

_NOISE = r"\s*(Config search path:.*|Set the environment variable.*|full_key:.*|object_type=.*)"
"""Parts of Hydra's messages that say nothing about the command line."""
_EXTRAS = {"submitit_slurm": "slurm", "submitit_local": "slurm", "joblib": "joblib"}
"""Extras of evalkit that install a launcher."""


def explain(error: BaseException, config_name: str) -> str:
    """Hydra's message in one line, without its search path and without misleading advice."""
    command = config_name if config_name in COMMANDS[1:] else ""
    show_help = f"python -m evalkit {f'-cn {command} ' if command else ''}--help"
    if isinstance(error, MissingMandatoryValue):
        return f"{error.full_key} is not set; set {error.full_key}=…"
    message = str(error)
    unknown = re.search(r"Could not override '([^']+)'", message)
    if unknown:
        setting = unknown.group(1)
        return f"unknown setting {setting!r}{_suggest(setting, config_name)}; {show_help} lists the settings"
    choice = re.search(r"Could not (?:find|load) '([^']+)/([^'/]+)'", message)
    if choice:
        return _explain_choice(*choice.groups())
    if "'gate.rules' does not exist" in message:  # see `adapt_overrides`
        return f"gate.rules: rules, but no gate; choose one with gate={'|'.join(list_choices('gate'))}"
    text = " ".join(re.sub(_NOISE, "", message, flags=re.DOTALL).split())
    if isinstance(error, OverrideParseException):
        return f"{text} (quote a value that contains spaces, commas, = or brackets: 'key=\"a, b\"')"
    return f"{text} (see: {show_help})"


def _explain_choice(group: str, name: str) -> str:
    if group == "hydra/launcher":
        extra = _EXTRAS.get(name)
        return f"{group}={name}: not installed" + (f"; pip install -e '.[{extra}]'" if extra else "")
    return f"{group}={name}: unknown choice; expected one of {', '.join(list_choices(group))}"


def _suggest(setting: str, config_name: str) -> str:
    """The setting that a misspelt one probably means.

    Composing the configuration again would take as long as all the rest of the command.
    """
    import difflib

    close = difflib.get_close_matches(setting, list(_list_settings(config_name)), n=1, cutoff=0.8)
    return f"; did you mean {close[0]}?" if close else ""


def _list_settings(config_name: str) -> Iterator[str]:
    """The dotted names of all settings: of the command's own file, and of every choice of every group."""
    configs = find_shipped("configs")
    has_own = config_name in COMMANDS and config_name != "doctor"  # doctor takes the settings of a run
    own = configs / f"{config_name if has_own else 'evaluate'}.yaml"
    for path in [own, *configs.glob("*/*.yaml")]:
        group = "" if path == own else path.parent.name
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 - both are safe
        yield from _list_keys(content, group)


def _list_keys(content: object, prefix: str) -> Iterator[str]:
    if prefix:
        yield prefix
    for key, value in content.items() if isinstance(content, dict) else ():
        yield from _list_keys(value, f"{prefix}.{key}" if prefix else str(key))


def adapt_overrides(arguments: Sequence[str]) -> list[str]:
    """Let a gate's rules be replaced and extended on the command line.

    Hydra merges a mapping with the one in the YAML file, so that ``gate.rules={…}`` would add rules and not
    replace them; and it refuses a setting that the file does not list, although the rule has it.
    """
    adapted: list[str] = []
    for argument in arguments:
        if argument.startswith("gate.rules={"):
            adapted += ["~gate.rules", f"+{argument}"]
        elif re.match(r"gate\.rules\.[^=]+=", argument):
            adapted.append(f"++{argument}")
        else:
            adapted.append(argument)
    return adapted
