"""Other libraries' streams in a cell: drawn, and blocked on though they are bound to its loop."""

from tests.conftest import StartKernel

SETUP = """
import asyncio, threading, nbstream
from nbstream import StreamWidget
%load_ext nbstream
queue = asyncio.Queue()
here = threading.get_ident()

async def pieces(count):
    for _ in range(count):
        piece = await queue.get()  # the queue is bound to the kernel's loop
        assert threading.get_ident() == here
        yield piece

async def produce(count):
    for number in range(count):
        await asyncio.sleep(0.01)
        await queue.put(f"{number} ")
"""
BLOCKED = """
task = asyncio.create_task(produce(3))
print(nbstream.from_stream(pieces(3)).get_final_text())
"""
AWAITED = """
task = asyncio.create_task(produce(4))
print((await nbstream.from_stream(pieces(4))).text)
"""
DRAWN = """
widget = StreamWidget(pieces(5))
task = asyncio.create_task(produce(5))
widget
"""


def test_an_object_of_the_kernel_s_loop(kernel: StartKernel) -> None:
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check(SETUP)
    assert one.check(BLOCKED).stdout.split() == ["0", "1", "2"]
    assert one.check(AWAITED).stdout.split() == ["0", "1", "2", "3"]
    assert one.check(DRAWN).displays
    shown = one.check("print(widget.stream.get_final_text(), widget.stream.finish_reason)").stdout
    assert shown.split() == ["0", "1", "2", "3", "4", "stop"]
    one.check("stream = nbstream.from_stream(pieces(2))\nstream")
    printed = one.check("await produce(2)\nawait stream\nprint(stream.text)").stdout
    assert printed.split() == ["0", "1"]


ENDLESS = """
import time
closed = []

async def endless():
    try:
        while True:
            await asyncio.sleep(0.01)
            yield "x"
    finally:
        closed.append("async")

def blocking():
    try:
        while True:
            time.sleep(0.01)
            yield "x"
    finally:
        closed.append("blocking")
"""


def test_an_interrupt_ends_the_stream_and_closes_its_source(kernel: StartKernel) -> None:
    one = kernel()
    one.check(SETUP + ENDLESS)
    for name, kind in (("endless", "async"), ("blocking", "blocking")):
        run = one.start(f"stream = nbstream.from_stream({name}())\nfor _ in stream: print('x')")
        one.until(lambda run=run: "x" in run.stdout, run)
        one.interrupt()
        assert one.wait(run).ename == "KeyboardInterrupt"
        one.check("stream.wait(30)")
        assert one.check("print(stream.finish_reason)").stdout.strip() == "cancelled"
        waits = f"while {kind!r} not in closed: await asyncio.sleep(0.01)"
        assert one.check(waits).status == "ok"
