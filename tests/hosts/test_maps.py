"""Maps in Notebook 7 and in VS Code's widget host: they draw, and Stop ends them."""

from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from tests.conftest import OpenNotebook, StartServer
from tests.harness.llm_server import LLMServer
from tests.harness.vscode import VSCodePage

MAP = (
    "import nbstream\n"
    "job = nbstream.map(['one', 'two', 'three'], 'openai-chat/talk-{}', concurrency=2)\n"
    "{}"
)


def stop_half_way(out: Locator) -> None:
    """See two answers arrive, open one, and press Stop."""
    cell = out.locator(".nbstream-cell")
    expect(cell).to_have_count(3)
    expect(out.locator(".nbstream-cell[data-kind=running]")).to_have_count(2)
    expect(out.locator(".nbstream-cell-text").first).to_contain_text("00")
    cell.first.click()
    expect(out.locator(".nbstream-pane .nbstream-text")).to_contain_text("0001")
    out.locator(".nbstream-stop:visible").first.click()
    expect(out.locator(".nbstream-map")).to_have_attribute("data-status", "stopped")
    expect(out.locator(".nbstream-facts")).to_contain_text("0 of 3 answered")
    expect(out.locator("table")).to_be_visible()


def test_in_notebook_7(notebook: OpenNotebook, jupyter: StartServer, llm_server: LLMServer) -> None:
    page = notebook(
        [MAP.format(190, "job.to_df()"), "print(len(job.results))"], server=jupyter("notebook")
    )
    page.run_cell(0, wait=False)
    stop_half_way(page.output(0))
    page.run_cell(1)
    assert page.texts()[1].strip() == "2"
    assert llm_server.of("talk-190")[-1].wait().disconnected
    assert page.errors == []


def test_in_vs_code(browser: Browser, llm_server: LLMServer, tmp_path: Path) -> None:
    """It sends no messages while a cell blocks; a cell that awaits receives them."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    with VSCodePage(context.new_page(), tmp_path, llm_server.env) as vscode:
        vscode.open()
        vscode.run(MAP.format(191, "await job\njob.df"), wait=False)
        stop_half_way(vscode.output(0))
        vscode.run("print(len(job.results))")
        expect(vscode.output(1)).to_have_text("2")
        assert llm_server.of("talk-191")[-1].wait().disconnected
        assert vscode.errors == []
    context.close()
