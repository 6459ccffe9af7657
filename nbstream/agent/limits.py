"""``UsageLimits``: how much a run may use before it is ended with an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbstream.errors import UsageLimitError
from nbstream.errors.arguments import checked_arguments

if TYPE_CHECKING:
    from nbstream.agent.state import AgentState


@checked_arguments
@dataclass(frozen=True, slots=True)
class UsageLimits:
    """Limits of one run; a run that reaches one ends with ``UsageLimitError``.

    The names are PydanticAI's. None (default) is no limit; that of ``request_limit`` is the
    agent's ``max_steps``. Tokens are counted when a reply has ended, so a limit can be exceeded by
    one reply.

    Attributes:
        request_limit: The most requests to the model.
        tool_calls_limit: The most calls of tools.
        input_tokens_limit: The most tokens that are sent, over all requests.
        output_tokens_limit: The most tokens that the model writes.
        total_tokens_limit: The most tokens of both kinds.

    >>> limits = nbstream.UsageLimits(request_limit=1)
    >>> call = nbstream.messages.ToolCallPart("call_1", "now", "{}")
    >>> def now() -> str:
    ...     return "12:00"
    >>> agent = nbstream.Agent(ScriptedModel(nbstream.assistant_message(call)), tools=[now])
    >>> agent.run_sync("What time is it?", usage_limits=limits)
    Traceback (most recent call last):
    nbstream.errors.UsageLimitError: ...
    """

    request_limit: int | None = None
    tool_calls_limit: int | None = None
    input_tokens_limit: int | None = None
    output_tokens_limit: int | None = None
    total_tokens_limit: int | None = None

    def check_request(self, state: AgentState) -> None:
        """Check before a request.

        Raises:
            UsageLimitError: a limit is reached.
        """
        self._check("request_limit", state.requests + 1)
        self.check_tokens(state)

    def check_calls(self, state: AgentState, count: int) -> None:
        """Check before ``count`` calls of tools."""
        self._check("tool_calls_limit", state.tool_calls + count)

    def check_tokens(self, state: AgentState) -> None:
        """Check the tokens so far."""
        usage = state.usage
        self._check("input_tokens_limit", usage.input_tokens)
        self._check("output_tokens_limit", usage.output_tokens)
        self._check("total_tokens_limit", usage.total_tokens)

    def _check(self, name: str, count: int) -> None:
        limit = getattr(self, name)
        if limit is not None and count > limit:
            raise self._reached(name, limit)

    def _reached(self, name: str, limit: int) -> UsageLimitError:
        return UsageLimitError(
            f"The run has reached its {name} of {limit:,}.",
            remedy=f"Allow more with usage_limits=UsageLimits({name}=...).",
        )


class StepLimits(UsageLimits):
    """Limits whose ``request_limit`` is the agent's ``max_steps``, which the user knows."""

    __slots__ = ()

    def _reached(self, name: str, limit: int) -> UsageLimitError:
        if name != "request_limit":
            return super()._reached(name, limit)
        return UsageLimitError(
            f"The run has reached the agent's max_steps of {limit:,}.",
            remedy="Allow more with Agent(..., max_steps=...).",
        )
