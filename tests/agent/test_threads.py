"""On which threads and event loops tools run, and which of them run at once."""

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import nbstream
from nbstream.events import (
    FunctionToolResult,
)
from tests.agent.scripts import agent_of, calls, double, replies, results
from tests.harness.background import run_async

ROOT = Path(__file__).parents[2]


def test_parallel_calls_run_at_once_and_their_results_keep_their_order() -> None:
    barrier = threading.Barrier(3)

    def meet(n: int) -> int:
        barrier.wait(30)
        time.sleep(0.05 * (3 - n))
        return n

    reply = calls(*[("meet", f'{{"n": {n}}}') for n in range(3)])
    stream = agent_of(reply, "ok", tools=[meet]).run_stream("?")
    ended = [one.result.result for one in stream if isinstance(one, FunctionToolResult)]
    assert sorted(ended) == results(stream) == [0, 1, 2]


def test_sequential_tools_run_one_after_the_other() -> None:
    running: list[int] = []

    @nbstream.tool(sequential=True)
    async def alone(n: int) -> int:
        running.append(n)
        await asyncio.sleep(0.02)
        assert running.pop() == n
        return n

    reply = calls(*[("alone", f'{{"n": {n}}}') for n in range(3)])
    assert results(agent_of(reply, "ok", tools=[alone]).run_sync("?")) == [0, 1, 2]


def test_where_functions_run() -> None:
    threads: list[str] = []

    def sync() -> str:
        threads.append(threading.current_thread().name)
        return "ok"

    here = threading.current_thread().name
    agent_of(calls(("sync", "{}")), "ok", tools=[sync]).run_sync("?")
    run_async(agent_of(calls(("sync", "{}")), "ok", tools=[sync]).run("?"))
    assert threads[0] == here
    assert threads[1] == "nbstream tool"


BOUND = """
import asyncio, nbstream
from tests.agent.scripts import agent_of, calls, results

async def main():
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    loop.call_later(0.05, event.set)

    async def bound() -> str:
        await event.wait()
        return "same" if asyncio.get_running_loop() is loop else "other"

    agent = agent_of(calls(("bound", "{}"), ("bound", "{}")), "ok", tools=[bound])
    print(results(agent.run_sync("?")))

asyncio.run(main())
asyncio.run(asyncio.sleep(0))
"""


def test_an_async_tool_uses_the_loop_that_a_blocking_call_holds_up() -> None:
    """In a process of its own, because it patches asyncio."""
    command = [sys.executable, "-W", "error", "-c", BOUND]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.stdout, done.stderr) == ("['same', 'same']\n", "")


def test_a_busy_reader_does_not_hold_up_the_tools_forever() -> None:
    stream = agent_of(calls(("double", '{"n": 4}')), "ok", tools=[double]).run_stream("?")
    events = iter(stream)
    next(events)  # and then it reads no more
    stream.start()
    assert stream.reader() is not None
    deadline = time.monotonic() + 30
    while not stream.is_complete and time.monotonic() < deadline:
        time.sleep(0.05)
    assert stream.output == "ok"


def test_runs_at_the_same_time() -> None:
    async def main() -> list[Any]:
        agents = [agent_of(*replies(), tools=[double]) for _ in range(20)]
        return await asyncio.gather(*(agent.run("?") for agent in agents))

    assert [one.output for one in run_async(main())] == ["It is 20."] * 20


def test_a_tool_may_run_an_agent_itself() -> None:
    inner = agent_of(*replies(), tools=[double])

    def ask() -> str:
        return str(inner.run_sync("?").output)

    assert results(agent_of(calls(("ask", "{}")), "ok", tools=[ask]).run_sync("?")) == ["It is 20."]


def test_a_tool_that_waits_for_its_own_run_is_told_so() -> None:
    def wait() -> None:
        stream.wait()

    stream = agent_of(calls(("wait", "{}")), "ok", tools=[wait]).run_stream("?")
    assert stream.get_output() == "ok"
    assert "would wait for itself" in results(stream)[0]
