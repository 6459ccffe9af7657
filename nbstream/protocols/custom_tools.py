"""Custom tools, whose input is text and no JSON: both of OpenAI's formats have them.

Knows how the text stands in a call: as one JSON string. Refuses to know the
shape of any request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.core.message import ToolCallPart


def input_of(call: ToolCallPart) -> str:
    """What a custom tool was given; where that is no JSON string, whatever stands there."""
    try:
        text = call.args
    except ValueError:
        return call.args_json
    return text if isinstance(text, str) else call.args_json
