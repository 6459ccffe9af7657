"""Agents in cells of a real kernel: the kernel's thread and loop, interrupts, output."""

import time

import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.kernel import Kernel

SETUP = """
import asyncio, sqlite3, threading, time, nbstream
from nbstream.messages import ToolCallPart
from nbstream.testing import ScriptedModel

def agent(*tools, answers=("Done.",), **settings):
    names = [getattr(one, "__name__", "") or one.name for one in tools]
    calls = [ToolCallPart(f"c{at}", name, "{}") for at, name in enumerate(names)]
    model = ScriptedModel(nbstream.assistant_message(*calls), *answers)
    return nbstream.Agent(model, tools=tools, **settings)

def results(found):
    return [part.result for part in found.new_messages()[2].parts]
"""


@pytest.fixture(params=[kernelspecs.NEWEST, "6.30.1"])
def cells(request: pytest.FixtureRequest, kernel: StartKernel) -> Kernel:
    one = kernel(request.param)
    one.check(SETUP)
    return one


def test_a_sync_tool_runs_where_the_users_objects_live(cells: Kernel) -> None:
    cells.check("db = sqlite3.connect(':memory:')\ndb.execute('create table t (n)')")
    cells.check(
        "def count() -> int:\n"
        "    'Count.'\n"
        "    assert threading.current_thread() is threading.main_thread()\n"
        "    return db.execute('select count(*) from t').fetchone()[0]\n"
    )
    assert cells.check("print(results(agent(count).run_sync('?')))").stdout == "[0]\n"
    printed = cells.check(
        "with agent(count).run_stream_sync('?') as s:\n"
        "    for event in s: pass\n"
        "print(results(s), s.output)"
    )
    assert printed.stdout == "[0] Done.\n"


def test_every_form_works_in_a_cell(cells: Kernel) -> None:
    cells.check("def one() -> int:\n    print('tool')\n    return 1")
    assert cells.check("r = agent(one).run_sync('?')\nprint(r.output)").stdout == "tool\nDone.\n"
    assert cells.check("r = await agent(one).run('?')\nprint(r.output)").stdout == "tool\nDone.\n"
    cells.check("async with agent(one).iter('?') as run:\n    n = [node async for node in run]")
    assert cells.check("print(run.result.output, len(n))").stdout == "Done. 6\n"
    printed = cells.check(
        "async for event in agent(one).run_stream_events('?'): pass\nprint(event.result.output)"
    )
    assert printed.stdout == "tool\nDone.\n"


def test_an_async_tool_uses_an_object_of_the_kernels_loop(cells: Kernel) -> None:
    cells.check(
        "queue = asyncio.Queue()\nasync def feed():\n"
        "    await asyncio.sleep(0.1)\n    await queue.put('fed')"
    )
    cells.check(
        "async def get() -> str:\n"
        "    'Get.'\n"
        "    asyncio.create_task(feed())\n"
        "    return await queue.get()\n"
        "async def wait() -> str:\n"
        "    'Wait.'\n"
        "    await asyncio.sleep(0.05)\n"
        "    return 'waited'\n"
    )
    ran = cells.check("print(results(agent(get, wait).run_sync('?')))")
    assert ran.stdout == "['fed', 'waited']\n"
    assert not ran.stderr
    awaited = cells.check("print(results(await agent(get, wait).run('?')))")
    assert awaited.stdout == "['fed', 'waited']\n"
    assert cells.check("await asyncio.sleep(0.01)\nprint('goes on')").stdout == "goes on\n"


def test_no_loop_is_patched_without_need(cells: Kernel) -> None:
    cells.check("def one() -> int: return 1\nagent(one).run_sync('?')")
    printed = cells.check("import sys\nprint(hasattr(asyncio, '_nest_asyncio2'))")
    assert printed.stdout == "False\n"


