"""Reads the streams of chatlas: texts, and with ``content="all"`` what comes between them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.sources.readers import class_names
from nbstream.sources.text import TextReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.core.events import Event
    from nbstream.sources.readers import Reader
    from nbstream.sources.replies import Replies

STARTED = ("Chat",)
"""The classes of what is started with a prompt."""


def start(chat: Any, prompt: Any) -> Any:
    """A chat's stream of an answer, with all that it has."""
    return _Answer(chat, prompt)


def final(thing: Any) -> Any:
    """The last turn of a chat that was asked here."""
    return thing.chat.get_last_turn() if isinstance(thing, _Answer) else None


def reader(item: Any, _thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    return TextReader() if "Content" in class_names(item) else None


def read_between(item: Any, replies: Replies) -> Iterable[Event]:
    """The events of what comes between the texts."""
    kind = type(item).__name__
    if kind in ("ContentThinkingDelta", "ContentThinking"):
        yield from replies.thinking(item.thinking)
    elif kind == "ContentText":
        yield from replies.text(item.text)
    elif kind == "ContentToolRequest":
        yield from replies.call(item.id, item.id, item.name, json.dumps(item.arguments))
    elif kind == "ContentToolResult":
        failed = item.error is not None
        value = str(item.error) if failed else item.value
        name = item.request.name if item.request is not None else ""
        yield from replies.result(item.id, name, value, failed=failed)


class _Answer:
    """An answer that is asked for when it is iterated."""

    def __init__(self, chat: Any, prompt: Any) -> None:
        self.chat = chat
        self._prompt = prompt

    def __iter__(self) -> Iterator[Any]:
        return iter(self.chat.stream(self._prompt, content="all"))
