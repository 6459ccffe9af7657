"""``WrongNames``: an attribute that an object lacks is refused with the name that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

_MEANT = {
    "done": "is_complete",
    "is_done": "is_complete",
    "is_finished": "is_complete",
    "finished": "is_complete",
    "running": "is_complete",
    "content": "text",
    "answer": "text",
    "reply": "text",
    "response_text": "text",
    "value": "output",
    "data": "output",
    "parsed": "output",
    "dataframe": "df",
    "tokens": "usage",
    "price": "cost",
    "reasoning": "thinking",
    "stop": "cancel",
    "abort": "cancel",
    "join": "wait",
    "exception": "error",
    "call": "tool_call",
    "args": "tool_call.args",
    "arguments": "args tool_call.args",
    "output": "result",
    "error": "traceback",
    "name": "tool_call.tool_name",
    "tool_name": "tool_call.tool_name",
}
"""Names that streams, results, calls and events lack, and their own; the first counts."""


class WrongNames:
    """A base class of streams, results and events. Type checkers do not see what it does."""

    __slots__ = ()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if hasattr(type(self), name):  # its own code raised AttributeError: raise that again
                return object.__getattribute__(self, name)
            text = f"{type(self).__name__!r} object has no attribute {name!r}"
            for meant in _MEANT.get(name, "").split():
                if hasattr(type(self), meant.partition(".")[0]):
                    text += f". Did you mean .{meant}?"
                    break
            raise AttributeError(text, name=name, obj=self)
