"""Converts a conversation to the rows of ``messages`` that servers of Chat Completions accept.

The shared repair of calls is in ``nbstream.protocols.history``. Roles alternate here, because
the templates of many models and some APIs demand it; a server's quirks say what else it needs.
Thinking and built-in tools of another provider are left out.

Sources: https://platform.openai.com/docs/api-reference/chat/create;
https://github.com/mistralai/mistral-common, ``validator.py``;
https://docs.perplexity.ai/api-reference/chat-completions
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from nbstream.core.message import (
    FilePart,
    RefusalPart,
    TextPart,
    ToolResultPart,
)
from nbstream.core.parts import parts_in
from nbstream.protocols.call_arguments import arguments_json, input_text
from nbstream.protocols.call_rules import CallRules
from nbstream.protocols.history import EARLIER, is_blank, repaired
from nbstream.protocols.openai_chat.content import chunk, content, extras
from nbstream.protocols.openai_chat.reasoning_request import (
    thinking_chunks,
    thinking_fields,
    thinking_text,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from nbstream.core.message import Message, Part, ToolCallPart
    from nbstream.protocols.json_fields import Json
    from nbstream.protocols.openai_chat.quirks import Quirks, Roles

# OpenAI: "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum
# length 40". Other servers set no limit. New ids are those that Mistral accepts: all do.
_RULES = CallRules(re.compile(r".{1,40}", re.DOTALL), digits=9)
_MISTRAL = CallRules(re.compile(r"[a-zA-Z0-9]{9}"), digits=9)

# Templates of Mistral's models check ids and roles too, on any server.
_MISTRAL_MODELS = re.compile(r"mi[sx]tral|ministral|magistral|codestral|devstral|pixtral|voxtral")

_OTHER_CONTENT = ("audio", "images", "refusal", "tool_calls")
"""Fields beside ``content`` that an assistant row may consist of."""

_DONE = "OK."
"""The model's row between a tool's result and a user's message, where a server demands one."""


def rows(
    model: str,
    messages: Sequence[Message],
    quirks: Quirks,
    provider: str | None,
    declared: Collection[str] = (),
) -> list[Json]:
    """The rows. ``declared``: names of the request's tools."""
    roles = "mistral" if _MISTRAL_MODELS.search(model.lower()) else quirks.roles
    rules = _MISTRAL if roles == "mistral" else _RULES
    messages = repaired(messages, rules, declared=declared)
    last_user = max(
        (at for at, message in enumerate(messages) if message.role == "user"), default=-1
    )
    found: list[Json] = []
    files: list[Json] = []  # of tool results; they follow after all results
    for at, message in enumerate(messages):
        if message.role != "tool":
            found += files
            files = []
        if message.role == "assistant":
            native = provider is None or message.provider in (None, provider)
            found += _assistant(message, quirks, native=native, in_loop=at > last_user)
        elif message.role == "tool":
            found += [_result(part) for part in message.parts if isinstance(part, ToolResultPart)]
            files += _result_files(message, quirks)
        else:
            found += _prompt(message, quirks)
    found += files
    ordered = _in_order(found or [{"role": "user", "content": EARLIER}], roles)
    if quirks.roles == "mistral" and ordered[-1]["role"] == "assistant":
        ordered[-1] = {**ordered[-1], "prefix": True}  # the model is to continue it
    return ordered


def _in_order(found: list[Json], roles: Roles) -> list[Json]:
    """The rows with alternating roles, and in the order that the server demands."""
    ordered: list[Json] = []
    for row in found:
        before = ordered[-1]["role"] if ordered else "system"
        if row["role"] == "system" and before != "system" and roles != "any":
            row = {**row, "role": "user"}  # noqa: PLW2901
        if row["role"] == "user" and before == "tool" and roles == "mistral":
            ordered.append({"role": "assistant", "content": _DONE})
        if row["role"] == "assistant" and before == "system" and roles != "any":
            ordered.append({"role": "user", "content": EARLIER})
        if ordered and row["role"] == ordered[-1]["role"] and row["role"] in ("user", "assistant"):
            ordered[-1] = _merged(ordered[-1], row)
        else:
            ordered.append(row)
    return ordered


