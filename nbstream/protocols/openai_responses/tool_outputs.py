"""Converts the results that the user's side gives to input items of a Responses API request.

They are of the user's tools and of OpenAI's tools that the client runs, and answers to approval
requests. Each type of call needs a different type of output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.parts import parts_in
from nbstream.protocols.json_fields import Json, dict_of, json_text, text_of
from nbstream.protocols.openai_responses.content import content
from nbstream.protocols.openai_responses.metadata_key import KEY

if TYPE_CHECKING:
    from nbstream.core.message import ToolResultPart


def result_item(part: ToolResultPart, call: Json) -> Json:
    """The input item with a call's result. ``call`` is the call's item, empty if unknown."""
    called = text_of(call.get("type"))
    if called == "mcp_approval_request":
        return {
            "type": "mcp_approval_response",
            "approval_request_id": part.tool_call_id,
            "approve": bool(part.result),
        }
    row: Json = {"type": "function_call_output", "call_id": part.tool_call_id}
    if called.endswith("_call"):
        row["type"] = f"{called.replace('tool_search_call', 'tool_search')}_output"
    if caller := call.get("caller"):  # a program that the model wrote made the call
        row["caller"] = caller
    return {**row, **_output(part.result, called), **dict_of(part.provider_metadata.get(KEY))}


def _output(result: Any, called: str) -> Json:
    if called == "tool_search_call":
        return {"execution": "client", "tools": result}
    if rows := parts_in(result):
        return {"output": content(rows)}
    # Provider tools that the user's side runs have outputs of their own structure.
    if isinstance(result, str) or (called and called not in _PLAIN) or _is_content(result):
        return {"output": result}
    return {"output": json_text(result)}


_PLAIN = ("function_call", "custom_tool_call")


def _is_content(result: Any) -> bool:
    """Whether a result is a list of content parts already, which may have images and files."""
    return (
        isinstance(result, list)
        and bool(result)
        and all(text_of(dict_of(row).get("type")).startswith("input_") for row in result)
    )
