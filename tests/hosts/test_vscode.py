"""Answers in VS Code's widget host, in a real browser: live, stopped, and in its colours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.harness import contrast, styles
from tests.harness.hosts import Outside
from tests.harness.llm_server import LLMServer
from tests.harness.vscode import THEMES, VSCodePage

HOSTILE = Path(__file__).parent / "hostile.css"
REPOSITORY = Path(__file__).parents[2]
SETUP = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r})\nfrom tests.gallery.play import play"
SCENES = [
    *("markdown", "thinking", "tool-failed", "search", "files", "retry", "error"),
    *("object-invalid", "object-union", "table"),
]
STREAMING = ["markdown", "object"]
ASK = """
import nbstream
from nbstream.messages import ToolCallPart
from nbstream.testing import ScriptedModel
@nbstream.tool(requires_approval=True)
def order(product: str, tags: list[str]) -> str:
    return "ordered"
call = ToolCallPart("c", "order", '{"product": "tea", "tags": ["a"]}')
model = ScriptedModel(nbstream.assistant_message(call), "Done.")
nbstream.Agent(model, tools=[order]).run_stream("Order.")
"""
# Elements with nothing but a background, which has the colour of the page.
HIDDEN = """() => [...document.querySelectorAll('.nbstream [class^=nbform-bar-]')].filter(el =>
    getComputedStyle(el).backgroundColor === getComputedStyle(document.body).backgroundColor
    || getComputedStyle(el).forcedColorAdjust === 'auto').map(el => el.className)"""


@pytest.fixture
def vscode(browser: Browser, llm_server: LLMServer, tmp_path: Path) -> Iterator[VSCodePage]:
    """A page with no output, and its kernel."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    with VSCodePage(context.new_page(), tmp_path, llm_server.env) as page:
        yield page
    context.close()


def test_an_answer_is_live_and_is_stopped(vscode: VSCodePage, llm_server: LLMServer) -> None:
    outside = Outside(vscode.page, vscode.server.url)
    vscode.open()
    before = styles.of_host(vscode.page)
    vscode.run("%load_ext nbstream\nimport nbstream")
    vscode.run("nbstream.stream('openai-chat/talk-180', 'hi')", wait=False)
    vscode.run("%%llm -m openai-chat/talk-181 -o mine\nhi", wait=False)
    background, blocking = vscode.output(1), vscode.output(2)
    for output in (background, blocking):
        expect(output.locator(".nbstream-text")).to_contain_text("0010")
        expect(output.locator(".output")).to_have_attribute(
            "data-mime", "application/vnd.jupyter.widget-view+json"
        )
    blocking.locator(".nbstream-stop").click()
    expect(blocking.locator(".nbstream")).to_have_attribute("data-status", "stopped")
    vscode.run("print(mine.finish_reason)")
    expect(vscode.output(3)).to_have_text("cancelled")
    said = llm_server.hush("talk-180")
    expect(background.locator(".nbstream")).to_have_attribute("data-status", "done")
    # The saved output holds HTML; this page shows the view in its place.
    expect(background.locator(".output")).to_have_attribute("data-mime", "text/html")
    expect(background.locator(".nbstream-text")).to_have_text(said.strip())
    assert llm_server.of("talk-181")[-1].wait().disconnected
    assert styles.of_host(vscode.page) == before
    assert styles.from_host(vscode.page) == []
    assert outside.urls == []
    assert vscode.errors == []


def test_all_is_readable_in_all_colours(vscode: VSCodePage) -> None:
    """The live views and the static HTML, in VS Code's themes and in the system's colours.

    In its themes of high contrast, lines can be seen as well as texts.
    """
    page = vscode.page
    vscode.open()
    vscode.run(SETUP)
    for state, names in (("finished", SCENES), ("saved", SCENES), ("streaming", STREAMING)):
        for name in names:
            vscode.run(f"play({name!r}, {state!r})")
    vscode.run(ASK)
    live = page.locator(".nbstream")
    expect(live).to_have_count(len(SCENES) + len(STREAMING) + 1)
    expect(page.locator(".nbask-main")).to_be_visible()
    expect(page.locator(".nbstream pre .nbmd-hl-number").first).to_be_visible()
    found = {}
    for theme in THEMES:
        vscode.set_theme(theme)
        found[theme] = contrast.too_low(page, "#container")
        if theme.startswith("High Contrast"):
            found[theme] += contrast.faint_lines(page)
    vscode.set_system_theme()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found[scheme] = contrast.too_low(page, "#container")
    page.emulate_media(forced_colors="active")
    found["forced colours"] = contrast.too_low(page, "#container")
    assert page.evaluate(HIDDEN) == [], "what stands for values to come is shown"
    assert not any(found.values()), "\n".join(
        f"{look}: {row}" for look, rows in found.items() for row in rows
    )
    assert vscode.errors == []


def test_rules_for_all_elements_do_not_reach_a_view(vscode: VSCodePage) -> None:
    vscode.open("Light 2026")
    vscode.run(SETUP)
    shown = ["markdown", "object-invalid", "tool-failed"]
    for name in shown:
        vscode.run(f"play({name!r}, 'finished')")
    expect(vscode.page.locator(".nbstream pre .nbmd-hl-number").first).to_be_visible()
    expect(vscode.page.locator(".nbstream[data-status=done] math").first).to_be_visible()
    for index in range(len(shown)):
        assert (
            styles.from_host(vscode.page, f".cell_container:nth-child({index + 2}) .nbstream") == []
        )
    vscode.page.add_style_tag(path=HOSTILE)
    for index in range(len(shown)):
        assert (
            styles.from_host(vscode.page, f".cell_container:nth-child({index + 2}) .nbstream") == []
        )
