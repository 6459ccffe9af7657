"""Makes the source of a request's events: a streamed response, or a polled job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.request.model_source import ModelSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice
    from nbstream.protocols.tag_reader import Tags
    from nbstream.providers import Model
    from nbstream.request.extras import Extras
    from nbstream.request.job_source import JobSource
    from nbstream.streams.http_exchange import Exchange
    from nbstream.transport.timeouts import Timeouts


def source_for(
    model: Model,
    conversation: Sequence[Message],
    params: dict[str, Any],
    exchange: Exchange,
    *,
    retries: int,
    timeout: Timeouts | None,
    client: Any,
    tools: Sequence[Tool] = (),
    tool_choice: ToolChoice = None,
    output: OutputSpec | None = None,
    interval: float | None = None,
    extras: Extras | None = None,
    thinking_tags: Tags | None = None,
) -> ModelSource | JobSource:
    """The source for ``model``: a ``JobSource`` if the model works as a job.

    ``interval`` is used by jobs only; ``tools``, ``tool_choice``, ``output`` and
    ``thinking_tags`` by streams only.
    """
    how: Any = {"retries": retries, "timeout": timeout, "client": client}
    if extras is not None:
        how["extras"] = extras
    if model.job is not None:
        from nbstream.request.job_source import JobSource  # imported late: few streams are jobs

        return JobSource(model, conversation, params, exchange, interval=interval, **how)
    asked: Any = {"tools": tools, "tool_choice": tool_choice, "output": output}
    asked["thinking_tags"] = thinking_tags
    return ModelSource(model, conversation, params, exchange, **asked, **how)
