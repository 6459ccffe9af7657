"""A conversation as input items.

Source: the API reference, "Input items". Knows which role and part becomes
which item. What this protocol itself produced goes back as it came; what
another did goes as text, calls and results, and its thinking stays behind.
Refuses to know how an item of the provider's is put together again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import BuiltinToolCallPart, ToolCallPart, ToolResultPart
from nbstream.protocols.json_fields import Json, dict_of, text_of
from nbstream.protocols.openai_responses.content import content
from nbstream.protocols.openai_responses.message_items import returned
from nbstream.protocols.openai_responses.names import KEY
from nbstream.protocols.openai_responses.tool_outputs import result_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message


def items(messages: Sequence[Message], *, stored: bool) -> list[Json]:
    """The input. ``stored`` tells whether the provider keeps what it has said."""
    found: list[Json] = []
    calls: dict[str, Json] = {}
    for message in messages:
        if message.role == "assistant":
            calls |= _calls(message)
            found += returned(message, calls, stored=stored)
        else:
            found += _said(message, calls)
    return found


def _said(message: Message, calls: dict[str, Json]) -> list[Json]:
    """A message that no model wrote: results first, then what else it says."""
    results = [part for part in message.parts if isinstance(part, ToolResultPart)]
    found = [result_item(part, calls.get(part.tool_call_id, {})) for part in results]
    if rest := content(message.parts):
        role = "developer" if message.role == "system" else "user"
        found.append({"role": role, "content": rest})
    return found


def _calls(message: Message) -> dict[str, Json]:
    """The item that each call came as, less what the part itself holds."""
    found: dict[str, Json] = {}
    for part in message.parts:
        own = _own(part) if isinstance(part, (ToolCallPart, BuiltinToolCallPart)) else {}
        item = own if text_of(own.get("type")) else dict_of(own.get("item"))
        if text_of(item.get("type")):
            found[getattr(part, "tool_call_id", "")] = item
    return found


def _own(part: Any) -> Json:
    return dict_of(part.provider_metadata.get(KEY))
