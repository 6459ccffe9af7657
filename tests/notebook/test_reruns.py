"""A cell that is run again lets go of what its last run has shown."""

import pytest

from tests.conftest import OpenNotebook, StartKernel
from tests.harness import kernelspecs
from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer
from tests.harness.patience import until
from tests.harness.server import JupyterServer

RUNS = 20

COUNT = """
import gc, ipywidgets, nbstream
from comm import get_comm_manager
from nbstream.streams.state import StreamState
gc.collect()
print(
    sum(isinstance(one, nbstream.StreamWidget) for one in gc.get_objects()),
    len(ipywidgets.widgets.widget._instances),
    len(get_comm_manager().comms),
    sum(isinstance(one, StreamState) for one in gc.get_objects()),
)
"""
ANSWERS = f"""
%load_ext nbstream
from nbstream import StreamWidget, register_model, stream
from nbstream.testing import ScriptedModel
register_model(ScriptedModel(*["Hello, you."] * {2 * RUNS}, name="polite"))
"""


def counts(shell: Kernel) -> list[int]:
    """Widgets, registered widgets (with their layouts), comms, and streams."""
    return [int(each) for each in shell.check(COUNT, cell_id="count").stdout.split()]


def until_left(shell: Kernel, widgets: int) -> None:
    """Wait until so many are left: on another thread one may just be let go of."""
    until(lambda: counts(shell)[0] == widgets)


def start(kernel: StartKernel, version: str | None = None) -> Kernel:
    """A kernel with a model that answers at once, and with a page."""
    one = kernel(version, env={"NBSTREAM_DISPLAY": "live"})
    one.check(ANSWERS)
    return one


@pytest.fixture
def shell(kernel: StartKernel) -> Kernel:
    return start(kernel)


@pytest.mark.parametrize(
    ("cell", "held"),
    [
        ("%%llm -m test/polite -o answer\nhi", RUNS),
        ("display(StreamWidget(stream('test/polite', 'hi')))", 1),
        ("StreamWidget(stream('test/polite', 'hi'))", RUNS),
        ("w = StreamWidget(stream('test/polite', 'hi'))\ndisplay(w)", 1),
        ("s = stream('test/polite', 'hi')\ndisplay(s)\ns.until_done()", 1),
    ],
)
def test_twenty_runs_leave_one_widget(shell: Kernel, cell: str, held: int) -> None:
    for _ in range(RUNS):
        shell.check(cell, cell_id="asked")
    until(lambda: counts(shell)[1:] == [2, 2, held])  # the widget and its layout


HOLD = """
import ipywidgets
def ask(): return StreamWidget(stream("test/polite", "hi"))
kept, listed, boxed = ask(), [ask()], ipywidgets.VBox([ask()])
display(kept, listed[0], boxed.children[0], ask())
"""
WHICH = "print(kept.is_open, listed[0].is_open, boxed.children[0].is_open)"


@pytest.mark.parametrize("version", kernelspecs.VERSIONS)
def test_twenty_runs_of_a_prompt_leave_one_widget(kernel: StartKernel, version: str | None) -> None:
    shell = start(kernel, version)
    for _ in range(RUNS):
        shell.check("%%llm -m test/polite\nhi", cell_id="asked")
    until(lambda: counts(shell)[1:] == [2, 2, RUNS])  # the streams are values, and Out has them
    assert shell.check("print(Out[2].text, Out[20].text)").stdout == "Hello, you. Hello, you.\n"


def test_what_is_held_stays_open_until_it_is_let_go(shell: Kernel) -> None:
    shell.check(HOLD, cell_id="first")
    before = counts(shell)[0]
    assert before == 4
    shell.check("1", cell_id="first")
    assert shell.check(WHICH, cell_id="other").stdout == "True True True\n"
    until_left(shell, 3)  # the fourth was not held
    shell.check("del kept, listed", cell_id="other")
    shell.check("boxed.close(); del boxed", cell_id="other")
    until_left(shell, 0)


