"""Tools that Google executes itself: their calls and results as events.

Source: https://ai.google.dev/api/caching#Part (executableCode, toolCall and
what answers them). The parts go back as they came, whole. Refuses to know what
any tool does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import BuiltinToolCallPart, BuiltinToolResultPart
from nbstream.protocols.json_fields import Json, text_of, without

if TYPE_CHECKING:
    from nbstream.protocols.gemini.writer import Writer

_CODE = "code_execution"


def executable_code(writer: Writer, part: Json, value: Json) -> None:
    """A program is to run."""
    call_id = text_of(value.get("id"))
    writer.code_id = _call(writer, call_id, _CODE, without(value, "id"), _kept(part))


def code_result(writer: Writer, part: Json, value: Json) -> None:
    """What it printed; mostly without saying which it was."""
    failed = value.get("outcome") not in (None, 1, "OUTCOME_OK", "OUTCOME_UNSPECIFIED")
    _result(writer, part, value, _CODE, writer.code_id, failed=failed)


def tool_call(writer: Writer, part: Json, value: Json) -> None:
    """Another tool is to run."""
    _call(writer, text_of(value.get("id")), _name(value), value.get("args"), _kept(part))


def tool_response(writer: Writer, part: Json, value: Json) -> None:
    """What it gave back."""
    _result(writer, part, value, _name(value), "", failed=False)


def told_late(writer: Writer, name: str, args: Json, result: Any) -> None:
    """A tool was used of which only the answer's end tells.

    Nothing, if it left parts: Gemini 3 calls its tools in the open when asked to.
    """
    if any(called.startswith(name) for called in writer.called):
        return
    call_id = _call(writer, "", name, args, {})
    part = BuiltinToolResultPart(call_id, name, result)
    writer.out.append(ev.BuiltinToolResult(writer.index(), part))


def _call(writer: Writer, given: str, name: str, args: Any, metadata: Json) -> str:
    writer.called.add(name)
    index = writer.index()
    call_id = writer.call_id(given, index)
    args_json = json.dumps(args, ensure_ascii=False) if args else ""
    writer.out.append(ev.BuiltinToolStart(index, call_id, name))
    if args_json:
        writer.out.append(ev.BuiltinToolDelta(index, args_json))
    call = BuiltinToolCallPart(call_id, name, args_json, metadata)
    writer.out.append(ev.BuiltinToolEnd(index, call))
    return call_id


def _result(
    writer: Writer, part: Json, value: Json, name: str, latest: str, *, failed: bool
) -> None:
    index = writer.index()
    call_id = writer.call_id(text_of(value.get("id")) or latest, index)
    result = BuiltinToolResultPart(call_id, name, value, failed, _kept(part))
    writer.out.append(ev.BuiltinToolResult(index, result))


def _name(value: Json) -> str:
    """``GOOGLE_SEARCH_WEB`` as ``google_search_web``."""
    return text_of(value.get("toolType")).lower()


def _kept(part: Json) -> Json:
    return {"gemini": {"part": part}}
