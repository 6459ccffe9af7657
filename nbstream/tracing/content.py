"""Messages and tools as JSON text, by the conventions' schemas, for spans that have content.

https://github.com/open-telemetry/semantic-conventions-genai: gen-ai-input-messages.json and its
like. The bytes of files are left out: a span is no place for them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.core import parts as p
from nbstream.core.message import as_json
from nbstream.core.tool_spec import ToolSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.tool_spec import Tool

_MODALITIES = ("image", "audio", "video")


def dumped(value: Any) -> str:
    """A value as JSON text. Half a surrogate pair, which no exporter can send, is escaped."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text.encode("utf-8", "backslashreplace").decode()


def of_input(messages: Sequence[Message]) -> dict[str, str | None]:
    """The conversation that a request sends: its instructions, and the rest."""
    first = 0
    while first < len(messages) and messages[first].role == "system":
        first += 1
    system = [_part(part) for one in messages[:first] for part in one.parts]
    return {
        "gen_ai.system_instructions": dumped(system) if system else None,
        "gen_ai.input.messages": of_messages(messages[first:]),
    }


def of_messages(messages: Sequence[Message]) -> str | None:
    """Messages as a list; None if there are none."""
    rows: list[dict[str, Any]] = []
    for one in messages:
        row: dict[str, Any] = {"role": one.role, "parts": [_part(part) for part in one.parts]}
        if one.finish_reason is not None:
            row["finish_reason"] = one.finish_reason
        rows.append(row)
    return dumped(rows) if rows else None


def of_tools(tools: Sequence[Tool]) -> str | None:
    """The tools that are offered. Of a provider's own only the name: its row may hold a key."""
    rows = [
        {
            "type": "function",
            "name": one.name,
            "description": one.description,
            "parameters": as_json(dict(one.parameters)),
        }
        if isinstance(one, ToolSpec)
        else {"type": "builtin", "name": one.name}
        for one in tools
    ]
    return dumped(rows) if rows else None


def _part(part: p.Part) -> dict[str, Any]:
    """A part, by the schema's name for its kind."""
    match part:
        case p.TextPart():
            return {"type": "text", "content": part.text}
        case p.ThinkingPart():
            return {"type": "reasoning", "content": part.text}
        case p.RefusalPart():
            return {"type": "refusal", "content": part.text}
        case p.FilePart():
            return _file(part)
        case p.ToolCallPart():
            row = {"type": "tool_call", "name": part.tool_name, "arguments": _arguments(part)}
            return {**row, "id": part.tool_call_id}
        case p.ToolResultPart():
            row = {"type": "tool_call_response", "id": part.tool_call_id}
            return {**row, "response": _result(part.result)}
        case p.BuiltinToolCallPart():
            call = {"type": part.tool_name, "arguments": _arguments(part)}
            row = {"type": "server_tool_call", "id": part.tool_call_id, "name": part.tool_name}
            return {**row, "server_tool_call": call}
        case p.BuiltinToolResultPart():
            result = {"type": part.tool_name, "result": part.result}
            row = {"type": "server_tool_call_response", "id": part.tool_call_id}
            return {**row, "server_tool_call_response": result}


def _arguments(call: p.ToolCallPart | p.BuiltinToolCallPart) -> Any:
    """The arguments as an object; as text, if they are no JSON."""
    try:
        return call.args
    except ValueError:
        return call.args_json


def _result(result: Any) -> Any:
    parts = p.parts_in(result)
    return [_part(one) for one in parts] if parts else result


def _file(part: p.FilePart) -> dict[str, Any]:
    kind = part.media_type.partition("/")[0]
    modality = kind if kind in _MODALITIES else "document"
    row = {"mime_type": part.media_type, "modality": modality}
    if part.data is None and part.url and not part.url.startswith("data:"):
        return {"type": "uri", **row, "uri": part.url}
    return {"type": "blob", **row, "size": len(part.data or b"")}
