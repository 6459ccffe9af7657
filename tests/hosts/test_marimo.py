"""Streams in a marimo app, in a real browser."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.harness import styles
from tests.harness.hosts import HostServer, Outside
from tests.harness.llm_server import LLMServer
from tests.harness.page import OPEN

APP = """
import marimo

app = marimo.App()

@app.cell
def _():
    import nbstream
    nbstream.stream("openai-chat/talk-160", "hi")

@app.cell
def _(nbstream):
    nbstream.StreamWidget(nbstream.stream("openai-chat/talk-161", "hi"))

if __name__ == "__main__":
    app.run()
"""


def test_a_stream_draws_itself(browser: Browser, llm_server: LLMServer, tmp_path: Path) -> None:
    """As a cell's last line, like a widget: it grows, is stopped, and ends."""
    notebook = tmp_path / "app.py"
    notebook.write_text(APP)
    page = browser.new_context().new_page()
    with HostServer(tmp_path, "marimo", notebook, llm_server.env) as server:
        outside = Outside(page, server.url)
        page.goto(server.url, timeout=OPEN * 1000)
        views = page.locator(".nbstream")
        expect(views.locator(".nbstream-text")).to_have_count(2, timeout=OPEN * 1000)
        views.nth(1).locator(".nbstream-stop").click()
        expect(views.nth(1)).to_have_attribute("data-status", "stopped")
        assert not llm_server.of("talk-160")[-1].over.is_set()
        said = llm_server.hush("talk-160")
        expect(views.nth(0)).to_have_attribute("data-status", "done")
        expect(views.nth(0).locator(".nbstream-text")).to_have_text(said.strip())
        assert styles.from_host(page) == []
    assert outside.urls == []
    page.context.close()
