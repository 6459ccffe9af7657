"""Makes the events of a Gemini response's unfinished parts: text, thinking, function calls."""

from __future__ import annotations

from typing import Any

from nbstream.core import events as ev
from nbstream.core.message import ToolCallPart
from nbstream.protocols.gemini.partial_arguments import PartialArguments


class OpenText:
    """A text or thinking part that has not ended.

    ``signed`` lists the stretches that arrived as parts with other fields, such as a
    signature. Google's documentation forbids merging these with others.
    """

    __slots__ = ("chunks", "index", "length", "signed", "thought")

    def __init__(self, index: int, *, thought: bool) -> None:
        self.index, self.thought = index, thought
        self.chunks: list[str] = []
        self.length = 0
        self.signed: list[list[Any]] = []

    def begin(self) -> ev.Event:
        """The start event."""
        return ev.ThinkingStart(self.index) if self.thought else ev.TextStart(self.index)

    def append(self, chunk: str) -> ev.Event:
        """Add ``chunk`` and return the delta event."""
        self.chunks.append(chunk)
        self.length += len(chunk)
        if self.thought:
            return ev.ThinkingDelta(self.index, chunk)
        return ev.TextDelta(self.index, chunk)

    def end(self) -> list[ev.Event]:
        """The end event, after the signature event if there is a signature."""
        if not self.thought:
            metadata = {"gemini": {"signed": self.signed}} if self.signed else {}
            return [ev.TextEnd(self.index, metadata)]
        signatures = [extras.get("thoughtSignature") for _, _, extras in self.signed]
        last = next((each for each in reversed(signatures) if isinstance(each, str)), None)
        end = ev.ThinkingEnd(self.index, last, None, {"gemini": {"signed": self.signed}})
        return [ev.SignatureEvent(self.index, last), end] if last else [end]


class OpenCall:
    """A function call whose arguments arrive at once, or value by value."""

    __slots__ = ("_args_json", "_streamed", "extras", "id", "index", "name")

    def __init__(self, index: int, call_id: str, name: str) -> None:
        self.index, self.id, self.name = index, call_id, name
        self.extras: dict[str, Any] = {}
        self._args_json = ""
        self._streamed: PartialArguments | None = None

    def begin(self) -> ev.Event:
        """The start event."""
        return ev.ToolStart(self.index, self.id, self.name)

    def set_arguments(self, args_json: str) -> list[ev.Event]:
        """Set all arguments at once. Does nothing if there are some already."""
        if self._args_json or self._streamed:
            return []
        self._args_json = args_json
        return self._delta(args_json)

    def add_value(self, entry: Any) -> list[ev.Event]:
        """Add one value of the arguments, a ``PartialArg``."""
        self._streamed = self._streamed or PartialArguments()
        return self._delta(self._streamed.add(entry))

    def end(self) -> list[ev.Event]:
        """The end event, after the rest of the arguments."""
        deltas: list[ev.Event] = []
        if self._streamed is not None:
            deltas = self._delta(self._streamed.close())
            self._args_json = self._streamed.text
        metadata = {"gemini": self.extras} if self.extras else {}
        part = ToolCallPart(self.id, self.name, self._args_json, metadata)
        return [*deltas, ev.ToolEnd(self.index, part)]

    def _delta(self, chunk: str) -> list[ev.Event]:
        return [ev.ToolDelta(self.index, chunk)] if chunk else []
