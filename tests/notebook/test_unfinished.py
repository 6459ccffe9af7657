"""What an output contains during an answer. test_reopened has the later states."""

import pytest

from tests.conftest import StartKernel
from tests.harness.llm_server import LLMServer

WIDGET = "application/vnd.jupyter.widget-view+json"
NOTE = "not finished when this was written"
SOONER = "from nbstream.widget import live_display as live\nlive._FIRST_UPDATE = 0.5"


@pytest.mark.parametrize(
    ("cell", "model"),
    [
        ("nbstream.stream('openai-chat/talk-51', 'hi')", "talk-51"),
        ("%%llm -m openai-chat/talk-52\nhi", "talk-52"),
    ],
)
def test_the_output_has_the_partial_answer(
    kernel: StartKernel, llm_server: LLMServer, cell: str, model: str
) -> None:
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check(f"%load_ext nbstream\nimport nbstream\n{SOONER}")
    running = one.start(cell)
    one.until(lambda: running.displays, running)
    assert running.displays[0]["text/plain"] == f"[{NOTE}]"
    one.until(lambda: len(running.updates) >= 2, running)
    first, second = running.updates[:2]
    for update in (first, second):
        assert update.keys() == {WIDGET, "text/plain"}, "an image is not sent as often"
        assert update["text/plain"].startswith("0001 ")
        assert update["text/plain"].endswith(f"[{NOTE}]")
    assert len(second["text/plain"]) > len(first["text/plain"])
    said = llm_server.hush(model)
    one.until(lambda: "text/html" in running.displays[0], running)
    one.wait(running)
    one.pump(0.5)
    assert running.displays[0]["text/plain"] == said
    assert running.displays[0]["text/markdown"] == said


def test_an_idle_answer_changes_no_output(kernel: StartKernel) -> None:
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check(
        "import nbstream\n"
        "from nbstream.widget import live_display as live\nlive._FIRST_UPDATE = 0.05"
    )
    cell = one.check("s = nbstream.stream('openai-chat/slowstart-60', 'hi')\ns")
    one.pump(1.5)
    assert cell.updates == []
    one.check("s.close()")


@pytest.mark.parametrize(("answers", "model"), [(1, "talk-53"), (4, "talk-54")])
def test_the_output_becomes_html_at_once_unless_many_answers_begin_together(
    kernel: StartKernel, llm_server: LLMServer, answers: int, model: str
) -> None:
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check(
        "import nbstream\nfrom nbstream.widget import update_times\nupdate_times._BUSY = 3600"
    )
    for _ in range(answers):
        cell = one.check(f"s = nbstream.stream('openai-chat/{model}', 'hi')\ns")
    one.until(lambda: "0005" in str(cell.comms), cell)
    page_swaps = {"method": "custom", "content": {"t": "page_swaps"}}
    one.send_comm(cell.comms_opened[-1]["comm_id"], page_swaps)
    if answers == 1:
        one.until(lambda: cell.updates, cell)
        assert cell.updates[0].keys() == {"text/html"}
    one.check("0")  # the kernel has read the message
    before = len(cell.updates)
    llm_server.hush(model)
    one.until(lambda: "text/markdown" in cell.displays[0], cell)
    assert before == (answers == 1), "a page with many new answers has enough to draw"
    assert len(cell.updates) == before + 1
