"""Focus and selection stay while the output of an answer changes."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook, StartServer
from tests.harness.llm_server import LLMServer
from tests.harness.page import NotebookPage
from tests.harness.server import App

SOONER = (
    "import nbstream\nfrom nbstream.widget import live_display as live\nlive._FIRST_UPDATE = 0.5"
)

HOLD = """() => {
  document.querySelector('.nbstream-stop').focus();
  const words = document.createTreeWalker(
    document.querySelector('.nbstream-text'), NodeFilter.SHOW_TEXT).nextNode();
  getSelection().setBaseAndExtent(words, 5, words, 14);
}"""

HELD = "[document.activeElement.className, getSelection().toString()]"


def wait_for_change(page: NotebookPage) -> None:
    """Wait until the output of cell 1 is replaced."""
    before = page.models()[1]
    page.until(lambda: page.models()[1] != before)


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_focus_and_selection_stay(
    notebook: OpenNotebook, jupyter: StartServer, llm_server: LLMServer, app: App
) -> None:
    model = f"talk-{135 + (app == 'notebook')}"
    page = notebook([SOONER, f"nbstream.stream('openai-chat/{model}', 'hi')"], server=jupyter(app))
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.until(lambda: "0005" in str(page.models()[1]))
    page.page.wait_for_selector(".nbstream-text p")
    page.page.evaluate(HOLD)
    for _ in range(2):
        wait_for_change(page)
        assert page.page.evaluate(HELD) == ["nbstream-stop", "0002 0003"]
    page.page.keyboard.press("Enter")
    expect(page.output(1).locator(".nbstream[data-status=stopped]")).to_be_visible()
    page.until(lambda: "text/markdown" in page.models()[1][0]["data"])
    assert page.page.evaluate(HELD) == ["nbstream-footer", "0002 0003"]
    llm_server.hush(model)
    assert page.errors == []
