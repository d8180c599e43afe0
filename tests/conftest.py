"""Settings and fixtures that all tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import hypothesis
import pytest

# One thread per process: pytest-xdist already keeps every core busy, and for models as small as those of the
# tests, several threads are slower than one. Set here because numpy and torch read it on import.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

# No deadlines, because the time of an example depends on what else the machine does. The same examples every
# time, so that a failure comes from the change under test; `--hypothesis-profile=default` draws others. No
# database, because the workers would share it.
hypothesis.settings.register_profile(
    "evalkit", deadline=None, derandomize=True, database=None, print_blob=True
)
hypothesis.settings.load_profile("evalkit")

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
    """Real test sets that are not part of the project; CI has them beside the checkout."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the shared test data are not beside this checkout (../shared/data)")
    return path


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Use a temporary cache, one for each worker, and never that of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVALKIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A function from the kind of a tiny COMET checkpoint to its folder; see comet_checkpoints.py."""
    from comet_checkpoints import build

    root = tmp_path_factory.mktemp("comet")
    return lambda kind: root / kind if (root / kind).exists() else build(root / kind, kind)


@pytest.fixture
def lines(tmp_path, monkeypatch):
    """Change to a folder with `REFERENCE`, `GOOD` and `BAD`; the settings that read them."""
    from commands import change_to_lines

    return change_to_lines(tmp_path, monkeypatch)


@pytest.fixture
def command(monkeypatch, capsys):
    """A function that runs the command in this process: exit code, stdout, stderr."""
    from evalkit.cli import main as cli

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
    """Load models again for every test: some tests replace their methods."""
    from evalkit.models import scoring

    scoring._modules.clear()
