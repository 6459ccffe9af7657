"""Custom tools, whose input is plain text. Both of OpenAI's formats have them."""

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
