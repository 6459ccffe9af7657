"""``-c``: ties a cell to a turn of a chat: what is sent before its prompt, and what is kept."""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from functools import cache
from typing import TYPE_CHECKING, Any

from nbstream.chat import Chat, Store
from nbstream.display.host import host, kernel_id, running_cell
from nbstream.magics.config import config

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbstream.core.message import Message
    from nbstream.streams import Stream

_pending: dict[str, list[threading.Thread]] = {}
"""The threads that keep turns of answers in the background, by chat."""


def store() -> Store:
    """The user's chats, where the settings say."""
    return _store(config.get("chats")[0])


@cache
def _store(chosen: str | None) -> Store:
    return Store.at(chosen) if chosen else Store.default()


def own_name(names: Mapping[str, Any]) -> str:
    """The name of the notebook's own chat: its path, or the kernel's id if that is unknown."""
    path = os.environ.get("JPY_SESSION_NAME") or names.get("__vsc_ipynb_file__")
    if isinstance(path, str) and path:
        return path
    return f"kernel-{kernel_id()[:8]}" if kernel_id() else f"session-{_session()}"


@cache
def _session() -> str:
    """The name of a session without a Jupyter server."""
    return uuid.uuid4().hex[:8]


class ChatTurn:
    """The turn of a chat that the running cell asks for.

    A turn of an answer in the background is kept once that has ended; the chat's next turn waits
    for it.
    """

    def __init__(self, name: str, prompt: Message) -> None:
        for thread in _pending.pop(name, ()):
            thread.join()
        self.chat = Chat(name, store())
        self.prompt = prompt
        self._cell = _cell(prompt)
        self._kept = False

    def history(self) -> list[Message]:
        """The messages to send before the prompt."""
        return self.chat.history(self._cell)

    def keep(self, answer: Stream[Any]) -> None:
        """Keep the turn of an answer that has ended, once. Only whole answers are turns."""
        if not self._kept:
            self._kept = True
            self.chat.ended(self.prompt, answer, self._cell)

    def keep_later(self, answer: Stream[Any]) -> None:
        """The same, in the background, when the answer has ended."""

        def wait() -> None:
            answer.wait()
            self.keep(answer)

        thread = threading.Thread(target=wait, name="nbstream-chat", daemon=True)
        _pending.setdefault(self.chat.name, []).append(thread)
        thread.start()


def _cell(prompt: Message) -> str:
    """What names the running cell; empty in a terminal, where no input is run again.

    A front end that gives cells no ids has their prompts in place of them.
    """
    if host() == "terminal":
        return ""
    if found := running_cell().id:
        return found
    return "text-" + hashlib.sha256(prompt.text.encode("utf-8", "replace")).hexdigest()[:16]
