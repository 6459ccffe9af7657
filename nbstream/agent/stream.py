"""``AgentStream``: an agent's run as a stream; ``run_stream`` and ``run_stream_events`` give it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.agent.answering import AnswersRequests
from nbstream.agent.settings import as_prompt
from nbstream.core.call_record import executed_calls
from nbstream.errors import UsageError
from nbstream.errors.arguments import checked_keywords
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.request.messages import messages_from
from nbstream.streams import AsyncStream, Stream
from nbstream.streams.state import OutputT

if TYPE_CHECKING:
    from nbstream.core.call_record import ExecutedCall
    from nbstream.core.events import AgentRunResult


class _OfAgent(AnswersRequests[OutputT]):
    """What streams of agents have besides; nothing here waits."""

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
    def say(self, message: Any) -> None:
        """Add a message of the user, which the model gets with the next request.

        If the run would end before that, it makes another request.

        Args:
            message: A text, a message, or a list of texts and files.

        Raises:
            UsageError: the run has ended; or ``message`` is none.

        >>> stream = nbstream.Agent(ScriptedModel("Blue.", "Red.")).run_stream("A colour?")
        >>> stream.say("Another one.")
        >>> stream.get_output()
        'Blue.'
        """
        with TRACEBACK_END:
            messages = messages_from(as_prompt(message), None)
            if self._run.log.finished or not self._source.runtime.said.add(messages):
                raise UsageError(
                    "The run has ended.",
                    remedy="Start another with message_history=all_messages().",
                )

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


class AsyncAgentStream(_OfAgent[OutputT], AsyncStream[OutputT]):
    """An agent's run, with awaitable methods: what ``async with agent.run_stream(...)`` gives.

    >>> import asyncio
    >>> async def main():
    ...     async with nbstream.Agent(ScriptedModel("Hello.")).run_stream("hi") as stream:
    ...         return await stream.get_output()
    >>> asyncio.run(main())
    'Hello.'
    """

    async def get_result(self) -> AgentRunResult:
        """Wait until the run has ended; return its result.

        Raises:
            StreamError, CancelledStreamError: as ``get_final_message``.
        """
        await self.get_final_message()
        assert self._run.result is not None
        return self._run.result


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
