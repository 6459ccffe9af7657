"""Converts output items of OpenAI's own tools, and of unknown types, to events.

OpenAI runs most of these tools; patches, computer use and some others wait for the client.
An item holds a call, its result and files. Some results are separate items. Code, shell
commands and patches stream as plain text, and a generated image becomes a file.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.data_url import read_data_url
from nbstream.core.message import BuiltinToolCallPart, BuiltinToolResultPart
from nbstream.protocols.json_fields import Json, dict_of, dicts_of, json_text, text_of, without
from nbstream.protocols.media_files import media_type
from nbstream.protocols.openai_responses import tool_results
from nbstream.protocols.openai_responses.calls import ArgumentsItem
from nbstream.protocols.openai_responses.item import Item
from nbstream.protocols.openai_responses.metadata_key import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator


class BuiltinItem(ArgumentsItem):
    """A call of one of OpenAI's own tools; its result and its files become separate parts."""

    delta_type = ev.BuiltinToolDelta

    def __init__(self, state: Any, raw: Json) -> None:
        super().__init__(state, raw)
        self._ended: ev.Event | None = None
        self._has_result = False
        self._file_index: int | None = None

    def begin(self) -> Iterator[ev.Event]:
        """Begin the call."""
        self.index = self.state.next_index()
        if not text_of(self.raw.get("call_id")):
            self.state.note_call(self.type, self.call_id)
        yield ev.BuiltinToolStart(self.index, self.call_id, tool_results.name(self.raw))

    def close(self, raw: Json | None = None) -> Iterator[ev.Event]:
        """End the call and add its result."""
        self.raw, self.closed = raw or self.raw, True
        if tool_results.needs_client(self.raw):
            self.state.for_client.add(self.call_id)
        call, field, value = tool_results.split(self.raw)
        args_json = tool_results.arguments(call) or self.sent
        yield from self.append_rest(args_json)
        part = BuiltinToolCallPart(
            self.call_id, tool_results.name(self.raw), args_json, {KEY: {"item": call}}
        )
        event = ev.BuiltinToolEnd(self.index, part)
        if event != self._ended:
            self._ended = event
            yield event
        if field and not self._has_result:
            self._has_result = True
            yield from self._result(field, value)

    def partial_image(self, event: Json) -> Iterator[ev.Event]:
        """The event for a draft of the image."""
        data = _decoded(event.get("partial_image_b64"))
        if data and not self._has_result:
            index = self._index_of_file()
            yield ev.FileEvent(index, _media_type(event, data), data, partial=True)

    def _result(self, field: str, value: Any) -> Iterator[ev.Event]:
        """The events for the result and its images."""
        own: Json = {"call": self.call_id, "field": field}
        if self.type == "image_generation_call" and (data := _decoded(value)):
            index, kind = self._index_of_file(), _media_type(self.raw, data)
            yield ev.FileEvent(index, kind, data, provider_metadata={KEY: own})
            return
        failed = field == "error" or self.raw.get("status") == "failed"
        part = BuiltinToolResultPart(
            self.call_id, tool_results.name(self.raw), value, failed, {KEY: own}
        )
        yield ev.BuiltinToolResult(self.state.next_index(), part)
        for row in dicts_of(value):
            yield from self._image(text_of(row.get("url")))

    def _image(self, url: str) -> Iterator[ev.Event]:
        """The event for an image that code drew. The result keeps it too, to be sent back."""
        try:
            kind, data = read_data_url(url)
        except ValueError:
            return
        if data:
            index, metadata = self.state.next_index(), {KEY: {"call": self.call_id}}
            yield ev.FileEvent(index, kind, data, provider_metadata=metadata)

    def _index_of_file(self) -> int:
        if self._file_index is None:
            self._file_index = self.state.next_index()
        return self._file_index


class CodeItem(BuiltinItem):
    """An item with code that the provider runs. It streams as plain text."""

    opening, closing = '{"code": "', '"}'


class ShellItem(BuiltinItem):
    """An item with shell commands. Each streams as plain text."""

    opening, closing = '{"commands": ["', '"]'

    def __init__(self, state: Any, raw: Json) -> None:
        super().__init__(state, raw)
        self._number: Any = None

    def command(self, event: Json) -> Iterator[ev.Event]:
        """Add a piece of a command."""
        number, chunk = event.get("command_index"), text_of(event.get("delta"))
        if self._arguments.has_any and number != self._number:
            yield self.delta_type(self.index, self._arguments.append('", "'))
        self._number = number
        if chunk:
            yield self.append(chunk)


class PatchItem(BuiltinItem):
    """An item with one operation of a patch. Its diff streams as plain text, after the rest."""

    closing = '"}'

    @property
    def opening(self) -> str:  # type: ignore[override] # the operation is in the item
        """The operation as JSON text, up to the diff."""
        operation = json_text(without(dict_of(self.raw.get("operation")), "diff"))
        start = operation.removesuffix("}")
        return f'{start}{"" if start == "{" else ", "}"diff": "'


class ResultItem(Item):
    """An item with only the result of an earlier call."""

    def begin(self) -> Iterator[ev.Event]:
        """Nothing: the item is complete when it is sent."""
        return iter(())

    def close(self, raw: Json | None = None) -> Iterator[ev.Event]:
        """Add the result."""
        if self.closed:
            return
        self.raw, self.closed = raw or self.raw, True
        rest, field, value = tool_results.split(self.raw)
        call_id = text_of(self.raw.get("call_id")) or self.state.call_of(self.type) or self.id
        self.state.answered.add(call_id)
        own = {KEY: {"item": rest, "field": field}}
        part = BuiltinToolResultPart(
            call_id, tool_results.name(self.raw), value, provider_metadata=own
        )
        yield ev.BuiltinToolResult(self.state.next_index(), part)


def _decoded(value: Any) -> bytes:
    """Decoded base64; empty if it is invalid."""
    try:
        return base64.b64decode(text_of(value))
    except ValueError:
        return b""


def _media_type(row: Json, data: bytes) -> str:
    """The image's media type: the server's, else by its first bytes; some servers name none."""
    named = text_of(row.get("output_format")).replace("svg", "svg+xml")
    return f"image/{named}" if named else media_type(data, "image/png")
