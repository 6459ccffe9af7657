"""Converts tool blocks of a Claude response to events: calls, and results of provider-run tools.

Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.core import events as ev
from nbstream.core.parts import BuiltinToolCallPart, BuiltinToolResultPart, ToolCallPart
from nbstream.protocols.anthropic.block import Block, text_in
from nbstream.protocols.anthropic.message import KEY
from nbstream.protocols.arguments import Arguments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.protocols.json_fields import Json


class ToolBlock(Block):
    """A block with a call of one of the user's tools."""

    __slots__ = ("_args", "id", "name")

    deltas = ("input_json_delta",)
    delta_type: ClassVar[type[ev.PartDelta]] = ev.ToolDelta
    known_fields = frozenset({"type", "id", "name", "input"})

    def __init__(self, index: int, raw: Json) -> None:
        super().__init__(index, raw)
        self.id, self.name = text_in(raw, "id"), text_in(raw, "name")
        self._args = Arguments()

    def start(self) -> Iterable[ev.Event]:
        return (ev.ToolStart(self.index, self.id, self.name),)

    def apply(self, delta: Json) -> ev.Event | None:
        chunk = delta.get("partial_json")
        if type(chunk) is dict:  # some gateways send the complete object
            chunk = json.dumps(chunk, ensure_ascii=False)
        if type(chunk) is not str or not chunk or delta.get("type") != "input_json_delta":
            return None
        chunk = self._args.add(chunk)
        return self.delta_type(self.index, chunk) if chunk else None

    def stop(self) -> Iterator[ev.Event]:
        # Input in the start event is complete, unless deltas follow.
        value = self.raw.get("input")
        if value and not self._args.has_any:
            chunk = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield self.delta_type(self.index, self._args.append(chunk))
        elif chunk := self._args.end():
            yield self.delta_type(self.index, chunk)
        yield self._end(self._args.text)

    def _end(self, args: str) -> ev.Event:
        extra = self.extra_fields()
        call = ToolCallPart(self.id, self.name, args, {KEY: extra} if extra else {})
        return ev.ToolEnd(self.index, call)


class BuiltinToolBlock(ToolBlock):
    """A block with a call of a tool that the provider or its MCP server runs."""

    __slots__ = ()

    delta_type = ev.BuiltinToolDelta
    known_fields = frozenset({"id", "name", "input"})

    def start(self) -> Iterable[ev.Event]:
        return (ev.BuiltinToolStart(self.index, self.id, self.name),)

    def _end(self, args: str) -> ev.Event:
        call = BuiltinToolCallPart(self.id, self.name, args, {KEY: self.extra_fields()})
        return ev.BuiltinToolEnd(self.index, call)


class ResultBlock(Block):
    """A block with the result of a tool that the provider ran, complete in its start event."""

    __slots__ = ("_name",)

    known_fields = frozenset({"tool_use_id", "content"})

    def __init__(self, index: int, raw: Json, name: str) -> None:
        super().__init__(index, raw)
        self._name = name

    def start(self) -> Iterable[ev.Event]:
        content = self.raw.get("content")
        part = BuiltinToolResultPart(
            text_in(self.raw, "tool_use_id"),
            self._name,
            content,
            is_error=self.raw.get("is_error") is True or _is_error(content),
            provider_metadata={KEY: self.extra_fields()},
        )
        return (ev.BuiltinToolResult(self.index, part),)


def _is_error(content: Any) -> bool:
    """Whether a result is one of the API's ``..._tool_result_error`` objects."""
    return isinstance(content, dict) and text_in(content, "type").endswith("_error")
