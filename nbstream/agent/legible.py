"""Writes a call, and words of others, for a person who is asked with ``input()`` or ``print()``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.core.parts import ToolCallPart

_LINES = re.compile(r"[\t\n]")

_NOT_SEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that Python calls printable, and that are shown as nothing."""


def call_text(call: ToolCallPart) -> str:
    r"""A call on one line, with the arguments that Python gets from the model's JSON.

    >>> call = nbstream.messages.ToolCallPart("c1", "save", '{"a": 1,\n\n "a": "x\u202ey"}')
    >>> call_text(call)
    'save({"a": "x⟨U+202E⟩y"})'
    """
    args = call.args_as_json_str()
    try:
        args = json.dumps(json.loads(args), ensure_ascii=False)
    except (ValueError, RecursionError):
        args = _LINES.sub(" ", args)
    return legible(f"{call.tool_name}({args})")


def legible(text: str) -> str:
    r"""``text`` with a name for each character that a terminal does not show as a sign.

    >>> legible("a\x1b[2Kb\nc")
    'a⟨U+001B⟩[2Kb\nc'
    """
    if text.isprintable() and not _NOT_SEEN.search(text):
        return text
    return "".join(one if _is_seen(one) else f"⟨U+{ord(one):04X}⟩" for one in text)


def _is_seen(char: str) -> bool:
    return char in "\t\n" or (char.isprintable() and not _NOT_SEEN.match(char))
