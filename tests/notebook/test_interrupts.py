"""An interrupt at a bad moment: the bound value, the output, and that the model stops."""

import pytest

from tests.conftest import StartKernel
from tests.harness import kernelspecs
from tests.harness.llm_server import LLMServer

# The newest ipykernel awaits the cell; the others block on it.
VERSIONS = (kernelspecs.NEWEST, "7.3.0", "6.30.1")

STRIKE = """
import signal, sys

def raise_it():
    signal.raise_signal(signal.SIGINT)
"""
# Each interrupts once, at one moment of the first %%llm of a kernel.
MOMENTS = {
    "while what draws is imported": """
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "anywidget":
            sys.meta_path.remove(self)
            raise_it()

sys.meta_path.insert(0, Finder())
""",
    "while the model is looked up": """
import nbstream.magics.prepared as turn
before = turn.stream
def stream(*given, **named):
    turn.stream = before
    raise_it()
    return before(*given, **named)
turn.stream = stream
""",
    "while the widget is made": """
from ipywidgets import Widget
before = Widget.open
def open_(self):
    Widget.open = before
    raise_it()
    before(self)
Widget.open = open_
""",
    "while it is displayed": """
import nbstream.widget.live_display as live
before = live.display
def display(*given, **named):
    live.display = before
    raise_it()
    before(*given, **named)
live.display = display
""",
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS.keys())
def test_an_interrupt_before_the_answer_starts_binds_an_empty_answer(
    kernel: StartKernel, version: str, moment: str
) -> None:
    one = kernel(version, env={"NBSTREAM_DISPLAY": "live"})
    one.check(f"%load_ext nbstream\nmine = 'old'\n{STRIKE}")
    one.check(moment)
    one.check("'old too'")
    cell = one.run("%%llm -m openai-chat/slowstart-60 -o mine\nhi")
    assert (cell.status, cell.ename) == ("error", "KeyboardInterrupt")
    assert "the answer so far is in mine" in cell.traceback
    assert len(cell.traceback.splitlines()) <= 2
    printed = one.check(
        "print(_ is mine, mine.finish_reason, mine.is_interrupted, mine.text == '')"
    )
    assert printed.stdout == "True cancelled True True\n"
    assert [*cell.displays[0]][1:], "it is shown nevertheless"
    assert "interrupted" in cell.displays[0]["text/plain"]


def test_a_second_interrupt_is_not_deferred(kernel: StartKernel) -> None:
    one = kernel("7.3.0")
    one.check(f"from nbstream.display.interrupts import defer_interrupt{STRIKE}")
    cell = one.run(
        "with defer_interrupt():\n    raise_it()\n    print('on')\n    raise_it()\n    print('off')"
    )
    assert cell.ename == "KeyboardInterrupt"
    assert cell.stdout == "on\n"
    assert one.check("print(signal.getsignal(signal.SIGINT).__name__)").stdout != "strike\n"


@pytest.mark.parametrize("version", VERSIONS)
def test_an_interrupt_of_a_bare_stream_in_a_headless_run_stops_the_model(
    kernel: StartKernel, llm_server: LLMServer, version: str
) -> None:
    one = kernel(version)
    model = f"paced-5000-{81 + VERSIONS.index(version)}"
    one.check("import nbstream")
    cell = one.start(f"nbstream.stream('openai-chat/{model}', 'hi')")
    one.until(lambda: llm_server.of(model), cell)
    one.pump(0.5)
    one.interrupt()
    one.wait(cell)
    assert cell.ename == "KeyboardInterrupt"
    assert len(cell.traceback.splitlines()) <= 2
    assert llm_server.of(model)[-1].wait().disconnected is not None
    assert "interrupted" in cell.displays[0]["text/markdown"]
    assert one.check("print(_.finish_reason, _.is_complete)").stdout == "cancelled True\n"
