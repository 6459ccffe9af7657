"""Streams in a page of Voila, in a real browser."""

from pathlib import Path

import nbformat
from playwright.sync_api import Browser, expect

from tests.harness import styles
from tests.harness.hosts import HostServer, Outside
from tests.harness.llm_scripts import text_of
from tests.harness.llm_server import LLMServer
from tests.harness.page import OPEN

CELLS = [
    "%load_ext nbstream\nimport nbstream",
    "%%llm -m openai-chat/paced-30-300\nhi",
    "nbstream.stream('openai-chat/talk-162', 'hi')",
    "nbstream.stream('openai-chat/talk-163', 'hi')",
]


def test_streams_are_live(browser: Browser, llm_server: LLMServer, tmp_path: Path) -> None:
    """One that a cell waits for, and two in the background; one of them is stopped."""
    path = tmp_path / "page.ipynb"
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    page = browser.new_context().new_page()
    with HostServer(tmp_path, "voila", path, llm_server.env) as server:
        outside = Outside(page, server.url)
        page.goto(server.url, timeout=OPEN * 1000)
        texts = page.locator(".nbstream-text")
        expect(texts).to_have_count(3, timeout=OPEN * 1000)
        expect(texts.nth(0)).to_have_text(text_of("paced-30-300").strip())
        views = page.locator(".nbstream")
        views.nth(2).locator(".nbstream-stop").click()
        expect(views.nth(2)).to_have_attribute("data-status", "stopped")
        assert not llm_server.of("talk-162")[-1].over.is_set()
        said = llm_server.hush("talk-162")
        expect(views.nth(1)).to_have_attribute("data-status", "done")
        expect(texts.nth(1)).to_have_text(said.strip())
        assert styles.from_host(page) == []
    # Voila's own page asks for its icons.
    assert [url for url in outside.urls if "fontawesome" not in url] == []
    page.context.close()
