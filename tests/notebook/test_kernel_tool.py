"""``-T kernel`` and figures in a real kernel: each is shown once, and the model is told of it."""

import json
from typing import Any

import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import rounds, use
from tests.harness.llm_server import LLMServer
from tests.harness.result import Result
from tests.notebook.test_tools_magic import started, told

PLOT = "%matplotlib inline\nimport asyncio, time\nimport matplotlib.pyplot as plt"
RUNS = "--bg", ""
MAJOR = "import ipykernel\nprint(ipykernel.version_info[0])"


@pytest.fixture(params=[None, "6.30.1"])
def cells(request: pytest.FixtureRequest, kernel: StartKernel, llm_server: LLMServer) -> Kernel:
    one = started(kernel, llm_server, request.param, live=True)
    one.check(PLOT)
    return one


def approved(cells: Kernel, server: LLMServer, code: str, option: str) -> tuple[Result, Any]:
    """A cell in which the model runs code, and what it is told of it."""
    model = rounds([use("run_python", "c1", code=code)], "Done.")
    ask = f"%%llm -m anthropic/{model} -T kernel {option}\nCompute."
    if option:
        cell = cells.check(ask)
        cells.check("while not _llm.requests: time.sleep(0.01)")
        cells.check("%llm approve")
        cells.check("while not _llm.is_complete: await asyncio.sleep(0.01)")
        cells.until(lambda: any("text/html" in one for one in cell.displays), cell)
        return cell, told(server, model)[0]
    if cells.check(MAJOR).stdout == "6\n":
        return cells.answer(ask, "y")[0], told(server, model)[0]
    subshell = cells.create_subshell()
    cell = cells.start(ask)
    cells.until(lambda: '"kind": "requests"' in json.dumps(cell.comms), cell)
    reply = {"t": "reply", "id": "c1", "n": "1", "action": "approve"}
    comm = cell.comms_opened[-1]["comm_id"]
    cells.send_comm(comm, {"method": "custom", "content": reply}, subshell=subshell)
    cells.wait(cell)
    assert cell.status == "ok", cell.traceback
    return cell, told(server, model)[0]


def pictures(cell: Result) -> tuple[int, int]:
    """How many pictures are in the answer's cards, and how many outputs of their own."""
    html = next(one["text/html"] for one in cell.displays if "nbstream-at" in str(one))
    if "<img" in html:
        assert " open>" in html  # in sight
    return html.count("<img"), sum("image/png" in one for one in cell.displays)


AWAITS = """print("before")
await asyncio.sleep(0.01)
from math import factorial
def twice(n): return 2 * n
made = twice(factorial(4))
print("after")
made"""
FIGURES = "plt.plot([1, 2])\nplt.show()", "figure = plt.figure()\nplt.plot([1, 2])\nfigure"


def test_code_that_awaits_draws_fails_and_floods(cells: Kernel, llm_server: LLMServer) -> None:
    # ipykernel 6 has one cell for all output: after an await it is the one that runs then.
    is_6 = cells.check(MAJOR).stdout == "6\n"
    for option in RUNS:
        cell, found = approved(cells, llm_server, AWAITS, option)
        if not option or not is_6:
            assert cell.stdout.endswith("before\nafter\n")
        assert found[0]["text"] == "before\nafter\n48"
        assert cells.check("print(made, twice(4))\ndel made, twice").stdout == "48 8\n"

        for code in FIGURES:
            cell, found = approved(cells, llm_server, code, option)
            assert [part.get("text", part["type"]) for part in found] == ["image"]
            assert pictures(cell) == (1, 0)

        cell, found = approved(cells, llm_server, "await asyncio.sleep(0)\n1 / 0", option)
        assert found[0]["text"].endswith("ZeroDivisionError: division by zero\n")
        assert ">failed" in str(cell.displays)
        if not option or not is_6:
            assert "ZeroDivisionError" in cell.traceback

        flood = "for n in range(20_000): print('line', n)"
        cell, found = approved(cells, llm_server, flood, option)
        assert "line 19999\n" in cell.stdout
        text = found[0]["text"]
        assert text.startswith("line 0\n")
        assert text.endswith("line 19999\n")
        assert "characters]" in text
        assert len(text) < 51_000


