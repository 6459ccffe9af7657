"""How a ``%%llm`` cell asks for approvals: in its card, below the cell, or by ``%llm approve``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.agent import AgentStream
from nbstream.agent.legible import call_text
from nbstream.core.events import ApprovalRequest, InputRequest
from nbstream.display import host

if TYPE_CHECKING:
    from nbstream.streams import Stream


def prepare_approvals(answer: Stream[Any], *, background: bool, widget: bool) -> None:
    """Choose how a person is asked, before the run starts; nothing to do without an agent."""
    if not isinstance(answer, AgentStream):
        return
    where = host.host()
    if where == "terminal" and background:
        answer.on(ApprovalRequest, _tell)
        answer.on(InputRequest, _tell)
        return
    reads = widget and host.receives_comms_while_busy()
    if where == "live" and not background and not reads:
        answer.ask_directly()  # input below the cell comes also while the cell runs


def _tell(event: ApprovalRequest | InputRequest) -> None:
    call = event.tool_call
    remedy = (
        "%llm approve, or %llm approve deny REASON"
        if isinstance(event, ApprovalRequest)
        else f"_llm.answer({call.tool_call_id!r}, VALUE)"
    )
    print(f"\n{call_text(call)} waits: {remedy}")  # noqa: T201
