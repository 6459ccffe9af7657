"""Converts a message's parts to content blocks in the body of a Messages API request.

Parts that this protocol produced are sent back with the fields that the API gave them. Left out
are blank text, thinking of other providers, and calls and results of tools that those run. A file
of an assistant message becomes its name.

Source: https://platform.claude.com/docs/en/api/messages/create, "content"
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.core import parts as p
from nbstream.protocols.anthropic.files import file_block
from nbstream.protocols.anthropic.message import KEY
from nbstream.protocols.anthropic.other_blocks import BLOCK
from nbstream.protocols.call_arguments import arguments
from nbstream.protocols.json_fields import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbstream.core.message import Message
    from nbstream.protocols.json_fields import Json

    Rows = Iterable[tuple[str, Json]]


def part_blocks(part: p.Part, message: Message) -> Rows:
    """The content block for a part, with its role; empty if the part is left out.

    Raises:
        UsageError: the API does not accept a file's type.
    """
    return _BLOCKS[type(part)](part, message)


def text_block(part: p.TextPart | p.RefusalPart) -> Json | None:
    """A text block with its citations. None for blank text, which the API refuses."""
    if not part.text.strip():
        return None
    block = _with_extra_fields({"type": "text", "text": part.text}, part)
    citations = getattr(part, "citations", ())
    rows = [each.provider_metadata[KEY] for each in citations if KEY in each.provider_metadata]
    if rows:
        block["citations"] = rows
    return block


def _text(part: p.TextPart | p.RefusalPart, message: Message) -> Rows:
    block = text_block(part) if message.role != "system" else None
    return [(_role(message), block)] if block else ()


def _thinking(part: p.ThinkingPart, message: Message) -> Rows:
    # Without a signature it is incomplete or from another provider; the API refuses both.
    if not _is_ours(part, message):
        return ()
    if part.redacted:
        block: Json = {"type": "redacted_thinking", "data": part.redacted}
        return [("assistant", _with_extra_fields(block, part))]
    if not part.signature:
        return ()
    block = {"type": "thinking", "thinking": part.text, "signature": part.signature}
    return [("assistant", _with_extra_fields(block, part))]


def _is_ours(part: p.ThinkingPart, message: Message) -> bool:
    """Whether the thinking came by this protocol or the user wrote it, so that it is sent."""
    if KEY in part.provider_metadata:
        return True
    # Without any metadata or provider the user wrote it, so it is sent.
    written = message.provider is None and message.finish_reason is None
    return not part.provider_metadata and (written or message.provider == KEY)


def _call(part: p.ToolCallPart, message: Message) -> Rows:
    del message
    block = {
        "type": "tool_use",
        "id": part.tool_call_id,
        "name": part.tool_name,
        "input": arguments(part),
    }
    return [("assistant", _with_extra_fields(block, part))]


def _result(part: p.ToolResultPart, message: Message) -> Rows:
    del message
    block: Json = {
        "type": "tool_result",
        "tool_use_id": part.tool_call_id,
        "content": _result_content(part),
    }
    if part.is_error:
        block["is_error"] = True
    return [("user", _with_extra_fields(block, part))]


def _result_content(part: p.ToolResultPart) -> str | list[Json]:
    """A tool's result as text, or as blocks if it consists of text and file parts."""
    result = part.result
    if part.is_error and part.files:
        return part.output  # "all content must be type text if is_error is true"
    if rows := p.parts_in(result):
        makes: dict[type[Any], Callable[[Any], Json | None]]
        makes = {p.TextPart: text_block, p.FilePart: file_block}
        blocks = (makes[type(row)](row) for row in rows)
        return [block for block in blocks if block]
    if isinstance(result, str):
        return result
    return json.dumps(result, ensure_ascii=False, default=str)


def whole_block(part: p.Part) -> Json | None:
    """The block that the part keeps unchanged, if it is one of ``other_blocks``."""
    block = _extra_fields(part).get(BLOCK)
    return block if isinstance(block, dict) and type(block.get("type")) is str else None


def _builtin_call(part: p.BuiltinToolCallPart, message: Message) -> Rows:
    del message
    if block := whole_block(part):
        return [("assistant", dict(block))]
    kind = text_of(_extra_fields(part).get("type"))
    if not kind.endswith("_tool_use"):
        return ()
    call = {"id": part.tool_call_id, "name": part.tool_name, "input": arguments(part)}
    return [("assistant", _with_extra_fields({"type": kind, **call}, part))]


def _builtin_result(part: p.BuiltinToolResultPart, message: Message) -> Rows:
    del message
    kind = text_of(_extra_fields(part).get("type"))
    if not kind.endswith("_tool_result"):
        return ()
    result = {"tool_use_id": part.tool_call_id, "content": part.result}
    return [("assistant", _with_extra_fields({"type": kind, **result}, part))]


def _file(part: p.FilePart, message: Message) -> Rows:
    if message.role != "assistant":
        return [("user", file_block(part))]
    # The API accepts no files in an assistant message.
    return [("assistant", {"type": "text", "text": f"[{part.filename or part.media_type}]"})]


def _role(message: Message) -> str:
    return "assistant" if message.role == "assistant" else "user"


def _with_extra_fields(block: Json, part: p.Part) -> Json:
    """The block with further fields, which never replace its own."""
    extra = _extra_fields(part)
    return {**block, **{name: value for name, value in extra.items() if name not in block}}


def _extra_fields(part: p.Part) -> Json:
    """Fields that the API sent with the part, or that the user set, such as ``cache_control``.

    Without ``caller`` if the model made the call directly. The API sends it with each call,
    but accepts it only in requests whose tools may be called from code.
    """
    extra = part.provider_metadata.get(KEY)
    if not isinstance(extra, dict):
        return {}
    direct = extra.get("caller") == {"type": "direct"}
    return {name: value for name, value in extra.items() if name != "caller" or not direct}


_BLOCKS: dict[type[Any], Callable[[Any, Message], Rows]] = {
    p.TextPart: _text,
    p.RefusalPart: _text,
    p.ThinkingPart: _thinking,
    p.ToolCallPart: _call,
    p.ToolResultPart: _result,
    p.BuiltinToolCallPart: _builtin_call,
    p.BuiltinToolResultPart: _builtin_result,
    p.FilePart: _file,
}
