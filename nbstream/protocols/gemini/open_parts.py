"""Makes the events of a Gemini response's unfinished parts: text, thinking, function calls."""

from __future__ import annotations

from typing import Any

from nbstream.core import events as ev
from nbstream.core.message import ToolCallPart
from nbstream.core.surrogates import ends_in_high_half, paired
from nbstream.protocols.arguments import Arguments
from nbstream.protocols.gemini.partial_arguments import PartialArguments
from nbstream.protocols.json_fields import Json, text_of


class OpenText:
    """A text or thinking part that has not ended.

    Stretches that arrived as parts with other fields, such as a signature, are listed in the
    metadata. Google's documentation forbids merging these with others.
    """

    __slots__ = ("_delta", "_signed", "chunks", "index", "thought")

    def __init__(self, index: int, *, thought: bool) -> None:
        self.index, self.thought = index, thought
        self._delta = ev.ThinkingDelta if thought else ev.TextDelta
        self.chunks: list[str] = []
        self._signed: list[tuple[int, int, dict[str, Any]]] = []  # from chunk, to chunk, fields

    def begin(self) -> ev.Event:
        """The start event."""
        return ev.ThinkingStart(self.index) if self.thought else ev.TextStart(self.index)

    def append(self, chunk: str) -> ev.Event:
        """Add ``chunk`` and return the delta event."""
        self.chunks.append(chunk)
        return self._delta(self.index, chunk)

    def sign(self, extras: dict[str, Any], *, is_text: bool) -> None:
        """Keep a part's other fields; ``is_text``: the last chunk is the part's text."""
        count = len(self.chunks)
        self._signed.append((count - is_text, count, extras))

    @property
    def text(self) -> str:
        """The text so far."""
        return paired("".join(self.chunks))

    def end(self) -> list[ev.Event]:
        """The end event, after the signature event if there is a signature."""
        signed = self._stretches() if self._signed else []
        if not self.thought:
            metadata = {"gemini": {"signed": signed}} if signed else {}
            return [ev.TextEnd(self.index, metadata)]
        signatures = [extras.get("thoughtSignature") for _, _, extras in self._signed]
        last = next((each for each in reversed(signatures) if isinstance(each, str)), None)
        end = ev.ThinkingEnd(self.index, last, None, {"gemini": {"signed": signed}})
        return [ev.SignatureEvent(self.index, last), end] if last else [end]

    def _stretches(self) -> list[list[Any]]:
        """Where the text of each part with other fields begins and ends in the whole text."""
        starts, length, held = [0], 0, ""
        for chunk in self.chunks:
            text = held + chunk
            held = text[-1] if ends_in_high_half(text) else ""  # it belongs to the next chunk
            length += len(paired(text[: len(text) - len(held)]))
            starts.append(length)
        return [[starts[first], starts[last], extras] for first, last, extras in self._signed]


class OpenCall:
    """A function call whose arguments arrive at once, or value by value.

    ``given_id``: the id from the server, empty if it sent none. ``will_continue``: the server
    said that more of the call follows.
    """

    __slots__ = (
        *("_arguments", "_streamed", "args_json", "extras"),
        *("given_id", "id", "index", "name", "will_continue"),
    )

    def __init__(self, index: int, call_id: str, name: str) -> None:
        self.index, self.id, self.name = index, call_id, name
        self.given_id = ""
        self.will_continue = True
        self.extras: dict[str, Any] = {}
        self.args_json = ""
        self._arguments = Arguments()
        self._streamed: PartialArguments | None = None

    def continues(self, value: Json) -> bool:
        """Whether a ``functionCall`` is more of this call: no name, the same id, or announced."""
        name, call_id = text_of(value.get("name")), text_of(value.get("id"))
        if call_id and self.given_id:
            return call_id == self.given_id
        return not name or (self.will_continue and name == self.name)

    @property
    def is_empty(self) -> bool:
        """Whether the call has no arguments so far."""
        return not (self._arguments.has_any or self._streamed)

    def begin(self) -> ev.Event:
        """The start event."""
        return ev.ToolStart(self.index, self.id, self.name)

    def add_arguments(self, text: str) -> list[ev.Event]:
        """Add the arguments as JSON text. Does nothing if they are complete already."""
        if self._streamed or (self._arguments.has_any and self._arguments.is_complete()):
            return []
        return self._delta(self._arguments.add(text))

    def add_value(self, entry: Any) -> list[ev.Event]:
        """Add one value of the arguments, a ``PartialArg``."""
        self._streamed = self._streamed or PartialArguments()
        return self._delta(self._streamed.add(entry))

    def end(self) -> list[ev.Event]:
        """The end event, after the rest of the arguments."""
        if self._streamed is not None:
            deltas = self._delta(self._streamed.close())
            self.args_json = self._streamed.text
        else:
            deltas = self._delta(self._arguments.end())
            self.args_json = self._arguments.text
        metadata = {"gemini": self.extras} if self.extras else {}
        part = ToolCallPart(self.id, self.name, self.args_json, metadata)
        return [*deltas, ev.ToolEnd(self.index, part)]

    def _delta(self, chunk: str) -> list[ev.Event]:
        return [ev.ToolDelta(self.index, chunk)] if chunk else []
