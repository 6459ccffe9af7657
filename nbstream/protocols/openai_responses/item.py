"""What every output item has in common, and what the items of one answer share.

Knows that an item begins, is whole, and may be told once more when the answer
ends. Refuses to know any kind of item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.json_fields import Json, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.events import Event

# Enough to see what a server sends; a stream of unknown deltas must not pile up.
_MOST_UNKNOWN = 64


class Answer:
    """One answer's bookkeeping.

    ``custom_tools`` are the custom tools that the request declared, as the
    server repeats them; None if it does not say. ``called`` tells whether the
    model asked for one of the caller's tools.
    """

    def __init__(self) -> None:
        self.parts = 0
        self.called = False
        self.custom_tools: set[str] | None = None
        self.unknown: list[Any] = []

    def next_index(self) -> int:
        """The index of a part that begins now."""
        self.parts += 1
        return self.parts - 1

    def put_aside(self, thing: Any) -> None:
        """Keep what this library has no name for; the first 64 of them."""
        if len(self.unknown) < _MOST_UNKNOWN:
            self.unknown.append(thing)


class Item:
    """One output item while it streams. ``raw`` is the server's latest account of it."""

    def __init__(self, answer: Answer, raw: Json) -> None:
        self.answer = answer
        self.raw = raw
        self.type = text_of(raw.get("type"))
        self.closed = False

    @property
    def id(self) -> str:
        """The server's id for it; some change it at each event."""
        return text_of(self.raw.get("id"))

    def begin(self) -> Iterator[Event]:
        """The events it begins with."""
        raise NotImplementedError

    def amend(self) -> Iterator[Event]:
        """The answer is over: put right what deltas that were lost have left wrong."""
        return iter(())

    def close(self, raw: Json | None = None) -> Iterator[Event]:
        """It is whole, and is ``raw``; if None, what has come is all there is.

        Called again if the end of the answer gives another account of it:
        OpenAI encrypts reasoning anew each time, Copilot renames everything.
        """
        raise NotImplementedError
