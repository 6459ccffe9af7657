"""``ToolSpan``: the span of one call of a user's function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import as_json
from nbstream.tracing import content as as_content
from nbstream.tracing.span import OperationSpan

if TYPE_CHECKING:
    from nbstream.streams.observer import ToolCall
    from nbstream.tracing.metrics import Metrics


class ToolSpan(OperationSpan):
    """A call, from the start of the function to its end."""

    def __init__(self, call: ToolCall, tracer: Any, metrics: Metrics, *, content: bool) -> None:
        attributes = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": call.call.tool_name,
            "gen_ai.tool.call.id": call.call.tool_call_id or None,
            "gen_ai.tool.type": "function",
            "gen_ai.tool.description": call.description or None,
        }
        super().__init__(
            call.call.tool_name, attributes, call.exchange, tracer, metrics, content=content
        )
        self._arguments = call.arguments
        self._value: tuple[Any] | None = None

    def returned(self, value: Any) -> None:
        self._value = (value,)

    def finish(self, *, stopped: bool) -> None:
        if self.content:
            self.set({"gen_ai.tool.call.arguments": self._arguments})
            if self._value is not None:
                self.set({"gen_ai.tool.call.result": as_content.dumped(as_json(self._value[0]))})
        if not stopped:
            self.metrics.tool(self.elapsed, self.attributes)
