"""Makes the start, delta and end events of parts: Chat Completions only sends deltas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import ToolCallPart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Key = int | str
    Ends = Mapping[str, Callable[[], dict[str, Any]]]

_STREAMS: dict[str, tuple[type[ev.PartStart], type[ev.PartDelta], type[ev.PartEnd]]] = {
    "text": (ev.TextStart, ev.TextDelta, ev.TextEnd),
    "thinking": (ev.ThinkingStart, ev.ThinkingDelta, ev.ThinkingEnd),
    "refusal": (ev.RefusalStart, ev.RefusalDelta, ev.RefusalEnd),
}


class PartWriter:
    """Tracks the open part and the next index; every method returns the events to yield.

    A text part ends when text of another kind or a tool call begins. Tool calls stay open
    until ``close``, because parallel calls may interleave. ``ends`` maps a kind of text to a
    function that returns the fields of its end event (a signature, metadata).
    """

    def __init__(self, ends: Ends | None = None) -> None:
        self.kind: str | None = None
        """The kind of the open text part: text, thinking, refusal or None."""
        self.last_text: int | None = None
        """The index of the last text part."""
        self._next = 0
        self._index = -1
        self._delta: type[ev.PartDelta] = ev.TextDelta
        self._ends = ends or {}
        self._calls: dict[Key, _Call] = {}

    def append(self, kind: str, chunk: str) -> Sequence[ev.Event]:
        """Append ``chunk`` to the text of ``kind`` (text, thinking, refusal)."""
        if kind == self.kind:
            return (self._delta(self._index, chunk),)
        start, self._delta, _ = _STREAMS[kind]
        events = self.begin(start)
        self.kind = kind
        if kind == "text":
            self.last_text = self._index
        return [*events, self._delta(self._index, chunk)] if chunk else events

    def append_open(self, chunk: str) -> ev.PartDelta:
        """Append ``chunk`` to the open text part."""
        return self._delta(self._index, chunk)

    def begin(self, make: Callable[[int], ev.Event]) -> list[ev.Event]:
        """Begin a part; ``make`` gets its index and returns its first event."""
        events = self.close_text()
        self._index = self._next
        self._next += 1
        return [*events, make(self._index)]

    def begin_call(
        self, key: Key, call_id: str, name: str, metadata: dict[str, Any] | None = None
    ) -> Sequence[ev.Event]:
        """Begin a tool call; ``key`` is what the provider identifies the call by."""
        events = self.begin(lambda index: ev.ToolStart(index, call_id, name))
        self._calls[key] = _Call(self._index, call_id, name, metadata or {})
        return events

    def rename_call(self, key: Key, name: str) -> None:
        """Correct the name of a call that has begun; its end event has it."""
        self._calls[key].name = name

    def append_call(self, key: Key, chunk: str) -> Sequence[ev.Event]:
        """Append ``chunk`` to the arguments of the call ``key``."""
        call = self._calls[key]
        call.args.append(chunk)
        return (ev.ToolDelta(call.index, chunk),)

    def close(self) -> list[ev.Event]:
        """End all open parts, in order."""
        events = self.close_text()
        for call in self._calls.values():
            part = ToolCallPart(call.id, call.name, "".join(call.args), call.metadata)
            events.append(ev.ToolEnd(call.index, part))
        self._calls = {}
        return events

    def close_text(self) -> list[ev.Event]:
        """End the open text part, if any."""
        kind = self.kind
        if kind is None:
            return []
        self.kind = None
        fields = self._ends[kind]() if kind in self._ends else {}
        return [_STREAMS[kind][2](self._index, **fields)]


class _Call:
    """An open tool call and its arguments so far."""

    __slots__ = ("args", "id", "index", "metadata", "name")

    def __init__(self, index: int, call_id: str, name: str, metadata: dict[str, Any]) -> None:
        self.index, self.id, self.name, self.metadata = index, call_id, name, metadata
        self.args: list[str] = []
