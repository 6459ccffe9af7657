"""``AgentStream``: an agent's run as a stream; ``run_stream`` and ``run_stream_events`` give it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.agent.page_requests import PageRequests
from nbstream.agent.source import said
from nbstream.core.call_record import executed_calls
from nbstream.core.events import ApprovalRequest, InputRequest
from nbstream.core.events.agent import Answer, Approval
from nbstream.errors import UsageError
from nbstream.errors.arguments import checked_keywords
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.streams import AsyncStream, Stream
from nbstream.streams.state import OutputT, StreamState

if TYPE_CHECKING:
    from nbstream.agent.source import AgentSource
    from nbstream.core.call_record import ExecutedCall
    from nbstream.core.events import AgentRunResult
    from nbstream.core.message import Message
    from nbstream.core.parts import ToolCallPart
    from nbstream.streams.run import Run


class _OfAgent(StreamState[OutputT]):
    """What streams of agents have besides; nothing here waits."""

    def __init__(self, run: Run, source: AgentSource) -> None:
        super().__init__(run)
        self._source = source

    @property
    def result(self) -> AgentRunResult | None:
        """The result; None while the run goes on, and if it failed or was cancelled."""
        return self._run.result

    @property
    def tool_calls(self) -> list[ExecutedCall]:  # type: ignore[override]  # a list is invariant
        """The calls of all replies so far, in order, with their results and times.

        >>> def double(n: int) -> int:
        ...     return 2 * n
        >>> call = nbstream.messages.ToolCallPart("call_1", "double", '{"n": 2}')
        >>> model = ScriptedModel(nbstream.assistant_message(call), "It is 4.")
        >>> stream = nbstream.Agent(model, tools=[double]).run_stream("Twice 2?")
        >>> stream.until_done()
        >>> [(call.tool_name, call.args, call.result) for call in stream.tool_calls]
        [('double', {'n': 2}, 4)]
        """
        return executed_calls(self.messages, self.call_records)

    @checked_keywords
    def say(self, message: str | Message) -> None:
        """Add a message of the user, which the model gets with the next request.

        If the run would end before that, it makes another request.

        Raises:
            UsageError: the run has ended.

        >>> stream = nbstream.Agent(ScriptedModel("Blue.", "Red.")).run_stream("A colour?")
        >>> stream.say("Another one.")
        >>> stream.get_output()
        'Blue.'
        """
        if self._run.log.finished or self.result is not None:
            raise UsageError(
                "The run has ended.", remedy="Start another with message_history=all_messages()."
            )
        self._source.runtime.said.append(said(message))

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
            self._answer(call, Approval(granted=True, args=args, always=always))

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
            self._answer(call, Approval(granted=False, reason=reason))

    @checked_keywords
    def answer(self, asked: InputRequest | ToolCallPart | str, value: Any) -> None:
        """Answer what a tool asks with ``ctx.ask``: a value of its type, or as JSON values.

        It may be given before the tool asks; the first answer counts.

        Args:
            asked: The event or its ``request_id``; or the call or its id, for what the call asks.
            value: The value.

        Raises:
            UsageError: the value is not valid; the tool goes on waiting.
        """
        answer = Answer(given=True, value=value)
        open_one = self._open(asked)
        if open_one is not None:
            open_one.answer(value)
        else:
            self._source.runtime.requests.answer_id(_id(asked), answer)

    @checked_keywords
    def decline(self, asked: InputRequest | ToolCallPart | str, reason: str = "") -> None:
        """Give no answer to what a tool asks; ``ctx.ask`` raises ``DeclinedError``."""
        open_one = self._open(asked)
        if open_one is not None:
            open_one.decline(reason)
        else:
            answer = Answer(given=False, reason=reason)
            self._source.runtime.requests.answer_id(_id(asked), answer)

    def _open(self, asked: InputRequest | ToolCallPart | str) -> InputRequest | None:
        """The open question with this id, or of the call with it."""
        name = _id(asked)
        open_ones = [one for one in self.requests if isinstance(one, InputRequest)]
        return next((one for one in open_ones if name in (one.request_id, one.tool_call_id)), None)

    def _answer(
        self, call: ApprovalRequest | ToolCallPart | str | None, approval: Approval
    ) -> None:
        if self.is_complete:
            raise UsageError("The run has ended, and none of its calls waits.")
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

    def run_to_json(self) -> str:
        """The run as JSON text, so that ``Agent.resume`` goes on with it, also elsewhere.

        Take it while the run waits for approvals or answers. The results of the calls that have
        ended are in it, and their tools do not run again. A tool that waits for an answer begins
        again, and gets the answers that it had. Then cancel this one.

        Raises:
            UsageError: the run does not wait for a person, or a tool runs.

        >>> call = nbstream.messages.ToolCallPart("call_1", "now", "{}")
        >>> @nbstream.tool(requires_approval=True)
        ... def now() -> str:
        ...     return "12:00"
        >>> model = ScriptedModel(nbstream.assistant_message(call), "Noon.")
        >>> agent = nbstream.Agent(model, tools=[now], approve="wait")
        >>> with agent.run_stream("What time is it?") as stream:
        ...     for event in stream:
        ...         if isinstance(event, nbstream.events.ApprovalRequest):
        ...             saved = stream.run_to_json()
        ...             break
        >>> again = agent.resume(saved)
        >>> again.approve("call_1")
        >>> again.get_output()
        'Noon.'
        """
        busy = self._source.busy
        if busy:
            raise UsageError(
                f"The run cannot be saved while tools run: {', '.join(busy)}.",
                remedy="Save it once they have ended: the stream reports each result.",
            )
        if not self.waiting:
            raise UsageError(
                "The run does not wait for an approval or an answer.",
                remedy="Keep all_messages() of a run that has ended.",
            )
        return json.dumps(self._source.runtime.state.to_dict())


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


class AsyncAgentStream(_OfAgent[OutputT], AsyncStream[OutputT]):
    """An agent's run, with awaitable methods: what ``async with agent.run_stream(...)`` gives.

    >>> import asyncio
    >>> async def main():
    ...     async with nbstream.Agent(ScriptedModel("Hello.")).run_stream("hi") as stream:
    ...         return await stream.get_output()
    >>> asyncio.run(main())
    'Hello.'
    """


class AgentStream(_OfAgent[OutputT], Stream[OutputT]):  # type: ignore[misc]  # its `result` is the run's
    """An agent's run. It reads as any ``Stream``: its events, text, output and messages.

    ``for`` and ``async for`` give the events of all steps, the last is ``AgentRunResult``.

    >>> with nbstream.Agent(ScriptedModel("Hello.")).run_stream("hi") as stream:
    ...     print(*stream.stream_text(delta=True), stream.get_output(), sep="|")
    Hello|.|Hello.
    """

    async def __aenter__(self) -> AsyncAgentStream[OutputT]:
        return await AsyncAgentStream[OutputT](self._run, self._source).__aenter__()

    def get_result(self) -> AgentRunResult:
        """Block until the run has ended; return its result.

        Raises:
            StreamError, CancelledStreamError: as ``get_final_message``.
        """
        with TRACEBACK_END:
            self.get_final_message()
            assert self._run.result is not None
            return self._run.result
