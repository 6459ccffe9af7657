"""The metrics of the conventions: tokens, durations and the time to the first chunk, as histograms.

https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.metrics import Histogram, Meter

_SECONDS = tuple(0.01 * 2**power for power in range(14))
_TOKENS = tuple(4**power for power in range(14))

_DIMENSIONS = (
    "gen_ai.operation.name",
    "gen_ai.provider.name",
    "gen_ai.request.model",
    "gen_ai.response.model",
    "gen_ai.agent.name",
    "gen_ai.tool.name",
    "error.type",
    "server.address",
    "server.port",
)
"""The attributes of a span that its metrics have, too; none of them is different each time."""


class Metrics:
    """The instruments. The values' attributes are taken from those of a span."""

    def __init__(self, meter: Meter) -> None:
        def seconds(name: str, description: str) -> Histogram:
            return meter.create_histogram(
                name, "s", description, explicit_bucket_boundaries_advisory=_SECONDS
            )

        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            "{token}",
            "Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=_TOKENS,
        )
        self._first_chunk = seconds(
            "gen_ai.client.operation.time_to_first_chunk", "Time to the first chunk of an answer."
        )
        self._requests = seconds("gen_ai.client.operation.duration", "GenAI operation duration.")
        self._agents = seconds("gen_ai.invoke_agent.duration", "Duration of an agent's run.")
        self._tools = seconds("gen_ai.execute_tool.duration", "Duration of a tool's execution.")

    def request(self, seconds: float, first: float | None, attributes: Mapping[str, Any]) -> None:
        """A request took so long, and its first chunk came after ``first`` seconds, if it did."""
        found = _dimensions(attributes)
        self._requests.record(seconds, found)
        if first is not None:
            self._first_chunk.record(first, found)

    def tokens(self, read: int, written: int, attributes: Mapping[str, Any]) -> None:
        """A request had this many input and output tokens."""
        found = _dimensions(attributes)
        self._tokens.record(read, {**found, "gen_ai.token.type": "input"})
        self._tokens.record(written, {**found, "gen_ai.token.type": "output"})

    def agent(self, seconds: float, attributes: Mapping[str, Any]) -> None:
        """A run of an agent took so long."""
        self._agents.record(seconds, _dimensions(attributes))

    def tool(self, seconds: float, attributes: Mapping[str, Any]) -> None:
        """A call of a tool took so long."""
        self._tools.record(seconds, _dimensions(attributes))


def _dimensions(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: attributes[name] for name in _DIMENSIONS if name in attributes}
