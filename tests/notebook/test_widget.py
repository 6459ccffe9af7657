"""A widget in a real kernel: closed, with text that cannot be encoded, and unfinished."""

import pytest

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer

STATIC = ["text/html", "text/markdown", "text/plain"]
BROKEN = r"""
%load_ext nbstream
import nbstream
from nbstream.testing import ScriptedModel
model = ScriptedModel("a\ud83db", "a\ud83db", name="m").register()
"""


@pytest.fixture
def live(kernel: StartKernel) -> Kernel:
    """A kernel with the extension assuming a browser."""
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check("import nbstream\nfrom nbstream import StreamWidget")
    return one


def test_an_unpaired_surrogate_is_shown_as_a_replacement_character(live: Kernel) -> None:
    live.check(BROKEN)
    blocked = live.check("%%llm -m test/m -o answer\nhi")
    background = live.check("nbstream.stream('test/m', 'hi')")
    live.until(lambda: background.updates, background)
    for cell in (blocked, background):
        assert cell.displays[0]["text/plain"] == "a\ufffdb"
        assert "a\ufffdb" in str(cell.comms)
    printed = live.check(r"print(answer.text == 'a\ud83db')")
    assert printed.stdout == "True\n", "the value keeps the text of the model"


def test_a_closed_widget_is_displayed_as_a_new_one(live: Kernel) -> None:
    live.check("s = nbstream.stream('openai-chat/paced-5-100', 'hi')\nw = StreamWidget(s)")
    live.check("s.until_done()\nold = w.model_id\nw.close()")
    for shown in ("w", "display(w)"):
        cell = live.check(shown)
        assert sorted(cell.displays[0]) == STATIC
        assert cell.displays[0]["text/plain"].startswith("0001 0002")
        new = cell.comms_opened[-1]["comm_id"]
        assert f'class="nbstream-at-{new} ' in cell.displays[0]["text/html"]


def test_a_widget_closed_in_the_middle_leaves_the_answer(
    live: Kernel, llm_server: LLMServer
) -> None:
    cell = live.check(
        "s = nbstream.stream('openai-chat/talk-57', 'hi')\nw = StreamWidget(s)\ndisplay(w)"
    )
    live.until(lambda: "0005" in str(cell.comms), cell)
    live.check("w.close()")
    said = llm_server.hush("talk-57")
    live.until(lambda: "text/html" in cell.displays[0], cell)
    assert sorted(cell.displays[0]) == STATIC, "a page could show nothing but a broken widget"
    assert cell.displays[0]["text/plain"] == said


def test_an_answer_that_ends_at_once_is_complete(live: Kernel) -> None:
    live.check(
        "before = StreamWidget.start\n"
        "def start(self):\n"
        "    future = before(self)\n"
        "    self.stream.wait()\n"
        "    return future\n"
        "StreamWidget.start = start"
    )
    cell = live.check("nbstream.stream('openai-chat/paced-3-1000', 'hi')")
    live.until(lambda: "text/html" in cell.displays[0], cell)
    assert cell.displays[0]["text/plain"] == "0001 0002 0003 "
