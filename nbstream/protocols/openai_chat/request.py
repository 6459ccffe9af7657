"""Writes a conversation as the JSON body of a Chat Completions request.

Of another provider's messages only text, refusals, tool calls and results are sent. Calls of
built-in tools are always left out.

Source: https://platform.openai.com/docs/api-reference/chat/create.
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
from nbstream.protocols.json_merge import merge
from nbstream.protocols.openai_chat.content import chunk, content, extras
from nbstream.protocols.openai_chat.reasoning_request import (
    thinking_chunks,
    thinking_fields,
    thinking_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.protocols.json_fields import Json
    from nbstream.protocols.openai_chat.quirks import Quirks


def build_request(
    model: str,
    messages: Sequence[Message],
    params: dict[str, Any],
    quirks: Quirks,
    provider: str | None,
) -> Request:
    """The request; see ``OpenAIChat.request``."""
    body: Json = {"model": model, "messages": _rows(messages, quirks, provider), "stream": True}
    if quirks.progress:
        body["return_progress"] = True
    if quirks.usage_option:
        body["stream_options"] = {"include_usage": True}
    return Request("/chat/completions", merge(body, params))


def _rows(messages: Sequence[Message], quirks: Quirks, provider: str | None) -> list[Json]:
    """The rows of the field ``messages``."""
    last_user = max(
        (at for at, message in enumerate(messages) if message.role == "user"), default=-1
    )
    rows: list[Json] = []
    files: list[Json] = []  # of tool results; they follow after all results
    for at, message in enumerate(messages):
        if message.role != "tool":
            rows += files
            files = []
        if message.role == "assistant":
            native = _is_native(message, provider)
            rows += _assistant(message, quirks, native=native, in_loop=at > last_user)
        elif message.role == "tool":
            rows += _results(message)
            files += _result_files(message, quirks)
        else:
            rows += _prompt(message, quirks)
    return rows + files


def _is_native(message: Message, provider: str | None) -> bool:
    """Whether ``message`` may come from this provider; one of unknown origin may."""
    return provider is None or message.provider is None or message.provider == provider


def _prompt(message: Message, quirks: Quirks) -> list[Json]:
    """The rows for a user or system message, after those for its tool results."""
    results = _results(message)
    rest = [part for part in message.parts if not isinstance(part, ToolResultPart)]
    if results and not rest:
        return results
    return [*results, {"role": message.role, "content": content(rest, quirks)}]


def _result_files(message: Message, quirks: Quirks) -> list[Json]:
    # A message of role "tool" has only text, so its files go in a user message.
    results = (part.result for part in message.parts if isinstance(part, ToolResultPart))
    parts = [*message.parts, *(part for result in results for part in parts_in(result))]
    files = [part for part in parts if isinstance(part, FilePart)]
    return [{"role": "user", "content": content(files, quirks)}] if files else []


def _results(message: Message) -> list[Json]:
    """A row of role ``tool`` for each tool result in the message."""
    return [
        {"role": "tool", "tool_call_id": part.tool_call_id, "content": _result(part.result)}
        for part in message.parts
        if isinstance(part, ToolResultPart)
    ]


def _result(result: Any) -> str:
    if rows := parts_in(result):
        return "\n".join(part.text for part in rows if isinstance(part, TextPart))
    return result if isinstance(result, str) else json.dumps(result, default=str)


def _assistant(message: Message, quirks: Quirks, *, native: bool, in_loop: bool) -> list[Json]:
    """The row for an assistant message, and rows for tool results in it."""
    row: Json = {"role": "assistant", "content": _text(message)}
    if refusal := "".join(part.text for part in message.parts if isinstance(part, RefusalPart)):
        row["refusal"] = refusal
    if message.tool_calls:
        row["tool_calls"] = [_call(call, native=native) for call in message.tool_calls]
    if native:
        row |= thinking_fields(message, quirks, in_loop=in_loop)
        if thought := thinking_text(message, quirks, in_loop=in_loop):
            row["content"] = thought + (row["content"] or "")
        row |= _media(message, quirks)
        if chunks := thinking_chunks(message, quirks):
            text = row["content"]
            row["content"] = chunks + ([{"type": "text", "text": text}] if text else [])
    results = _results(message)
    if len(row) == 2 and not row["content"]:
        return results  # the message has no content that can be sent back
    return [row, *results]


def _text(message: Message) -> str | None:
    texts = (part for part in message.parts if isinstance(part, TextPart))
    return "".join(part.text for part in texts if "transcript_of" not in extras(part)) or None


def _call(call: ToolCallPart, *, native: bool) -> Json:
    fields = dict(extras(call)) if native else {}
    inner = fields.pop("function", {})
    if fields.get("type") == "custom":
        custom = {"name": call.tool_name, "input": input_of(call), **inner}
        return {**fields, "id": call.tool_call_id, "custom": custom}
    # Servers that parse the arguments (Mistral, vLLM) require an object, even an empty one.
    function = {"name": call.tool_name, "arguments": call.args_json.strip() or "{}", **inner}
    return {**fields, "id": call.tool_call_id, "type": "function", "function": function}


def _media(message: Message, quirks: Quirks) -> Json:
    """The model's own audio, by its id, and its images, if the server accepts them."""
    files = [part for part in message.parts if isinstance(part, FilePart)]
    audio_ids = (extras(part).get("audio", {}).get("id") for part in files)
    row: Json = {}
    if audio_id := next(filter(None, audio_ids), None):
        row["audio"] = {"id": audio_id}
    images = [part for part in files if part.media_type.startswith("image/")]
    if images and quirks.images_back:
        row["images"] = [chunk(part, quirks) for part in images]
    return row
