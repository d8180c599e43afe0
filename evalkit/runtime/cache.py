"""What took long to work out, kept between runs: bytes by key, in one SQLite file.

A key says everything that its value depends on (`key`), so that a value never grows old; the file may be deleted at any
time. Several processes may use it at once, and one that is killed loses only what it was writing. The file grows to
`LIMIT` and no further: what was not used for longest goes first. A cache that cannot be used costs time and one
warning, never the run.
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
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from evalkit.errors import ConfigError

log = logging.getLogger(__name__)

_T = TypeVar("_T")
FILE = "cache-2.sqlite"
"""The number changes with the table."""
LIMIT = 4.0
"""Gigabytes; ``$EVALKIT_CACHE_GB`` says otherwise."""
_TABLE = "CREATE TABLE IF NOT EXISTS content (key TEXT PRIMARY KEY, checksum BLOB NOT NULL, value BLOB NOT NULL, used INTEGER NOT NULL)"
_INDEX = "CREATE INDEX IF NOT EXISTS used ON content (used)"
_PAGE = 16384
"""Bytes; values of some kilobytes, such as embeddings, waste least in pages of this size."""
_WAIT = 10.0
"""Seconds to wait for another process that writes."""
_AT_ONCE = 500
"""Keys in one query; SQLite takes 999 at most in older versions."""
_instead: dict[str, Cache] = {}
"""For files that cannot be used, what this process uses in their place; it has warned of each once."""


def key(*parts: str) -> str:
    """The hash of what a value depends on: what made it, with its version and settings, and from which texts."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(f"{len(encoded)}:".encode() + encoded)
    return digest.hexdigest()


def default_folder() -> Path:
    """``$EVALKIT_CACHE``, ``$XDG_CACHE_HOME/evalkit`` or ``~/.cache/evalkit``."""
    own, general = os.environ.get("EVALKIT_CACHE"), os.environ.get("XDG_CACHE_HOME")
    if own:
        return Path(own)
    # os.path leaves ~ as it is where there is no home, and Path raises an error
    return Path(general or os.path.expanduser("~/.cache")) / "evalkit"  # noqa: PTH111


def limit() -> int:
    """The size that the file may have, in bytes.

    Raises:
        ConfigError: ``$EVALKIT_CACHE_GB`` is no number.
    """
    wanted = os.environ.get("EVALKIT_CACHE_GB") or str(LIMIT)
    try:
        found = float(wanted)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise ConfigError(f"EVALKIT_CACHE_GB={wanted}: expected gigabytes, such as 4")
    return int(found * 1e9)


@dataclass(frozen=True)
class Cache:
    """The cache in a folder, which need not be there yet."""

    folder: Path = field(default_factory=default_folder)
    for_this_process: bool = field(default=False, compare=False)
    """Whether the folder goes with this object."""

    @classmethod
    def temporary(cls) -> Cache:
        """A cache for this process alone."""
        cache = cls(Path(tempfile.mkdtemp(prefix="evalkit-")), for_this_process=True)
        weakref.finalize(cache, shutil.rmtree, cache.folder, ignore_errors=True)
        return cache

    @classmethod
    def choose(cls, setting: str | None) -> Cache:
        """The cache that a setting means: None for the user's own, ``off`` for none between runs, else a folder.

        Raises:
            ConfigError: ``$EVALKIT_CACHE_GB`` is no number.
        """
        limit()  # a wrong one is told before anything is worked out
        if setting is None:
            return cls()
        # YAML reads off as false, which as text is "False"
        return cls.temporary() if setting.lower() in ("off", "false") else cls(Path(setting).expanduser())

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The values that are there."""
        wanted = list(dict.fromkeys(keys))
        return (
            self._use(lambda connection: self._read(connection, wanted), lambda cache: cache.get(wanted), {})
            if wanted
            else {}
        )

    def put(self, values: Mapping[str, bytes]) -> None:
        """Keep values."""
        if values:
            self._use(
                lambda connection: self._write(connection, values), lambda cache: cache.put(values), None
            )

    def problem(self) -> str:
        """What is wrong with the cache and what to do, in one line; empty where it works."""
        probe = key("probe")
        try:
            self._open(lambda connection: self._write(connection, {probe: b"1"}))
            if self._open(lambda connection: self._read(connection, [probe])) == {probe: b"1"}:
                return ""
            reason = "what is written is not there"
        except (OSError, sqlite3.Error) as error:
            reason = str(error)
        return self._told(reason)

    def _read(self, connection: sqlite3.Connection, wanted: Sequence[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        old: list[tuple[int, str]] = []
        today = _today()
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            query = (
                f"SELECT key, checksum, value, used FROM content WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608 - question marks
            )
            for k, checksum, value, used in connection.execute(query, some):
                if checksum == _checksum(k, value):
                    found[k] = bytes(value)
                    if used != today:
                        old.append((today, k))
        if old:
            try:
                connection.executemany("UPDATE content SET used = ? WHERE key = ?", old)
            except sqlite3.OperationalError as error:  # a file that may only be read serves all the same
                log.debug("%s: %s", self.folder, error)
        return found

    def _write(self, connection: sqlite3.Connection, values: Mapping[str, bytes]) -> None:
        rows = [(k, _checksum(k, value), value, _today()) for k, value in values.items()]
        connection.executemany("INSERT OR REPLACE INTO content VALUES (?, ?, ?, ?)", rows)
        most = limit()
        while _size(connection) > most:
            # a tenth at a time; freed pages are used again, so that the file itself need not shrink
            removed = connection.execute(
                "DELETE FROM content WHERE rowid IN "
                "(SELECT rowid FROM content ORDER BY used, rowid LIMIT 1 + (SELECT count(*) FROM content) / 10)"
            ).rowcount
            if not removed:
                break

    def _open(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do something with the file, each time with a connection of its own: these must not cross a fork or a thread."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.folder / FILE, timeout=_WAIT)) as connection, connection:
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            connection.execute(_TABLE)
            connection.execute(_INDEX)
            return work(connection)

    def _use(
        self, work: Callable[[sqlite3.Connection], _T], instead: Callable[[Cache], _T], otherwise: _T
    ) -> _T:
        """Do something with the file; where it cannot be used, with a cache for this process alone."""
        path = str(self.folder / FILE)
        if path in _instead:
            return instead(_instead[path])
        try:
            return self._open(work)
        except (OSError, sqlite3.Error) as error:
            if self.for_this_process:
                log.debug("%s: %s", path, error)
                return otherwise
            _instead[path] = Cache.temporary()
            log.warning(self._told(str(error)))
            return instead(_instead[path])

    def _told(self, reason: str) -> str:
        mend = (
            "another process holds it"
            if "locked" in reason
            else "delete the file, or choose a folder with EVALKIT_CACHE=FOLDER"
        )
        return f"{self.folder / FILE}: the cache cannot be used, so all is worked out anew ({reason}); {mend}"


def _size(connection: sqlite3.Connection) -> int:
    """Bytes in use."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _today() -> int:
    """Days since 1970: enough to tell what was not used for long, without a write for every read."""
    return int(time.time() // 86400)


def _checksum(key: str, value: object) -> bytes:
    """Tells a value that a disk or a crash has damaged: SQLite itself does not."""
    return hashlib.sha256(key.encode() + value).digest()[:8] if isinstance(value, bytes) else b""
