"""``Tracer``: the observer that makes an OpenTelemetry span of each operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import metrics, trace

from nbstream.streams.observer import AgentRun, Request
from nbstream.tracing.agent_span import AgentSpan
from nbstream.tracing.metrics import Metrics
from nbstream.tracing.request_span import RequestSpan
from nbstream.tracing.tool_span import ToolSpan

if TYPE_CHECKING:
    from nbstream.streams.observer import Operation
    from nbstream.tracing.span import OperationSpan

NAME = "nbstream"
"""The name of the instrumentation scope."""


class Tracer:
    """Makes spans with one tracer, and records metrics with one meter."""

    def __init__(self, tracer_provider: Any, meter_provider: Any, *, content: bool) -> None:
        from nbstream import __version__

        self._tracer = trace.get_tracer(NAME, __version__, tracer_provider)
        self._metrics = Metrics(metrics.get_meter(NAME, __version__, meter_provider))
        self._content = content

    def begin(self, operation: Operation) -> OperationSpan:
        """Start the span of an operation."""
        if isinstance(operation, Request):
            return RequestSpan(operation, self._tracer, self._metrics, content=self._content)
        if isinstance(operation, AgentRun):
            return AgentSpan(operation, self._tracer, self._metrics, content=self._content)
        return ToolSpan(operation, self._tracer, self._metrics, content=self._content)
