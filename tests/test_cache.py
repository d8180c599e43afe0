"""The cache: it returns what is stored, and a failure of it never stops a run."""

from __future__ import annotations

import gc
import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.errors import ConfigError
from evalkit.runtime import cache
from evalkit.runtime.cache import FILE, Cache, default_folder, hash_parts


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(cache, "_replacements", {})


def test_stored_values_are_found(tmp_path):
    store = Cache(tmp_path / "not" / "there")
    assert store.get(["a"]) == {}
    store.put({"a": b"1", "b": b"\x00\xff" * 1000, "c": b""})
    assert Cache(tmp_path / "not" / "there").get(["a", "b", "c", "d"]) == {
        "a": b"1",
        "b": b"\x00\xff" * 1000,
        "c": b"",
    }
    store.put({"a": b"2"})
    assert store.get(iter(["a", "a"])) == {"a": b"2"}
    store.put({})
    assert store.get([]) == {}


def test_many_keys_at_once(tmp_path):
    values = {str(number): str(number).encode() for number in range(2500)}
    Cache(tmp_path).put(values)
    assert Cache(tmp_path).get(values) == values


def test_keys_depend_on_every_part():
    assert (
        len(
            {
                hash_parts("a", "b"),
                hash_parts("ab", ""),
                hash_parts("a", "b", ""),
                hash_parts("b", "a"),
                hash_parts("a:1:b"),
            }
        )
        == 5
    )
    assert hash_parts("x", "é", "\ud800") == hash_parts("x", "é", "\ud800")
    # sha256 of "1:a1:b", by sha256sum
    assert (
        hash_parts("a", "b")
        == subprocess.run(["sha256sum"], input=b"1:a1:b", capture_output=True, check=True)
        .stdout.decode()
        .split()[0]
    )


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"EVALKIT_CACHE": "/own", "XDG_CACHE_HOME": "/xdg"}, "/own"),
        ({"EVALKIT_CACHE": "", "XDG_CACHE_HOME": "/xdg"}, "/xdg/evalkit"),
        ({"EVALKIT_CACHE": "", "XDG_CACHE_HOME": "", "HOME": "/home/me"}, "/home/me/.cache/evalkit"),
    ],
)
def test_the_default_folder(monkeypatch, variables, expected):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert default_folder() == Path(expected)
    assert Cache().folder == Path(expected)


def broken(folder):
    (folder / FILE).write_bytes(b"not a database " * 100)


def a_folder(folder):
    (folder / FILE).mkdir()


def foreign(folder):
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("CREATE TABLE content (x)")
    connection.close()


@pytest.mark.parametrize("damage", [broken, a_folder, foreign])
def test_a_cache_that_fails_is_reported_once(tmp_path, damage, caplog):
    damage(tmp_path)
    with caplog.at_level(logging.WARNING, "evalkit"):
        for _ in range(3):
            Cache(tmp_path).put({"a": b"1"})
            assert Cache(tmp_path).get(["a"]) == {"a": b"1"}, "kept for this process"
    (record,) = caplog.records
    assert "cannot use the cache" in record.message
    assert "so everything is recomputed. Delete the file, or set EVALKIT_CACHE=FOLDER." in record.message
    assert "\n" not in record.message


def test_a_folder_that_cannot_be_created_is_reported_once(tmp_path, caplog):
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = Cache(tmp_path / "file" / "cache")
    store.put({"a": b"1"})
    assert store.get(["a"]) == {"a": b"1"}
    assert len(caplog.records) == 1
    assert store.find_problem().endswith("or set EVALKIT_CACHE=FOLDER.")


def test_a_damaged_value_is_not_found(tmp_path):
    store = Cache(tmp_path)
    store.put({"a": b"good", "b": b"good"})
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("UPDATE content SET value = ? WHERE key = 'a'", (b"goad",))
    connection.commit()
    connection.close()
    assert store.get(["a", "b"]) == {"b": b"good"}


def test_several_processes_may_use_it_at_once(tmp_path):
    script = (
        "import sys; from pathlib import Path; from evalkit.runtime.cache import Cache\n"
        "store, own = Cache(Path(sys.argv[1])), sys.argv[2]\n"
        "for n in range(40):\n"
        "    store.put({f'{own}-{n}': own.encode(), 'shared': own.encode()})\n"
        "    assert store.get([f'{own}-{n}', 'shared'])\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), str(number)], stderr=subprocess.PIPE, env=os.environ
        )
        for number in range(4)
    ]
    assert [(process.communicate()[1], process.returncode) for process in running] == [(b"", 0)] * 4
    assert len(Cache(tmp_path).get([f"{own}-{n}" for own in range(4) for n in range(40)])) == 160


def test_a_temporary_cache_is_removed_with_its_object():
    store = Cache.temporary()
    folder = store.folder
    store.put({"a": b"1"})
    assert store.get(["a"]) == {"a": b"1"}
    del store
    gc.collect()
    assert not folder.exists()


@pytest.mark.parametrize("setting", ["off", "False", "OFF"])
def test_off_keeps_nothing_between_runs(setting, tmp_path, monkeypatch):
    monkeypatch.setenv("EVALKIT_CACHE", str(tmp_path))
    Cache.choose(setting).put({"a": b"1"})
    assert Cache.choose(setting).get(["a"]) == {}
    assert list(tmp_path.iterdir()) == []
    assert Cache.choose(None).folder == tmp_path
    assert Cache.choose(str(tmp_path / "other")).folder == tmp_path / "other"


