"""``Store``: keeps the turns of all chats in one SQLite file that many kernels write at once.

Each turn is written whole, in one transaction, after its answer has ended; what a kernel was
doing when it was killed leaves nothing. ``docs/chats.md`` describes the tables for other tools.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nbstream.chat.database import PATIENCE, VARIABLE, Database
from nbstream.chat.turn import Turn
from nbstream.errors import NBStreamError, UsageError

if TYPE_CHECKING:
    import sqlite3


class ChatInfo(NamedTuple):
    """A chat in the list of chats; ``changed`` is in seconds since 1970."""

    name: str
    turns: int
    changed: float


class Store:
    """The chats in one file, which each method opens and closes again.

    ``path`` None is a store in memory. ``private`` closes an existing file to other users. Methods
    raise ``UsageError`` if the file cannot be used. Reading makes no file.
    """

    def __init__(self, path: Path | None, *, private: bool = False) -> None:
        self.path = path
        self._database = Database(path, private=private)

    @classmethod
    def default(cls) -> Store:
        """The user's store: the file of ``NBSTREAM_CHATS``, else one in their data folder."""
        if chosen := os.environ.get(VARIABLE, ""):
            return cls.at(chosen)
        from platformdirs import user_data_path

        return cls(user_data_path("nbstream", appauthor=False) / "chats.db", private=True)

    @classmethod
    def at(cls, chosen: str) -> Store:
        """The store in the file of that path, or in memory for ``off``."""
        return cls(None if chosen.lower() == "off" else Path(chosen).expanduser())

    def turns(self, name: str) -> list[Turn]:
        """The turns of a chat in order; none if it does not exist.

        Raises:
            UsageError: a turn is damaged.
        """
        rows = self._database.rows(
            "SELECT cell, model, prompt, reply FROM turns JOIN chats ON chats.id = turns.chat"
            " WHERE name = ? ORDER BY position",
            (name,),
        )
        turns = []
        for row in rows:
            try:
                turns.append(Turn.from_row(*row))
            except (NBStreamError, ValueError, TypeError, LookupError, AttributeError) as error:
                raise UsageError(
                    f"Turn {len(turns) + 1} of the chat {name!r} is damaged: {error}",
                    remedy=f"%llm forget {name} removes the chat. Or go on with another name.",
                ) from error
        return turns

    def save(self, name: str, turn: Turn) -> int:
        """Add a turn, or put it in the place of that cell's turn and remove all later ones.

        Returns the turn's number, from 1. Once this returns, the turn outlives the kernel.
        """
        now = time.time()
        with self._database.writing() as connection:
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
        if not cell or not self._database.exists:
            return 0
        with self._database.writing() as connection:
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

    def chats(self, *, patience: float = PATIENCE) -> list[ChatInfo]:
        """All chats, the one that changed last first.

        ``patience`` is the seconds to wait for another program that has locked the file.
        """
        rows = self._database.rows(
            "SELECT name, count(turns.id), coalesce(max(turns.created), chats.created)"
            " FROM chats LEFT JOIN turns ON chats.id = turns.chat"
            " GROUP BY chats.id ORDER BY 3 DESC, name",
            patience=patience,
        )
        return [ChatInfo(*row) for row in rows]

    def forget(self, name: str) -> bool:
        """Remove a chat for good; False if there is none of that name."""
        if not self._database.exists:
            return False
        with self._database.writing() as connection:
            return connection.execute("DELETE FROM chats WHERE name = ?", (name,)).rowcount > 0

    def branch(self, name: str, new: str) -> int:
        """Copy a chat to a new name; returns the number of turns.

        Raises:
            UsageError: there is no such chat, or the new name is taken.
        """
        with self._database.writing() as connection:
            found = connection.execute("SELECT id FROM chats WHERE name = ?", (name,)).fetchone()
            if found is None:
                raise UsageError(
                    f"There is no chat called {name!r}.", remedy="%llm chats lists them."
                )
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
