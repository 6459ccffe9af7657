"""Converts calls and results of the tools that Google runs, in a Gemini response, to events.

The parts that Google sends for them are sent back unchanged with the next request.

Source: https://ai.google.dev/api/caching#Part (executableCode, toolCall and their results)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import BuiltinToolCallPart, BuiltinToolResultPart
from nbstream.protocols.json_fields import Json, text_of, without

if TYPE_CHECKING:
    from nbstream.protocols.gemini.event_writer import EventWriter

_CODE = "code_execution"


def executable_code(writer: EventWriter, part: Json, value: Json) -> None:
    """Write the events for code that Google runs."""
    call_id = text_of(value.get("id"))
    _call(writer, call_id, _CODE, without(value, "id"), _metadata(part))


def code_result(writer: EventWriter, part: Json, value: Json) -> None:
    """Write the output of code."""
    failed = value.get("outcome") not in (None, 1, "OUTCOME_OK", "OUTCOME_UNSPECIFIED")
    _result(writer, part, value, _CODE, failed=failed)


def tool_call(writer: EventWriter, part: Json, value: Json) -> None:
    """Write the events for a call of another tool that Google runs."""
    _call(writer, text_of(value.get("id")), _name(value), value.get("args"), _metadata(part))


def tool_response(writer: EventWriter, part: Json, value: Json) -> None:
    """Write the event for the result of another tool that Google runs."""
    _result(writer, part, value, _name(value), failed=False)


def tool_use(writer: EventWriter, name: str, args: Json, result: Any) -> None:
    """Write the call and the result of a tool that only the metadata at the end reports.

    Writes nothing if the tool had parts: Gemini 3 can send calls as parts.
    """
    if any(used.startswith(name) for used in writer.used_tools):
        return
    call_id = _call(writer, "", name, args, {})
    part = BuiltinToolResultPart(call_id, name, result)
    writer.out.append(ev.BuiltinToolResult(writer.index(), part))


def _call(writer: EventWriter, given: str, name: str, args: Any, metadata: Json) -> str:
    """Write the events of a complete call; returns its id, made up if ``given`` is empty."""
    writer.used_tools.add(name)
    index = writer.index()
    call_id = writer.latest[name] = writer.call_id(given, index)
    args_json = json.dumps(args, ensure_ascii=False) if args else ""
    writer.out.append(ev.BuiltinToolStart(index, call_id, name))
    if args_json:
        writer.out.append(ev.BuiltinToolDelta(index, args_json))
    call = BuiltinToolCallPart(call_id, name, args_json, metadata)
    writer.out.append(ev.BuiltinToolEnd(index, call))
    return call_id


def _result(writer: EventWriter, part: Json, value: Json, name: str, *, failed: bool) -> None:
    """Write a result. It often lacks the call's id; then it belongs to the tool's last call."""
    index = writer.index()
    call_id = writer.call_id(text_of(value.get("id")) or writer.latest.get(name, ""), index)
    result = BuiltinToolResultPart(call_id, name, value, failed, _metadata(part))
    writer.out.append(ev.BuiltinToolResult(index, result))


def _name(value: Json) -> str:
    """The tool's name in lower case: ``google_search_web`` for ``GOOGLE_SEARCH_WEB``."""
    return text_of(value.get("toolType")).lower()


def _metadata(part: Json) -> Json:
    return {"gemini": {"part": part}}
