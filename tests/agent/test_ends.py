"""What ends an agent's run before its output: limits, cancelling, leaving; and what it leaves."""

import asyncio
import signal
import threading
import time
from collections.abc import Iterator

import pytest

import nbstream
from nbstream.errors import CancelledStreamError, UsageLimitError
from nbstream.events import (
    ApprovalRequest,
    FunctionToolResult,
    MessageEvent,
    TextDelta,
)
from nbstream.testing import ScriptedModel
from tests.agent.scripts import agent_of, calls, double, replies, tool_parts
from tests.harness.background import run_async
from tests.history.servers import SERVERS


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"request_limit": 2}, "request_limit"),
        ({"tool_calls_limit": 2}, "tool_calls_limit"),
        ({"total_tokens_limit": 20}, "total_tokens_limit"),
        ({"output_tokens_limit": 4}, "output_tokens_limit"),
    ],
)
def test_limits_end_a_run(limits: dict[str, int], says: str) -> None:
    agent = agent_of(*replies(), tools=[double])
    stream = agent.run_stream("?", usage_limits=nbstream.UsageLimits(**limits))
    with pytest.raises(UsageLimitError, match=says):
        stream.until_done()
    assert stream.messages


def test_a_model_that_never_stops_is_stopped() -> None:
    agent = agent_of(*[calls(("double", '{"n": 1}'))] * 9, tools=[double], max_steps=4)
    stream = agent.run_stream("?")
    with pytest.raises(UsageLimitError):
        stream.until_done()
    assert len(stream.messages) == 8


def test_a_cancelled_run_leaves_a_history_that_can_be_sent() -> None:
    began, doubled = threading.Event(), threading.Event()

    def hang() -> None:
        began.set()
        time.sleep(2)

    agent = agent_of(calls(("double", '{"n": 1}'), ("hang", "{}")), "ok", tools=[hang, double])
    stream = agent.run_stream("?")
    stream.on(FunctionToolResult, lambda _: doubled.set())
    stream.start()
    assert began.wait(30)
    assert doubled.wait(30)
    stream.cancel()
    assert stream.wait(30)
    assert stream.finish_reason == "cancelled"
    done, cut = tool_parts(stream.messages[1])
    assert (done.result, done.is_error) == (2, False)
    assert (cut.tool_call_id, cut.is_error) == ("c2", True)
    with pytest.raises(CancelledStreamError):
        stream.get_output()
    again = agent.run_sync("Go on.", message_history=stream.all_messages())
    assert again.output == "ok"


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Interrupts are received: a shell ignores them for what runs in its background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_cancelling_a_run_interrupts_the_tool_on_the_main_thread() -> None:
    assert threading.current_thread() is threading.main_thread()

    def hang() -> None:
        threading.Timer(0.1, stream.cancel).start()
        time.sleep(60)

    stream = agent_of(calls(("hang", "{}")), "ok", tools=[hang]).run_stream("?")
    begun = time.monotonic()
    assert stream.wait()
    assert time.monotonic() - begun < 30
    assert stream.finish_reason == "cancelled"
    assert not stream.is_interrupted


def test_cancelling_the_task_cancels_the_tools() -> None:
    async def main() -> None:
        began, cancelled = asyncio.Event(), asyncio.Event()

        async def hang() -> None:
            began.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.set()
                raise

        task = asyncio.create_task(agent_of(calls(("hang", "{}")), "ok", tools=[hang]).run("?"))
        await asyncio.wait_for(began.wait(), 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(cancelled.wait(), 30)

    run_async(main())


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("form", ["in mid-tool", "between", "in a reply"])
def test_every_server_accepts_what_a_cancelled_run_leaves(server: str, form: str) -> None:
    def hang() -> None:
        time.sleep(1)

    reply = calls(("double", '{"n": 1}'), ("hang" if form == "in mid-tool" else "double", "{}"))
    model = ScriptedModel(reply, "So it goes on and on.", delay=0.002)
    stream = nbstream.Agent(model, tools=[hang, double]).run_stream("?")
    last = {"in mid-tool": FunctionToolResult, "between": MessageEvent, "in a reply": TextDelta}
    with stream:
        for event in stream:
            if isinstance(event, last[form]):
                break
    assert stream.finish_reason == "cancelled"
    asked = [*stream.all_messages(), nbstream.user_message("Go on.")]
    assert SERVERS[server].faults(asked) == []


def test_leaving_the_loop_ends_the_run() -> None:
    model = ScriptedModel(*replies(), delay=0.01)
    stream = nbstream.Agent(model, tools=[double]).run_stream("?")
    for event in stream:
        if isinstance(event, FunctionToolResult):
            break
    del event
    assert stream.wait(30)
    assert stream.finish_reason == "cancelled"
    assert len(model.requests) < 3


def test_cancelling_ends_the_wait_for_an_approval() -> None:
    @nbstream.tool(requires_approval=True)
    def ask() -> str:
        raise AssertionError("nobody approved it")

    stream = agent_of(calls(("ask", "{}")), "ok", tools=[ask], approve="wait").run_stream("?")
    stream.on(ApprovalRequest, lambda _: stream.cancel())
    stream.wait()
    assert stream.finish_reason == "cancelled"
    assert not stream.waiting
    assert tool_parts(stream.messages[1])[0].is_error
