"""Where models are found, what tells two apart, and on which device they run."""

from __future__ import annotations

import hashlib
import os
import re

import pytest

from evalkit.cache import Cache
from evalkit.errors import ModelError
from evalkit.models import hub
from evalkit.models.hub import choose_device, folder_hash, is_hub_name


def test_a_hash_follows_names_and_contents_wherever_the_folder_is(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder / "part").mkdir(parents=True)
        (tmp_path / folder / "a").write_text("1", encoding="utf-8")
        (tmp_path / folder / "part" / "b").write_text("2", encoding="utf-8")
    (tmp_path / "two" / ".hidden").write_text("x", encoding="utf-8")
    one, two = (folder_hash(tmp_path / folder) for folder in ("one", "two"))
    a, b = (hashlib.sha256(text).hexdigest() for text in (b"1", b"2"))
    assert one == two == hashlib.sha256(f"a {a}\npart/b {b}\n".encode()).hexdigest()[:12]
    (tmp_path / "two" / "part" / "b").rename(tmp_path / "two" / "part" / "c")
    assert folder_hash(tmp_path / "two") != one
    assert folder_hash(tmp_path / "one", ["a"]) == folder_hash(tmp_path / "two", ["a"]) != one


def test_a_file_is_read_once_while_it_stays_as_it_is(tmp_path, monkeypatch):
    cache, path = Cache(tmp_path / "cache"), tmp_path / "model" / "weights"
    path.parent.mkdir()
    path.write_bytes(b"1" * 1000)
    first = folder_hash(path.parent, cache=cache)
    opened = []
    real = type(path).open
    monkeypatch.setattr(type(path), "open", lambda self, *given, **how: opened.append(self) or real(self, *given, **how))
    assert folder_hash(path.parent, cache=cache) == first
    assert opened == []
    path.write_bytes(b"2" * 1000)
    os.utime(path, ns=(1, 1))
    assert folder_hash(path.parent, cache=cache) != first
    assert opened


@pytest.mark.parametrize(
    ("name", "expected"), [("a/b", True), ("Unbabel/wmt22-comet-da", True), ("./a", False), ("a/b/c", False), ("~/a", False), ("", False)]
)
def test_what_is_a_name_on_the_hub(name, expected, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert is_hub_name(name) == expected
    if expected:
        (tmp_path / name).mkdir(parents=True)
        assert not is_hub_name(name), "a folder of this name goes before"


@pytest.fixture
def gpus(monkeypatch):
    """Pretend that torch has GPUs."""
    import torch

    def pretend(count):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)

    return pretend


def test_auto_deals_the_gpus_out_to_the_jobs_of_a_sweep(gpus, monkeypatch):
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


def test_a_device_that_is_not_there_is_told(gpus):
    gpus(2)
    assert choose_device("cuda:1", "x") == "cuda:1"
    for wanted, count, there in (("cuda:2", 2, "cuda, cpu, cuda:0, cuda:1"), ("cuda", 0, "cpu"), ("mps", 1, "cuda, cpu")):
        gpus(count)
        with pytest.raises(ModelError, match=re.escape(f"metrics.comet.device={wanted}: expected auto or what is available here: {there}")):
            choose_device(wanted, "metrics.comet.device")


def test_a_file_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    (tmp_path / "weights").write_text("1", encoding="utf-8")

    def refuse(*_):
        raise PermissionError(13, "Permission denied", str(tmp_path / "weights"))

    monkeypatch.setattr(hub, "_file_hash", refuse)
    with pytest.raises(ModelError, match="weights: cannot be read: Permission denied"):
        folder_hash(tmp_path)
