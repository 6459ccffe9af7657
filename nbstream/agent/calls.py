"""``Calls``: executes the calls of one reply, all at once, and reports what happens as events."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbstream.agent.exception_text import formatted, short
from nbstream.agent.questions import Questions
from nbstream.agent.requests import BELONGS
from nbstream.agent.results import ResultError, content_of
from nbstream.core.events import (
    ApprovalRequest,
    FunctionToolCall,
    FunctionToolProgress,
    FunctionToolResult,
    InputRequest,
)
from nbstream.core.events.agent import set_value
from nbstream.core.events.requests import set_answer
from nbstream.core.message import Message, as_json
from nbstream.core.parts import ToolResultPart
from nbstream.errors import AgentError, DeclinedError, ModelRetry
from nbstream.streams.loop import on_private_loop, private_loop
from nbstream.streams.observer import ToolCall, observed_call
from nbstream.streams.user_job import InterruptedCallError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from nbstream.agent.context import RunContext
    from nbstream.agent.runtime import Runtime
    from nbstream.agent.tools import FunctionTool
    from nbstream.core.events import Event
    from nbstream.core.parts import ToolCallPart

CANCELLED = "The run was cancelled before this call had ended."
DENIED = "The user denied this call."


class Calls:
    """The calls of the reply at ``message_index``. Used on nbstream's event loop only."""

    def __init__(self, runtime: Runtime, message_index: int) -> None:
        self._runtime = runtime
        self._message_index = message_index
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._calls: dict[int, ToolCallPart] = {}
        self._names: dict[int, str] = {}
        self._first_at: float | None = None  # when a tool first began, by time.monotonic
        self._failed: dict[str, str] = {}
        """What was wrong with the calls of a tool that the model has to correct, by tool."""

    def start(self, at: int, calls: Sequence[ToolCallPart]) -> None:
        """Begin to execute the call at place ``at`` of the reply, unless that has begun."""
        if at not in self._tasks:
            self._calls[at] = call = calls[at]
            self._names[at] = _name(at, calls)
            self._events.put_nowait(FunctionToolCall(call, message_index=self._message_index))
            self._tasks[at] = asyncio.create_task(self._execute(at, call))
            self._tasks[at].add_done_callback(lambda _: self._events.put_nowait(None))

    @property
    def running(self) -> list[tuple[str, ToolCallPart]]:
        """The calls that have begun and have not ended, with their names."""
        return [
            (self._names[at], self._calls[at])
            for at, task in self._tasks.items()
            if not task.done()
        ]

    def new_events(self) -> list[Event]:
        """The events since the last call; never waits."""
        events = []
        while not self._events.empty():
            if (event := self._events.get_nowait()) is not None:
                events.append(event)
        return events

    async def batches(self) -> AsyncGenerator[list[Event], None]:
        """The events in batches, until all calls have ended."""
        while not all(task.done() for task in self._tasks.values()) or not self._events.empty():
            event = await self._events.get()
            events = self.new_events()
            yield events if event is None else [event, *events]
        for task in self._tasks.values():
            task.result()  # raises a fault of ours

    async def cancel(self) -> None:
        """Cancel the calls that have not ended."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def message(self, calls: Sequence[ToolCallPart]) -> Message:
        """The message with a result for each call, in order."""
        results = self._runtime.state.results
        parts = [
            results.get(at)
            or ToolResultPart(call.tool_call_id, CANCELLED, call.tool_name, is_error=True)
            for at, call in enumerate(calls)
        ]
        return Message("tool", tuple(parts))

    def count_failures(self) -> None:
        """Count the calls that the model has to correct.

        Raises:
            AgentError: too many in a row.
        """
        runtime = self._runtime
        for name, text in self._failed.items():
            count = runtime.state.retries[name] = runtime.state.retries.get(name, 0) + 1
            tool = runtime.toolset.functions.get(name)
            own = tool.retries if tool is not None else None
            if count > (most := runtime.retries if own is None else own):
                raise AgentError(
                    f"The model called {name!r} wrongly {count} times in a row: {text}",
                    remedy=f"Allow more with retries= (now {most}), or describe the tool better.",
                )

    def send(self, event: Event) -> None:
        """Report an event of a tool, from any thread."""
        moved = replace(event, message_index=self._message_index)
        if isinstance(event, (ApprovalRequest, InputRequest)):
            set_answer(moved, event._reply)
        if on_private_loop():
            self._events.put_nowait(moved)
        else:
            private_loop().call_soon_threadsafe(self._events.put_nowait, moved)

    async def _execute(self, at: int, call: ToolCallPart) -> None:
        """Execute one call, and keep its result."""
        timer = _Timer()
        error, retry, trace, value = True, False, "", None
        try:
            value = await self._value(call, self._names[at], timer)
            content: Any = content_of(value)
            error = False
        except (_Denied, DeclinedError) as denied:
            content = denied.text
        except ModelRetry as asked:
            content, retry = asked.text, True
            self._failed[call.tool_name] = asked.text
        except ResultError as told:
            content = told.content
        except InterruptedCallError:
            content = CANCELLED
        except Exception as failure:  # noqa: BLE001 - a tool raises anything
            redact = self._runtime.plan.exchange.redact  # its text may quote a request
            content, trace = redact(short(failure)), redact(formatted(failure))
        finally:
            self._runtime.requests.close(self._names[at], call.tool_call_id)
        part = ToolResultPart(call.tool_call_id, content, call.tool_name, error)
        self._runtime.state.results[at] = part
        index = self._message_index
        event = FunctionToolResult(
            part, timer.elapsed, trace, self._since_first(timer), retry, message_index=index
        )
        set_value(event, value)
        self._events.put_nowait(event)

    async def _value(self, call: ToolCallPart, name: str, timer: _Timer) -> Any:
        """What the tool returns.

        Raises:
            ModelRetry: the model has to correct the call.
            _Denied: the user has refused it, or could not be asked.
            Exception: what the tool raised.
        """
        runtime = self._runtime
        tool = runtime.toolset.functions.get(call.tool_name)
        if tool is None:
            known = ", ".join(runtime.toolset.functions) or "none"
            raise ModelRetry(f"There is no tool {call.tool_name!r}. Tools: {known}.")
        arguments = call.args_json
        args, kwargs = tool.signature.validate(arguments)
        ctx = self._context(tool, call, name)
        if tool.requires_approval:
            approval = await runtime.approvals.ask(
                call, ctx, self.send, runtime.caller, tool, call_name=name
            )
            if not approval.granted:
                words = (DENIED, approval.reason) if approval.was_asked else (approval.reason,)
                raise _Denied(" ".join(filter(None, words)))
            if approval.args is not None:
                arguments = json.dumps(approval.args, ensure_ascii=False)
                args, kwargs = tool.signature.validate(arguments)
                runtime.requests.changed_args[self._message_index, call.tool_call_id] = arguments
            ctx = replace(ctx, approved=True)
        timer.start()
        self._first_at = timer.began_at if self._first_at is None else self._first_at
        if tool.signature.takes_context:
            args = (ctx, *args)
        exchange = runtime.plan.exchange
        try:
            with observed_call(
                lambda: ToolCall(call, arguments, tool.description, exchange)
            ) as returned:
                value = await runtime.caller.tool(
                    tool, args, kwargs, self._progress(call), ctx.questions
                )
                returned(value)
        except TimeoutError as late:
            if tool.timeout is None or timer.elapsed < tool.timeout:
                raise  # the tool's own
            raise ModelRetry(f"Timed out after {tool.timeout:g} seconds.") from late
        finally:
            if ctx.questions is not None:
                ctx.questions.check_awaited()
        runtime.state.retries.pop(tool.name, None)
        return value

    def _since_first(self, timer: _Timer) -> float:
        """Seconds from the start of the first tool to that of this one."""
        if timer.began_at is None or self._first_at is None:
            return 0.0
        return timer.began_at - self._first_at

    def _context(self, tool: FunctionTool, call: ToolCallPart, name: str) -> RunContext[Any]:
        runtime = self._runtime
        questions = Questions(
            call, runtime.requests, runtime.state, runtime.caller, self.send, name=name
        )
        return replace(
            runtime.context,
            tool_name=tool.name,
            tool_call_id=call.tool_call_id,
            retry=runtime.state.retries.get(tool.name, 0),
            send=self.send,
            questions=questions,
        )

    def _progress(self, call: ToolCallPart) -> Any:
        """The function that reports what a generator yields."""

        def report(value: Any) -> None:
            self.send(FunctionToolProgress(call.tool_call_id, call.tool_name, as_json(value)))

        return report


def _name(at: int, calls: Sequence[ToolCallPart]) -> str:
    """The name of a call in its reply: its id, and its place if an earlier call has that id."""
    names: set[str] = set()
    name = ""
    for place, call in enumerate(calls[: at + 1], 1):
        name = call.tool_call_id.replace(BELONGS, " ")
        while name in names:
            name += f" (call {place})"
        names.add(name)
    return name


class _Denied(Exception):  # noqa: N818 - no error: an answer
    """A call is not executed: the user has refused it, or could not be asked."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class _Timer:
    """The time that a tool has taken, in seconds; 0.0 before it begins."""

    def __init__(self) -> None:
        self.began_at: float | None = None

    def start(self) -> None:
        """Begin."""
        self.began_at = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return 0.0 if self.began_at is None else time.monotonic() - self.began_at