def _merged(first: Json, second: Json) -> Json:
    """Two neighbouring rows of one role as one: texts, lists of calls and of chunks are joined."""
    row = dict(first)
    for name, value in second.items():
        old = row.get(name)
        if name == "role" or old is None or old == "":
            row[name] = value
        elif isinstance(old, str) and isinstance(value, str):
            row[name] = f"{old}\n\n{value}"
        elif name == "content" and value:
            row[name] = [*_chunks(old), *_chunks(value)]
        elif isinstance(old, list) and isinstance(value, list):
            row[name] = old + value
    return row


def _chunks(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [{"type": "text", "text": value}]


def _prompt(message: Message, quirks: Quirks) -> list[Json]:
    """The row for a user or system message."""
    parts: Sequence[Part] = message.parts
    if any(isinstance(part, FilePart) or extras(part) for part in parts):
        parts = [part for part in parts if not is_blank(part)]  # each is a chunk of its own
    value = content(parts, quirks)
    return [{"role": message.role, "content": value}] if value else []


def _result_files(message: Message, quirks: Quirks) -> list[Json]:
    # A message of role "tool" has only text, so its files go in a user message.
    results = (part for part in message.parts if isinstance(part, ToolResultPart))
    files = [file for result in results for file in result.files]
    return [{"role": "user", "content": content(files, quirks)}] if files else []


def _result(part: ToolResultPart) -> Json:
    """The row of role ``tool`` for a result."""
    if found := parts_in(part.result):
        text = "\n".join(one.text for one in found if isinstance(one, TextPart))
    elif isinstance(part.result, str):
        text = part.result
    else:
        text = json.dumps(part.result, default=str)
    return {"role": "tool", "tool_call_id": part.tool_call_id, "content": text}


def _assistant(message: Message, quirks: Quirks, *, native: bool, in_loop: bool) -> list[Json]:
    """The row for an assistant message; none if nothing in it can be sent back."""
    row: Json = {"role": "assistant", "content": _text(message)}
    refusal = "".join(part.text for part in message.parts if isinstance(part, RefusalPart))
    if refusal and native and quirks.roles == "any":
        row["refusal"] = refusal
    elif refusal:
        row["content"] = (row["content"] or "") + refusal
    if message.tool_calls:
        row["tool_calls"] = [_call(call, native=native) for call in message.tool_calls]
    if native:
        row |= _media(message, quirks)
    if names := list(_unsent_files(message, row)):
        row["content"] = "\n".join(filter(None, [row["content"], *names]))
    if not row["content"] and not any(name in row for name in _OTHER_CONTENT):
        return []
    if native:
        row |= thinking_fields(message, quirks, in_loop=in_loop)
        if thought := thinking_text(message, quirks, in_loop=in_loop):
            row["content"] = thought + (row["content"] or "")
        if chunks := thinking_chunks(message, quirks):
            text = row["content"]
            row["content"] = chunks + ([{"type": "text", "text": text}] if text else [])
    return [row]


def _text(message: Message) -> str | None:
    texts = (part for part in message.parts if isinstance(part, TextPart))
    text = "".join(part.text for part in texts if "transcript_of" not in extras(part))
    return text if text.strip() else None


def _call(call: ToolCallPart, *, native: bool) -> Json:
    fields = dict(extras(call)) if native else {}
    inner = fields.pop("function", {})
    if fields.get("type") == "custom":
        custom = {"name": call.tool_name, "input": input_text(call), **inner}
        return {**fields, "id": call.tool_call_id, "custom": custom}
    # Servers that parse the arguments (Mistral, vLLM) require an object, even an empty one.
    function = {"name": call.tool_name, "arguments": arguments_json(call), **inner}
    return {**fields, "id": call.tool_call_id, "type": "function", "function": function}


def _media(message: Message, quirks: Quirks) -> Json:
    """The model's own audio, by its id, and its images, if the server accepts them."""
    audio_ids = (extras(part).get("audio", {}).get("id") for part in message.files)
    row: Json = {}
    if audio_id := next(filter(None, audio_ids), None):
        row["audio"] = {"id": audio_id}
    if message.images and quirks.images_back:
        row["images"] = [chunk(part, quirks) for part in message.images]
    return row


def _unsent_files(message: Message, row: Json) -> Iterator[str]:
    """A name for each file that the model made and the row cannot hold."""
    for part in message.files:
        is_image = part.media_type.startswith("image/")
        if not ("images" in row if is_image else "audio" in row):
            yield f"[{part.filename or part.media_type}]"
