"""JupyterLab's search in outputs, while an answer streams and after it."""

from playwright.sync_api import expect

from tests.conftest import OpenNotebook
from tests.harness.llm_server import LLMServer
from tests.harness.page import NotebookPage

MODEL = "talk-107"
FOUND = ".nbstream-text mark"


def search_outputs(page: NotebookPage, words: str, cell: int) -> None:
    """Press Ctrl+F in a cell, and search in the outputs too."""
    page.cell(cell).locator(".cm-content").click()
    page.page.keyboard.press("Control+f")
    box = page.page.locator(".jp-DocumentSearch-overlay")
    box.locator("textarea, input[type=text]").first.fill(words)
    box.locator('[title*="filter" i]').first.click()
    box.get_by_text("Search Cell Outputs").click()


def test_an_answer_that_is_searched_while_it_streams_is_whole(
    notebook: OpenNotebook, llm_server: LLMServer
) -> None:
    page = notebook(["%load_ext nbstream", f"%%llm -m openai-chat/{MODEL}\nhi", "'here'"])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    text = page.output(1).locator(".nbstream-text")
    expect(text).to_contain_text("0050")
    # The search finds "1" in the text that grows, and in the time, which the page replaces.
    search_outputs(page, "1", 2)
    expect(page.page.locator(FOUND).first).to_be_visible()
    expect(text).to_contain_text("0400")
    assert not llm_server.of(MODEL)[-1].over.is_set(), "the marks were there while it streamed"
    said = llm_server.hush(MODEL)
    page.wait_idle()
    expect(text).to_have_text(said.strip())
    expect(page.page.locator(FOUND)).to_have_count(said.count("1"))
    assert page.errors == [], "JupyterLab's search fails where its marks vanish"
    page.page.keyboard.press("Escape")
    expect(page.page.locator(FOUND)).to_have_count(0)
    expect(text).to_have_text(said.strip())