@pytest.mark.parametrize("form", ["run_sync('?')", "run_stream('?').get_output()"])
def test_an_interrupt_stops_a_tool_that_sleeps(cells: Kernel, form: str) -> None:
    cells.check("def sleep() -> None:\n    print('began', flush=True)\n    time.sleep(60)")
    cell = cells.start(f"agent(sleep).{form}")
    cells.until(lambda: "began" in cell.stdout, cell)
    begun = time.monotonic()
    cells.interrupt()
    cells.wait(cell)
    assert time.monotonic() - begun < 30
    assert (cell.status, cell.ename) == ("error", "KeyboardInterrupt")
    assert cells.check("print('alive')").stdout == "alive\n"


def test_an_interrupt_stops_a_cell_that_awaits(cells: Kernel) -> None:
    cells.check(
        "async def sleep() -> None:\n    print('began', flush=True)\n    await asyncio.sleep(60)"
    )
    cell = cells.start("await agent(sleep).run('?')")
    cells.until(lambda: "began" in cell.stdout, cell)
    cells.interrupt()
    cells.wait(cell)
    assert cell.status == "error"
    assert cells.check("print('alive')").stdout == "alive\n"


def test_what_a_tool_prints_is_in_the_cell_that_called_it(cells: Kernel) -> None:
    cells.check("def late() -> str:\n    time.sleep(0.3)\n    print('printed')\n    return 'x'\n")
    first = cells.check("s = agent(late).run_stream('?')\ns.start()")
    second = cells.check("s.wait()\nprint('second')")
    assert "printed" in first.stdout + second.stdout
    assert cells.check("print(s.output)").stdout == "Done.\n"


def test_what_a_tool_plots_is_in_the_cell_that_called_it(cells: Kernel) -> None:
    cells.check(
        "%matplotlib inline\nimport matplotlib.pyplot as plt\n"
        "def plot() -> str:\n    plt.plot([1, 2])\n    plt.show()\n    print('plotted')\n"
        "    return 'drawn'\n"
        "async def draw() -> str:\n    display('shown')\n    return 'drawn'\n"
    )
    for form in ("agent(plot, draw).run_sync('?')", "await agent(plot, draw).run('?')"):
        cell = cells.check(f"print(results({form}))")
        assert cell.stdout.endswith("['drawn', 'drawn']\n")
        assert "plotted" in cell.stdout
        kinds = [kind for bundle in cell.displays for kind in bundle]
        assert kinds.count("image/png") == 1
        assert any("shown" in str(bundle.get("text/plain")) for bundle in cell.displays)


REMOVE = "@nbstream.tool(requires_approval=True)\ndef remove() -> str:\n    return 'gone'"
ASK = "print(results(agent(remove).run_sync('?')))"


def test_below_the_cell_a_person_is_asked(kernel: StartKernel) -> None:
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check(f"{SETUP}\n{REMOVE}")
    cell, asked = one.answer(ASK, "y")
    assert "The model wants to call remove({})" in cell.stdout
    assert "Allow it?" in asked["prompt"]
    assert cell.stdout.endswith("['gone']\n")
    cell, _ = one.answer(ASK, "It is mine.")
    assert "It is mine." in cell.stdout
    assert "no way to ask the user here" in one.check(ASK).stdout  # the cell may not ask


def test_a_run_in_the_background_waits_for_another_cell(kernel: StartKernel) -> None:
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check(f"{SETUP}\n{REMOVE}")
    one.check("s = agent(remove).run_stream('?')\ns.start()\nwhile not s.waiting: time.sleep(0.01)")
    one.check("s.approve('c0')\ns.wait()")
    assert one.check("print(results(s))").stdout == "['gone']\n"


def test_cancelling_ends_a_tool_that_blocks_the_cell(cells: Kernel) -> None:
    cells.check(
        "def hang() -> None:\n    threading.Timer(0.2, s.cancel).start()\n    time.sleep(60)\n"
        "s = agent(hang).run_stream('?')"
    )
    printed = cells.check("s.wait()\nprint(s.finish_reason)", timeout=40)
    assert printed.stdout == "cancelled\n"
    assert cells.check("print('alive')").stdout == "alive\n"
