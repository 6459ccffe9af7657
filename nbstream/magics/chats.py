"""``-c``: ties a cell to a turn of a chat: what is sent before its prompt, and what is kept."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import uuid
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from nbstream.chat import Chat, Store
from nbstream.display.host import host, kernel_id, running_cell
from nbstream.errors import UsageError
from nbstream.magics.config import config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbstream.core.message import Message
    from nbstream.streams import Stream

_pending: dict[str, list[ChatTurn]] = {}
"""The turns of answers in the background, by chat, that a thread will keep."""


def store() -> Store:
    """The user's chats, where the settings say."""
    return _store(config.get("chats")[0])


@cache
def _store(chosen: str | None) -> Store:
    return Store.at(chosen) if chosen else Store.default()


def own_name(names: Mapping[str, Any]) -> str:
    """The name of the notebook's own chat: its path, or the kernel's id if that is unknown."""
    if path := _notebook(names):
        return path
    return f"kernel-{kernel_id()[:8]}" if kernel_id() else f"session-{_session()}"


def _notebook(names: Mapping[str, Any]) -> str:
    """The notebook's path; empty if the front end does not tell it."""
    path = os.environ.get("JPY_SESSION_NAME") or names.get("__vsc_ipynb_file__")
    return path if isinstance(path, str) else ""


@cache
def _session() -> str:
    """The name of a session without a Jupyter server."""
    return uuid.uuid4().hex[:8]


def wait_for_turns(name: str) -> None:
    """Wait until the chat has the turns of its answers in the background; can be interrupted."""
    for turn in list(_pending.get(name, ())):
        turn.settled.wait()  # not Thread.join: before Python 3.13 an interrupted one ends all later


def forget(name: str) -> bool:
    """Remove a chat for good, also what still streams for it; False if there is none."""
    pending = list(_pending.get(name, ()))
    for turn in pending:
        turn.discard()
    return store().forget(name) or bool(pending)


class ChatTurn:
    """The turn of a chat that the running cell asks for.

    It is kept by a thread of its own, for the chats' file may be locked by another program: the
    end of a stopped cell does not wait for that, and the wait of another can be interrupted.
    ``wait_for_turns`` comes before the chat's next turn.
    """

    def __init__(self, name: str, prompt: Message, names: Mapping[str, Any]) -> None:
        self.chat = Chat(name, store())
        self.prompt = prompt
        self.settled = threading.Event()
        """Set once the turn is kept, or cannot be; ``error`` then says why."""
        self.error: UsageError | None = None
        self._cell = _cell(prompt, _notebook(names))
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._discarded = False
        self._before = self.chat.turns(self._cell)

    @property
    def number(self) -> int:
        """Its number in the chat, from 1."""
        return len(self._before) + 1

    def history(self) -> list[Message]:
        """The messages to send before the prompt."""
        return [message for turn in self._before for message in turn.messages]

    def discard(self) -> None:
        """Let the turn not be kept; one that is being written is, before this returns."""
        with self._lock:
            self._discarded = True

    def keep(self, answer: Stream[Any], *, reports: bool) -> None:
        """Keep the turn once its answer has ended, unless this was called before. Returns at once.

        Only whole answers are turns. ``reports`` is whether an error is printed, because the cell
        does not wait for it.
        """
        if self._thread is None:
            target = partial(self._keep, answer, reports=reports)
            self._thread = threading.Thread(target=target, name="nbstream-chat", daemon=True)
            _pending.setdefault(self.chat.name, []).append(self)
            self._thread.start()

    def _keep(self, answer: Stream[Any], *, reports: bool) -> None:
        try:
            answer.wait()
            with self._lock:
                if not self._discarded:
                    self.chat.ended(self.prompt, answer, self._cell)
        except UsageError as error:
            self.error = error
            if reports:
                print(f"The answer is no turn of the chat. {error}", file=sys.stderr)  # noqa: T201
        finally:
            self.settled.set()
            _pending[self.chat.name].remove(self)


def _cell(prompt: Message, notebook: str) -> str:
    """What names the running cell; empty in a terminal, where no input is run again.

    The notebook's path is part of it: a copied notebook has cells of the same ids. A front end that
    gives cells no ids has their prompts in place of them.
    """
    if host() == "terminal":
        return ""
    found = running_cell().id
    if not found:
        found = f"text-{hashlib.sha256(prompt.text.encode('utf-8', 'replace')).hexdigest()[:16]}"
    return f"{notebook}#{found}" if notebook else found
