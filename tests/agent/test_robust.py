"""Tools that misbehave in a cell of a real kernel: each has a clear outcome in the right cell."""

import json

import pytest

from nbstream.core.call_record import KEPT_REPORTS
from tests.agent.test_kernel import SETUP
from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.kernel import Kernel

TOOLS = """
import nbstream, threading, time
go = threading.Event()

def flood():
    for at in range(100_000):
        yield f"line {at}"
    yield "x" * 10_000_000

@nbstream.tool(timeout=0.3)
def never() -> str:
    threading.Event().wait()

def lock() -> object:
    return threading.Lock()

def circle() -> list:
    rows = []
    rows.append(rows)
    return rows

def broken() -> object:
    class Broken:
        def __repr__(self):
            raise RuntimeError("no repr")
    return Broken()

def prints() -> str:
    go.wait(60)
    print("from the tool")
    figure, axes = plt.subplots()
    axes.plot([1, 2, 1])
    plt.show()
    return "shown"

def chart():
    figure, axes = plt.subplots()
    axes.plot([1, 2, 1])
    plt.close(figure)
    return figure

def frame():
    return pd.DataFrame({"city": ["Oslo", "Bergen"], "rain": [1, 9]})
"""


@pytest.fixture(params=[kernelspecs.NEWEST, "6.30.1"])
def cells(request: pytest.FixtureRequest, kernel: StartKernel) -> Kernel:
    one = kernel(request.param, env={"NBSTREAM_DISPLAY": "live"})
    one.check(
        f"{SETUP}\nimport matplotlib.pyplot as plt, pandas as pd\n%matplotlib inline\n{TOOLS}"
    )
    return one


@pytest.fixture
def newest(kernel: StartKernel) -> Kernel:
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check(SETUP)
    return one


def test_what_tools_return_and_show_is_in_the_right_cell_and_whole(cells: Kernel) -> None:
    # A flood: the page gets little of it, and Python has all.
    shown = cells.check("s = agent(flood).run_stream('?')\ns", timeout=120)
    cells.check("s.wait()", timeout=120)
    cells.until(lambda: "text/markdown" in shown.displays[0], shown)
    sent = [one["data"] for one in shown.comms if one["data"].get("content", {}).get("t") != "code"]
    sent = [row for row in sent if row.get("content", {}).get("t") == "d"]
    assert len(json.dumps(sent)) < 600_000
    assert len(shown.displays[0]["text/html"]) < 200_000
    assert f"{100_000 - 20:,} earlier lines" in shown.displays[0]["text/html"]
    told = cells.check(
        "[call] = s.tool_calls\nprint(len(call.value), s.call_records[0, 'c0'].report_count)\n"
        "print(len(s.reader().take()))"
    )
    whole, kept = told.stdout.splitlines()
    assert whole == "10000000 100001"
    assert int(kept) < KEPT_REPORTS + 20

    # What never returns is given up, and the cell ends.
    late = cells.check("r = agent(never).run_sync('?')\nprint(r.output, results(r))")
    assert "Timed out after 0.3 seconds." in late.stdout

    # What cannot be written as JSON: an object is described, what has no form fails alone.
    odd = cells.check("r = agent(lock, circle, broken, answers=('Odd.',)).run_sync('?')\nr")
    html = odd.displays[0]["text/html"]
    assert "1 step" not in html
    assert "2 steps · 3 tool calls" in html
    assert "Odd." in html
    values = cells.check("print([call.is_error for call in r.tool_calls], r.tool_calls[0].value)")
    assert "_thread.lock" in values.stdout
    assert "True" in values.stdout

    # A second tool of the same name is refused where the agent is made.
    twice = cells.run("def other(): pass\nother.__name__ = 'flood'\nagent(flood, other)")
    assert twice.ename == "UsageError"
    assert "Two tools have the name 'flood'" in twice.evalue
    assert twice.traceback.endswith("Give one another name=.")


