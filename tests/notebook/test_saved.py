"""A notebook that was executed and saved: what others see, without a network."""

import re
from pathlib import Path

import nbclient
import nbformat
import pytest
from nbconvert.exporters import HTMLExporter, MarkdownExporter
from playwright.sync_api import Browser

from tests.conftest import OpenNotebook
from tests.harness.llm_scripts import say
from tests.harness.llm_server import LLMServer

ANSWER = "# Sky\n\nIt is **blue** because `a < b` & so on.\n\n<script>document.title='x'</script>\n"


def cells() -> list[str]:
    return ["%load_ext nbstream", f"%%llm -m openai-chat/{say(ANSWER)}\nhi", "_.text"]


@pytest.fixture
def executed(llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> nbformat.NotebookNode:
    """A notebook executed as nbclient, papermill and `nbconvert --execute` do it."""
    for name, value in llm_server.env.items():
        monkeypatch.setenv(name, value)
    notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells()]
    )
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    return notebook


@pytest.fixture
def saved(notebook: OpenNotebook) -> nbformat.NotebookNode:
    """A notebook that was run and saved in JupyterLab."""
    page = notebook(cells())
    page.run_all()
    node: nbformat.NotebookNode = nbformat.from_dict(page.save())
    return node


def check_pages(notebook: nbformat.NotebookNode, browser: Browser, folder: Path) -> None:
    """Check that both exports show the answer, and that the page sends no request."""
    markdown, _ = MarkdownExporter().from_notebook_node(notebook)
    assert "<strong>blue</strong>" in markdown or "**blue**" in markdown
    page_html, _ = HTMLExporter().from_notebook_node(notebook)
    path = folder / "page.html"
    path.write_text(page_html, encoding="utf-8")
    page = browser.new_page()
    page.route(re.compile("^https?:"), lambda route: route.abort())
    page.goto(path.as_uri())
    shown = page.locator(".jp-OutputArea-output").first
    shown.wait_for()
    assert "It is blue because a < b & so on." in shown.inner_text()
    assert shown.locator("h1").inner_text().startswith("Sky")
    assert "<script>" in shown.inner_text(), "the model's HTML is text"
    assert page.title() != "x"
    page.close()


def test_a_headless_run_leaves_static_output_that_exports(
    executed: nbformat.NotebookNode, browser: Browser, tmp_path: Path
) -> None:
    outputs = executed.cells[1].outputs
    assert [sorted(output.data) for output in outputs] == [
        ["text/html", "text/markdown", "text/plain"]
    ]
    shown = ANSWER.replace("<script", "&lt;script").replace("</script", "&lt;/script")
    assert outputs[0].data["text/markdown"] == shown, "raw HTML is text there too"
    assert "widgets" not in executed.metadata
    check_pages(executed, browser, tmp_path)


def test_a_notebook_saved_in_the_browser_exports(
    saved: nbformat.NotebookNode, browser: Browser, tmp_path: Path
) -> None:
    outputs = saved.cells[1].outputs
    assert [sorted(output.data) for output in outputs] == [
        ["text/html", "text/markdown", "text/plain"]
    ]
    check_pages(saved, browser, tmp_path)


def test_nothing_secret_is_saved(
    saved: nbformat.NotebookNode, executed: nbformat.NotebookNode, llm_server: LLMServer
) -> None:
    for notebook in (saved, executed):
        text = nbformat.writes(notebook)
        assert llm_server.env["OPENAI_API_KEY"] not in text


def test_a_headless_run_has_limits() -> None:
    cell = nbformat.v4.new_code_cell("import nbstream\nprint(nbstream.Timeouts().total)")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    assert notebook.cells[0].outputs[0].text == "7200.0\n"
