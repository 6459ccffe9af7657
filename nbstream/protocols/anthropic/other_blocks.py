"""Converts a Claude response's blocks of other types to events: a call and perhaps its result.

Such are ``compaction`` (a summary of the conversation), ``fallback`` (another model goes on),
``mcp_tool_listing`` and ``container_upload``, and types that are not known yet. The call keeps the
block, which is sent back unchanged in its place.

Source: ``BetaContentBlock`` in https://github.com/anthropics/anthropic-sdk-python
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.parts import BuiltinToolCallPart, BuiltinToolResultPart
from nbstream.protocols.anthropic.block import Block, text_in
from nbstream.protocols.anthropic.message import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.protocols.json_fields import Json

BLOCK = "block"
"""The name under which the call's metadata holds the whole block."""

_NAMES = {"mcp_tool_listing": "mcp_list_tools"}
"""Names of calls that are not the block's type: OpenAI has a word for the same thing."""

_RESULTS = ("content", "tools")
_SEALED = ("type", "signature", "data")


class OtherBlock(Block):
    """A block of another type. Its readable fields are the call's arguments, or its result."""

    __slots__ = ("_id",)

    def start(self) -> Iterator[ev.Event]:
        self._id = text_in(self.raw, "id") or f"{self.name}_{self.index}"
        yield ev.BuiltinToolStart(self.index, self._id, self.name)

    @property
    def name(self) -> str:
        """The name of the call."""
        kind = text_in(self.raw, "type")
        return _NAMES.get(kind, kind) or "block"

    def accepts(self, delta: Json) -> bool:
        del delta
        return True

    def apply(self, delta: Json) -> None:
        """Add the fields of a delta to the block: texts grow, other values are replaced."""
        for name, value in delta.items():
            before = self.raw.get(name)
            if name != "type" and value is not None:
                both = isinstance(before, str) and isinstance(value, str)
                self.raw[name] = before + value if both else value

    def stop(self) -> Iterator[ev.Event]:
        args = {name: _readable(value) for name, value in self.raw.items() if self._is_shown(name)}
        args_json = json.dumps(args, ensure_ascii=False) if args else ""
        if args_json:
            yield ev.BuiltinToolDelta(self.index, args_json)
        metadata = {KEY: {BLOCK: self.raw}}
        call = BuiltinToolCallPart(self._id, self.name, args_json, metadata)
        yield ev.BuiltinToolEnd(self.index, call)

    def result(self, index: int) -> ev.Event | None:
        value = next((self.raw[name] for name in _RESULTS if self.raw.get(name)), None)
        if value is None:
            return None
        part = BuiltinToolResultPart(self._id, self.name, value)
        return ev.BuiltinToolResult(index, part)

    def _is_shown(self, name: str) -> bool:
        value = self.raw[name]
        sealed = name in (*_SEALED, *_RESULTS, "id") or name.startswith("encrypted")
        return not sealed and value not in (None, "", [], {})


def _readable(value: Any) -> Any:
    """``{"model": "claude"}`` is shown as ``claude``."""
    if isinstance(value, dict) and len(value) == 1:
        (only,) = value.values()
        return only if isinstance(only, str) else value
    return value
