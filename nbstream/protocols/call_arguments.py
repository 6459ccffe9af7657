"""Writes a past tool call's arguments into a request, in the form that each server takes.

That is an object, JSON text or plain text. A call part keeps the text input of a custom tool as
a JSON string. Only OpenAI has custom tools; other servers get the object ``{"input": text}``.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbstream.core.message import BuiltinToolCallPart, ToolCallPart


def arguments(call: ToolCallPart | BuiltinToolCallPart) -> dict[str, Any]:
    """A call's arguments as an object, which most servers require.

    Text that is not JSON is wrapped as in
    https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming
    """
    try:
        value = _parsed(call.args_json)
    except (ValueError, RecursionError):
        return {"INVALID_JSON": call.args_json}
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"input": value}


def arguments_json(call: ToolCallPart) -> str:
    """``arguments`` as JSON text: the model's own text if that is an object."""
    text = call.args_json.strip()
    if text.startswith("{") and is_json(text):
        return text
    return json.dumps(arguments(call), ensure_ascii=False)


def input_text(call: ToolCallPart) -> str:
    """The text input of a custom tool's call; if it is not a JSON string, the raw JSON."""
    try:
        text = _parsed(call.args_json)
    except (ValueError, RecursionError):
        return call.args_json
    return text if isinstance(text, str) else call.args_json


def is_json(args_json: str) -> bool:
    """Whether the arguments are complete; no text at all is ``{}``."""
    try:
        _parsed(args_json)
    except (ValueError, RecursionError):
        return False
    return True


def _parsed(args_json: str) -> Any:
    if not args_json.strip():
        return {}
    return json.loads(args_json, parse_constant=_no_json, parse_float=_finite)


def _no_json(constant: str) -> Any:
    """Python reads NaN and Infinity, but they are not JSON."""
    raise ValueError(constant)


def _finite(text: str) -> float:
    """The number; too large ones would be sent as Infinity."""
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number
