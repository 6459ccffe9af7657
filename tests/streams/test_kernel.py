"""A stream in a cell of a real kernel: both loops, `await`, entering, interrupts, tasks."""

import time

import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer

OLDEST = "6.30.1"
TEXT = "0001 0002 0003 0004 0005 "
ASK = "nbstream.stream('openai-chat/{}', 'hi')"


@pytest.fixture(params=[kernelspecs.NEWEST, OLDEST])
def cells(request: pytest.FixtureRequest, kernel: StartKernel) -> Kernel:
    one = kernel(request.param)
    one.check("import asyncio, threading, nbstream\nfrom nbstream.testing import ScriptedModel")
    return one


def test_both_loops_and_await(cells: Kernel) -> None:
    ask = ASK.format("paced-5-200")
    assert cells.check(f"s = {ask}\nprint(*s.text_stream, sep='')").stdout == f"{TEXT}\n"
    printed = cells.check(
        f"s = {ask}\nasync for piece in s.text_stream: print(piece, end='')\n"
        "async for event in s: pass\nprint(type(event).__name__)"
    )
    assert printed.stdout.startswith(TEXT)
    assert cells.check(f"s = {ask}\nprint((await s).text)").stdout == f"{TEXT}\n"
    printed = cells.check(
        f"async with {ask} as s:\n    print(s.request_id, await s.get_final_text())"
    )
    assert printed.stdout == f"req_test {TEXT}\n"
    printed = cells.check(f"with {ask} as s:\n    print(s.request_id, s.get_final_text())")
    assert printed.stdout == f"req_test {TEXT}\n"


def test_a_typed_answer_item_by_item_in_both_loops(cells: Kernel) -> None:
    ask = (
        "model = ScriptedModel('{\"a\": [1, 2, 3,], b: \\'x\\'}', delay=0.01)\n"
        "s = nbstream.stream(model, 'hi', output_type=dict[str, list[int] | str])"
    )
    cells.check(f"{ask}\nitems = [value for value in s.stream_output(debounce_by=None)]")
    assert cells.check("print(items[-1], s.output_state.of('a', 2))").stdout == (
        "{'a': [1, 2, 3], 'b': 'x'} whole\n"
    )
    ask = "s = nbstream.stream(ScriptedModel('[1, 2, 3]', delay=0.01), 'hi', output_type=list[int])"
    assert cells.check(f"{ask}\nprint(*s.stream_items())").stdout == "1 2 3\n"
    printed = cells.check(f"{ask}\nasync for item in s.stream_items(): print(item, end='')")
    assert printed.stdout == "123"


def test_awaiting_a_blocking_method_is_an_error_in_the_cell(cells: Kernel) -> None:
    cell = cells.run(f"s = {ASK.format('hang-5')}\nawait s.get_final_text()")
    assert (cell.status, cell.ename) == ("error", "UsageError")
    assert "(await stream).text" in cell.traceback
    assert cells.check("print(s.is_started)").stdout == "False\n"


def test_a_task_continues_to_read_while_other_cells_run(cells: Kernel) -> None:
    cells.check(
        f"s = {ASK.format('paced-50-100')}\n"
        "async def read(): return [piece async for piece in s.text_stream]\n"
        "task = asyncio.create_task(read())"
    )
    cells.check("1 + 1")
    assert cells.check("print(len(await task), s.finish_reason)").stdout == "50 stop\n"


def test_entering_raises_the_error_in_the_cell(cells: Kernel) -> None:
    for enter in ("with", "async with"):
        cell = cells.run(f"s = {ASK.format('status-401')}\n{enter} s: print('entered')")
        assert (cell.status, cell.ename) == ("error", "AuthenticationError")
        assert cell.stdout == ""
    printed = cells.check("s.wait(), s.text, print(s)")
    assert "failed with AuthenticationError" in printed.stdout


def test_an_interrupt_while_entering_cancels_the_stream(
    cells: Kernel, llm_server: LLMServer
) -> None:
    script = "slowstart-60"
    before = len(llm_server.of(script))
    cell = cells.start(f"s = {ASK.format(script)}\nwith s: print('entered')")
    llm_server.wait_for(script, before + 1)
    time.sleep(0.2)
    cells.interrupt()
    cells.wait(cell)
    assert (cell.status, cell.ename) == ("error", "KeyboardInterrupt")
    printed = cells.check("s.wait(), print(s.finish_reason, s.is_interrupted)")
    assert printed.stdout == "cancelled True\n"
    assert llm_server.of(script)[before].wait().disconnected is not None


def test_an_interrupt_of_an_awaiting_cell_cancels_the_stream(
    kernel: StartKernel, llm_server: LLMServer
) -> None:
    one, script = kernel(kernelspecs.NEWEST), "slowstart-60"
    one.check("import nbstream")
    for body in ("async with s: print('entered')", "await s", "async for _ in s.text_stream: pass"):
        before = len(llm_server.of(script))
        cell = one.start(f"s = {ASK.format(script)}\n{body}")
        llm_server.wait_for(script, before + 1)
        time.sleep(0.2)
        one.interrupt()
        one.wait(cell)
        assert cell.status == "error"
        assert cell.ename in ("KeyboardInterrupt", "CancelledError")
        printed = one.check("print(s.wait(10), s.finish_reason)")
        assert printed.stdout == "True cancelled\n"


def test_leaving_a_loop_in_a_cell_stops_the_model(cells: Kernel, llm_server: LLMServer) -> None:
    ask = ASK.format("paced-50000-100")
    for loop in ("for", "async for"):
        cells.check(f"s = {ask}\n{loop} piece in s.text_stream: break")
        assert llm_server.of("paced-50000-100")[-1].wait().disconnected is not None
    cells.check("s")
