"""Reads the streams of OpenAI's SDK: Responses and Chat Completions, and the helpers of both.

The helpers' streams have events of their own beside the API's; these are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.openai_chat import OpenAIChat
from nbstream.protocols.openai_responses import OpenAIResponses
from nbstream.sources.readers import ProviderReader, as_json, class_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.sources.readers import Reader

_CHUNK = "ChatCompletionChunk"


def reader(item: Any, thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    if _CHUNK in class_names(item) or "ChatCompletion" in type(thing).__name__:
        return ChatReader(thing)
    return _Responses(thing) if isinstance(getattr(item, "type", None), str) else None


class ChatReader(ProviderReader):
    """Reads chunks of Chat Completions."""

    def __init__(self, thing: Any, provider: str = "openai-chat") -> None:
        super().__init__(OpenAIChat(), provider, thing)
        self._has_reason = False

    def read(self, item: Any) -> Iterable[Event]:
        """The events of one chunk, which the helper's event may hold."""
        chunk = getattr(item, "chunk", item)
        if _CHUNK not in class_names(chunk) and not hasattr(chunk, "choices"):
            return ()
        choices = chunk.choices or ()
        self._has_reason |= any(getattr(one, "finish_reason", None) for one in choices)
        return self.feed(f"data: {as_json(chunk)}\n\n".encode())

    def close(self) -> Iterable[Event]:
        """The end, which the SDK keeps to itself.

        Without any finish reason the answer was cut off, which the SDK does not tell either.
        """
        end = self.feed(b"data: [DONE]\n\n") if self._has_reason else []
        return [*end, *super().close()]


class _Responses(ProviderReader):
    """Reads the events of Responses."""

    def __init__(self, thing: Any) -> None:
        super().__init__(OpenAIResponses(), "openai", thing)

    def read(self, item: Any) -> Iterable[Event]:
        """The events of one event of the API."""
        return self.feed(f"event: {item.type}\ndata: {as_json(item)}\n\n".encode())


def final(thing: Any) -> Any:
    """What gives the helper's final message, perhaps awaitable; None for a stream without one."""
    for name in ("get_final_response", "get_final_completion"):
        if (get := getattr(thing, name, None)) is not None:
            return get()
    return None
