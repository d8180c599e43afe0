"""The cache: what goes in comes out, and nothing that goes wrong with it stops a run."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from evalkit import cache
from evalkit.cache import Cache, default_folder, key


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(cache, "_warned", set())


def test_what_goes_in_comes_out(tmp_path):
    store = Cache(tmp_path / "not" / "there")
    assert store.get(["a"]) == {}
    store.put({"a": b"1", "b": b"\x00\xff" * 1000, "c": b""})
    assert Cache(tmp_path / "not" / "there").get(["a", "b", "c", "d"]) == {"a": b"1", "b": b"\x00\xff" * 1000, "c": b""}
    store.put({"a": b"2"})
    assert store.get(iter(["a", "a"])) == {"a": b"2"}
    store.put({})
    assert store.get([]) == {}


def test_many_keys_at_once(tmp_path):
    values = {str(number): str(number).encode() for number in range(2500)}
    Cache(tmp_path).put(values)
    assert Cache(tmp_path).get(values) == values


def test_keys_tell_all_parts_apart():
    assert len({key("a", "b"), key("ab", ""), key("a", "b", ""), key("b", "a"), key("a:1:b")}) == 5
    assert key("x", "é", "\ud800") == key("x", "é", "\ud800")
    # sha256 of "1:a1:b", by sha256sum
    assert key("a", "b") == subprocess.run(["sha256sum"], input=b"1:a1:b", capture_output=True, check=True).stdout.decode().split()[0]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"EVALKIT_CACHE": "/own", "XDG_CACHE_HOME": "/xdg"}, "/own"),
        ({"EVALKIT_CACHE": "", "XDG_CACHE_HOME": "/xdg"}, "/xdg/evalkit"),
        ({"EVALKIT_CACHE": "", "XDG_CACHE_HOME": "", "HOME": "/home/me"}, "/home/me/.cache/evalkit"),
    ],
)
def test_where_it_is(monkeypatch, settings, expected):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert default_folder() == Path(expected)
    assert Cache().folder == Path(expected)


def broken(folder):
    (folder / "cache.sqlite").write_bytes(b"this is no database " * 100)


def a_folder(folder):
    (folder / "cache.sqlite").mkdir()


def foreign(folder):
    with sqlite3.connect(folder / "cache.sqlite") as connection:
        connection.execute("CREATE TABLE content (x)")
    connection.close()


@pytest.mark.parametrize("damage", [broken, a_folder, foreign])
def test_a_cache_that_cannot_be_used_is_told_once(tmp_path, damage, caplog):
    damage(tmp_path)
    with caplog.at_level(logging.WARNING, "evalkit"):
        for _ in range(3):
            Cache(tmp_path).put({"a": b"1"})
            assert Cache(tmp_path).get(["a"]) == {}
    (record,) = caplog.records
    assert "the cache cannot be used, so all is worked out anew" in record.message
    assert "EVALKIT_CACHE=FOLDER" in record.message
    assert "\n" not in record.message


def test_a_folder_that_cannot_be_made_is_told_once(tmp_path, caplog):
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = Cache(tmp_path / "file" / "cache")
    store.put({"a": b"1"})
    assert store.get(["a"]) == {}
    assert len(caplog.records) == 1


def test_a_damaged_value_is_not_there(tmp_path):
    store = Cache(tmp_path)
    store.put({"a": b"good", "b": b"good"})
    connection = sqlite3.connect(tmp_path / "cache.sqlite")
    connection.execute("UPDATE content SET value = ? WHERE key = 'a'", (b"goad",))
    connection.commit()
    connection.close()
    assert store.get(["a", "b"]) == {"b": b"good"}


def test_several_processes_may_use_it_at_once(tmp_path):
    script = (
        "import sys; from pathlib import Path; from evalkit.cache import Cache\n"
        "store, own = Cache(Path(sys.argv[1])), sys.argv[2]\n"
        "for n in range(40): store.put({f'{own}-{n}': own.encode(), 'shared': own.encode()}); assert store.get([f'{own}-{n}', 'shared'])\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(number)], stderr=subprocess.PIPE, env=os.environ)
        for number in range(4)
    ]
    assert [(process.communicate()[1], process.returncode) for process in running] == [(b"", 0)] * 4
    assert len(Cache(tmp_path).get([f"{own}-{n}" for own in range(4) for n in range(40)])) == 160
