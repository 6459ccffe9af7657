"""One part of a message as the parts that Gemini wants to see of it.

Knows how each kind of part is written and what of another provider's answer
Gemini can read. Refuses to know turns and roles.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbstream.core.data_url import read_data_url
from nbstream.core.file_part import is_text
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    FilePart,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.core.parts import parts_in

if TYPE_CHECKING:
    from collections.abc import Callable

    WireParts = list[dict[str, Any]]


class CallNames:
    """The calls seen so far, by id: a result must repeat its function's name."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def add(self, call: ToolCallPart) -> None:
        """Remember a call."""
        self._names[call.tool_call_id] = call.tool_name

    def of(self, result: ToolResultPart) -> str:
        """The function's name; the call's id where nobody said it."""
        return result.tool_name or self._names.get(result.tool_call_id) or result.tool_call_id


def wire_parts(part: Part, names: CallNames) -> WireParts:
    """The wire's parts for ours: none, one, or a text with each signed stretch apart."""
    return _WRITERS[type(part)](part, names)


def _text(part: TextPart, _: CallNames) -> WireParts:
    return _stretches(part.text, _kept(part).get("signed", ()), {})


def _thinking(part: ThinkingPart, _: CallNames) -> WireParts:
    if "gemini" not in part.provider_metadata:
        return []  # another provider's thoughts mean nothing here
    return _stretches(part.text, _kept(part).get("signed", ()), {"thought": True})


def _stretches(text: str, signed: Any, mark: dict[str, Any]) -> WireParts:
    rows: WireParts = []
    done = 0
    for start, end, extras in signed:
        if text[done:start]:
            rows.append({"text": text[done:start], **mark})
        rows.append({"text": text[start:end], **mark, **extras})
        done = end
    if text[done:]:
        rows.append({"text": text[done:], **mark})
    return rows


def _refusal(part: RefusalPart, _: CallNames) -> WireParts:
    return [{"text": part.text}] if part.text else []


def _call(part: ToolCallPart, names: CallNames) -> WireParts:
    names.add(part)
    call: dict[str, Any] = {"name": part.tool_name, "args": _args(part)}
    if part.tool_call_id:
        call["id"] = part.tool_call_id
    return [{"functionCall": call, **_kept(part)}]


def _args(part: ToolCallPart) -> dict[str, Any]:
    """The arguments as the object they must be, also where the model broke off."""
    try:
        args = part.args
    except json.JSONDecodeError:
        args = part.args_json
    return args if isinstance(args, dict) else {"arguments": args}


def _result(part: ToolResultPart, names: CallNames) -> WireParts:
    # Files stand beside it: only Gemini 3 takes them within.
    # FunctionResponse: an object; "output" and "error" are the keys it names.
    rows = parts_in(part.result)
    files = [row for row in rows if isinstance(row, FilePart)]
    texts = [row.text for row in rows if isinstance(row, TextPart)]
    said = "\n".join(texts) if rows else part.result
    plain: dict[str, Any] = said if isinstance(said, dict) else {}
    response = plain or {"output": said}
    if part.is_error:
        response = {"error": said}
    row: dict[str, Any] = {"name": names.of(part), "response": response}
    if part.tool_call_id:
        row["id"] = part.tool_call_id
    return [{"functionResponse": row}, *(one for file in files for one in _file(file, names))]


def _builtin(part: BuiltinToolCallPart | BuiltinToolResultPart, _: CallNames) -> WireParts:
    row = _kept(part).get("part")
    return [row] if isinstance(row, dict) else []  # other providers' tools are not known here


def _file(part: FilePart, _: CallNames) -> WireParts:
    media_type, data = _mime(part.media_type), part.data
    if data is None:
        with suppress(ValueError):
            named, data = read_data_url(part.url or "")
            media_type = media_type or named
    media = {"mimeType": media_type} if media_type else {}
    if data is None:
        return [{"fileData": {**media, "fileUri": part.url}, **_kept(part)}]
    encoded = base64.b64encode(data).decode()
    return [{"inlineData": {**media, "data": encoded}, **_kept(part)}]


def _mime(media_type: str) -> str:
    # https://ai.google.dev/gemini-api/docs/document-processing: of texts, it knows some types only.
    plain = is_text(media_type) and media_type.startswith("application/")
    return "text/plain" if plain and media_type != "application/json" else media_type


def _kept(part: Part) -> dict[str, Any]:
    """What came beside the part when it was Gemini that sent it."""
    kept = part.provider_metadata.get("gemini")
    return kept if isinstance(kept, dict) else {}


_WRITERS: dict[type, Callable[[Any, CallNames], WireParts]] = {
    TextPart: _text,
    ThinkingPart: _thinking,
    RefusalPart: _refusal,
    ToolCallPart: _call,
    ToolResultPart: _result,
    BuiltinToolCallPart: _builtin,
    BuiltinToolResultPart: _builtin,
    FilePart: _file,
}
