"""Two readers of one notebook: with jupyter-collaboration and with jupyter-server-documents."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.harness.browser import VIEWPORT
from tests.harness.hosts import Host, variables
from tests.harness.llm_server import LLMServer
from tests.harness.page import NotebookPage
from tests.harness.server import JupyterServer

CELLS = [
    "%load_ext nbstream\nimport nbstream",
    "nbstream.stream('openai-chat/{0}', 'hi')",
    "%%llm -m openai-chat/{1}\nhi",
]

Open = Callable[[Host, list[str]], list[NotebookPage]]


@pytest.fixture
def readers(browser: Browser, llm_server: LLMServer, tmp_path: Path) -> Iterator[Open]:
    """Opens a notebook of these cells for two readers, on a server of its own."""
    contexts: list[BrowserContext] = []
    servers: list[JupyterServer] = []

    def start(host: Host, cells: list[str]) -> list[NotebookPage]:
        env = {**llm_server.env, **variables(host)}
        servers.append(JupyterServer(tmp_path, env=env))
        pages = []
        for _ in range(2):
            contexts.append(browser.new_context(viewport=VIEWPORT))
            pages.append(NotebookPage(contexts[-1].new_page(), servers[-1], "shared.ipynb"))
        pages[0].write(cells)
        for page in pages:
            page.open()
        return pages

    yield start
    for context in contexts:
        context.close()
    for server in servers:
        server.close()


def test_both_readers_see_the_answer_grow(readers: Open, llm_server: LLMServer) -> None:
    cells = [cell.format("talk-170", "talk-171") for cell in CELLS]
    one, other = readers("jupyter-collaboration", cells)
    one.run_cell(0)
    for index in (1, 2):
        one.run_cell(index, wait=False)
        for page in (one, other):
            expect(page.output(index).locator(".nbstream-text")).to_contain_text("0010")
    said = [llm_server.hush(model) for model in ("talk-170", "talk-171")]
    for page in (one, other):
        for index, text in enumerate(said, 1):
            expect(page.output(index)).to_contain_text(text.strip())
            page.until(lambda: "text/markdown" in str(page.models()[index]))  # noqa: B023
            assert len(page.models()[index]) == 1
            expect(page.output(index)).not_to_contain_text("not finished")
        assert page.errors == []


def test_a_cell_says_that_its_answer_comes(readers: Open, llm_server: LLMServer) -> None:
    """Where the server runs the cells, and widgets are not drawn."""
    cells = [cell.format("talk-172", "talk-173") for cell in CELLS]
    one, other = readers("jupyter-server-documents", cells)
    one.run_cell(0, wait=False)
    for index, model in enumerate(("talk-172", "talk-173"), 1):
        one.run_cell(index, wait=False)
        for page in (one, other):
            expect(page.output(index)).to_have_text(
                f"[openai-chat/{model} is answering: the answer appears here at its end]"
            )
        llm_server.wait_for(model)
        said = llm_server.hush(model)
        for page in (one, other):
            expect(page.output(index)).to_contain_text(said.strip())
    for page in (one, other):
        expect(page.output(2)).not_to_contain_text("is answering")
        assert page.errors == []
