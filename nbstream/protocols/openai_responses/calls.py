"""Converts the output items with calls of the user's tools to events (Responses API).

The arguments of a function are JSON. The input of a custom tool is plain text and becomes one
JSON string. ``ArgumentsItem`` is also a base of items with calls of OpenAI's own tools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import ToolCallPart
from nbstream.core.surrogates import paired
from nbstream.protocols.arguments import Arguments, is_empty, without_repeats
from nbstream.protocols.json_fields import Json, json_text, text_of, without
from nbstream.protocols.openai_responses.item import Item
from nbstream.protocols.openai_responses.metadata_key import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator


class ArgumentsItem(Item):
    """An item whose arguments arrive in pieces.

    ``opening`` and ``closing`` turn plain text into JSON; the pieces between them are escaped.
    Both are empty if the pieces are JSON already.
    """

    opening = closing = ""
    delta_type: type[ev.PartDelta] = ev.ToolDelta

    def __init__(self, state: Any, raw: Json) -> None:
        super().__init__(state, raw)
        self.index = -1
        self._arguments = Arguments()
        self._delta, self._is_json = self.delta_type, not self.opening  # read for each piece
        self._is_complete = False

    @property
    def call_id(self) -> str:
        """The id that the result refers to."""
        return text_of(self.raw.get("call_id")) or self.id

    def append(self, piece: str) -> ev.PartDelta:
        """Add a piece of the arguments, as received. The chunk of the event may be empty."""
        if self._is_json:
            return self._delta(self.index, self._arguments.add(piece))
        inside = json_text(piece)[1:-1]
        is_first = self._arguments.is_blank
        piece = self._arguments.append(self.opening + inside if is_first else inside)
        return self._delta(self.index, piece)

    def complete(self, text: str) -> Iterator[ev.Event]:
        """Add what the deltas lack of ``text``, the complete arguments as received."""
        if self.opening:
            text = self.opening + json_text(text)[1:-1] + self.closing
        yield from self.append_rest(text)

    def append_rest(self, args_json: str) -> Iterator[ev.Event]:
        """Add what the deltas lack of ``args_json``. If they differ, the end event is right."""
        sent = paired(self._arguments.text)
        if self.opening or not is_empty(args_json):
            args_json = args_json if self.opening else without_repeats(args_json)
        elif sent:
            args_json = sent
        self._is_complete = bool(args_json)
        rest = args_json[len(sent) :] if args_json.startswith(sent) else ""
        if args_json:  # what is held back is in the complete text
            self._arguments = Arguments(sent + rest)
        if rest:
            yield self.delta_type(self.index, rest)

    @property
    def sent(self) -> str:
        """The arguments as JSON text, from the deltas alone."""
        text = paired(self._arguments.whole)
        return text + self.closing if text and not self._is_complete else text


class CallItem(ArgumentsItem):
    """An item with a call of one of the user's tools."""

    field = "arguments"

    def begin(self) -> Iterator[ev.Event]:
        """Begin the call."""
        self.state.has_calls = True
        self.index = self.state.next_index()
        yield ev.ToolStart(self.index, self.call_id, text_of(self.raw.get("name")))

    def close(self, raw: Json | None = None) -> Iterator[ev.Event]:
        """End the call. Only once: a reader may run the tool when it sees the event."""
        if self.closed:
            return
        # Some servers send another name at the end; the name at the beginning is right.
        self.raw, self.closed = {**self.raw, **(raw or {})}, True
        args_json = self.args_json()
        yield from self.append_rest(args_json)
        metadata = {KEY: without(self.raw, "call_id", "name", self.field)}
        name = text_of(self.raw.get("name"))
        yield ev.ToolEnd(self.index, ToolCallPart(self.call_id, name, args_json, metadata))

    def args_json(self) -> str:
        """The complete arguments as JSON text."""
        arguments = self.raw.get(self.field)
        if isinstance(arguments, dict):
            arguments = json_text(arguments)
        text = text_of(arguments)
        if is_empty(text) and (sent := self.sent):
            return sent
        return without_repeats(text)


class CustomCallItem(CallItem):
    """An item with a call of a custom tool; ``args`` is the text that the model wrote."""

    field = "input"
    opening = closing = '"'

    def args_json(self) -> str:
        """The input as a JSON string."""
        written = text_of(self.raw.get("input"))
        return json_text(written) if written else self.sent or '""'
