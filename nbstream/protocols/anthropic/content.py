"""What each part of a message becomes in a request: a role and a block.

Source: https://platform.claude.com/docs/en/api/messages/create, "content".
Knows which parts this protocol made itself: they go back unchanged, with every
field it gave them. Of another provider's, what only that provider understands
(its thinking, its own tools) stays away.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from nbstream.core import parts as p
from nbstream.protocols.anthropic.files import file_block
from nbstream.protocols.anthropic.message import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nbstream.core.message import Message

    Block = dict[str, Any]
    Rows = Iterable[tuple[str, Block]]


def part_blocks(part: p.Part, message: Message) -> Rows:
    """The blocks of a part, each with the role it is said in: none or one.

    Raises:
        UsageError: a file is of a kind that the API does not take.
    """
    return _BLOCKS[type(part)](part, message)


def text_block(part: p.TextPart | p.RefusalPart) -> Block | None:
    """Text with its sources. None if it is blank, which the API refuses."""
    if not part.text.strip():
        return None
    block: Block = {"type": "text", "text": part.text, **_more(part)}
    cited = getattr(part, "citations", ())
    rows = [one.provider_metadata[KEY] for one in cited if KEY in one.provider_metadata]
    if rows:
        block["citations"] = rows
    return block


def _text(part: p.TextPart | p.RefusalPart, message: Message) -> Rows:
    block = text_block(part) if message.role != "system" else None
    return [(_role(message), block)] if block else ()


def _thinking(part: p.ThinkingPart, message: Message) -> Rows:
    # Unsigned thinking was broken off, or is another's: the API takes neither.
    if not _is_ours(part, message):
        return ()
    if part.redacted:
        return [("assistant", {"type": "redacted_thinking", "data": part.redacted, **_more(part)})]
    if not part.signature:
        return ()
    block = {"type": "thinking", "thinking": part.text, "signature": part.signature}
    return [("assistant", {**block, **_more(part)})]


def _is_ours(part: p.ThinkingPart, message: Message) -> bool:
    if KEY in part.provider_metadata:
        return True
    # No model's, so the user wrote it, and means it.
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
    return [("assistant", {**block, **_more(part)})]


def _result(part: p.ToolResultPart, message: Message) -> Rows:
    del message
    block: Block = {
        "type": "tool_result",
        "tool_use_id": _id(part.tool_call_id),
        "content": _result_content(part.result),
    }
    if part.is_error:
        block["is_error"] = True
    return [("user", {**block, **_more(part)})]


def _result_content(result: Any) -> str | list[Block]:
    rows = result if isinstance(result, (list, tuple)) else [result]
    if rows and all(isinstance(one, (p.TextPart, p.FilePart)) for one in rows):
        makes: dict[type[Any], Callable[[Any], Block | None]]
        makes = {p.TextPart: text_block, p.FilePart: file_block}
        blocks = (makes[type(row)](row) for row in rows)
        return [block for block in blocks if block]
    if isinstance(result, str):
        return result
    return json.dumps(result, ensure_ascii=False, default=str)


def _builtin_call(part: p.BuiltinToolCallPart, message: Message) -> Rows:
    del message
    more = _more(part)
    if not more.get("type"):
        return ()
    called = {"id": part.tool_call_id, "name": part.tool_name, "input": _input(part.args_json)}
    return [("assistant", {"type": more["type"], **called, **more})]


def _builtin_result(part: p.BuiltinToolResultPart, message: Message) -> Rows:
    del message
    more = _more(part)
    if not more.get("type"):
        return ()
    given = {"tool_use_id": part.tool_call_id, "content": part.result}
    return [("assistant", {"type": more["type"], **given, **more})]


def _file(part: p.FilePart, message: Message) -> Rows:
    if message.role != "assistant":
        return [("user", file_block(part))]
    # The API knows no files of an assistant's.
    return [("assistant", {"type": "text", "text": f"[{part.filename or part.media_type}]"})]


def _role(message: Message) -> str:
    return "assistant" if message.role == "assistant" else "user"


def _more(part: p.Part) -> Block:
    """Fields that the API gave this part, or the user for it (``cache_control``, say).

    Without the caller that every call has unless code called it: the API gives
    it to all and takes it back only where that could be otherwise.
    """
    more = part.provider_metadata.get(KEY)
    if not isinstance(more, dict):
        return {}
    direct = more.get("caller") == {"type": "direct"}
    return {name: value for name, value in more.items() if name != "caller" or not direct}


def _id(call_id: str) -> str:
    """The API takes no other characters in the id of a call; other providers write them."""
    return re.sub(r"[^a-zA-Z0-9_-]", "_", call_id) or "_"


def _input(args_json: str) -> Block:
    """The arguments as the object that the API wants.

    Broken JSON goes in a wrapper, as the API's documents say:
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
