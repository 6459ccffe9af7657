"""``Store``: keeps the turns of all chats in one SQLite file that many kernels write at once.

Each turn is written whole, in one transaction, after its answer has ended; what a kernel was
doing when it was killed leaves nothing. ``docs/chats.md`` describes the tables for other tools.
"""

from __future__ import annotations

import os
import sqlite3
import time
import weakref
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

from nbstream.chat.turn import Turn
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "NBSTREAM_CHATS"
"""The environment variable with the file's path, or ``off`` for chats that end with the kernel."""

_VERSION = 1
_PATIENCE = 30.0  # seconds to wait for another kernel that writes
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


class ChatInfo(NamedTuple):
    """A chat in the list of chats; ``changed`` is in seconds since 1970."""

    name: str
    turns: int
    changed: float


class Store:
    """The chats in one file. Each method opens the file and closes it again.

    ``path`` None is a store in memory. Methods raise ``UsageError`` if the file cannot be used.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._memory: sqlite3.Connection | None = None
        self._lock = RLock()
        if path is None:  # one connection keeps a store in memory alive
            self._memory = _prepared(_connect(":memory:"))
            weakref.finalize(self, self._memory.close)

    @classmethod
    def default(cls) -> Store:
        """The user's store: the file of ``NBSTREAM_CHATS``, else one in their data folder."""
        if chosen := os.environ.get(VARIABLE, ""):
            return cls.at(chosen)
        from platformdirs import user_data_path

        return cls(user_data_path("nbstream", appauthor=False) / "chats.db")

    @classmethod
    def at(cls, chosen: str) -> Store:
        """The store in the file of that path, or in memory for ``off``."""
        return cls(None if chosen.lower() == "off" else Path(chosen).expanduser())

    def turns(self, name: str) -> list[Turn]:
        """The turns of a chat in order; none if it does not exist."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT cell, model, prompt, reply FROM turns JOIN chats ON chats.id = turns.chat"
                " WHERE name = ? ORDER BY position",
                (name,),
            ).fetchall()
        return [Turn.from_row(*row) for row in rows]

    def save(self, name: str, turn: Turn) -> int:
        """Add a turn, or put it in the place of that cell's turn and remove all later ones.

        Returns the turn's number, from 1. Once this returns, the turn outlives the kernel.
        """
        now = time.time()
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO chats (name, created) VALUES (?, ?)", (name, now)
            )
            (chat,) = connection.execute("SELECT id FROM chats WHERE name = ?", (name,)).fetchone()
            self._cut(connection, name, turn.cell)
            (count,) = connection.execute(
                "SELECT count(*) FROM turns WHERE chat = ?", (chat,)
            ).fetchone()
            connection.execute(
                "INSERT INTO turns (chat, position, cell, model, prompt, reply, created)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (chat, count + 1, *turn.to_row(), now),
            )
        return int(count) + 1

    def cut(self, name: str, cell: str) -> int:
        """Remove that cell's turn and all later ones; returns how many."""
        with self._writing() as connection:
            return self._cut(connection, name, cell)

    def _cut(self, connection: sqlite3.Connection, name: str, cell: str) -> int:
        if not cell:
            return 0
        return connection.execute(
            "DELETE FROM turns WHERE chat = (SELECT id FROM chats WHERE name = :name)"
            " AND position >= (SELECT min(position) FROM turns WHERE cell = :cell AND chat ="
            " (SELECT id FROM chats WHERE name = :name))",
            {"name": name, "cell": cell},
        ).rowcount

    def chats(self) -> list[ChatInfo]:
        """All chats, the one that changed last first."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT name, count(turns.id), coalesce(max(turns.created), chats.created)"
                " FROM chats LEFT JOIN turns ON chats.id = turns.chat"
                " GROUP BY chats.id ORDER BY 3 DESC, name"
            ).fetchall()
        return [ChatInfo(*row) for row in rows]

    def forget(self, name: str) -> bool:
        """Remove a chat for good; False if there is none of that name."""
        with self._writing() as connection:
            return connection.execute("DELETE FROM chats WHERE name = ?", (name,)).rowcount > 0

    def branch(self, name: str, new: str) -> int:
        """Copy a chat to a new name; returns the number of turns.

        Raises:
            UsageError: there is no such chat, or the new name is taken.
        """
        with self._writing() as connection:
            found = connection.execute("SELECT id FROM chats WHERE name = ?", (name,)).fetchone()
            if found is None:
                raise UsageError(f"There is no chat called {name!r}.", remedy="See %llm chats.")
            taken = connection.execute("SELECT 1 FROM chats WHERE name = ?", (new,)).fetchone()
            if taken:
                raise UsageError(
                    f"There is a chat called {new!r} already.",
                    remedy=f"Choose another name, or %llm forget {new}.",
                )
            made = connection.execute(
                "INSERT INTO chats (name, created) VALUES (?, ?)", (new, time.time())
            )
            return connection.execute(
                "INSERT INTO turns (chat, position, cell, model, prompt, reply, created)"
                " SELECT ?, position, cell, model, prompt, reply, created FROM turns"
                " WHERE chat = ?",
                (made.lastrowid, found[0]),
            ).rowcount

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection, with errors that name the file."""
        if self._memory is not None:
            with self._lock:
                yield self._memory
            return
        assert self.path is not None
        try:
            _make_private(self.path)
            with closing(_connect(self.path)) as connection:
                yield _prepared(connection)
        except (sqlite3.Error, OSError) as error:
            raise UsageError(
                f"The chats in {self.path} cannot be used: {error}.",
                remedy=f"Move the file away, or set {VARIABLE} to another path, or to off.",
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is written, or nothing."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _connect(place: str | Path) -> sqlite3.Connection:
    """A connection that other threads may close, and whose transactions are begun by hand."""
    return sqlite3.connect(place, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A connection to a file that has the tables."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        raise sqlite3.DatabaseError("a newer version of nbstream wrote them")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
    if version < _VERSION:
        connection.execute("PRAGMA journal_mode = WAL")
        made = f"{_TABLES} PRAGMA user_version = {_VERSION};"
        connection.executescript(f"BEGIN IMMEDIATE; {made} COMMIT")
    return connection


def _make_private(path: Path) -> None:
    """Make the file readable by its owner alone, since it holds what was asked and answered."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
