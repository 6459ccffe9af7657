"""``AgentSpan``: the span of one run of an agent, around those of its requests and tool calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.events import AgentRunResult, FunctionToolResult
from nbstream.tracing import content as as_content
from nbstream.tracing.names import provider_name, usage_attributes
from nbstream.tracing.span import OperationSpan

if TYPE_CHECKING:
    from nbstream.core.events import Event
    from nbstream.streams.observer import AgentRun
    from nbstream.tracing.metrics import Metrics


class AgentSpan(OperationSpan):
    """A run, up to its result."""

    def __init__(self, run: AgentRun, tracer: Any, metrics: Metrics, *, content: bool) -> None:
        attributes = {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.provider.name": provider_name(run.provider),
            "gen_ai.request.model": run.model,
            "gen_ai.agent.name": run.agent or None,
            "gen_ai.output.type": run.output,
        }
        super().__init__(run.agent, attributes, run.exchange, tracer, metrics, content=content)
        self._agent_run = run
        self._result: AgentRunResult | None = None

    def note(self, event: Event) -> None:
        if isinstance(event, AgentRunResult):
            self._result = event
        elif isinstance(event, FunctionToolResult) and event.result.is_error and not event.elapsed:
            part = event.result  # no function was called, so no span of its own says it
            attributes = {
                "gen_ai.tool.name": part.tool_name,
                "gen_ai.tool.call.id": part.tool_call_id,
            }
            if self.content:
                attributes["gen_ai.tool.call.result"] = self.exchange.redact(part.output)
            self.span.add_event("nbstream.tool_not_executed", attributes)

    def finish(self, *, stopped: bool) -> None:
        result = self._result
        if stopped:
            self.set({"gen_ai.response.finish_reasons": ["cancelled"]})
        if result is not None:
            reply = result.all_messages()[-1]
            self.set({"gen_ai.response.finish_reasons": [reply.finish_reason or "stop"]})
            if not self.exchange.answers_replayed:
                self.set(usage_attributes(result.usage))
            if self.content:
                self.set({"gen_ai.output.messages": as_content.of_messages([reply])})
        if self.content:
            self.set(as_content.of_input(self._agent_run.messages))
        if self.exchange.answers_replayed:
            self.set({"nbstream.replayed": True})
        else:
            self.metrics.agent(self.elapsed, self.attributes)
