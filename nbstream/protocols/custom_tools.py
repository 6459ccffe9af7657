"""Reads the plain text input of a custom tool's call, to send the call back to OpenAI.

Chat Completions and the Responses API have custom tools. A call part keeps the input as a JSON
string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.core.message import ToolCallPart


def input_of(call: ToolCallPart) -> str:
    """The text input of a custom tool's call; if it is not a JSON string, the raw JSON."""
    try:
        text = call.args
    except ValueError:
        return call.args_json
    return text if isinstance(text, str) else call.args_json
