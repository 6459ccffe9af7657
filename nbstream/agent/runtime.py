"""``Runtime``: what all steps of one run share."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.agent.approvals import Approvals
    from nbstream.agent.caller import Caller
    from nbstream.agent.context import RunContext
    from nbstream.agent.limits import UsageLimits
    from nbstream.agent.output_check import OutputCheck
    from nbstream.agent.requests import Requests
    from nbstream.agent.state import AgentState
    from nbstream.agent.toolset import Toolset
    from nbstream.core.message import Message
    from nbstream.request.plan import Plan


@dataclass(slots=True)
class Runtime:
    """The parts of one run of an agent."""

    agent_name: str
    plan: Plan
    toolset: Toolset
    caller: Caller
    approvals: Approvals
    requests: Requests
    output: OutputCheck
    limits: UsageLimits
    state: AgentState
    context: RunContext[Any]
    prompt: list[Message]
    system: list[str | Callable[..., Any]]
    retries: int
    """How often in a row a tool may be called wrongly, unless the tool says."""
    output_retries: int
    handler: Callable[..., Any] | None = None
    said: deque[Message] = field(default_factory=deque)
    """Messages of the user that the next request will have."""
