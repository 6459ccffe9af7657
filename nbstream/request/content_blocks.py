"""Converts content blocks of dict messages, as Anthropic or OpenAI writes them, to message parts.

Sources: https://platform.claude.com/docs/en/api/messages/create, "content";
https://platform.openai.com/docs/api-reference/chat/create, "messages";
https://platform.openai.com/docs/api-reference/responses/create, "input".
A field of an Anthropic block that a part does not have, such as ``cache_control``, is kept in the
part's metadata and is sent in a request to Anthropic.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from nbstream.core.codec import checked
from nbstream.core.parts import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.request.block_fields import Block, BlockError, field_of, rest_of
from nbstream.request.file_blocks import (
    audio_block,
    file_block,
    image_url_block,
    source_block,
    video_url_block,
)
from nbstream.request.json_values import json_value

if TYPE_CHECKING:
    from collections.abc import Callable

_PARTS = get_args(Part)


def parts_of(content: Any, place: str) -> tuple[Part, ...]:
    """The parts of a message's content: a str, or a list of strings, blocks and parts.

    ``place`` names the content in errors.

    Raises:
        UsageError: a value in it cannot be read.
    """
    if content is None:  # OpenAI writes this in a message that only calls tools
        return ()
    if isinstance(content, str):
        return (TextPart(content),)
    if not isinstance(content, (list, tuple)):
        raise UsageError(
            f"{place} is {shown(content)}, which is neither a string nor a list of blocks.",
            remedy='Pass a string, or a list such as [{"type": "text", "text": "..."}].',
        )
    return tuple(_part(one, f"{place}[{at}]") for at, one in enumerate(content))


def tool_result(call_id: Any, content: Any, place: str, **more: Any) -> ToolResultPart:
    """A tool result. A list of blocks in it becomes text and file parts."""
    if not isinstance(call_id, str):
        raise UsageError(
            f"{place} is a tool result without the id of its call.",
            remedy='Add the id: "tool_call_id" for OpenAI\'s form, "tool_use_id" for Anthropic\'s.',
        )
    if isinstance(content, (list, tuple)):
        parts = list(parts_of(content, place))
        if other := [part for part in parts if not isinstance(part, (TextPart, FilePart))]:
            raise UsageError(
                f"{place} has a block of type {other[0].type}, which a tool result cannot hold.",
                remedy="Pass text and files.",
            )
        return ToolResultPart(call_id, parts, **more)
    return ToolResultPart(call_id, "" if content is None else json_value(content, place), **more)


def tool_call(call_id: Any, name: Any, args: Any, place: str, **more: Any) -> ToolCallPart:
    """A tool call; ``args`` is JSON text or JSON values."""
    if not isinstance(call_id, str) or not isinstance(name, str):
        raise UsageError(
            f"{place} is a tool call without an id and a name.",
            remedy="Pass the id and the name that the model's call had.",
        )
    given = {} if args is None else args
    text = given if isinstance(given, str) else json.dumps(json_value(given, place))
    return ToolCallPart(call_id, name, text, **more)


def _part(given: Any, place: str) -> Part:
    """The part for one string, block or part."""
    if isinstance(given, str):
        return TextPart(given)
    if isinstance(given, _PARTS):
        return given  # type: ignore[no-any-return]
    if not isinstance(given, Mapping):
        raise UsageError(
            f"{place} is {shown(given)}, which is not a block.",
            remedy='Pass a string, {"type": "text", "text": "..."}, or a file_part(...).',
        )
    kind = given.get("type")
    read = _READ.get(kind) if isinstance(kind, str) else None
    if read is None and isinstance(kind, str):
        read = next((one for end, one in _ENDINGS.items() if kind.endswith(end)), None)
    if read is None:
        raise UsageError(
            f"{place} has no known type: {shown(given)}.",
            remedy=f"Known types: {', '.join(_READ)}.",
        )
    try:
        return checked(read(given, place))
    except BlockError as error:
        raise UsageError(f"{place}: {error.text} {shown(given)}", remedy=error.remedy) from None
    except ValueError as error:
        raise UsageError(
            f"{place} is not a block of this type: {shown(given)}.",
            remedy=f"The field {error}.",
        ) from None


def _text(block: Block, place: str) -> Part:
    cited = block.get("citations") or ()
    rows = [one for one in cited if isinstance(one, Mapping)] if isinstance(cited, list) else []
    citations = tuple(_citation(json_value(row, place)) for row in rows)
    known = ("type", "text", "citations", "annotations", "logprobs", "parsed_output")
    return TextPart(field_of(block, "text"), citations, rest_of(block, place, *known))


def _citation(row: dict[str, Any]) -> Citation:
    title = row.get("title") or row.get("document_title")
    return Citation(
        row.get("url"), title, row.get("cited_text"), provider_metadata={"anthropic": row}
    )


def _thinking(block: Block, place: str) -> Part:
    more = rest_of(block, place, "type", "thinking", "signature")
    return ThinkingPart(field_of(block, "thinking"), block.get("signature"), None, more)


def _redacted(block: Block, place: str) -> Part:
    return ThinkingPart("", None, field_of(block, "data"), rest_of(block, place, "type", "data"))


def _refusal(block: Block, _place: str) -> Part:
    return RefusalPart(field_of(block, "refusal"))


def _tool_use(block: Block, place: str) -> Part:
    more = rest_of(block, place, "type", "id", "name", "input")
    args = block.get("input")
    return tool_call(block.get("id"), block.get("name"), args, place, provider_metadata=more)


def _tool_result(block: Block, place: str) -> Part:
    more = rest_of(block, place, "type", "tool_use_id", "content", "is_error")
    failed = block.get("is_error") is True
    content = block.get("content")
    result = block.get("tool_use_id"), content, f"{place}['content']"
    return tool_result(*result, is_error=failed, provider_metadata=more)


def _builtin_call(block: Block, place: str) -> Part:
    args = json.dumps(json_value(block.get("input") or {}, place))
    more = rest_of(block, place, "id", "name", "input")
    return BuiltinToolCallPart(field_of(block, "id"), field_of(block, "name"), args, more)


def _builtin_result(block: Block, place: str) -> Part:
    more = rest_of(block, place, "tool_use_id", "content")
    name = str(block["type"]).removesuffix("_tool_result")
    content = json_value(block.get("content"), place)
    return BuiltinToolResultPart(
        field_of(block, "tool_use_id"), name, content, provider_metadata=more
    )


_READ: dict[str, Callable[[Block, str], Part]] = {
    "text": _text,
    "input_text": _text,
    "output_text": _text,
    "image": source_block,
    "document": source_block,
    "image_url": image_url_block,
    "input_image": image_url_block,
    "input_audio": audio_block,
    "video_url": video_url_block,
    "file": file_block,
    "input_file": file_block,
    "tool_use": _tool_use,
    "tool_result": _tool_result,
    "thinking": _thinking,
    "redacted_thinking": _redacted,
    "refusal": _refusal,
}
# Endings of the types of Anthropic's built-in tools, such as web_search_tool_result.
_ENDINGS: dict[str, Callable[[Block, str], Part]] = {
    "_tool_use": _builtin_call,
    "_tool_result": _builtin_result,
}
