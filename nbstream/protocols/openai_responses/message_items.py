"""A model's message as the items it came as.

Knows how parts are gathered into items again: blocks of one message or one
reasoning item, a call with its result and files. Refuses to know the
conversation around it.
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
    ToolResultPart,
)
from nbstream.protocols.custom_tools import input_of
from nbstream.protocols.json_fields import Json, dict_of, text_of, without
from nbstream.protocols.openai_responses import tool_results
from nbstream.protocols.openai_responses.annotations import annotation
from nbstream.protocols.openai_responses.content import content
from nbstream.protocols.openai_responses.names import KEY
from nbstream.protocols.openai_responses.tool_outputs import result_item

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.message import Message, Part

_REASONING = "reasoning"


def returned(message: Message, calls: dict[str, Json], *, stored: bool) -> list[Json]:
    """The items of a model's message.

    Reasoning without its ciphertext means nothing to a provider that has not
    ``stored`` it, so it stays behind; and then the other items go without their
    ids, because an id that was written after reasoning is refused without it.
    ``calls`` are the items that calls came as.
    """
    found: list[Json] = []
    for part in message.parts:
        if isinstance(part, ToolResultPart):  # some keep a whole exchange in one message
            found.append(result_item(part, calls.get(part.tool_call_id, {})))
        else:
            _ADD[type(part)](found, part, _own(part))
    kept = [row for row in found if stored or not _is_hollow(row)]
    dropped = len(kept) < len(found) or any(
        isinstance(part, ThinkingPart) and not _own(part) for part in message.parts
    )
    return [_nameless(row) for row in kept] if dropped else kept


def _own(part: Part) -> Json:
    return dict_of(part.provider_metadata.get(KEY))


def _is_hollow(row: Json) -> bool:
    return row.get("type") == _REASONING and not (
        row.get("encrypted_content") or row.get("content")
    )


def _nameless(row: Json) -> Json:
    return without(row, "id") if row.get("type") in ("message", "function_call") else row


def _text(found: list[Json], part: TextPart, own: Json) -> None:
    if not own:
        if part.text:
            found.append({"role": "assistant", "content": part.text})
        return
    sources = [row for one in part.citations if (row := annotation(one))]
    row = {"type": "output_text", "text": part.text, "annotations": sources}
    _content(found, {**row, **dict_of(own.get("part"))}, own)


def _refusal(found: list[Json], part: RefusalPart, own: Json) -> None:
    if own:
        row = {"type": "refusal", "refusal": part.text, **dict_of(own.get("part"))}
        _content(found, row, own)
    elif part.text:
        found.append({"role": "assistant", "content": part.text})


def _content(found: list[Json], row: Json, own: Json) -> None:
    """One block of a message; it joins the blocks of the same message before it."""
    if message := _begun(found, "message", own):
        message["content"].append(row)
        return
    fields = without(own, "part")
    found.append({"type": "message", "role": "assistant", **fields, "content": [row]})


def _begun(found: list[Json], kind: str, own: Json) -> Json | None:
    """The item that a block belongs to, if an earlier block of it has been found."""
    alike = (row for row in reversed(found) if row.get("type") == kind)
    return next((row for row in alike if own.get("id") and row.get("id") == own["id"]), None)


def _thinking(found: list[Json], part: ThinkingPart, own: Json) -> None:
    if not own:
        return  # another provider's
    item = _begun(found, _REASONING, own)
    if item is None:
        item = {"type": _REASONING, "summary": []}
        found.append(item)
    item.update(without(own, "block"))
    if part.redacted:
        item["encrypted_content"] = part.redacted
    if part.text and own.get("block") == "content":
        item.setdefault("content", []).append({"type": "reasoning_text", "text": part.text})
    elif part.text:
        item["summary"].append({"type": "summary_text", "text": part.text})


def _call(found: list[Json], part: ToolCallPart, own: Json) -> None:
    row: Json = {"type": "function_call", "call_id": part.tool_call_id, "name": part.tool_name}
    if own.get("type") == "custom_tool_call":
        row["input"] = input_of(part)
    else:
        row["arguments"] = part.args_json or "{}"
    found.append({**row, **own})


def _builtin_call(found: list[Json], _: BuiltinToolCallPart, own: Json) -> None:
    if item := dict_of(own.get("item")):
        found.append(dict(item))


def _builtin_result(found: list[Json], part: BuiltinToolResultPart, own: Json) -> None:
    if "item" in own:
        item, field = dict_of(own["item"]), text_of(own.get("field"))
        found.append(tool_results.put_together(item, field, part.result) if field else item)
    else:
        _complete(found, own, part.result)


def _file(found: list[Json], part: FilePart, own: Json) -> None:
    if not own:  # what another model drew, this one may only be shown
        if rows := content([part]):
            found.append({"role": "user", "content": rows})
    elif part.data is not None:
        _complete(found, own, base64.b64encode(part.data).decode())


def _complete(found: list[Json], own: Json, value: Any) -> None:
    """Give a result back to the call it is of."""
    call, field = own.get("call"), text_of(own.get("field"))
    for number in reversed(range(len(found))):
        row = found[number]
        if field and (row.get("call_id") or row.get("id")) == call:
            found[number] = tool_results.put_together(row, field, value)
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
