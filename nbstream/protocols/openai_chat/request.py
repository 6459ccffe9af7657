"""A conversation as the body of a Chat Completions request.

Source: https://platform.openai.com/docs/api-reference/chat/create. Another provider's thinking
and built-in tools are left out; its tool calls keep their ids.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.core.message import (
    FilePart,
    Message,
    RefusalPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.core.parts import parts_in
from nbstream.protocols.base import Request
from nbstream.protocols.custom_tools import input_of
from nbstream.protocols.openai_chat.content import chunk, content, extras
from nbstream.protocols.openai_chat.reasoning_request import thinking_chunks, thinking_fields
from nbstream.protocols.parameters import merge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.protocols.openai_chat.quirks import Quirks

Row = dict[str, Any]


def build_request(
    model: str,
    messages: Sequence[Message],
    params: dict[str, Any],
    quirks: Quirks,
    provider: str | None,
) -> Request:
    """The request; see ``OpenAIChat.request``."""
    body: Row = {"model": model, "messages": _rows(messages, quirks, provider), "stream": True}
    if quirks.progress:
        body["return_progress"] = True
    if quirks.usage_option:
        body["stream_options"] = {"include_usage": True}
    return Request("/chat/completions", merge(body, params))


def _rows(messages: Sequence[Message], quirks: Quirks, provider: str | None) -> list[Row]:
    asked = max((at for at, one in enumerate(messages) if one.role == "user"), default=-1)
    rows: list[Row] = []
    shown: list[Row] = []  # files of tool results; they follow after all results
    for at, message in enumerate(messages):
        if message.role != "tool":
            rows += shown
            shown = []
        if message.role == "assistant":
            native = _is_native(message, provider)
            rows += _assistant(message, quirks, native=native, in_loop=at > asked)
        elif message.role == "tool":
            rows += _results(message)
            shown += _shown(message, quirks)
        else:
            rows += _prompt(message, quirks)
    return rows + shown


def _is_native(message: Message, provider: str | None) -> bool:
    """Whether ``message`` may be this provider's own. One of unknown origin may."""
    return provider is None or message.provider is None or message.provider == provider


def _prompt(message: Message, quirks: Quirks) -> list[Row]:
    results = _results(message)
    rest = [part for part in message.parts if not isinstance(part, ToolResultPart)]
    if results and not rest:
        return results
    return [*results, {"role": message.role, "content": content(rest, quirks)}]


def _shown(message: Message, quirks: Quirks) -> list[Row]:
    # A message of role "tool" holds text only, so its files go in a user message.
    results = (part.result for part in message.parts if isinstance(part, ToolResultPart))
    said = [*message.parts, *(part for result in results for part in parts_in(result))]
    files = [part for part in said if isinstance(part, FilePart)]
    return [{"role": "user", "content": content(files, quirks)}] if files else []


def _results(message: Message) -> list[Row]:
    return [
        {"role": "tool", "tool_call_id": part.tool_call_id, "content": _result(part.result)}
        for part in message.parts
        if isinstance(part, ToolResultPart)
    ]


def _result(result: Any) -> str:
    if rows := parts_in(result):
        return "\n".join(part.text for part in rows if isinstance(part, TextPart))
    return result if isinstance(result, str) else json.dumps(result, default=str)


def _assistant(message: Message, quirks: Quirks, *, native: bool, in_loop: bool) -> list[Row]:
    row: Row = {"role": "assistant", "content": _said(message)}
    if refusal := "".join(part.text for part in message.parts if isinstance(part, RefusalPart)):
        row["refusal"] = refusal
    if message.tool_calls:
        row["tool_calls"] = [_call(call, native=native) for call in message.tool_calls]
    if native:
        row |= thinking_fields(message, quirks, in_loop=in_loop)
        row |= _media(message, quirks)
        if chunks := thinking_chunks(message, quirks):
            said = row["content"]
            row["content"] = chunks + ([{"type": "text", "text": said}] if said else [])
    results = _results(message)
    if len(row) == 2 and not row["content"]:
        return results  # the message has no content that can be sent back
    return [row, *results]


def _said(message: Message) -> str | None:
    texts = (part for part in message.parts if isinstance(part, TextPart))
    return "".join(part.text for part in texts if "transcript_of" not in extras(part)) or None


def _call(call: ToolCallPart, *, native: bool) -> Row:
    kept = dict(extras(call)) if native else {}
    inner = kept.pop("function", {})
    if kept.get("type") == "custom":
        said = {"name": call.tool_name, "input": input_of(call), **inner}
        return {**kept, "id": call.tool_call_id, "custom": said}
    # Servers that parse the arguments (Mistral, vLLM) need an object, if an empty one.
    said = {"name": call.tool_name, "arguments": call.args_json.strip() or "{}", **inner}
    return {**kept, "id": call.tool_call_id, "type": "function", "function": said}


def _media(message: Message, quirks: Quirks) -> Row:
    """The model's own audio, by its id, and its images, where the server takes them."""
    files = [part for part in message.parts if isinstance(part, FilePart)]
    sounds = (extras(part).get("audio", {}).get("id") for part in files)
    row: Row = {}
    if sound := next(filter(None, sounds), None):
        row["audio"] = {"id": sound}
    images = [part for part in files if part.media_type.startswith("image/")]
    if images and quirks.images_back:
        row["images"] = [chunk(part, quirks) for part in images]
    return row