def test_what_another_cell_shows_stays_open(shell: Kernel) -> None:
    shell.check("w = StreamWidget(stream('test/polite', 'hi'))\ndisplay(w)", cell_id="first")
    shell.check("display(w)", cell_id="second")
    shell.check("del w", cell_id="first")
    until_left(shell, 1)
    shell.check("1", cell_id="second")
    until_left(shell, 0)


COMM_MESSAGE = """
import threading
def arrive():
    ip = get_ipython()
    header = {"msg_id": "other", "msg_type": "comm_msg"}
    ip.kernel.set_parent([b""], {"header": header, "metadata": {}})
    ip.events.trigger("pre_execute")  # as the comm package does for each message
    ip.events.trigger("post_execute")
"""
SHOW = "display(StreamWidget(stream('test/polite', 'hi')))"
ARRIVE = "one = threading.Thread(target=arrive); one.start(); one.join(); del one"


def test_a_comm_message_while_a_cell_runs_closes_nothing(shell: Kernel) -> None:
    shell.check(COMM_MESSAGE, cell_id="setup")
    shell.check(f"{SHOW}\n{ARRIVE}\n{SHOW}", cell_id="first")
    until_left(shell, 2)
    shell.check("1", cell_id="first")
    until_left(shell, 0)


def test_a_deleted_cell_lets_go(shell: Kernel) -> None:
    shell.check("display(StreamWidget(stream('test/polite', 'hi')))", cell_id="first")
    shell.wait(shell.start("1", cell_id="second", deleted=["first"]))
    until_left(shell, 0)


def test_a_closed_widget_in_out_is_shown_anew(shell: Kernel) -> None:
    shell.check("StreamWidget(stream('test/polite', 'hi'))", cell_id="first")
    shell.check("Out[2].stream.until_done();", cell_id="other")
    shell.check("1", cell_id="first")
    assert shell.check("print(Out[2].is_open)").stdout == "False\n"
    shown = shell.check("Out[2]", cell_id="second")
    assert shown.displays[0]["text/plain"] == "Hello, you."


def test_a_stream_that_is_let_go_ends(shell: Kernel, llm_server: LLMServer) -> None:
    name = f"paced-5000-{60 + len(llm_server.requests)}"
    asks = f"display(StreamWidget(stream('openai-chat/{name}', 'hi')))"
    asked = shell.check(asks, cell_id="first")
    shell.until(lambda: llm_server.of(name), asked)
    request = llm_server.of(name)[-1]
    shell.check("1", cell_id="first")
    assert request.wait().disconnected is not None


@pytest.mark.parametrize("holder", ["held = s", "words = s.text_stream; next(words)"])
def test_a_stream_that_is_used_goes_on(shell: Kernel, llm_server: LLMServer, holder: str) -> None:
    name = f"paced-400-{60 + len(llm_server.requests)}"
    asked = shell.check(
        f"s = stream('openai-chat/{name}', 'hi')\n{holder}\ndisplay(StreamWidget(s))\ndel s",
        cell_id="first",
    )
    shell.until(lambda: llm_server.of(name), asked)
    request = llm_server.of(name)[-1]
    shell.check("1", cell_id="first")
    assert request.wait().disconnected is None


def test_a_notebook_saved_with_widget_state_holds_only_what_it_shows(
    notebook: OpenNotebook, lab: JupyterServer
) -> None:
    lab.set_settings({"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}})
    page = notebook(
        [ANSWERS, "%%llm -m test/polite\nhi", "StreamWidget(stream('test/polite', 'hi'))"]
    )
    page.run_cell(0)
    for _ in range(4):
        page.run_cell(1)
        page.run_cell(2)
    page.until(lambda: "Hello, you." in page.output(2).inner_text())
    saved = page.save()["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]
    models = [model["model_name"] for model in saved["state"].values()]
    assert sorted(models) == ["AnyModel", "AnyModel", "LayoutModel", "LayoutModel"]
