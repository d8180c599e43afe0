"""The layout of the packages: each imports only from packages before it, in the order that CONTRIBUTING.md
lists once.
"""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
AT_THE_ROOT = {"__init__", "__main__", "types", "errors", "plugins"}
ORDER = re.findall(r"^evalkit/(\w+)/ ", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)


def modules() -> dict[str, Path]:
    """All modules by dotted name; a package by its own."""
    paths = sorted((ROOT / "evalkit").rglob("*.py"))
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }


def imported(path: Path, known: set[str]) -> set[str]:
    """The modules of evalkit that a module imports, anywhere in it, for type checking as well."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= full & known if full <= known else (full & known) | {str(node.module)}
    return {name for name in names if name in known and name != "evalkit"}


MODULES = modules()
IMPORTS = {name: imported(path, set(MODULES)) for name, path in MODULES.items()}


def package(module: str) -> str | None:
    """The package of a module; None for a module at the root."""
    parts = module.split(".")
    return parts[1] if len(parts) > 2 or (ROOT / "evalkit" / parts[-1]).is_dir() else None


def test_only_few_modules_are_at_the_root_and_every_package_is_listed():
    assert {path.stem for path in (ROOT / "evalkit").glob("*.py")} == AT_THE_ROOT
    folders = {path.parent.name for path in (ROOT / "evalkit").glob("*/__init__.py")}
    assert len(ORDER) == len(set(ORDER))
    assert set(ORDER) == folders


@pytest.mark.parametrize("name", [name for name in MODULES if package(name)])
def test_no_module_imports_from_a_later_package(name):
    rank = ORDER.index(str(package(name)))
    later = {other for other in IMPORTS[name] if package(other) and ORDER.index(str(package(other))) > rank}
    assert not later


@pytest.mark.parametrize("name", ["evalkit.types", "evalkit.errors", "evalkit.plugins"])
def test_the_modules_at_the_root_import_from_no_package(name):
    assert {package(other) for other in IMPORTS[name]} <= {None}


def test_no_modules_import_each_other_in_a_circle():
    # a package whose __init__ takes names from its modules is no circle: the module does not need the package
    graph = {
        name: {other for other in others if not name.startswith(f"{other}.")}
        for name, others in IMPORTS.items()
    }
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle: {' → '.join(error.args[1])}")


def test_the_reading_of_imports_sees_them():
    """Something that is known to import: else the tests above could not fail."""
    assert {"evalkit.errors", "evalkit.comparison.compare", "evalkit.gate.judging"} <= IMPORTS[
        "evalkit.commands.evaluate"
    ]
    assert "evalkit.comparison.results" in IMPORTS["evalkit.gate.rule"], "for type checking"
    assert "evalkit.reports.terminal" in IMPORTS["evalkit.cli.output"], "inside a function"


def test_no_module_imports_the_package_itself():
    """`evalkit` offers `evaluate` and the other commands, which are above everything else."""
    for name, path in MODULES.items():
        imports = re.search(
            r"^\s*(import evalkit$|from evalkit import )", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert not imports or name == "evalkit", name
