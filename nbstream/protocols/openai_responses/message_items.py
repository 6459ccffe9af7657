"""Converts an assistant message to the input items of a Responses API request.

A message from this API becomes the output items that it was made from.
The blocks of one message or reasoning item are joined, and a call gets its result and files.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    FilePart,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
)
from nbstream.protocols.call_arguments import arguments_json, input_text
from nbstream.protocols.json_fields import Json, dict_of, text_of, without
from nbstream.protocols.openai_responses import tool_results
from nbstream.protocols.openai_responses.annotations import annotation
from nbstream.protocols.openai_responses.content import content
from nbstream.protocols.openai_responses.metadata_key import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.message import Message, Part

REASONING = "reasoning"


def message_items(message: Message, *, stored: bool) -> list[Json]:
    """The input items for an assistant message.

    Reasoning that the server cannot read is only marked as ``lost``: without ciphertext, if the
    provider has not ``stored`` its response, or cut off before its end.
    """
    rows: list[Json] = []
    for part in message.parts:
        _ADD[type(part)](rows, part, _own(part))
    return [
        {"type": REASONING, "lost": True} if _is_lost(row, stored=stored) else row for row in rows
    ]


def _own(part: Part) -> Json:
    """The fields that this protocol keeps in the part's metadata."""
    return dict_of(part.provider_metadata.get(KEY))


def _is_lost(row: Json, *, stored: bool) -> bool:
    if row.get("type") != REASONING:
        return False
    is_readable = row.get("encrypted_content") or row.get("content")
    return not row.get("id") or not (stored or is_readable)


def _text(rows: list[Json], part: TextPart, own: Json) -> None:
    if not own:
        if part.text.strip():
            rows.append({"role": "assistant", "content": part.text})
        return
    annotations = [row for citation in part.citations if (row := annotation(citation))]
    row = {"type": "output_text", "text": part.text, "annotations": annotations}
    _content(rows, {**row, **dict_of(own.get("part"))}, own)


def _refusal(rows: list[Json], part: RefusalPart, own: Json) -> None:
    if own:
        row = {"type": "refusal", "refusal": part.text, **dict_of(own.get("part"))}
        _content(rows, row, own)
    elif part.text.strip():
        rows.append({"role": "assistant", "content": part.text})


def _content(rows: list[Json], row: Json, own: Json) -> None:
    """Add a block; it is joined with earlier blocks of the same message."""
    if message := _earlier_item(rows, "message", own):
        message["content"].append(row)
        return
    fields = without(own, "part", "type", "content")
    rows.append({"type": "message", "role": "assistant", **fields, "content": [row]})


def _earlier_item(rows: list[Json], kind: str, own: Json) -> Json | None:
    """The item of a block if an earlier block has added it already."""
    same_kind = (row for row in reversed(rows) if row.get("type") == kind)
    return next((row for row in same_kind if own.get("id") and row.get("id") == own["id"]), None)


def _thinking(rows: list[Json], part: ThinkingPart, own: Json) -> None:
    if not own:
        rows.append({"type": REASONING})  # of another provider, or cut off
        return
    item = _earlier_item(rows, REASONING, own)
    if item is None:
        item = {"type": REASONING, "summary": []}
        rows.append(item)
    item.update(without(own, "block", "type"))
    if part.redacted:
        item["encrypted_content"] = part.redacted
    if part.text and own.get("block") == "content":
        item.setdefault("content", []).append({"type": "reasoning_text", "text": part.text})
    elif part.text:
        item["summary"].append({"type": "summary_text", "text": part.text})


def _call(rows: list[Json], part: ToolCallPart, own: Json) -> None:
    row: Json = {"type": "function_call", "call_id": part.tool_call_id, "name": part.tool_name}
    if own.get("type") not in (None, "function_call", "custom_tool_call"):
        own = {}
    if own.get("type") == "custom_tool_call":
        row["input"] = input_text(part)
    else:
        row["arguments"] = arguments_json(part)
    rows.append({**row, **own})


def _builtin_call(rows: list[Json], _: BuiltinToolCallPart, own: Json) -> None:
    if item := dict_of(own.get("item")):
        rows.append(dict(item))


def _builtin_result(rows: list[Json], part: BuiltinToolResultPart, own: Json) -> None:
    if "item" in own:
        item, field = dict_of(own["item"]), text_of(own.get("field"))
        rows.append(tool_results.join(item, field, part.result) if field else item)
    else:
        _complete(rows, own, part.result)


def _file(rows: list[Json], part: FilePart, own: Json) -> None:
    if not own:  # made by another model, so it is sent as if the user had shown it
        if parts := content([part]):
            rows.append({"role": "user", "content": parts})
    elif part.data is not None:
        _complete(rows, own, base64.b64encode(part.data).decode())


def _complete(rows: list[Json], own: Json, value: Any) -> None:
    """Put a result into the item of its call."""
    call, field = own.get("call"), text_of(own.get("field"))
    for number in reversed(range(len(rows))):
        row = rows[number]
        if field and (row.get("call_id") or row.get("id")) == call:
            rows[number] = tool_results.join(row, field, value)
            return


_ADD: dict[type, Callable[[list[Json], Any, Json], None]] = {
    TextPart: _text,
    RefusalPart: _refusal,
    ThinkingPart: _thinking,
    ToolCallPart: _call,
    BuiltinToolCallPart: _builtin_call,
    BuiltinToolResultPart: _builtin_result,
    FilePart: _file,
}
