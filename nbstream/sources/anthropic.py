"""Reads the streams of Anthropic's SDK: ``create(stream=True)`` and ``messages.stream``, and beta.

The helper's streams have events of its own between the API's; these are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.anthropic import Anthropic
from nbstream.sources.readers import ProviderReader, as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.sources.readers import Reader

_API = frozenset(
    {
        "message_start",
        "message_delta",
        "message_stop",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
    }
)
_ADDED = {
    "content_block_stop": frozenset({"content_block"}),
    "message_stop": frozenset({"message"}),
}
"""Fields that the helper adds to the API's events."""


def reader(item: Any, thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    return _Reader(thing) if isinstance(getattr(item, "type", None), str) else None


class _Reader(ProviderReader):
    def __init__(self, thing: Any) -> None:
        super().__init__(Anthropic(), "anthropic", thing)

    def read(self, item: Any) -> Iterable[Event]:
        """The events of one event of the API."""
        if item.type not in _API:
            return ()
        data = as_json(item, leave_out=_ADDED.get(item.type, frozenset()))
        return self.feed(f"event: {item.type}\ndata: {data}\n\n".encode())


def final(thing: Any) -> Any:
    """What gives the helper's final message, perhaps awaitable; None for a stream without one."""
    get = getattr(thing, "get_final_message", None)
    return get() if get is not None else None
