"""What is shipped: the wheel, and the examples of the documentation."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(root)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_configs_the_articles_and_the_type_marker(root, wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("configs", "references"):
        files = {str(path.relative_to(root)) for path in (root / folder).rglob("*") if path.is_file()}
        assert {f"evalkit/{file}" for file in files} <= names
    assert "evalkit/py.typed" in names
    templates = {
        str(path.relative_to(root))
        for path in (root / "evalkit" / "reports" / "html" / "templates").iterdir()
    }
    assert templates <= names
    assert {Path(name).suffix for name in templates} == {".j2", ".css", ".js"}
    assert {name.split("/")[0] for name in names} == {
        "evalkit",
        wheel.name.rsplit("-py3", 1)[0] + ".dist-info",
    }, "nothing else on the top level"


def test_the_wheel_holds_the_licences_of_what_others_made(wheel):
    names = {name.partition(".dist-info/licenses/")[2] for name in zipfile.ZipFile(wheel).namelist()}
    cldr = {"evalkit/entities/language/known_names/cldr/LICENSE", "evalkit/numbers/cldr.LICENSE"}
    assert {"LICENSE", "NOTICE"} | cldr <= names


@pytest.fixture(scope="module")
def demo(wheel, tmp_path_factory):
    """The demo as the wheel runs it from an empty folder: where it is installed, the folder, and what it
    prints.
    """
    site, here = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("here")
    pip = [
        *(sys.executable, "-m", "pip", "install", "--quiet"),
        *("--no-deps", "--no-index", "--target", str(site), str(wheel)),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    found = subprocess.run(
        [sys.executable, "-m", "evalkit", "name=demo"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    return site, here, found.stdout


DEMO = pytest.mark.slow(reason="builds and installs the wheel, and runs the demo in it")


@DEMO
def test_the_wheel_runs_from_an_empty_folder(demo):
    site, here, shown = demo
    assert re.search(r"^fluent .* +\d\.\d{4} ", shown, re.MULTILINE), "with the model that comes with it"
    assert (here / "outputs" / "demo" / "report.html").stat().st_size > 100_000
    assert str(site) in (here / "outputs" / "demo" / "run.json").read_text(encoding="utf-8"), (
        "ran with the checkout's files"
    )


@DEMO
def test_the_table_of_the_readme_is_what_the_demo_prints(root, demo):
    readme = (root / "README.md").read_text(encoding="utf-8")
    table = demo[2].split("\n\n")[0].splitlines()
    assert len(table) == 2 + 4, "a header and the four systems"
    for line in table:
        assert line.rstrip() in readme


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a Markdown file in one language."""
    return re.findall(
        rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def test_the_python_example_of_the_documentation_runs(root, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "references").symlink_to(root / "references")
    (code,) = blocks(root / "docs" / "scoring.md", "python")
    exec(compile(code, "scoring.md", "exec"), {})
    assert "'not significant'" in capsys.readouterr().out


def test_the_version_is_the_same_everywhere(root):
    import evalkit

    assert f'version = "{evalkit.__version__}"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert f"## {evalkit.__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_only_the_command_line_knows_hydra(root):
    knowing = [
        path.parent.name
        for path in (root / "evalkit").rglob("*.py")
        if re.search(r"^\s*(import|from) (hydra|omegaconf)", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert set(knowing) == {"cli"}
