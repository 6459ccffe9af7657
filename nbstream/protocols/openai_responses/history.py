"""Converts a conversation to the input items of a Responses API request.

Messages from this API become the items that they were made from (``message_items``). Messages of
other providers are sent as text, files, calls and results, without their thinking.

Source: "Input items" in https://platform.openai.com/docs/api-reference/responses/create
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import BuiltinToolCallPart, ToolCallPart, ToolResultPart
from nbstream.protocols.json_fields import Json, dict_of, text_of
from nbstream.protocols.openai_responses.content import content
from nbstream.protocols.openai_responses.message_items import message_items
from nbstream.protocols.openai_responses.metadata_key import KEY
from nbstream.protocols.openai_responses.tool_outputs import result_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message


def items(messages: Sequence[Message], *, stored: bool) -> list[Json]:
    """The input items. ``stored``: the provider keeps its responses."""
    rows: list[Json] = []
    calls: dict[str, Json] = {}
    for message in messages:
        if message.role == "assistant":
            calls |= _calls(message)
            rows += message_items(message, calls, stored=stored)
        else:
            rows += _input_message(message, calls)
    return rows


def _input_message(message: Message, calls: dict[str, Json]) -> list[Json]:
    """A message of the user, a tool or the system: first tool results, then other content."""
    results = [part for part in message.parts if isinstance(part, ToolResultPart)]
    rows = [result_item(part, calls.get(part.tool_call_id, {})) for part in results]
    if rest := content(message.parts):
        role = "developer" if message.role == "system" else "user"
        rows.append({"role": role, "content": rest})
    return rows


def _calls(message: Message) -> dict[str, Json]:
    """The item of each call by its id, without the fields that the part itself has."""
    items_by_id: dict[str, Json] = {}
    for part in message.parts:
        own = _own(part) if isinstance(part, (ToolCallPart, BuiltinToolCallPart)) else {}
        item = own if text_of(own.get("type")) else dict_of(own.get("item"))
        if text_of(item.get("type")):
            items_by_id[getattr(part, "tool_call_id", "")] = item
    return items_by_id


def _own(part: Any) -> Json:
    """The fields that this protocol keeps in the part's metadata."""
    return dict_of(part.provider_metadata.get(KEY))
