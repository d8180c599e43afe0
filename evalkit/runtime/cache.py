"""A cache of what takes long to compute, kept between runs: bytes by key, in one SQLite file.

A key covers everything that its value depends on (`hash_parts`), so a value is never out of date, and the
file may be deleted at any time. Several processes may use it at once; one that is killed loses only what it
was writing. When the file reaches its limit, the values that were not used for longest are removed. If the
cache fails, evalkit warns once and goes on without it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sqlite3
import tempfile
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from evalkit.errors import ConfigError
from evalkit.runtime.paths import expand_home

log = logging.getLogger(__name__)

_T = TypeVar("_T")
FILE = "cache-2.sqlite"
"""Name of the file. Raise the number when the table changes."""
LIMIT = 4.0
"""Largest size in gigabytes, unless ``$EVALKIT_CACHE_GB`` is set."""
_TABLE = (
    "CREATE TABLE IF NOT EXISTS content "
    "(key TEXT PRIMARY KEY, checksum BLOB NOT NULL, value BLOB NOT NULL, used INTEGER NOT NULL)"
)
_INDEX = "CREATE INDEX IF NOT EXISTS used ON content (used)"
_REMOVE_OLDEST = (
    "DELETE FROM content WHERE rowid IN "
    "(SELECT rowid FROM content ORDER BY used, rowid LIMIT 1 + (SELECT count(*) FROM content) / 10)"
)
"""A tenth at a time. SQLite uses freed pages again, so that the file itself need not shrink."""
_PAGE = 16384
"""Bytes per page; values of some kilobytes, such as embeddings, waste least space in pages of this size."""
_WAIT = 10.0
"""Seconds to wait for another process that writes."""
_AT_ONCE = 500
"""Keys in one query; older versions of SQLite accept 999 at most."""
_replacements: dict[str, Cache] = {}
"""Temporary caches by path of the file that failed; each failure is reported once."""


def hash_parts(*parts: str) -> str:
    """Hash what a value depends on (its maker, version, settings and texts) with SHA-256, in hex."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()


def default_folder() -> Path:
    """``$EVALKIT_CACHE``, ``$XDG_CACHE_HOME/evalkit`` or ``~/.cache/evalkit``."""
    evalkit, general = os.environ.get("EVALKIT_CACHE"), os.environ.get("XDG_CACHE_HOME")
    if evalkit:
        return Path(evalkit)
    # without a home directory, os.path keeps ~, and Path raises an error
    return expand_home(general or "~/.cache") / "evalkit"


def limit() -> int:
    """The largest size of the file, in bytes.

    Raises:
        ConfigError: ``$EVALKIT_CACHE_GB`` is not a number.
    """
    setting = os.environ.get("EVALKIT_CACHE_GB") or str(LIMIT)
    try:
        gigabytes = float(setting)
    except ValueError:
        gigabytes = -1.0
    if not 0 <= gigabytes < float("inf"):
        raise ConfigError(f"EVALKIT_CACHE_GB={setting}: expected gigabytes, such as 4")
    return int(gigabytes * 1e9)


class _Row(NamedTuple):
    """What is stored for one key."""

    key: str
    checksum: bytes
    value: bytes
    used: int
    """Day of the last use; see `_today`."""

    @property
    def is_intact(self) -> bool:
        """Whether neither key nor value is damaged."""
        return self.checksum == _compute_checksum(self.key, self.value)


