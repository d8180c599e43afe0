"""Settings as people type them: what evalkit changes in how Hydra reads ``key=value``.

Hydra's parser is kept, with its lists, mappings, sweeps, functions, quotes and escapes. Four things differ:

- A character that its grammar does not have is a letter: any character beyond ASCII, and in values also
  ``! # & ; < > ^ ` ~`` and an apostrophe after a letter or digit (``O'Brien``). All are errors in Hydra.
- The names in a mapping may be in quotes, and two of the same are an error: ``systems={"a b": out.en}``.
- If a setting is text, a number stays as it is typed: ``name=1_000`` is not 1000. The names in a mapping are
  always text: ``systems={1: out.en}``.
- The rules of a gate can be replaced and extended, and a part of a test set chosen (`adapt_overrides`).

A setting that is not known here to be text has its number from Hydra. `remember_spelling` then keeps how the
number was written, so that `evalkit.cli.content` can refuse it rather than use another text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import yaml
from hydra.core.override_parser import overrides_parser
from hydra.core.override_parser.overrides_visitor import HydraOverrideVisitor
from hydra.errors import HydraException

_QUOTED_OR_UNKNOWN = re.compile(
    r"""
    (?P<name> (?<=[{,\s]) (?: "(?:\\.|[^\\"])*" | '(?:\\.|[^\\'])*' ) (?=\s*:) )
    | (?P<quoted> (?<![^\s=,:\[{(]) (?: "(?:\\.|[^\\"])*" | '(?:\\.|[^\\'])*' ) )
    | [^\x00-\x7f] | [!#&;<>^`~] | (?<=\w)'
    """,
    re.VERBOSE | re.DOTALL,
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
TEXT_SETTINGS = frozenset(
    ("name", "systems", "baseline", "baseline_systems", "candidate", "runs", "run", "output", "cache")
)
"""Settings that are text, or lists and mappings of text, and belong to no class that says so."""
_TEXT = re.compile(
    rf"""
    (?: {"|".join(sorted(TEXT_SETTINGS))} | test_set | ner\.labels ) (?: \..* )?
    | gate\. (?: must_hold | allow | rules\.[^.]+\.(?: metric | system | type ) )
    | metrics\.[^.]+\. (?: label | model | tokenize | types | device | cache )
    | (?: ner\.(?: model | device ) | alignment\.(?: embeddings | device | cache ) | report\.latex\.label )
    | hydra\.(?: run | sweep )\.(?: dir | subdir )
    """,
    re.VERBOSE | re.DOTALL,
)
"""Where a number on the command line is text. Importing the classes that say so would take too long."""
REPEATED = "a mapping has the same name twice"
_InputStream: Any = vars(overrides_parser)["InputStream"]
_SPELLINGS: dict[str, str] = {}
"""Numbers that were not written as Python writes them: ``1000`` as ``1_000``, or as ``0x3e8`` in YAML."""


def adapt_overrides(arguments: Sequence[str]) -> list[str]:
    """Let mappings be replaced and extended on the command line.

    Hydra merges a mapping with the one in the YAML file, so that ``gate.rules={…}`` would add rules and not
    replace them; and it refuses a setting that the file does not list, such as ``test_set.only.domain=news``.
    """
    adapted: list[str] = []
    for argument in arguments:
        if argument.startswith("gate.rules={"):
            adapted += ["~gate.rules", f"+{argument}"]
        elif re.match(r"(?:gate\.rules|test_set\.only)\.[^=]+=", argument):
            adapted.append(f"++{argument}")
        else:
            adapted.append(argument)
    return adapted


def find_spelling(number: float) -> str | None:
    """How a number was written, if not the way Python writes it."""
    return _SPELLINGS.get(repr(number))


def remember_spelling(number: float, text: str) -> None:
    """Keep how a number was written, if not the way Python writes it."""
    if repr(number) != text:
        _SPELLINGS[repr(number)] = text


def extend_grammar() -> None:
    """Let Hydra's parser and the YAML loader of OmegaConf read settings as this module describes."""
    vars(overrides_parser).update(InputStream=_open_stream, HydraOverrideVisitor=_Visitor)
    for kind in ("int", "float"):
        construct = getattr(yaml.SafeLoader, f"construct_yaml_{kind}")
        yaml.SafeLoader.add_constructor(f"tag:yaml.org,2002:{kind}", _remember_in_yaml(construct))


def _remember_in_yaml(construct: Callable[[Any, Any], float]) -> Callable[[Any, Any], float]:
    def construct_number(loader: Any, node: Any) -> float:
        number = construct(loader, node)
        remember_spelling(number, node.value)
        return number

    return construct_number


def _open_stream(text: str) -> Any:
    """The characters of an override for Hydra's lexer, which decides by `data` and copies its text."""
    stream = _InputStream(text)
    stream.data = list(map(ord, _replace_unknown(text)))
    return stream


def _replace_unknown(override: str) -> str:
    """The override with a letter in place of every character that Hydra's grammar does not have."""
    key, equals, value = override.partition("=")
    value = _QUOTED_OR_UNKNOWN.sub(lambda found: found["quoted"] or "a" * len(found[0]), value)
    return _BEYOND_ASCII.sub("a", key) + equals + value


class _Visitor(HydraOverrideVisitor):
    """Makes values of what was parsed, with text where a setting is text."""

    _setting = ""

    def visitKey(self, ctx: Any) -> Any:  # noqa: N802 - ANTLR's names, as below
        key = super().visitKey(ctx)
        self._setting = key.key_or_group
        return key

    def visitFunction(self, ctx: Any) -> Any:  # noqa: N802
        if ctx.getChild(0).getText() == "choice":
            return super().visitFunction(ctx)
        return self._visit_inside("", super().visitFunction, ctx)  # such as range(1,4): needs its numbers

    def visitDictContainer(self, ctx: Any) -> dict[str, Any]:  # noqa: N802
        found: dict[str, Any] = super().visitDictContainer(ctx)
        if len(found) < (ctx.getChildCount() - 1) // 2:  # the braces and commas are children, too
            raise HydraException(REPEATED)
        return found

    def visitDictKeyValuePair(self, ctx: Any) -> tuple[str, Any]:  # noqa: N802
        key, _, value = ctx.getChildren()
        name = self.visitDictKey(key)
        return name, self._visit_inside(f"{self._setting}.{name}", self.visitElement, value)

    def visitDictKey(self, ctx: Any) -> str:  # noqa: N802
        name = super()._createPrimitive(ctx)
        text = name if isinstance(name, str) else ctx.getText().strip()
        is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in ("'", '"')
        return str(self._unescape_quoted_string(text)) if is_quoted else text

    def visitPrimitive(self, ctx: Any) -> Any:  # noqa: N802
        value = super().visitPrimitive(ctx)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        text = ctx.getText().strip()
        if _TEXT.fullmatch(self._setting):
            return text
        remember_spelling(value, text)
        return value

    def _visit_inside(self, setting: str, visit: Callable[[Any], Any], ctx: Any) -> Any:
        outer, self._setting = self._setting, setting
        try:
            return visit(ctx)
        finally:
            self._setting = outer