TOOLS = """
def plot():
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    return axes
def left() -> str:
    plt.figure()
    plt.plot([1, 2])
    return "drawn"
"""


def test_a_figure_that_a_tool_returns_is_shown_once(cells: Kernel, llm_server: LLMServer) -> None:
    cells.check(TOOLS)
    for tool, shown in [("plot", (1, 0)), ("left", (0, 1))]:
        model = rounds([use(tool, "c1")], "Here it is.")
        cell = cells.check(f"%%llm -m anthropic/{model} -T {tool}\nPlot.")
        assert pictures(cell) == shown
        cell = cells.check(f"nbstream.Agent('anthropic/{model}', tools=[{tool}]).run_sync('Plot.')")
        assert sum(str(one).count("<img") for one in cell.displays) == shown[0]
        assert sum("image/png" in one for one in cell.displays) == shown[1]
    # In the background it is in no later cell; a run that is not shown loses no figure.
    model = rounds([use("plot", "c1")], "Here it is.")
    cell = cells.check(f"%%llm -m anthropic/{model} -T plot --bg\nPlot.")
    cells.until(lambda: any("text/html" in one for one in cell.displays), cell)
    assert pictures(cell) == (1, 0)
    assert cells.check("'later'").displays == [{"text/plain": "'later'"}]
    silent = cells.check(f"r = nbstream.Agent('anthropic/{model}', tools=[plot]).run_sync('Plot.')")
    assert ["image/png" in one for one in silent.displays] == [True]


def test_code_that_awaits_shares_the_kernel_with_other_cells(
    kernel: StartKernel, llm_server: LLMServer
) -> None:
    """What these print, show and return is theirs."""
    one = started(kernel, llm_server, live=True)
    one.check("import asyncio, time\nturn = asyncio.Event()")
    code = "print('before')\nawait turn.wait()\nprint('after')\n6 * 7"
    model = rounds([use("run_python", "c1", code=code)], "Done.")
    cell = one.check(f"%%llm -m anthropic/{model} -T kernel --bg\nCompute.")
    one.check("while not _llm.requests: time.sleep(0.01)")
    one.check("%llm approve")
    one.until(lambda: cell.stdout.endswith("before\n"), cell)
    other = one.check("print('mine')\ndisplay('shown')\n'value'")
    assert other.stdout == "mine\n"
    assert [one["text/plain"] for one in other.displays] == ["'shown'", "'value'"]
    # The code's last line comes while this cell runs.
    last = one.check("turn.set()\nwhile not _llm.is_complete: await asyncio.sleep(0.01)\n'last'")
    assert [one["text/plain"] for one in last.displays] == ["'last'"]
    assert told(llm_server, model)[0][0]["text"] == "before\nafter\n42"


@pytest.mark.parametrize("version", [kernelspecs.NEWEST, "7.3.0"])
def test_a_message_from_the_page_leaves_a_running_cells_figure_alone(
    kernel: StartKernel, llm_server: LLMServer, version: str
) -> None:
    one = started(kernel, llm_server, version, live=True)
    one.check(PLOT)
    subshell = one.create_subshell()
    shown = one.check("w = nbstream.StreamWidget(nbstream.stream('openai-chat/hang-5', 'hi'))\nw")
    one.check("heard = []\nw.on_msg(lambda *_: heard.append(1))")
    wait = "while len(heard) < 2: time.sleep(0.01)"  # the first is through
    cell = one.start(f"a = plt.figure()\nprint('drawn')\n{wait}\nprint(plt.gcf() is a)")
    one.until(lambda: "drawn" in cell.stdout, cell)
    message = {"method": "custom", "content": {"t": "page_swaps"}}
    for _ in range(2):
        one.send_comm(shown.comms_opened[-1]["comm_id"], message, subshell=subshell)
    one.wait(cell)
    assert cell.stdout == "drawn\nTrue\n"
