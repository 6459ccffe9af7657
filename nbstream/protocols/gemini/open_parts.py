"""The parts of an answer that grow: text, thinking, and function calls.

Knows what each has gathered and the events that say so. Refuses to know when
one begins and what makes it end.
"""

from __future__ import annotations

from typing import Any

from nbstream.core import events as ev
from nbstream.core.message import ToolCallPart
from nbstream.protocols.gemini.arguments import PartialArguments


class GrowingText:
    """A text or thinking part while it grows.

    ``signed`` says which stretch of it came as a part of its own, and with what
    beside it: Google's document on thought signatures forbids merging these.
    """

    __slots__ = ("chunks", "index", "length", "signed", "thought")

    def __init__(self, index: int, *, thought: bool) -> None:
        self.index, self.thought = index, thought
        self.chunks: list[str] = []
        self.length = 0
        self.signed: list[list[Any]] = []

    def begin(self) -> ev.Event:
        """It has begun."""
        return ev.ThinkingStart(self.index) if self.thought else ev.TextStart(self.index)

    def grow(self, chunk: str) -> ev.Event:
        """``chunk`` more of it."""
        self.chunks.append(chunk)
        self.length += len(chunk)
        if self.thought:
            return ev.ThinkingDelta(self.index, chunk)
        return ev.TextDelta(self.index, chunk)

    def end(self) -> list[ev.Event]:
        """It is whole."""
        if not self.thought:
            metadata = {"gemini": {"signed": self.signed}} if self.signed else {}
            return [ev.TextEnd(self.index, metadata)]
        signatures = [extras.get("thoughtSignature") for _, _, extras in self.signed]
        last = next((one for one in reversed(signatures) if isinstance(one, str)), None)
        end = ev.ThinkingEnd(self.index, last, None, {"gemini": {"signed": self.signed}})
        return [ev.SignatureEvent(self.index, last), end] if last else [end]


class GrowingCall:
    """A function call while its arguments come: whole, or value by value."""

    __slots__ = ("_args_json", "_streamed", "extras", "id", "index", "name")

    def __init__(self, index: int, call_id: str, name: str) -> None:
        self.index, self.id, self.name = index, call_id, name
        self.extras: dict[str, Any] = {}
        self._args_json = ""
        self._streamed: PartialArguments | None = None

    def begin(self) -> ev.Event:
        """It has begun."""
        return ev.ToolStart(self.index, self.id, self.name)

    def whole(self, args_json: str) -> list[ev.Event]:
        """All arguments at once, unless some were given already."""
        if self._args_json or self._streamed:
            return []
        self._args_json = args_json
        return self._delta(args_json)

    def value(self, entry: Any) -> list[ev.Event]:
        """One more value, as a ``PartialArg``."""
        self._streamed = self._streamed or PartialArguments()
        return self._delta(self._streamed.add(entry))

    def end(self) -> list[ev.Event]:
        """It is whole."""
        deltas: list[ev.Event] = []
        if self._streamed is not None:
            deltas = self._delta(self._streamed.close())
            self._args_json = self._streamed.text
        metadata = {"gemini": self.extras} if self.extras else {}
        part = ToolCallPart(self.id, self.name, self._args_json, metadata)
        return [*deltas, ev.ToolEnd(self.index, part)]

    def _delta(self, chunk: str) -> list[ev.Event]:
        return [ev.ToolDelta(self.index, chunk)] if chunk else []
