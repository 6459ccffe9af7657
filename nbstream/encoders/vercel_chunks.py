"""Single chunks of Vercel's UI message stream: a whole call, a result, metadata, a citation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.encoders.values import is_web_address, plain, utf16, without_none

if TYPE_CHECKING:
    from nbstream.core.parts import BuiltinToolCallPart, Citation, ToolCallPart

Chunk = dict[str, Any]


def whole_call(call: ToolCallPart | BuiltinToolCallPart, known: str) -> Chunk:
    """A call with its whole arguments; an error if they are not JSON."""
    names = {"toolCallId": known, "toolName": call.tool_name}
    try:
        return {"type": "tool-input-available", **names, "input": plain(call.args)}
    except ValueError:
        problem = "The arguments are not valid JSON."
        return {
            "type": "tool-input-error",
            **names,
            "input": call.args_json,
            "errorText": problem,
        }


def output(tool_call_id: str, output: Any) -> Chunk:
    """The result of a call."""
    return {"type": "tool-output-available", "toolCallId": tool_call_id, "output": output}


def executed(event: ev.Event) -> Chunk:
    """What marks the call of a tool that the provider runs."""
    builtin = isinstance(event, (ev.BuiltinToolStart, ev.BuiltinToolEnd))
    return {"providerExecuted": True} if builtin else {}


def metadata(own: Chunk) -> Chunk:
    """What the protocol has no word for; nothing if all of it is None."""
    known = without_none(own)
    return {"providerMetadata": {"nbstream": known}} if known else {}


def citation_of(cited: Citation, text: str) -> Chunk:
    """A citation of a text, its span in UTF-16 units as JavaScript counts."""
    return without_none(
        {
            "url": cited.url if is_web_address(cited.url) else None,
            "title": cited.title,
            "citedText": cited.cited_text,
            "startIndex": utf16(text, cited.start),
            "endIndex": utf16(text, cited.end),
        }
    )
