"""Converts a part of a message to Gemini's parts for the body of a request.

From messages of other providers, thinking and calls of tools that those providers run are left
out.
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
from nbstream.protocols.call_arguments import arguments

if TYPE_CHECKING:
    from collections.abc import Callable

    WireParts = list[dict[str, Any]]


class CallNames:
    """Maps the ids of calls to the names of their functions: a result must repeat the name."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def add(self, call: ToolCallPart) -> None:
        """Remember the name of a call."""
        self._names[call.tool_call_id] = call.tool_name

    def of(self, result: ToolResultPart) -> str:
        """The function's name; the call's id if it is unknown."""
        return result.tool_name or self._names.get(result.tool_call_id) or result.tool_call_id


def wire_parts(part: Part, names: CallNames) -> WireParts:
    """Gemini's parts for one of ours: none, one, or several for a text with signatures."""
    return _WRITERS[type(part)](part, names)


def _text(part: TextPart, _: CallNames) -> WireParts:
    return _pieces(part.text, _own_metadata(part).get("signed", ()), {})


def _thinking(part: ThinkingPart, _: CallNames) -> WireParts:
    if "gemini" not in part.provider_metadata:
        return []  # from another provider
    return _pieces(part.text, _own_metadata(part).get("signed", ()), {"thought": True})


def _pieces(text: str, signed: Any, mark: dict[str, Any]) -> WireParts:
    """Gemini's parts for a text; each stretch with a signature becomes a separate part."""
    rows: WireParts = []
    done = 0
    if signed and signed[-1][1] > len(text):  # the text was edited, so the stretches are wrong
        signed = ()
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
    call: dict[str, Any] = {"name": part.tool_name, "args": arguments(part)}
    if part.tool_call_id:
        call["id"] = part.tool_call_id
    return [{"functionCall": call, **_own_metadata(part)}]


def _result(part: ToolResultPart, names: CallNames) -> WireParts:
    # Files go beside the result, because only Gemini 3 accepts them inside.
    # The response must be an object; the API names the keys "output" and "error".
    rows = parts_in(part.result)
    files = [row for row in rows if isinstance(row, FilePart)]
    texts = [row.text for row in rows if isinstance(row, TextPart)]
    output = "\n".join(texts) if rows else part.result
    as_object: dict[str, Any] = output if isinstance(output, dict) else {}
    response = as_object or {"output": output}
    if part.is_error:
        response = {"error": output}
    if not _is_json(response):
        response = {"output": json.dumps(output, default=str)}
    row: dict[str, Any] = {"name": names.of(part), "response": response}
    if part.tool_call_id:
        row["id"] = part.tool_call_id
    file_parts = (wire_part for file in files for wire_part in _file(file, names))
    return [{"functionResponse": row}, *file_parts]


def _is_json(value: Any) -> bool:
    """Whether a value can be sent as it is: NaN and Infinity cannot."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _builtin(part: BuiltinToolCallPart | BuiltinToolResultPart, _: CallNames) -> WireParts:
    row = _own_metadata(part).get("part")
    return [row] if isinstance(row, dict) else []  # none for other providers' tools


def _file(part: FilePart, _: CallNames) -> WireParts:
    media_type, data = _mime(part.media_type), part.data
    if data is None:
        with suppress(ValueError):
            named, data = read_data_url(part.url or "")
            media_type = media_type or named
    media = {"mimeType": media_type} if media_type else {}
    if data is None:
        return [{"fileData": {**media, "fileUri": part.url}, **_own_metadata(part)}]
    encoded = base64.b64encode(data).decode()
    return [{"inlineData": {**media, "data": encoded}, **_own_metadata(part)}]


def _mime(media_type: str) -> str:
    # Gemini accepts only some text types
    # (https://ai.google.dev/gemini-api/docs/document-processing).
    plain = is_text(media_type) and media_type.startswith("application/")
    return "text/plain" if plain and media_type != "application/json" else media_type


def _own_metadata(part: Part) -> dict[str, Any]:
    """The fields that Gemini sent with the part; they are sent back."""
    fields = part.provider_metadata.get("gemini")
    return fields if isinstance(fields, dict) else {}


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
