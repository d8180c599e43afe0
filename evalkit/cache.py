"""What took long to work out, kept between runs: bytes by key, in one SQLite file.

A key says everything that its value depends on (`key`), so that a value never grows old; the file may be deleted at any
time. Several processes may use it at once. A cache that cannot be used costs time and one warning, never the run.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

log = logging.getLogger(__name__)

_T = TypeVar("_T")
_FILE = "cache.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS content (key TEXT PRIMARY KEY, check_ BLOB NOT NULL, value BLOB NOT NULL) WITHOUT ROWID"
_WAIT = 10.0
"""Seconds to wait for another process that writes."""
_AT_ONCE = 500
"""Keys in one query; SQLite takes 999 at most in older versions."""
_warned: set[str] = set()
"""Files that this process has warned of, and leaves alone since."""


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


@dataclass(frozen=True)
class Cache:
    """The cache in a folder, which need not be there yet."""

    folder: Path = field(default_factory=default_folder)

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The values that are there."""
        wanted = list(dict.fromkeys(keys))

        def read(connection: sqlite3.Connection) -> dict[str, bytes]:
            found: dict[str, bytes] = {}
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                query = f"SELECT key, check_, value FROM content WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608 - question marks
                found |= {k: bytes(value) for k, check, value in connection.execute(query, some) if check == _check(k, value)}
            return found

        return self._use(read, {}) if wanted else {}

    def put(self, values: Mapping[str, bytes]) -> None:
        """Keep values."""
        rows = [(k, _check(k, value), value) for k, value in values.items()]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO content VALUES (?, ?, ?)", rows)

        if rows:
            self._use(write, None)

    def _use(self, work: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        """Do something with the file, each time with a connection of its own: these must not cross a fork or a thread."""
        path = self.folder / _FILE
        if str(path) in _warned:
            return otherwise
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(path, timeout=_WAIT)) as connection, connection:
                connection.execute(_TABLE)
                return work(connection)
        except (OSError, sqlite3.Error) as error:
            _warned.add(str(path))
            log.warning(
                f"{path}: the cache cannot be used, so all is worked out anew ({error}); delete the file, or choose a folder with EVALKIT_CACHE=FOLDER"
            )
            return otherwise


def _check(key: str, value: object) -> bytes:
    """Tells a value that a disk or a crash has damaged: SQLite itself does not."""
    return hashlib.sha256(key.encode() + value).digest()[:8] if isinstance(value, bytes) else b""