@dataclass(frozen=True)
class Cache:
    """The cache in a folder, which is created when a value is stored."""

    folder: Path = field(default_factory=default_folder)
    for_this_process: bool = field(default=False, compare=False)
    """Whether the folder is removed with this object."""

    @classmethod
    def temporary(cls) -> Cache:
        """A cache for this process alone."""
        cache = cls(Path(tempfile.mkdtemp(prefix="evalkit-")), for_this_process=True)
        weakref.finalize(cache, shutil.rmtree, cache.folder, ignore_errors=True)
        return cache

    @classmethod
    def choose(cls, setting: str | None) -> Cache:
        """Choose the cache for the value of a setting.

        Args:
            setting: None for the default folder, ``off`` for a temporary one, otherwise a folder.

        Raises:
            ConfigError: ``$EVALKIT_CACHE_GB`` is not a number.
        """
        limit()  # reports an invalid size before anything is computed
        if setting is None:
            return cls()
        # YAML reads off as false, which becomes the text "False"
        return cls.temporary() if setting.lower() in ("off", "false") else cls(expand_home(setting))

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Look values up; keys without a valid value are left out."""
        distinct = list(dict.fromkeys(keys))
        if not distinct:
            return {}
        return self._try(
            lambda connection: self._read(connection, distinct), lambda cache: cache.get(distinct), {}
        )

    def put(self, values: Mapping[str, bytes]) -> None:
        """Store values."""
        if values:
            self._try(lambda connection: _write(connection, values), lambda cache: cache.put(values), None)

    def find_problem(self) -> str:
        """Check the cache: what is wrong and what to do, in one line; empty if it works."""
        probe = hash_parts("probe")
        try:
            self._open(lambda connection: _write(connection, {probe: b"1"}))
            if self._open(lambda connection: self._read(connection, [probe])) == {probe: b"1"}:
                return ""
            reason = "a stored value was not found again"
        except (OSError, sqlite3.Error) as error:
            reason = str(error)
        return self._explain(reason)

    def _read(self, connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, bytes]:
        today = _today()
        rows = [row for row in _select(connection, keys) if row.is_intact]
        unmarked = [(today, row.key) for row in rows if row.used != today]
        if unmarked:
            try:
                connection.executemany("UPDATE content SET used = ? WHERE key = ?", unmarked)
            except sqlite3.OperationalError as error:  # a read-only file still gives values
                log.debug("%s: %s", self.folder, error)
        return {row.key: bytes(row.value) for row in rows}

    def _open(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Use the file. Each use opens a connection, since a connection must not cross a fork or a thread."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.folder / FILE, timeout=_WAIT)) as connection, connection:
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            connection.execute(_TABLE)
            connection.execute(_INDEX)
            return work(connection)

    def _try(
        self, work: Callable[[sqlite3.Connection], _T], work_with: Callable[[Cache], _T], default: _T
    ) -> _T:
        """Use the file; if it fails, use a temporary cache for the rest of this process.

        Args:
            work: what to do with the file.
            work_with: the same with another cache.
            default: the result if a temporary cache fails as well.
        """
        path = str(self.folder / FILE)
        if path in _replacements:
            return work_with(_replacements[path])
        try:
            return self._open(work)
        except (OSError, sqlite3.Error) as error:
            if self.for_this_process:
                log.debug("%s: %s", path, error)
                return default
            _replacements[path] = Cache.temporary()
            log.warning(self._explain(str(error)))
            return work_with(_replacements[path])

    def _explain(self, reason: str) -> str:
        advice = (
            "Another process is using the file."
            if "locked" in reason
            else "Delete the file, or set EVALKIT_CACHE=FOLDER."
        )
        return f"{self.folder / FILE}: cannot use the cache ({reason}), so everything is recomputed. {advice}"


def _select(connection: sqlite3.Connection, keys: Sequence[str]) -> Iterator[_Row]:
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        # S608: `marks` are question marks
        query = f"SELECT key, checksum, value, used FROM content WHERE key IN ({marks})"  # noqa: S608
        yield from (_Row(*row) for row in connection.execute(query, some))


def _write(connection: sqlite3.Connection, values: Mapping[str, bytes]) -> None:
    today = _today()
    rows = [_Row(key, _compute_checksum(key, value), value, today) for key, value in values.items()]
    connection.executemany("INSERT OR REPLACE INTO content VALUES (?, ?, ?, ?)", rows)
    most = limit()
    while _measure(connection) > most:
        removed = connection.execute(_REMOVE_OLDEST).rowcount
        if not removed:
            break


def _measure(connection: sqlite3.Connection) -> int:
    """Count the bytes in use."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _today() -> int:
    """Days since 1970: enough to find what was not used for long, without a write for every read."""
    return int(time.time() // 86400)


def _compute_checksum(key: str, value: object) -> bytes:
    """Compute what detects a value that a disk or a crash has damaged, since SQLite does not."""
    return hashlib.sha256(key.encode() + value).digest()[:8] if isinstance(value, bytes) else b""