def test_the_file_never_exceeds_its_limit(tmp_path, monkeypatch):
    monkeypatch.setenv("EVALKIT_CACHE_GB", "0.001")
    store = Cache(tmp_path)
    for number in range(160):
        store.put({str(number): bytes(10_000)})
    assert (tmp_path / FILE).stat().st_size < 1_300_000
    kept = sorted(int(k) for k in store.get(map(str, range(160))))
    assert kept[-1] == 159
    assert kept == list(range(kept[0], 160)), "the oldest are removed first"
    assert len(kept) > 40


def test_values_used_recently_stay(tmp_path, monkeypatch):
    monkeypatch.setenv("EVALKIT_CACHE_GB", "0.001")
    store = Cache(tmp_path)
    monkeypatch.setattr(cache, "_today", lambda: 1)
    store.put({str(number): bytes(10_000) for number in range(40)})
    monkeypatch.setattr(cache, "_today", lambda: 2)
    assert len(store.get(["0", "1"])) == 2
    store.put({f"new {number}": bytes(10_000) for number in range(45)})
    found = store.get(map(str, range(40)))
    assert {"0", "1"} <= set(found)
    assert len(found) < 40


@pytest.mark.parametrize("value", ["x", "-1", "nan", "inf"])
def test_an_invalid_limit_is_refused(value, tmp_path, monkeypatch):
    monkeypatch.setenv("EVALKIT_CACHE_GB", value)
    with pytest.raises(ConfigError, match=f"EVALKIT_CACHE_GB={value}: expected gigabytes, such as 4"):
        Cache(tmp_path).put({"a": b"1"})


def test_a_read_only_file_still_gives_values(tmp_path, monkeypatch):
    Cache(tmp_path).put({"a": b"1"})
    uri = f"file:{tmp_path / FILE}?mode=ro"
    connect = sqlite3.connect
    monkeypatch.setattr(
        cache.sqlite3, "connect", lambda _path, timeout: connect(uri, uri=True, timeout=timeout)
    )
    monkeypatch.setattr(cache, "_today", lambda: 1)
    assert Cache(tmp_path).get(["a"]) == {"a": b"1"}


def test_a_writer_that_is_killed_leaves_the_file_intact(tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from evalkit.runtime.cache import Cache\n"
        "store = Cache(Path(sys.argv[1])); store.put({'a': b'1'})\n"
        "def dying(connection):\n"
        "    connection.execute('UPDATE content SET value = 2')\n"
        "    os.kill(os.getpid(), 9)\n"
        "store._open(dying)\n"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False).returncode == -9
    assert Cache(tmp_path).get(["a"]) == {"a": b"1"}
    assert Cache(tmp_path).find_problem() == ""


def test_on_a_read_only_file_system_new_values_are_kept_for_the_process(tmp_path, monkeypatch, caplog):
    Cache(tmp_path).put({"a": b"1"})
    uri = f"file:{tmp_path / FILE}?mode=ro"
    connect = sqlite3.connect
    monkeypatch.setattr(
        cache.sqlite3,
        "connect",
        lambda path, timeout: connect(
            *((uri,) if path == tmp_path / FILE else (path,)), uri=True, timeout=timeout
        ),
    )
    store = Cache(tmp_path)
    assert store.get(["a"]) == {"a": b"1"}
    assert not caplog.records
    store.put({"b": b"2"})
    assert store.get(["b"]) == {"b": b"2"}
    assert len(caplog.records) == 1
    assert "readonly database" in store.find_problem()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    damage=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=200)),
        min_size=1,
        max_size=5,
    )
)
def test_damage_anywhere_gives_the_right_value_or_none(damage, tmp_path_factory):
    cache._replacements.clear()
    folder = tmp_path_factory.mktemp("damaged")
    values = {str(number): bytes([number]) * 5000 for number in range(30)}
    Cache(folder).put(values)
    content = bytearray((folder / FILE).read_bytes())
    for place, noise in damage:
        start = int(place * len(content))
        content[start : start + len(noise)] = noise[: len(content) - start]
    (folder / FILE).write_bytes(content)
    assert Cache(folder).get(values).items() <= values.items()
    Cache(folder).put({"new": b"1"})
    assert Cache(folder).get(["new", *values]).items() <= (values | {"new": b"1"}).items()


@settings(max_examples=25)
@given(
    puts=st.lists(st.dictionaries(st.integers(0, 30), st.binary(max_size=30_000), max_size=8), max_size=12)
)
def test_a_value_is_the_last_one_put_and_the_size_is_bounded(puts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bounded")
    expected = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVALKIT_CACHE_GB", "0.0004")
        for values in puts:
            named = {str(number): value for number, value in values.items()}
            expected |= named
            Cache(folder).put(named)
            found = Cache(folder).get(expected)
            assert found.items() <= expected.items()
            with closing(sqlite3.connect(folder / FILE)) as connection:
                assert cache._measure(connection) <= 400_000


def test_nothing_is_kept_with_a_limit_of_0(tmp_path, monkeypatch):
    monkeypatch.setenv("EVALKIT_CACHE_GB", "0")
    Cache(tmp_path).put({"a": b"1"})
    assert Cache(tmp_path).get(["a"]) == {}


def test_a_file_that_another_process_uses_is_reported(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(cache, "_WAIT", 0.05)
    Cache(tmp_path).put({"a": b"1"})
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert Cache(tmp_path).get(["a"]) == {"a": b"1"}, "reading still works"
        Cache(tmp_path).put({"b": b"2"})
        assert Cache(tmp_path).get(["b"]) == {"b": b"2"}
    assert (
        "(database is locked), so everything is recomputed. Another process is using the file." in caplog.text
    )
