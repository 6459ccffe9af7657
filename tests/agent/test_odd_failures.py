"""Tools that raise what no tool should raise: each call fails alone, and the run goes on."""

import asyncio
import contextvars
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

import nbstream
from nbstream.events import FunctionToolProgress, FunctionToolResult
from nbstream.streams import user_code
from tests.agent.scripts import agent_of, calls, results
from tests.harness.background import run_async
from tests.harness.patience import HANG


class NoWordsError(Exception):
    """Has no text."""

    def __str__(self) -> str:
        raise ValueError("no words")


class OwnExit(BaseException):
    """Is no Exception, as that of pytest.fail."""


def silent() -> None:
    """Raise an exception without a text."""
    raise NoWordsError


def exhausted() -> Any:
    """Forget the default of next()."""
    return next(iter(()))


def digits() -> int:
    """Return a number that JSON cannot have."""
    return 10**5000


async def leaves() -> None:
    """Exit."""
    sys.exit(3)


async def stops() -> None:
    """End a test, as pytest.fail does."""
    raise OwnExit("enough")


async def cancelled() -> None:
    """Wait for a task that somebody cancels."""
    task = asyncio.ensure_future(asyncio.sleep(60))
    asyncio.get_running_loop().call_soon(task.cancel)
    await task


def result_of(tool: Callable[..., Any], *, in_loop: bool) -> FunctionToolResult:
    agent = agent_of(calls((tool.__name__, "{}"), ("fine", "{}")), "Done.", tools=[tool, fine])

    async def read() -> list[Any]:
        async with agent.run_stream("go") as run:
            assert await run.get_output() == "Done."
            return [event async for event in run]

    events = run_async(read()) if in_loop else [*agent.run_stream("go")]
    found = [event for event in events if isinstance(event, FunctionToolResult)]
    assert [one.result.content for one in found if one.tool_call_id == "c2"] == ["fine"]
    (bad,) = [one for one in found if one.tool_call_id == "c1"]
    assert bad.result.is_error
    return bad


async def closes() -> str:
    """Raise what only Python itself raises."""
    raise GeneratorExit


async def closes_in_between() -> Any:
    """Report, and then raise it."""
    yield 1
    raise GeneratorExit


def fine() -> str:
    """Do well."""
    return "fine"


@pytest.mark.parametrize("in_loop", [False, True])
@pytest.mark.parametrize(
    ("tool", "told", "traced"),
    [
        (silent, "NoWordsError: its text cannot be read: ValueError in __str__", "silent"),
        (exhausted, "RuntimeError: it raised StopIteration", "in exhausted"),
        (digits, "ValueError: Exceeds the limit (4300 digits)", "Exceeds"),
        (leaves, "ToolExit: The tool ended with sys.exit(3).", "in leaves"),
        (stops, "RuntimeError: it raised OwnExit: enough", "in stops"),
        (cancelled, "RuntimeError: it raised CancelledError", "in cancelled"),
        (closes, "RuntimeError: it raised GeneratorExit", "in closes"),
        (closes_in_between, "RuntimeError: it raised GeneratorExit", "in closes"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_the_call_fails_and_the_run_goes_on(
    tool: Callable[..., Any], told: str, traced: str, *, in_loop: bool
) -> None:
    bad = result_of(tool, in_loop=in_loop)
    assert str(bad.result.content).startswith(told)
    assert traced in bad.traceback


def test_a_flood_in_an_exception_is_cut_at_its_middle() -> None:
    def flood() -> None:
        raise ValueError("x" * 10_000_000 + "the end")

    stream = agent_of(calls(("flood", "{}")), "Done.", tools=[flood]).run_stream("go")
    (bad,) = [event for event in stream if isinstance(event, FunctionToolResult)]
    assert "in flood" in bad.traceback
    assert bad.traceback.endswith("the end\n")
    assert "[cut: 9,9" in bad.traceback
    assert len(bad.traceback) < 110_000


@pytest.mark.parametrize("kind", ["sync", "limited", "async"])
def test_a_generator_that_never_ends_is_stopped_with_its_run(kind: str) -> None:
    closed = threading.Event()

    def endless() -> Any:
        try:
            while True:
                yield "more"
        finally:
            closed.set()

    async def endless_async() -> Any:
        try:
            while True:
                yield "more"
        finally:
            closed.set()

    given = {
        "sync": endless,
        "limited": nbstream.tool(timeout=0.2)(endless),
        "async": nbstream.tool(name="endless")(endless_async),
    }[kind]
    stream = agent_of(calls(("endless", "{}")), "Done.", tools=[given]).run_stream("go")
    if kind == "limited":
        assert stream.get_output() == "Done."
        assert "Timed out" in results(stream)[0]
    else:
        for event in stream:
            if isinstance(event, FunctionToolProgress):
                stream.cancel()
                break
    assert closed.wait(30)
    again = agent_of(calls(("afresh", "{}")), "Done.", tools=[afresh])
    assert again.run_sync("go").output == "Done."


def test_the_thread_that_reads_sees_what_a_generator_reports_while_it_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(user_code, "_PATIENCE", HANG)  # a busy machine is no busy thread
    seen: list[Any] = []
    seen_by_tool: list[int] = []
    threads: set[int] = set()
    var = contextvars.ContextVar("var", default=0)

    def counting() -> Any:
        var.set(7)
        for number in range(5):
            threads.add(threading.get_ident())
            assert var.get() == 7
            yield number
            seen_by_tool.append(len(seen))
        return "counted"

    stream = agent_of(calls(("counting", "{}")), "Done.", tools=[counting]).run_stream("go")
    for event in stream:
        if isinstance(event, FunctionToolProgress):
            seen.append(event)  # noqa: PERF401 - the tool looks at it meanwhile
    assert len(seen) == 5
    assert seen_by_tool[-1] >= 3, "not all of it after the tool had ended"
    assert threads == {threading.get_ident()}
    assert results(stream) == ["counted"]


async def afresh() -> str:
    """Run where async tools run."""
    return "fresh"
