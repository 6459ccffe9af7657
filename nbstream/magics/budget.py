"""``Budget``: ends the run of a cell's agent before a request for which no money is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbstream.agent.limits import StepLimits, UsageLimits
from nbstream.magics.config import config
from nbstream.magics.session import session

if TYPE_CHECKING:
    from nbstream.agent.state import AgentState


@dataclass(frozen=True, slots=True)
class Budget(StepLimits):
    """Limits of a run, with the session's budget, which is asked for before each request."""

    def check_request(self, state: AgentState) -> None:
        """Check before a request; the first one was checked with the cell.

        Raises:
            UsageLimitError: a limit is reached.
        """
        UsageLimits.check_request(self, state)
        if state.requests:
            session.spending.check_step(config.get("budget")[0])
