"""What was asked of a model, as the source of the answer's events.

Knows that a video is not streamed but asked after, and what holds where the
caller says nothing. Refuses to know what was asked, and whether it makes sense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.request.model_source import ModelSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice
    from nbstream.providers import Model
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
) -> ModelSource | JobSource:
    """The source that asks ``model``, by a job where that is how it makes things.

    ``interval`` is a job's; ``output`` is never one's, for a job makes no values.
    """
    asked: Any = {"tools": tools, "tool_choice": tool_choice}
    how: Any = {"retries": retries, "timeout": timeout, "client": client, **asked}
    if model.job is not None:
        from nbstream.request.job_source import JobSource  # few streams are a job

        return JobSource(model, conversation, params, exchange, interval=interval, **how)
    return ModelSource(model, conversation, params, exchange, output=output, **how)
