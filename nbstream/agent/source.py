"""``AgentSource``: the loop of a run: ask the model, execute its calls, ask again, until the end.

It gives the events of all steps as those of one transcript.
"""

from __future__ import annotations

import asyncio
import inspect
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from nbstream.agent.calls import Calls
from nbstream.agent.nodes import CallToolsNode, End, ModelRequestNode, UserPromptNode
from nbstream.agent.unique_ids import UniqueIds
from nbstream.core.events import AgentRunResult, FinalResult, MessageEvent, Retry, ToolEnd
from nbstream.core.events.lifecycle import moved
from nbstream.core.events.run_result import set_stream
from nbstream.core.message import system_message, user_message
from nbstream.errors import ModelRetry, OutputError
from nbstream.streams.iterator import StreamIterator
from nbstream.streams.loop import private_loop
from nbstream.streams.views import all_events

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable

    from nbstream.agent.nodes import Node
    from nbstream.agent.runtime import Runtime
    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.core.parts import ToolCallPart
    from nbstream.streams.run import Run

    Batches = AsyncGenerator[Iterable[Event], None]


class AgentSource:
    """The source of a run's events. ``bind`` tells it the run, before that starts."""

    def __init__(self, runtime: Runtime, *, resumed: bool = False, stepwise: bool = False) -> None:
        self.runtime = runtime
        self._resumed = resumed
        self._stepwise = stepwise
        self._run: Run
        self.stream: Any = None
        """The stream of the run, which the result shows itself by."""
        self._calls: Calls | None = None
        self._steps_allowed = 0
        self._allowed = asyncio.Event()
        text = " ".join(message.text for message in runtime.prompt)
        self.node: Node = UserPromptNode(text)
        """The node that is carried out, or comes next."""
        self.released: Node | None = None
        """The last node that a stepwise run was let carry out."""
        self.result: AgentRunResult | None = None

    def bind(self, run: Run) -> None:
        """Set the run that takes the events."""
        self._run = run

    @property
    def busy(self) -> list[str]:
        """The names of the tools that run now, without those that wait for a person."""
        waiting = self.runtime.requests.calls
        running = self._calls.running if self._calls is not None else []
        return [call.tool_name for name, call in running if name not in waiting]

    def allow_step(self) -> None:
        """Let a stepwise run carry out its next node. From any thread."""
        private_loop().call_soon_threadsafe(self._allow)

    def _allow(self) -> None:
        self._steps_allowed += 1
        self._allowed.set()

    async def __call__(self) -> Batches:
        """Carry out the nodes, each when it may be."""
        handler = self._start_handler()
        try:
            await self._list_tools()
            for message in self._earlier():
                yield [MessageEvent(message, message_index=self._next_index)]
            while not isinstance(self.node, End):
                await self._permission()
                batches = self._carry_out(self.node)
                async with aclosing(batches):
                    async for batch in batches:
                        yield batch
                self._run.log.wake()
            if handler is not None:
                await handler
        except BaseException:
            if handler is not None:
                handler.cancel()
            raise

    async def _list_tools(self) -> None:
        """Get the tools of servers, which are known only now."""
        runtime = self.runtime
        if runtime.toolset.servers:
            runtime.toolset = await runtime.toolset.of_run()
            runtime.plan = runtime.plan.with_tools(runtime.toolset.specs)

    def _earlier(self) -> list[Message]:
        """The messages of a resumed run that its log had."""
        if not self._resumed:
            return []
        earlier = self.runtime.state.messages[self.runtime.state.log_from :]
        self.node = CallToolsNode(earlier[-1])
        return earlier

    async def _permission(self) -> None:
        """Wait until the next node may be carried out."""
        if self._stepwise:
            self._run.log.wake()
            while not self._steps_allowed:
                self._allowed.clear()
                await self._allowed.wait()
            self._steps_allowed -= 1

    def _carry_out(self, node: Node) -> Batches:
        """The events of one node. Sets the next one."""
        if isinstance(node, UserPromptNode):
            return self._begin()
        if isinstance(node, ModelRequestNode):
            return self._request()
        assert isinstance(node, CallToolsNode)
        if node.model_response.tool_calls:
            return self._call_tools(node.model_response)
        return self._check_output(node.model_response)

    async def _begin(self) -> Batches:
        """Complete the conversation with the instructions that functions give."""
        runtime = self.runtime
        state = runtime.state
        texts = [
            one if isinstance(one, str) else await runtime.caller.function(one, *self._fit(one))
            for one in runtime.system
        ]
        if any(callable(one) for one in runtime.system):
            state.messages[0] = system_message("\n\n".join(filter(None, texts)))
            self._run.history = tuple(state.messages)
        self.node = ModelRequestNode(state.messages[-1])
        nothing: tuple[list[Event], ...] = ()
        for batch in nothing:  # a generator, as the others are
            yield batch

    def _fit(self, function: Any) -> tuple[Any, ...]:
        """The arguments of a function that may take the context."""
        return (self.runtime.context,) if inspect.signature(function).parameters else ()

    async def _request(self) -> Batches:
        """Ask the model; calls of tools without side effects begin meanwhile."""
        runtime, state = self.runtime, self.runtime.state
        for message in runtime.said.take():
            yield self._added(message)
        runtime.limits.check_request(state)
        state.requests += 1
        state.begin_reply()
        base = self._next_index
        self._calls = calls = Calls(runtime, base)
        eager = any(tool.eager for tool in runtime.toolset.functions.values())
        found: list[ToolCallPart] = []
        unique = UniqueIds().apply
        try:
            async with aclosing(runtime.plan.source(list(state.messages))()) as batches:
                async for batch in batches:
                    events = [unique(moved(event, base) if base else event) for event in batch]
                    yield events
                    if not eager:
                        continue
                    for event in events:
                        if isinstance(event, ToolEnd):
                            found.append(event.tool_call)
                            self._start_eager(calls, found)
                        elif isinstance(event, Retry):  # the reply so far is void
                            await calls.cancel()
                            self._calls = calls = Calls(runtime, base)
                            state.begin_reply()
                            found.clear()
                    yield calls.new_events()
        except BaseException:
            await calls.cancel()
            raise
        transcript = self._run.log.transcript
        replies = [transcript.message()]
        if self._next_index - base > 1:  # a source may give several messages
            replies = list(transcript.messages()[base:])
        state.messages += replies
        for reply in replies:
            state.usage += reply.usage or type(state.usage)()
        runtime.limits.check_tokens(state)
        self.node = CallToolsNode(replies[-1])

    def _start_eager(self, calls: Calls, found: list[ToolCallPart]) -> None:
        """Begin to execute the last call that was found, if it may begin."""
        tool = self.runtime.toolset.functions.get(found[-1].tool_name)
        if tool is not None and tool.eager and not tool.requires_approval:
            calls.start(len(found) - 1, found)

    async def _call_tools(self, reply: Message) -> Batches:
        """Execute the calls of a reply, and add their results in the order of the calls."""
        runtime, state = self.runtime, self.runtime.state
        found = reply.tool_calls
        index = self._next_index - 1
        if self._calls is None:  # of a resumed run
            self._calls = Calls(runtime, index)
        calls = self._calls
        try:
            runtime.limits.check_calls(state, len(found))
            for at in range(len(found)):
                if at not in state.results:
                    calls.start(at, found)
            async with aclosing(calls.batches()) as batches:
                async for batch in batches:
                    yield batch
        except asyncio.CancelledError:
            await calls.cancel()
            yield [*calls.new_events(), *self._added(calls.message(found))]
            raise
        except BaseException:
            await calls.cancel()
            raise
        state.tool_calls += len(found)
        message = calls.message(found)
        yield self._added(message)
        calls.count_failures()
        self.node = ModelRequestNode(message)

    async def _check_output(self, reply: Message) -> Batches:
        """End the run with the reply as its output, or ask for another reply."""
        runtime, state = self.runtime, self.runtime.state
        try:
            output = await runtime.output.value(reply, runtime.context, runtime.caller)
        except ModelRetry as error:
            state.output_retries += 1
            if state.output_retries > runtime.output_retries:
                raise _not_valid(error, reply) from None
            message = user_message(error.text)
            yield self._added(message)
            self.node = ModelRequestNode(message)
            return
        if (said := runtime.said.close()) is not None:
            self.node = ModelRequestNode(said)
            return
        index = self._next_index - 1
        self.result = AgentRunResult(
            output, tuple(state.messages), state.new_from, state.usage, message_index=index
        )
        set_stream(self.result, self.stream)
        self._run.result = self.result
        yield [FinalResult(message_index=index), self.result]
        self.node = End(self.result)

    @property
    def _next_index(self) -> int:
        """The place of the next message in the log."""
        return self._run.log.transcript.length

    def _added(self, message: Message) -> list[Event]:
        """The event that adds ``message`` to the conversation."""
        self.runtime.state.messages.append(message)
        return [MessageEvent(message, message_index=self._next_index)]

    def _start_handler(self) -> asyncio.Task[Any] | None:
        """Begin to give the events to the user's handler, if there is one."""
        runtime = self.runtime
        if runtime.handler is None:
            return None
        events = _until_result(StreamIterator(self._run, all_events).open())
        return asyncio.create_task(
            runtime.caller.function(runtime.handler, runtime.context, events)
        )


async def _until_result(events: StreamIterator[Event]) -> AsyncIterator[Event]:
    """The events of a run before its result."""
    try:
        async for event in events:
            if isinstance(event, AgentRunResult):
                return
            yield event
    finally:
        events.close()


def _not_valid(error: ModelRetry, reply: Message) -> OutputError:
    """The error of the last attempt, in words for the user: ``error`` has those for the model."""
    cause = error.__cause__
    if isinstance(cause, OutputError):
        failure = OutputError(cause.text, raw=reply.text, partial=cause.partial)
        failure.problems = cause.problems
    else:
        failure = OutputError(error.text, raw=reply.text, partial=None)
    failure.remedy = (
        "Allow more attempts with output_retries=. The model's text is in this error's `raw`."
    )
    return failure
