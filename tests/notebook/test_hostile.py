"""Hostile texts in each kind of part: live, saved and converted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cmarkgfm
import nbformat
import pytest
from cmarkgfm.cmark import Options
from nbconvert.exporters import MarkdownExporter
from playwright.sync_api import Browser, Locator, Page, Request, expect

from nbstream.display import bundle
from nbstream.progress import static
from tests.conftest import OpenNotebook, StartServer
from tests.gallery.pages import SETTINGS
from tests.harness import converted
from tests.harness.hostile import AUDIT, mapped, streams
from tests.harness.page import NOTEBOOK
from tests.notebook.test_reopened import leave, no_kernels

ROOT = Path(__file__).parent.parent.parent
BEGIN = f"""\
%load_ext nbstream
import sys; sys.path.insert(0, {str(ROOT)!r})
from tests.harness.hostile import mapped, streams
answers = streams()"""
WAIT = 120_000  # milliseconds: some thousand parts are drawn
STYLE = """() => JSON.stringify([document.body, document.querySelector('.jp-Cell, p, div')].map(
    el => { const s = getComputedStyle(el); return [s.color, s.font, s.position, s.margin]; }))"""


@contextmanager
def quiet(page: Page, own: str = "file:") -> Iterator[None]:
    """Check that the page asks for nothing that a text names, and opens nothing."""
    asked: list[str] = []

    def note(request: Request) -> None:
        url = request.url
        if not url.startswith((own, "data:", "blob:")) or "evil" in url or "shutdown" in url:
            asked.append(url)

    page.on("request", note)
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    page.on("popup", lambda popup: asked.append(popup.url))
    before = page.url
    yield
    assert asked == []
    if not before.startswith("about:"):
        assert page.url == before


def audit(outputs: list[Locator]) -> list[str]:
    """What should not be in these outputs."""
    return sorted({one for output in outputs for one in output.evaluate(AUDIT)})


@pytest.fixture(scope="module")
def saved() -> nbformat.NotebookNode:
    """A notebook whose cells have the answers as their outputs."""
    cells = []
    for stream in streams():
        stream.wait()
        output = nbformat.v4.new_output("display_data", data=bundle(stream))
        cells.append(nbformat.v4.new_code_cell("answer", outputs=[output]))
    job = mapped()
    job.wait()
    output = nbformat.v4.new_output("display_data", data=static.bundle(job))
    cells.append(nbformat.v4.new_code_cell("map", outputs=[output]))
    notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells)
    return notebook


def opened(browser: Browser, path: Path, text: str) -> Page:
    """A page with this text, opened as a file without a network."""
    path.write_text(text, encoding="utf-8")
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    with quiet(page):
        page.goto(path.as_uri())
        page.wait_for_load_state("load")
    return page


def test_static_html_opened_as_a_file(
    saved: nbformat.NotebookNode, browser: Browser, tmp_path: Path
) -> None:
    pages = [cell.outputs[0].data["text/html"] for cell in saved.cells]
    body = "".join(f'<div class="answer">{page}</div>' for page in pages)
    page = opened(browser, tmp_path / "a.html", f"<!doctype html><meta charset=utf-8><p>{body}")
    assert page.locator(".answer").count() == len(pages), "no answer ends an element around it"
    with quiet(page):
        assert audit(page.locator(".answer").all()) == []
    page.close()


def test_the_html_of_nbconvert(
    saved: nbformat.NotebookNode, browser: Browser, tmp_path: Path
) -> None:
    page = opened(browser, tmp_path / "page.html", converted.html(saved))
    with quiet(page):
        converted.draw_formulas(page)
        outputs = page.locator(".jp-OutputArea-output").all()
        assert len(outputs) == len(saved.cells)
        assert audit(outputs) == []
    page.close()


def test_the_markdown_of_nbconvert(
    saved: nbformat.NotebookNode, browser: Browser, tmp_path: Path
) -> None:
    """As a forge renders it, but with all raw HTML."""
    text, _ = MarkdownExporter().from_notebook_node(saved)
    html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    page = opened(browser, tmp_path / "page.html", f"<meta charset=utf-8><main>{html}</main>")
    with quiet(page):
        page.wait_for_load_state("load")
        assert audit([page.locator("main")]) == []
    page.close()


def test_live_and_reopened_in_jupyterlab(notebook: OpenNotebook, jupyter: StartServer) -> None:
    count = len(streams())
    lab = jupyter("lab", SETTINGS)  # all cells are in the page
    cells = [BEGIN, *(f"answers[{at}]" for at in range(count)), "job = mapped()\njob"]
    page = notebook(cells, server=lab)
    page.run_cell(0)
    style = page.page.evaluate(STYLE)
    with quiet(page.page, lab.url):
        for at in range(1, count + 1):
            page.run_cell(at, wait=False)
            failed = page.output(at).locator(".nbstream[data-status=failed]")
            expect(failed).to_have_count(1, timeout=WAIT)
            assert audit([page.output(at)]) == []
        page.run_cell(count + 1, wait=False)
        ended = page.output(count + 1).locator(".nbstream-map[data-status=done]")
        expect(ended).to_have_count(1, timeout=WAIT)
        for at in (1, 8):
            ended.locator(".nbstream-cell").nth(at).click()
            expect(ended.locator(".nbstream-pane-number")).to_have_text(f"Prompt {at + 1}")
            assert audit([page.output(count + 1)]) == []
        assert page.page.evaluate(STYLE) == style, "the page keeps its style"
    assert page.errors == []
    page.wait_idle()
    cells = page.save()["cells"]
    leave(page)
    others = notebook(cells, server=lab, start=False)  # another file, whose cells were not run here
    for one, is_trusted in ((page, True), (others, False)):
        no_kernels(one.page)
        one.open(wait=False)
        with quiet(one.page, one.server.url):
            titles = one.page.locator(".jp-Notebook").get_by_text("ProviderError", exact=True)
            expect(titles).to_have_count(count)
            assert one.page.evaluate(f"{NOTEBOOK}.content.widgets[1].model.trusted") == is_trusted
            expect(one.page.locator(".jp-Notebook mjx-container").first).to_be_attached()
            assert audit([one.output(at) for at in range(1, count + 2)]) == []
