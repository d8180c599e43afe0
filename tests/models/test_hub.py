"""Where models are found, what identifies them, and on which device they run."""

from __future__ import annotations

import hashlib
import os
import re

import pytest
from miniature import REFERENCE, in_memory

from evalkit.errors import ModelError
from evalkit.metrics.comet import Comet
from evalkit.models import hub
from evalkit.models.hub import choose_device, hash_folder, is_hub_name
from evalkit.ner.huggingface import HuggingFace
from evalkit.runtime.cache import Cache


def test_a_hash_depends_on_names_and_contents_and_not_on_the_folder(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder / "part").mkdir(parents=True)
        (tmp_path / folder / "a").write_text("1", encoding="utf-8")
        (tmp_path / folder / "part" / "b").write_text("2", encoding="utf-8")
    (tmp_path / "two" / ".hidden").write_text("x", encoding="utf-8")
    one, two = (hash_folder(tmp_path / folder) for folder in ("one", "two"))
    a, b = (hashlib.sha256(text).hexdigest() for text in (b"1", b"2"))
    assert one == two == hashlib.sha256(f"a {a}\npart/b {b}\n".encode()).hexdigest()[:12]
    (tmp_path / "two" / "part" / "b").rename(tmp_path / "two" / "part" / "c")
    assert hash_folder(tmp_path / "two") != one
    assert hash_folder(tmp_path / "one", ["a"]) == hash_folder(tmp_path / "two", ["a"]) != one


def test_a_file_is_read_again_only_if_it_changes(tmp_path, monkeypatch):
    cache, path = Cache(tmp_path / "cache"), tmp_path / "model" / "weights"
    path.parent.mkdir()
    path.write_bytes(b"1" * 1000)
    first = hash_folder(path.parent, cache=cache)
    opened = []
    real = type(path).open
    monkeypatch.setattr(
        type(path), "open", lambda self, *given, **how: opened.append(self) or real(self, *given, **how)
    )
    assert hash_folder(path.parent, cache=cache) == first
    assert opened == []
    path.write_bytes(b"2" * 1000)
    os.utime(path, ns=(1, 1))
    assert hash_folder(path.parent, cache=cache) != first
    assert opened


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/b", True),
        ("Unbabel/wmt22-comet-da", True),
        ("./a", False),
        ("a/b/c", False),
        ("~/a", False),
        ("", False),
    ],
)
def test_names_on_the_hub(name, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert is_hub_name(name) == expected
    if expected:
        (tmp_path / name).mkdir(parents=True)
        assert not is_hub_name(name), "a folder of this name takes precedence"


@pytest.fixture
def gpus(monkeypatch):
    """Pretend that torch has GPUs."""
    import torch

    def pretend(count):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)

    return pretend


def test_auto_assigns_the_gpus_to_the_jobs_of_a_sweep_in_turn(gpus, monkeypatch):
    monkeypatch.delenv("EVALKIT_JOB", raising=False)
    gpus(0)
    assert choose_device("auto", "x") == "cpu"
    gpus(4)
    assert choose_device("auto", "x") == "cuda"
    found = []
    for job in range(6):
        monkeypatch.setenv("EVALKIT_JOB", str(job))
        found.append(choose_device("auto", "x"))
    assert found == ["cuda:0", "cuda:1", "cuda:2", "cuda:3", "cuda:0", "cuda:1"]
    gpus(1)
    assert choose_device("auto", "x") == "cuda"


def test_a_device_that_is_not_available_is_reported(gpus):
    gpus(2)
    assert choose_device("cuda:1", "x") == "cuda:1"
    for wanted, count, there in (
        ("cuda:2", 2, "cuda, cpu, cuda:0, cuda:1"),
        ("cuda", 0, "cpu"),
        ("mps", 1, "cuda, cpu"),
    ):
        gpus(count)
        with pytest.raises(
            ModelError,
            match=re.escape(
                f"metrics.comet.device={wanted}: not available. Set it to auto, or to one of: {there}."
            ),
        ):
            choose_device(wanted, "metrics.comet.device")


