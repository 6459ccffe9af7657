"""A page that was busy when its widgets began, so that anywidget refuses their messages."""

from tests.conftest import OpenNotebook
from tests.harness.llm_server import LLMServer

LOAD = "%load_ext nbstream\nimport nbstream"
EIGHT = """\
from nbstream.testing import ScriptedModel
answers = [nbstream.stream(ScriptedModel(f"Answer {n}."), "hi") for n in range(8)]
for answer in answers:
    answer.until_done()
    display(nbstream.StreamWidget(answer))
"""

# As after two seconds of other work: anywidget gives each widget that time to start.
GAVE_UP = """
const timeout = AbortSignal.timeout;
AbortSignal.timeout = (ms) => {
  if (ms !== 2000) return timeout.call(AbortSignal, ms);
  const over = new AbortController();
  queueMicrotask(() => over.abort());
  return over.signal;
};
"""


def test_answers_in_a_page_that_was_busy(notebook: OpenNotebook, llm_server: LLMServer) -> None:
    page = notebook([LOAD, "nbstream.stream('openai-chat/talk-230', 'hi')", EIGHT], start=False)
    page.page.add_init_script(GAVE_UP)
    page.open()
    page.run_cell(0)
    page.run_cell(1, wait=False)
    growing = page.output(1).locator(".nbstream-text")
    page.until(lambda: len("".join(growing.all_text_contents())) > 20)
    page.run_cell(2)
    finished = page.output(2).locator('.nbstream[data-status="done"] .nbstream-text')
    texts = [f"Answer {n}." for n in range(8)]
    page.until(lambda: finished.all_text_contents() == texts)
    page.save()
    page.reload()
    page.until(lambda: finished.all_text_contents() == texts)
    said = llm_server.hush("talk-230")
    page.until(lambda: growing.all_text_contents() == [said.strip()])
    page.until(lambda: "text/markdown" in page.models()[1][0]["data"])
    assert page.errors == []
