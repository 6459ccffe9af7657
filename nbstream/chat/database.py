"""The SQLite file of the chats: opened for each use, private, and waited for where it is locked.

All waits are Python's, not SQLite's, so that an interrupt ends them at once.
"""

from __future__ import annotations

import os
import sqlite3
import time
import weakref
from contextlib import closing, contextmanager, suppress
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

T = TypeVar("T")

VARIABLE = "NBSTREAM_CHATS"
"""The environment variable with the file's path, or ``off`` for chats that end with the kernel."""

PATIENCE = 30.0
"""Seconds to wait for another program that has locked the file."""

_SOON, _LATER = 0.002, 0.05  # seconds between two tries
_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS chats (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS turns (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    cell TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt TEXT NOT NULL,
    reply TEXT NOT NULL,
    created REAL NOT NULL,
    UNIQUE (chat, position)
);
"""


class Database:
    """One file, or the memory if ``path`` is None. Its methods raise ``UsageError``.

    A file that is made can be read by its owner alone, since it holds what was asked and answered.
    ``private`` makes that so for one that exists, too.
    """

    def __init__(self, path: Path | None, *, private: bool = False) -> None:
        self.path = path
        self._private = private
        self._memory: sqlite3.Connection | None = None
        self._lock = RLock()
        if path is None:  # one connection keeps a database in memory alive
            self._memory = _prepared(_connect(":memory:"), 0)
            weakref.finalize(self, self._memory.close)

    @property
    def exists(self) -> bool:
        """Whether there is a file. One is made by the first transaction."""
        return self.path is None or self.path.exists()

    def rows(
        self, query: str, values: tuple[Any, ...] = (), patience: float = PATIENCE
    ) -> list[Any]:
        """What a query finds; nothing if there is no file, which is not made."""
        if not self.exists:
            return []
        with self._open(patience) as connection:
            return _patiently(lambda: connection.execute(query, values).fetchall(), patience)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is written, or nothing."""
        with self._open(PATIENCE) as connection:
            _patiently(lambda: connection.execute("BEGIN IMMEDIATE"), PATIENCE)
            try:
                yield connection
                _patiently(lambda: connection.execute("COMMIT"), PATIENCE)
            except BaseException:
                if connection.in_transaction:  # SQLite itself ends it where the disk is full
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _open(self, patience: float) -> Iterator[sqlite3.Connection]:
        """A connection, with errors that name the file."""
        if self._memory is not None:
            with self._lock:
                yield self._memory
            return
        assert self.path is not None
        try:
            self._make_private(self.path)
            with closing(_connect(self.path)) as connection:
                yield _prepared(connection, patience)
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def _make_private(self, path: Path) -> None:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        elif self._private and path.stat().st_mode & 0o077:
            with suppress(OSError):  # it is another user's
                path.chmod(0o600)

    def _unusable(self, error: Exception) -> UsageError:
        if _is_busy(error):
            return UsageError(
                f"Another program has locked the chats in {self.path}.",
                remedy=f"End it, or set {VARIABLE} to another path, or to off.",
            )
        return UsageError(
            f"The chats in {self.path} cannot be used: {error}.",
            remedy=f"Move the file away, or set {VARIABLE} to another path, or to off.",
        )


def _connect(place: str | Path) -> sqlite3.Connection:
    """A connection that other threads may close, and whose transactions are begun by hand."""
    return sqlite3.connect(place, timeout=0, isolation_level=None, check_same_thread=False)


def _prepared(connection: sqlite3.Connection, patience: float) -> sqlite3.Connection:
    """A connection to a file that has the tables."""
    version = _patiently(lambda: _version(connection), patience)
    if version > _VERSION:
        raise sqlite3.DatabaseError("a newer version of nbstream wrote them")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
    if version < _VERSION:
        _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"), patience)
        made = f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT"
        _patiently(lambda: connection.executescript(made), patience)
    return connection


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _patiently(action: Callable[[], T], patience: float) -> T:
    """What ``action`` returns, once no other program locks the file, or ``patience`` is over."""
    end, pause = time.monotonic() + patience, _SOON
    while True:
        try:
            return action()
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > end:
                raise
        time.sleep(pause)
        pause = min(2 * pause, _LATER)


def _is_busy(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
