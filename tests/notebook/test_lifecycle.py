"""An answer in JupyterLab whose tab, connection or server goes away and comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.conftest import OpenNotebook
from tests.harness.browser import VIEWPORT
from tests.harness.llm_server import LLMServer
from tests.harness.page import NOTEBOOK, NotebookPage
from tests.harness.server import JupyterServer

LOAD = "%load_ext nbstream\nimport nbstream"
BACKGROUND = "nbstream.stream('openai-chat/{}', 'hi')"
BLOCKING = "%%llm -m openai-chat/{}\nhi"
SILENT = "The kernel does not respond."
ENDED = "The kernel ended before the answer did."
UNFINISHED = "not finished when this was written"

OPEN_ON_KERNEL = """([path, kernel]) => window.jupyterapp.commands
    .execute('docmanager:open', {path, kernel: {id: kernel}}).then(() => null)"""
RUN_LAST = """async () => {
  const last = [...window.jupyterapp.shell.widgets('main')].at(-1);
  await last.context.ready;
  await last.sessionContext.ready;
  window.jupyterapp.shell.activateById(last.id);
  void window.jupyterapp.commands.execute('notebook:run-all-cells');
}"""


class Connection:
    """The WebSockets between a page and its kernel, which a test can cut."""

    def __init__(self, page: NotebookPage) -> None:
        self._open: list[tuple[WebSocketRoute, WebSocketRoute]] = []
        self._down = False
        page.page.route_web_socket("**/channels*", self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        if self._down:
            socket.close(code=1011)
        else:
            self._open.append((socket, socket.connect_to_server()))

    def cut(self) -> None:
        """Close every connection, and refuse new ones."""
        self._down = True
        for page, server in self._open:
            server.close()
            page.close(code=1011)
        self._open = []

    def restore(self) -> None:
        """Accept connections again; the page tries by itself."""
        self._down = False


def streamed(page: NotebookPage) -> None:
    """Run both cells, and wait until the second shows text."""
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function("document.querySelector('.nbstream-text')?.textContent.length > 50")


def expect_texts(page: NotebookPage, *texts: str) -> None:
    """Wait until the views of the page show these answers."""
    shown = page.page.locator(".nbstream-text")
    page.until(lambda: shown.all_text_contents() == [text.strip() for text in texts])
    expect(page.page.locator(".nbstream-error")).to_have_count(0)
    assert page.errors == []


def expect_saved(page: NotebookPage, text: str) -> None:
    """Wait until the output has the whole answer and no widget."""
    page.until(lambda: "text/markdown" in page.models()[1][0]["data"])
    data = page.save()["cells"][1]["outputs"][0]["data"]
    assert data["text/plain"] == text
    assert UNFINISHED not in data["text/html"]


@pytest.mark.parametrize("ends", ["after the tab is open again", "before"])
def test_a_tab_that_is_closed_and_opened_again(
    notebook: OpenNotebook, llm_server: LLMServer, ends: str
) -> None:
    model = f"talk-{140 + (ends == 'before')}"
    page = notebook([LOAD, BACKGROUND.format(model)])
    streamed(page)
    page.save()
    page.command("application:close")
    expect(page.page.locator(".nbstream")).to_have_count(0)
    said = llm_server.hush(model) if ends == "before" else ""
    page.command("docmanager:open", path=page.name)
    page.page.wait_for_selector(".nbstream-text")
    expect_texts(page, said or llm_server.hush(model))
    expect_saved(page, said or llm_server.hush(model))


def test_a_second_view_of_the_notebook(notebook: OpenNotebook, llm_server: LLMServer) -> None:
    """New View for Notebook, in the middle; one of the two is closed after the end."""
    page = notebook([LOAD, BACKGROUND.format("talk-142")])
    streamed(page)
    page.command("docmanager:clone")
    expect(page.page.locator(".nbstream-text")).to_have_count(2)
    said = llm_server.hush("talk-142")
    expect_texts(page, said, said)
    page.command("application:close")
    expect_texts(page, said)
    expect_saved(page, said)


@pytest.mark.parametrize("cell", [BACKGROUND, BLOCKING], ids=["background", "blocking"])
def test_a_cut_connection(notebook: OpenNotebook, llm_server: LLMServer, cell: str) -> None:
    """The answer ends while the page is cut off; another page keeps the server from buffering."""
    model = f"talk-{143 + (cell is BLOCKING)}"
    page = notebook([LOAD, cell.format(model)], start=False)
    connection = Connection(page)
    page.open()
    streamed(page)
    if cell is BACKGROUND:
        page.save()
        NotebookPage(page.page.context.new_page(), page.server, page.name).open(wait=False)
    connection.cut()
    expect(page.output(1).locator(".nbstream-waiting-words")).to_have_text("Reconnecting…")
    said = llm_server.hush(model)
    connection.restore()
    expect_texts(page, said)
    page.wait_idle()
    expect_saved(page, said)


def test_two_notebooks_on_one_kernel(notebook: OpenNotebook, llm_server: LLMServer) -> None:
    page = notebook([LOAD, BACKGROUND.format("talk-145")])
    other = notebook([LOAD, BACKGROUND.format("talk-146")], start=False)
    streamed(page)
    page.save()
    kernel = page.page.evaluate(f"{NOTEBOOK}.sessionContext.session.kernel.id")
    page.page.evaluate(OPEN_ON_KERNEL, [other.name, kernel])
    page.page.evaluate(RUN_LAST)
    views = page.page.locator(".nbstream[data-status=streaming] .nbstream-text")
    expect(views).to_have_count(2)
    # JupyterLab gives the messages of widgets to the first notebook only.
    page.page.evaluate(f"window.jupyterapp.shell.activateById({NOTEBOOK}.id)")
    page.command("application:close")
    expect(page.page.locator(".nbstream-error-title")).to_have_text(SILENT)
    said = [llm_server.hush(model) for model in ("talk-145", "talk-146")]
    # Python's last update reaches the second notebook's output, so it shows the whole answer.
    expect(page.output(1)).to_contain_text(said[1].strip())
    expect(page.page.locator(".nbstream-error")).to_have_count(0)
    page.command("docmanager:open", path=page.name)
    page.page.wait_for_selector(".nbstream-text")
    page.until(lambda: said[0].strip() in page.page.locator(".nbstream-text").all_text_contents())
    assert page.errors == []


@pytest.fixture
def own(browser: Browser, llm_server: LLMServer, tmp_path: Path) -> Iterator[NotebookPage]:
    """A notebook on a server of its own, which the test may end."""
    with JupyterServer(tmp_path, env=llm_server.env) as server:
        context = browser.new_context(viewport=VIEWPORT)
        yield NotebookPage(context.new_page(), server, "own.ipynb")
        context.close()


def test_a_server_that_is_restarted(own: NotebookPage, llm_server: LLMServer) -> None:
    """JupyterLab tries to connect again after pauses of up to a minute, which are skipped here."""
    own.page.clock.install()
    own.write([LOAD, BACKGROUND.format("talk-147")])
    own.open()
    streamed(own)
    own.server.close()
    expect(own.output(1).locator(".nbstream-waiting-words")).to_have_text("Reconnecting…")
    had = own.output(1).locator(".nbstream-text").text_content() or ""
    own.server.start_again()
    error = own.output(1).locator(".nbstream-error-title")

    def ended() -> bool:
        own.page.clock.fast_forward(2_000)
        return error.all_text_contents() == [ENDED]

    own.until(ended)
    assert own.output(1).locator(".nbstream-text").text_content() == had
    own.until(lambda: UNFINISHED in str(own.save()["cells"][1]))
    llm_server.hush("talk-147")
    own.reload()
    expect(own.output(1)).to_contain_text(had)
    expect(own.output(1)).to_contain_text(UNFINISHED)
    assert own.errors == []
