"""Converts a message's parts to content blocks in the body of a Messages API request.

Parts that this protocol produced are sent back unchanged, with all their fields. From messages
of other providers, thinking and calls of tools that those providers run are left out.

Source: https://platform.claude.com/docs/en/api/messages/create, "content"
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from nbstream.core import parts as p
from nbstream.protocols.anthropic.files import file_block
from nbstream.protocols.anthropic.message import KEY
from nbstream.protocols.anthropic.other_blocks import BLOCK

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
    block: Json = {"type": "text", "text": part.text, **_extra_fields(part)}
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
        return [
            (
                "assistant",
                {"type": "redacted_thinking", "data": part.redacted, **_extra_fields(part)},
            )
        ]
    if not part.signature:
        return ()
    block = {"type": "thinking", "thinking": part.text, "signature": part.signature}
    return [("assistant", {**block, **_extra_fields(part)})]


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
        "id": _id(part.tool_call_id),
        "name": part.tool_name,
        "input": _input(part.args_json),
    }
    return [("assistant", {**block, **_extra_fields(part)})]


def _result(part: p.ToolResultPart, message: Message) -> Rows:
    del message
    block: Json = {
        "type": "tool_result",
        "tool_use_id": _id(part.tool_call_id),
        "content": _result_content(part.result),
    }
    if part.is_error:
        block["is_error"] = True
    return [("user", {**block, **_extra_fields(part)})]


def _result_content(result: Any) -> str | list[Json]:
    """A tool's result as text, or as blocks if it consists of text and file parts."""
    rows = result if isinstance(result, (list, tuple)) else [result]
    if rows and all(isinstance(row, (p.TextPart, p.FilePart)) for row in rows):
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
    extra = _extra_fields(part)
    if not extra.get("type"):
        return ()
    call = {"id": part.tool_call_id, "name": part.tool_name, "input": _input(part.args_json)}
    return [("assistant", {"type": extra["type"], **call, **extra})]


def _builtin_result(part: p.BuiltinToolResultPart, message: Message) -> Rows:
    del message
    extra = _extra_fields(part)
    if not extra.get("type"):
        return ()
    result = {"tool_use_id": part.tool_call_id, "content": part.result}
    return [("assistant", {"type": extra["type"], **result, **extra})]


def _file(part: p.FilePart, message: Message) -> Rows:
    if message.role != "assistant":
        return [("user", file_block(part))]
    # The API accepts no files in an assistant message.
    return [("assistant", {"type": "text", "text": f"[{part.filename or part.media_type}]"})]


def _role(message: Message) -> str:
    return "assistant" if message.role == "assistant" else "user"


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


def _id(call_id: str) -> str:
    """The call's id; characters of other providers' ids that the API refuses become ``_``."""
    return re.sub(r"[^a-zA-Z0-9_-]", "_", call_id) or "_"


def _input(args_json: str) -> Json:
    """The arguments as a JSON object, which the API requires.

    Invalid JSON is wrapped, as documented in
    https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming
    """
    if not args_json.strip():
        return {}
    try:
        args = json.loads(args_json)
    except (ValueError, RecursionError):
        args = None
    return args if isinstance(args, dict) else {"INVALID_JSON": args_json}


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
