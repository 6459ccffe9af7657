"""``Runtime``: what all steps of one run share."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


class SaidMessages:
    """Messages of the user for the next request, from any thread, until the run has its result."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._messages: list[Message] = []
        self._is_closed = False

    def add(self, messages: Iterable[Message]) -> bool:
        """Add messages; False if the run takes no more."""
        with self._lock:
            if not self._is_closed:
                self._messages += messages
            return not self._is_closed

    def take(self) -> list[Message]:
        """Those that wait, for a request that has them now."""
        with self._lock:
            found, self._messages = self._messages, []
            return found

    def close(self) -> Message | None:
        """Take no more, unless some wait; returns the first of those."""
        with self._lock:
            self._is_closed = not self._messages
            return self._messages[0] if self._messages else None


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
    said: SaidMessages = field(default_factory=SaidMessages)
