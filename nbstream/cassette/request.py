"""Describes a request as JSON that is the same whenever the same is asked, and gives its hash.

Left out is what the answer does not depend on: keys, headers, addresses, ids of calls and
messages, token counts, and the order of the keys of an object. A file is there by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.core.codec import part_to_dict
from nbstream.core.hidden import hidden
from nbstream.core.message import as_json
from nbstream.core.parts import (
    FilePart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    parts_in,
)
from nbstream.core.redact import Secret
from nbstream.core.tool_spec import ProviderTool, ToolSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec

RequestJSON = dict[str, Any]
"""A request as a cassette holds it: model, messages, parameters, tools, output type."""

_LONG = 4096  # characters of base64 text or of a data URL that are replaced by their hash
_OF_REPLIES = ("signature", "redacted", "citations", "provider_metadata")
"""Fields of a reply's parts that come from the provider, and say nothing more."""


def described(
    model: str,
    messages: Sequence[Message],
    params: Mapping[str, Any],
    *,
    tools: Iterable[Any] = (),
    output: OutputSpec | None = None,
) -> RequestJSON:
    """A request as JSON.

    Args:
        model: ``provider/model``.
        messages: The conversation.
        params: The parameters.
        tools: The tools that are offered.
        output: The type that is asked for.
    """
    names: dict[str, str] = {}
    found: RequestJSON = {
        "model": model,
        "messages": [_message(one, names) for one in messages],
        "params": _value(hidden(dict(params))),
    }
    if rows := [_tool(one) for one in tools]:
        found["tools"] = rows
    if output is not None:
        found["output"] = {"name": output.name, "schema": _value(output.schema)}
    return found


def fingerprint(request: RequestJSON) -> str:
    """The hash of a request; the same for the same request in any process."""
    text = json.dumps(request, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _message(message: Message, names: dict[str, str]) -> Any:
    """A message: its role, and its text or its parts. ``names`` has the calls' ids so far."""
    from_model = message.role == "assistant"
    parts = [_part(one, names, from_model=from_model) for one in message.parts]
    if len(parts) == 1 and parts[0].keys() == {"kind", "text"} and parts[0]["kind"] == "text":
        return {"role": message.role, "text": parts[0]["text"]}
    return {"role": message.role, "parts": parts}


def _part(part: Any, names: dict[str, str], *, from_model: bool) -> dict[str, Any]:
    if isinstance(part, FilePart):
        row = _file(part)
    elif isinstance(part, ToolResultPart) and (inner := parts_in(part.result)):
        row = part_to_dict(part)
        row["result_parts"] = [_part(one, {}, from_model=False) for one in inner]
    else:
        row = part_to_dict(part)
    if from_model or isinstance(part, (ThinkingPart, ToolCallPart)):
        row = {name: one for name, one in row.items() if name not in _OF_REPLIES}
    elif isinstance(part, TextPart):
        row.pop("citations", None)
    if "args_json" in row:
        row["args"] = _parsed(row.pop("args_json"))
    if "tool_call_id" in row:
        row["tool_call_id"] = names.setdefault(row["tool_call_id"], f"call {len(names) + 1}")
    value: dict[str, Any] = _value(row)
    return value


def _file(part: FilePart) -> dict[str, Any]:
    """A file by its type, and its address or the hash of its bytes."""
    row: dict[str, Any] = {"kind": part.kind, "media_type": part.media_type}
    if part.data is not None:
        row["data"] = f"sha256 {hashlib.sha256(part.data).hexdigest()}, {len(part.data)} bytes"
    elif part.url is not None:
        row["url"] = part.url
    if part.provider_metadata:
        row["provider_metadata"] = part.provider_metadata
    return row


def _tool(tool: Any) -> Any:
    """A tool: what the model is told of it, or a provider's own tool without its keys."""
    if isinstance(tool, ToolSpec):
        row: dict[str, Any] = {"name": tool.name}
        if tool.description:
            row["description"] = tool.description
        row["parameters"] = _value(tool.parameters)
        if tool.strict is not None:
            row["strict"] = tool.strict
        return row
    if isinstance(tool, ProviderTool):
        return {"name": tool.name, "provider_tool": _value(hidden(tool.row))}
    return _value(tool)


def _parsed(text: str) -> Any:
    """A call's arguments as a value, so that the order of their keys does not count."""
    try:
        return json.loads(text) if text else {}
    except ValueError:
        return text


def _value(given: Any) -> Any:
    """``given`` as a JSON value without keys, whole numbers as integers, long data as a hash."""
    if isinstance(given, Secret):
        return "[key]"
    if isinstance(given, str):
        return _text(given)
    if given is None or isinstance(given, (bool, int)):
        return given
    if isinstance(given, float):
        return int(given) if given.is_integer() else given
    if isinstance(given, Mapping):
        return {str(name): _value(one) for name, one in given.items()}
    if isinstance(given, (list, tuple)):
        return [_value(one) for one in given]
    if isinstance(given, (ToolSpec, ProviderTool)):
        return _tool(given)
    if isinstance(given, (bytes, bytearray)):
        return _text(base64.b64encode(given).decode())
    return _value(as_json(given))


def _text(text: str) -> str:
    """A text; data in base64 as its hash."""
    if len(text) < _LONG or " " in text[:_LONG] or "\n" in text[:_LONG]:
        return str(text)
    return f"sha256 {hashlib.sha256(text.encode(errors='replace')).hexdigest()}, {len(text)} long"