def test_a_file_that_cannot_be_read_is_reported(tmp_path, monkeypatch):
    (tmp_path / "weights").write_text("1", encoding="utf-8")

    def refuse(*_):
        raise PermissionError(13, "Permission denied", str(tmp_path / "weights"))

    monkeypatch.setattr(hub, "_hash_file", refuse)
    with pytest.raises(ModelError, match="weights: cannot read the file: Permission denied"):
        hash_folder(tmp_path)


# messages about the hub, from COMET and from the tools that find names


def hub_error(kind):
    """An error of the hub's library, of this version or another."""
    import httpx
    from huggingface_hub import errors

    make = getattr(errors, kind)
    try:
        return make(
            "no luck\ntoday", response=httpx.Response(404, request=httpx.Request("GET", "https://hub"))
        )
    except TypeError:
        return make("no luck\ntoday")


CALLERS = {
    "metrics.comet.model": lambda name: Comet(model=name).signature(in_memory([REFERENCE])),
    "ner.model": lambda name: HuggingFace(model=name).signature(),
}


@pytest.mark.parametrize("setting", CALLERS)
@pytest.mark.parametrize(
    ("error", "message", "has_advice"),
    [
        (
            "GatedRepoError",
            (
                "its licence is not accepted. "
                "Accept it on the model's page on the hub, then run 'huggingface-cli login'."
            ),
            False,
        ),
        (
            "RepositoryNotFoundError",
            "not found on the hub. If the model is private, run 'huggingface-cli login'.",
            True,
        ),
        (
            "LocalEntryNotFoundError",
            "not on this machine, and the hub is not reachable (no network, or HF_HUB_OFFLINE is set).",
            True,
        ),
        (
            "OfflineModeIsEnabled",
            "not on this machine, and the hub is not reachable (no network, or HF_HUB_OFFLINE is set).",
            True,
        ),
        ("HfHubHTTPError", "download failed: HfHubHTTPError: no luck today.", True),
        ("HFValidationError", "download failed: HFValidationError: no luck today.", True),
        (
            OSError(28, "No space left on device"),
            "download failed: OSError: [Errno 28] No space left on device.",
            True,
        ),
        # hf_xet's, of a full disk
        (
            RuntimeError("IO Error: No space left\non device"),
            "download failed: RuntimeError: IO Error: No space left on device.",
            True,
        ),
    ],
)
def test_what_the_hub_refuses_is_reported_in_one_line(monkeypatch, setting, error, message, has_advice):
    import huggingface_hub

    def refuse(*_, **__):
        raise hub_error(error) if isinstance(error, str) else error

    monkeypatch.setattr(huggingface_hub, "snapshot_download", refuse)
    with pytest.raises(ModelError) as caught:
        CALLERS[setting]("somebody/some-model")
    expected = f"somebody/some-model: {message}"
    if has_advice:
        expected += f" Set {setting}=FOLDER to a folder that holds the model"
        if setting == "metrics.comet.model":
            expected += ", or use the model that is included in evalkit: 'metrics=[bleu,chrf,comet_mini]'"
        expected += "."
    assert str(caught.value) == expected


@pytest.mark.parametrize("setting", CALLERS)
def test_errors_of_the_hubs_library_without_a_network_are_recognised(monkeypatch, setting, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        ModelError, match=r"^somebody/some-model: not on this machine, and the hub is not reachable"
    ):
        CALLERS[setting]("somebody/some-model")


@pytest.mark.parametrize("setting", CALLERS)
def test_a_folder_that_does_not_exist_is_reported(setting):
    for folder in ("./nowhere", "/no/where", "~/no/where/at/all"):
        with pytest.raises(
            ModelError,
            match=rf"no such folder\. Set {re.escape(setting)}=FOLDER to a folder that holds the model, or ",
        ):
            CALLERS[setting](folder)
