"""The base class of a Responses API response's output items, and the state that they share.

That state includes the names of the request's custom tools, as the server repeats them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.base import keep_unknown
from nbstream.protocols.json_fields import Json, dict_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.events import Event


class ResponseState:
    """State of one response that its items share.

    ``custom_tools``: the names of the custom tools in the request, as the server repeats
    them; None if it does not. ``has_calls``: the model called one of the user's tools.
    ``for_client``: the ids of the calls of OpenAI's tools that the client may have to answer.
    ``answered``: the ids of the calls whose result is in the response.
    """

    def __init__(self) -> None:
        self.part_count = 0
        self.has_calls = False
        self.for_client: set[str] = set()
        self.answered: set[str] = set()
        self.custom_tools: set[str] | None = None
        self.unknown: list[Any] = []
        self._unanswered: dict[str, list[str]] = {}

    @property
    def needs_client(self) -> bool:
        """Whether the response waits for the result of a call, or for an approval."""
        return self.has_calls or bool(self.for_client - self.answered)

    def next_index(self) -> int:
        """The index of a new part."""
        self.part_count += 1
        return self.part_count - 1

    def note_call(self, kind: str, call_id: str) -> None:
        """Note a call whose result will not name it: a search for tools that the server runs."""
        self._unanswered.setdefault(kind, []).append(call_id)

    def call_of(self, kind: str) -> str:
        """The earliest noted call that a result item of type ``kind`` may answer; else empty."""
        waiting = self._unanswered.get(kind.removesuffix("_output") + "_call")
        return waiting.pop(0) if waiting else ""

    def keep_unknown(self, value: Any) -> None:
        """Keep a value of an unknown type for the metadata, up to 64 of them."""
        keep_unknown(self.unknown, value)


def custom_tool_names(tools: Any) -> set[str] | None:
    """The names of the custom tools in ``tools``, also nested ones; None if there are no tools."""
    if not isinstance(tools, list) or not tools:
        return None
    names: set[str] = set()
    for tool in tools:
        row = dict_of(tool)
        if row.get("type") == "custom":
            names.add(text_of(row.get("name")))
        names |= custom_tool_names(row.get("tools")) or set()
    return names


class Item:
    """One output item while it streams. ``raw`` is its latest JSON from the server."""

    def __init__(self, state: ResponseState, raw: Json) -> None:
        self.state = state
        self.raw = raw
        self.type = text_of(raw.get("type"))
        self.closed = False

    @property
    def id(self) -> str:
        """The server's id; some servers change it in each event."""
        return text_of(self.raw.get("id"))

    def begin(self) -> Iterator[Event]:
        """The item's first events."""
        raise NotImplementedError

    def correct(self) -> Iterator[Event]:
        """At the end of the response: correct text of which deltas were lost."""
        return iter(())

    def close(self, raw: Json | None = None) -> Iterator[Event]:
        """End the item, which is ``raw``; None means that there is only what has arrived.

        Called again if the final response has another version of the item: OpenAI encrypts
        reasoning again each time, and Copilot changes all ids.
        """
        raise NotImplementedError