def test_what_a_tool_prints_and_plots_is_in_the_cell_that_called_it(cells: Kernel) -> None:
    first = cells.check("s = agent(prints).run_stream('?')\ns.start()")
    second = cells.check("go.set()\nwhile not s.is_complete: time.sleep(0.01)\nprint('second')")
    assert first.stdout == "from the tool\n"
    assert second.stdout == "second\n"
    assert [list(one) for one in second.displays] == []
    assert any("image/png" in one for one in first.displays)
    sync = cells.check("print(results(agent(prints).run_sync('?')))")
    assert sync.stdout == "from the tool\n['shown']\n"
    assert any("image/png" in one for one in sync.displays)
    # What it returns is in its card: a figure as a picture, a table as text.
    card = cells.check("r = agent(chart, frame).run_sync('?')\nr").displays[-1]["text/html"]
    assert "data:image/png;base64," in card
    assert "Bergen" in card


def test_an_async_tool_uses_a_session_that_an_earlier_cell_made(newest: Kernel) -> None:
    newest.check(
        "class Session:\n"
        "    async def __aenter__(self):\n"
        "        self.loop = asyncio.get_running_loop()\n"
        "        self.server = await asyncio.start_server(self.serve, '127.0.0.1', 0)\n"
        "        address = self.server.sockets[0].getsockname()\n"
        "        self.reader, self.writer = await asyncio.open_connection(*address[:2])\n"
        "        return self\n"
        "    async def serve(self, reader, writer):\n"
        "        while line := await reader.readline():\n"
        "            writer.write(line.upper())\n"
        "            await writer.drain()\n"
        "    async def get(self, text):\n"
        "        assert asyncio.get_running_loop() is self.loop\n"
        "        self.writer.write(text.encode() + b'\\n')\n"
        "        await self.writer.drain()\n"
        "        return (await self.reader.readline()).decode().strip()\n"
        "session = await Session().__aenter__()\n"
        "async def fetch() -> str:\n"
        "    return await session.get('page')\n"
    )
    assert newest.check("print(results(agent(fetch).run_sync('?')))").stdout == "['PAGE']\n"
    assert newest.check("print(results(await agent(fetch).run('?')))").stdout == "['PAGE']\n"
    newest.check("s = agent(fetch).run_stream('?')\ns.start()")
    printed = newest.check("while not s.is_complete: await asyncio.sleep(0.01)\nprint(results(s))")
    assert printed.stdout == "['PAGE']\n"


def test_an_agent_that_is_a_tool_is_cancelled_in_the_middle(newest: Kernel) -> None:
    newest.check(
        "async def hang() -> str:\n"
        "    inner_began.set()\n"
        "    try:\n        await asyncio.sleep(60)\n"
        "    finally:\n        ended.set()\n"
        "inner_began, ended = threading.Event(), threading.Event()\n"
        "helper = agent(hang, name='helper')\n"
        "call = ToolCallPart('h1', 'helper', '{\"prompt\": \"Go.\"}')\n"
        "model = ScriptedModel(nbstream.assistant_message(call), 'Never.')\n"
        "s = nbstream.Agent(model, tools=[helper]).run_stream('?')"
    )
    shown = newest.check("s")
    newest.check("while not inner_began.is_set(): await asyncio.sleep(0.01)\ns.cancel()\ns.wait()")
    printed = newest.check(
        "assert ended.wait(20)\n"
        "[call] = s.tool_calls\n"
        "print(s.finish_reason, call.result, [one.role for one in call.messages])"
    )
    assert printed.stdout.startswith("cancelled The run was cancelled before this call had ended.")
    assert "['assistant'" in printed.stdout
    newest.until(lambda: "text/markdown" in shown.displays[0], shown)
    html = shown.displays[0]["text/html"]
    assert html.count(">stopped<") >= 1
    assert "hang" in html
