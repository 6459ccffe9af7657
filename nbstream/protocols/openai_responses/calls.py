"""The items in which the model asks for one of the caller's tools.

Knows function calls, whose arguments are JSON, and custom tool calls, whose
input is plain text and is handed on as one JSON string. Refuses to know the
provider's own tools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import ToolCallPart
from nbstream.protocols.json_fields import Json, text_of, without
from nbstream.protocols.openai_responses.item import Item
from nbstream.protocols.openai_responses.names import KEY, json_text

if TYPE_CHECKING:
    from collections.abc import Iterator


class ArgumentsItem(Item):
    """An item whose arguments arrive as pieces of text.

    ``opening`` and ``closing`` make JSON of plain text: the pieces between them
    are escaped. Both are empty where the pieces are JSON already.
    """

    opening = closing = ""
    delta: type[ev.PartDelta] = ev.ToolDelta

    def __init__(self, answer: Any, raw: Json) -> None:
        super().__init__(answer, raw)
        self.index = -1
        self._sent: list[str] = []
        self._whole = False

    @property
    def call_id(self) -> str:
        """What the result will refer to."""
        return text_of(self.raw.get("call_id")) or self.id

    def grow(self, piece: str) -> ev.Event:
        """``piece`` more of the arguments, as the wire has it."""
        if self.opening:
            piece = json_text(piece)[1:-1]
            if not self._sent:
                piece = self.opening + piece
        self._sent.append(piece)
        return self.delta(self.index, piece)

    def settle(self, text: str) -> Iterator[ev.Event]:
        """The server says that the arguments are ``text``, as the wire has it."""
        if self.opening:
            text = self.opening + json_text(text)[1:-1] + self.closing
        yield from self.rest(text)

    def rest(self, args_json: str) -> Iterator[ev.Event]:
        """What the deltas left out of ``args_json``; if they disagree, the end is right."""
        sent = "".join(self._sent)
        self._sent, self._whole = [sent], bool(args_json)
        if len(args_json) > len(sent) and args_json.startswith(sent):
            self._sent.append(args_json[len(sent) :])
            yield self.delta(self.index, self._sent[-1])

    @property
    def sent(self) -> str:
        """The arguments' JSON text, from the deltas alone."""
        text = "".join(self._sent)
        return text + self.closing if text and not self._whole else text


class CallItem(ArgumentsItem):
    """A call of one of the caller's tools."""

    field = "arguments"

    def begin(self) -> Iterator[ev.Event]:
        """The call begins."""
        self.answer.called = True
        self.index = self.answer.next_index()
        yield ev.ToolStart(self.index, self.call_id, text_of(self.raw.get("name")))

    def close(self, raw: Json | None = None) -> Iterator[ev.Event]:
        """The call is whole; it is told once, for whoever hears of it may run it."""
        if self.closed:
            return
        # Servers that call it otherwise in the end began it under the name that holds.
        self.raw, self.closed = {**self.raw, **(raw or {})}, True
        args_json = self.args_json()
        yield from self.rest(args_json)
        metadata = {KEY: without(self.raw, "call_id", "name", self.field)}
        name = text_of(self.raw.get("name"))
        yield ev.ToolEnd(self.index, ToolCallPart(self.call_id, name, args_json, metadata))

    def args_json(self) -> str:
        """The whole arguments."""
        arguments = self.raw.get(self.field)
        if isinstance(arguments, dict):
            return json_text(arguments)
        return text_of(arguments) or self.sent


class CustomCallItem(CallItem):
    """A call of a custom tool: ``args`` is the text that the model wrote."""

    field = "input"
    opening = closing = '"'

    def args_json(self) -> str:
        """The input as a JSON string."""
        written = text_of(self.raw.get("input"))
        return json_text(written) if written else self.sent or '""'
