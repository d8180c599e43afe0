"""What all tests share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from miniature import in_folder

from evalkit.cli import main as cli

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def world_news(root: Path) -> Path:
    """The article set that comes with evalkit."""
    return root / "references" / "world_news"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real test sets that are no part of the project; they lie beside the checkout in CI."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the shared test data are not beside this checkout (../shared/data)")
    return path


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Leave the cache of whoever runs the tests alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVALKIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Folder of a tiny COMET checkpoint by its kind; see comet_checkpoints.py."""
    import torch
    from comet_checkpoints import build

    torch.set_num_threads(
        1
    )  # for models as small as these more of them are slower, by far where others use the machine
    root = tmp_path_factory.mktemp("comet")
    return lambda kind: root / kind if (root / kind).exists() else build(root / kind, kind)


@pytest.fixture
def lines(tmp_path, monkeypatch):
    """Stand in a folder with `REFERENCE`, `GOOD` and `BAD`; the settings that read them."""
    in_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    return [
        "test_set=lines",
        "test_set.reference={A: ref.en}",
        "test_set.target_language=en",
        "systems=systems",
        "metrics=[bleu,chrf]",
    ]


@pytest.fixture
def command(monkeypatch, capsys):
    """Run the command in this process: exit code, stdout, stderr."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["evalkit", *arguments])
        monkeypatch.delenv("HYDRA_FULL_ERROR", raising=False)
        capsys.readouterr()
        try:
            code = cli.main()
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return run


@pytest.fixture(autouse=True)
def own_models():
    """Give every test models of its own: some tests put other methods into them."""
    from evalkit.models import scoring

    scoring._modules.clear()
