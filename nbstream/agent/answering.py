"""``AnswersRequests``: the methods of an agent's stream that answer what the run asks a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.agent.page_requests import PageRequests
from nbstream.core.events import ApprovalRequest, InputRequest
from nbstream.core.events.requests import Answer, Approval
from nbstream.errors import UsageError
from nbstream.errors.arguments import checked_keywords
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.streams.state import OutputT, StreamState

if TYPE_CHECKING:
    from nbstream.agent.source import AgentSource
    from nbstream.core.parts import ToolCallPart
    from nbstream.streams.run import Run


class AnswersRequests(StreamState[OutputT]):
    """Knows what waits for a person, and takes the answers. Nothing here waits."""

    def __init__(self, run: Run, source: AgentSource) -> None:
        super().__init__(run)
        self._source = source

    @property
    def waiting(self) -> list[str]:
        """The ids of the calls that wait for an approval or an answer."""
        return self._source.runtime.requests.call_ids

    @property
    def requests(self) -> list[ApprovalRequest | InputRequest]:
        """The events that wait for an answer, in order.

        >>> nbstream.Agent(ScriptedModel("Hello.")).run_stream("hi").requests
        []
        """
        return self._source.runtime.requests.events

    @property
    def page_requests(self) -> PageRequests:
        """``requests`` as a page draws and answers them; for nbstream's own widget."""
        return PageRequests(self._source.runtime.requests)

    def ask_directly(self) -> None:
        """Ask with ``input()``, below the cell or in the terminal: no page can answer.

        >>> nbstream.Agent(ScriptedModel("Hello.")).run_stream("hi").ask_directly()
        """
        self._source.runtime.requests.ask_directly()

    @checked_keywords
    def approve(
        self,
        call: ApprovalRequest | ToolCallPart | str | None = None,
        args: dict[str, Any] | None = None,
        *,
        always: bool = False,
    ) -> None:
        """Let a call be executed; ``call`` is the call or its id.

        It may be given before the request comes; the first answer counts.

        Args:
            call: The event, the call, or its id. Default: the only call that waits.
            args: Arguments in the place of the model's. Default: the model's.
            always: Approve the later calls of this tool in this run, too.

        Raises:
            UsageError: ``args`` are not valid, and the call goes on waiting; the run has ended;
                or ``call`` is left out, and not just one waits.

        >>> call = nbstream.messages.ToolCallPart("call_1", "remove", '{"name": "a"}')
        >>> @nbstream.tool(requires_approval=True)
        ... def remove(name: str) -> str:
        ...     return f"{name} is gone."
        >>> model = ScriptedModel(nbstream.assistant_message(call), "Done.")
        >>> stream = nbstream.Agent(model, tools=[remove], approve="wait").run_stream("Remove a.")
        >>> stream.approve("call_1")
        >>> stream.get_output(), stream.messages[1].parts[0].result
        ('Done.', 'a is gone.')
        """
        with TRACEBACK_END:
            self._decide(call, Approval(granted=True, args=args, always=always))

    @checked_keywords
    def deny(
        self, call: ApprovalRequest | ToolCallPart | str | None = None, reason: str = ""
    ) -> None:
        """Refuse a call, named as in ``approve``. The model gets the ``reason``.

        Raises:
            UsageError: the run has ended; or ``call`` is left out, and not just one waits.

        >>> call = nbstream.messages.ToolCallPart("call_1", "remove", '{"name": "a"}')
        >>> @nbstream.tool(requires_approval=True)
        ... def remove(name: str) -> str:
        ...     return f"{name} is gone."
        >>> model = ScriptedModel(nbstream.assistant_message(call), "I see.")
        >>> stream = nbstream.Agent(model, tools=[remove], approve="wait").run_stream("Remove a.")
        >>> stream.deny("call_1", "It is mine.")
        >>> stream.get_output(), stream.messages[1].parts[0].result
        ('I see.', 'The user denied this call. It is mine.')
        """
        with TRACEBACK_END:
            self._decide(call, Approval(granted=False, reason=reason))

    @checked_keywords
    def answer(self, asked: InputRequest | ToolCallPart | str, value: Any) -> None:
        """Answer what a tool asks with ``ctx.ask``: a value of its type, or as JSON values.

        It may be given before the tool asks; the first answer counts.

        Args:
            asked: The event or its ``request_id``; or the call or its id, for what the call asks.
            value: The value.

        Raises:
            UsageError: the value is not valid, and the tool goes on waiting; or the run has ended.
        """
        with TRACEBACK_END:
            self._reply(asked, Answer(given=True, value=value))

    @checked_keywords
    def decline(self, asked: InputRequest | ToolCallPart | str, reason: str = "") -> None:
        """Give no answer to what a tool asks; ``ctx.ask`` raises ``DeclinedError``.

        Raises:
            UsageError: the run has ended.
        """
        with TRACEBACK_END:
            self._reply(asked, Answer(given=False, reason=reason))

    def _reply(self, asked: InputRequest | ToolCallPart | str, answer: Answer) -> None:
        """Answer the question with this id, or of the call with it; or the one that will come."""
        self._check_goes_on()
        name = _id(asked)
        for one in self.requests:
            if isinstance(one, InputRequest) and name in (one.request_id, one.tool_call_id):
                one._reply(answer)
                return
        self._source.runtime.requests.answer_id(name, answer)

    def _check_goes_on(self) -> None:
        if self.is_complete:
            raise UsageError("The run has ended, and none of its calls waits.")

    def _decide(
        self, call: ApprovalRequest | ToolCallPart | str | None, approval: Approval
    ) -> None:
        """Answer the request for this approval, or one that will come."""
        self._check_goes_on()
        open_ones = [one for one in self.requests if isinstance(one, ApprovalRequest)]
        if call is None:
            found = open_ones
            if not found:
                raise UsageError(
                    "No call waits for an approval yet.",
                    remedy="Read the stream up to its ApprovalRequest, or name the call's id: "
                    "what is approved in advance counts, too.",
                )
            if len(found) > 1:
                ids = ", ".join(repr(one.request_id) for one in found)
                raise UsageError(
                    f"{len(found)} calls wait for an approval: {ids}.",
                    remedy="Pass the id of one that waits; stream.requests has them.",
                )
        else:
            found = _of_call(call, [one for one in open_ones if one.request_id == _id(call)])
        if found:
            found[0]._reply(approval)
        else:  # it may come
            assert call is not None
            self._source.runtime.requests.answer_id(_id(call), approval)


def _of_call(given: Any, same_id: list[ApprovalRequest]) -> list[ApprovalRequest]:
    """Those requests that are for the call given, not for another one with its id.

    Raises:
        UsageError: all are for others.
    """
    call = given.tool_call if isinstance(given, ApprovalRequest) else given
    if isinstance(call, str) or not same_id:
        return same_id
    asked = call.tool_name, call.args_json
    found = [one for one in same_id if (one.tool_call.tool_name, one.tool_call.args_json) == asked]
    if not found:
        raise UsageError(
            f"The call of {same_id[0].tool_call.tool_name} that waits is another with the same id.",
            remedy="Pass an event of this run; stream.requests has those that wait.",
        )
    return found


def _id(asked: ApprovalRequest | InputRequest | ToolCallPart | str) -> str:
    """The id of a request, or of a call."""
    if isinstance(asked, str):
        return asked
    if isinstance(asked, (ApprovalRequest, InputRequest)):
        return asked.request_id
    return asked.tool_call_id
