"""``Approvals``: asks whether a call may be executed, and keeps what was approved for the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from nbstream.agent.prompt import ask_for_approval
from nbstream.agent.requests import NO_APPROVAL
from nbstream.core.events import ApprovalRequest, RequestAnswered
from nbstream.core.events.requests import Approval, set_answer
from nbstream.errors import UsageError
from nbstream.typed.validation_errors import problems_of

if TYPE_CHECKING:
    from nbstream.agent.caller import Caller
    from nbstream.agent.context import RunContext
    from nbstream.agent.requests import Requests
    from nbstream.agent.state import AgentState
    from nbstream.agent.tools import FunctionTool
    from nbstream.core.events import Event
    from nbstream.core.parts import ToolCallPart

Approve = Callable[..., Any] | Literal["wait", "deny", "allow"] | None
"""Who approves: a function of the call (and the context), or a rule. None: the user is asked."""


def check_approve(approve: Any) -> Approve:
    """Check a value of ``approve=``.

    Raises:
        UsageError: it is neither a function nor a rule.
    """
    if approve is None or callable(approve) or approve in ("wait", "deny", "allow"):
        found: Approve = approve
        return found
    raise UsageError(
        f"approve= takes a function, 'wait', 'deny' or 'allow', not {approve!r}.",
        remedy="Leave it out to be asked in a notebook or a terminal.",
    )


_NOT_ASKED = Approval(granted=False, reason=NO_APPROVAL, was_asked=False)


class Approvals:
    """The approvals of one run, by the rule ``approve``, or by who answers its requests."""

    def __init__(self, approve: Approve, requests: Requests, state: AgentState) -> None:
        self._approve = approve
        self._requests = requests
        self._state = state

    async def ask(
        self,
        call: ToolCallPart,
        ctx: RunContext[Any],
        send: Callable[[Event], None],
        caller: Caller,
        tool: FunctionTool,
        *,
        call_name: str,
    ) -> Approval:
        """The answer to the request for ``call``, once it has come.

        ``call_name``: the call's name in its run, which no other call of the reply has.
        """
        if kept := self._state.approvals.get(call_name):
            return Approval(**kept)  # of a saved run
        if call.tool_name in self._state.always or self._approve == "allow":
            return Approval(granted=True)
        event = ApprovalRequest(call)
        name = self._requests.name(event.request_id)
        set_answer(event, lambda approval: self._take(name, approval, tool))
        send(event)
        approval = self._requests.early(Approval, event.request_id)
        if approval is None:
            approval = await self._decide(event, ctx, caller, tool, (name, call_name))
        if approval.granted and approval.always:
            self._approve_always(call.tool_name)
        granted, args, reason = approval.granted, approval.args, approval.reason
        if approval.was_asked:  # else a resumed run may ask
            kept = {"granted": granted, "args": args, "reason": reason}
            self._state.approvals[call_name] = kept
        send(RequestAnswered(call, call.tool_call_id, granted, args, reason))
        return approval

    def _take(self, name: str, approval: Approval, tool: FunctionTool) -> None:
        """Take an answer from code.

        Raises:
            UsageError: its arguments are not valid.
        """
        if approval.args is not None:
            try:
                tool.signature.check(approval.args)
            except (ValueError, TypeError, RecursionError) as error:
                words = "; ".join(str(problem) for problem in problems_of(error))
                raise UsageError(
                    f"These cannot be the arguments of {tool.name}: {words}.",
                    remedy="Pass all arguments of the call; it goes on waiting.",
                ) from None
        self._requests.answer(name, approval)

    def _approve_always(self, name: str) -> None:
        """Approve all calls of a tool, also those that wait now."""
        self._state.always.add(name)
        for event in self._requests.own_events:
            if isinstance(event, ApprovalRequest) and event.tool_call.tool_name == name:
                event.approve()

    async def _decide(
        self,
        event: ApprovalRequest,
        ctx: RunContext[Any],
        caller: Caller,
        tool: FunctionTool,
        names: tuple[str, str],
    ) -> Approval:
        call, requests = event.tool_call, self._requests
        if callable(self._approve):
            return _as_approval(await caller.approve(self._approve, ctx, call))
        if self._approve == "deny":
            return Approval(granted=False)
        if requests.answered_later:
            waited: Approval = await requests.wait(
                *names, event, tool.signature.check, tool.parameters
            )
            return waited
        if requests.headless:
            return _NOT_ASKED
        async with requests.prompt_lock:
            if call.tool_name in self._state.always:
                return Approval(granted=True)
            return await _ask_person(call, caller)


async def _ask_person(call: ToolCallPart, caller: Caller) -> Approval:
    try:
        return _as_approval(await caller.ask(lambda: ask_for_approval(call)))
    except (EOFError, OSError, NotImplementedError):  # this front end takes no input
        return _NOT_ASKED


def _as_approval(given: Any) -> Approval:
    """What an approving function returned: an approval, a bool, arguments, or a reason against."""
    if isinstance(given, Approval):
        return given
    if isinstance(given, str):
        return Approval(granted=False, reason=given)
    if isinstance(given, dict):
        return Approval(granted=True, args=given)
    return Approval(granted=bool(given))
