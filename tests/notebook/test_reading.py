"""The page stays where the reader is, and the keyboard reaches everything, in a real JupyterLab."""

from playwright.sync_api import expect

from tests.conftest import OpenNotebook
from tests.harness.page import NotebookPage

SCRIPT = """\
import asyncio, pathlib
from nbstream.streams import stream_from_source
from nbstream.core import events as ev

async def answer():
    yield [ev.StreamStart(), ev.ThinkingStart(0)]
    for i in range(40):
        yield [ev.ThinkingDelta(0, f"Step {i} of the thought.\\n\\n")]
    while not pathlib.Path("go on").exists():
        await asyncio.sleep(0.05)
    yield [ev.ThinkingEnd(0), ev.TextStart(1)]
    for i in range(60):
        yield [ev.TextDelta(1, f"Paragraph {i} of the answer.\\n\\n")]
        await asyncio.sleep(0.02)
    yield [ev.TextEnd(1), ev.StreamEnd("stop")]
"""
SHOW = "stream_from_source(answer)"
FILLER = "\n".join(f"# line {i} of the cell that is read" for i in range(60))
DONE = '.nbstream[data-status="done"]'
TOP = "el => el.getBoundingClientRect().top"
ACTIVE = "document.activeElement.className || document.activeElement.localName"


def start(notebook: OpenNotebook) -> NotebookPage:
    """A notebook whose cell 1 is in the middle of its thinking."""
    page = notebook([SCRIPT, SHOW, FILLER, FILLER])
    page.run_cell(0)
    page.run_cell(1)
    page.page.wait_for_function(
        "document.querySelector('.nbstream-thinking-text')?.textContent.includes('Step 39')"
    )
    return page


def test_what_is_read_below_an_answer_does_not_move(notebook: OpenNotebook) -> None:
    page = start(notebook)
    cell = page.cell(3)
    cell.scroll_into_view_if_needed()
    page.select(3)
    cell.evaluate("el => el.scrollIntoView({ block: 'center' })")
    page.page.wait_for_timeout(300)
    before = cell.evaluate(TOP)
    (page.server.root / "go on").touch()
    seen: list[float] = []

    def done() -> bool:
        seen.append(cell.evaluate(TOP))
        return page.page.locator(DONE).count() > 0

    page.until(done)
    page.page.wait_for_timeout(1_500)  # the thinking has closed
    seen.append(cell.evaluate(TOP))
    assert max(abs(top - before) for top in seen) < 4, (before, seen)
    assert page.errors == []


def test_the_keyboard_reaches_panes_and_buttons(notebook: OpenNotebook) -> None:
    page = start(notebook)
    out, keyboard = page.output(1), page.page.keyboard
    pane = out.locator(".nbstream-scroll").first
    height = "el => el.scrollHeight - el.scrollTop - el.clientHeight"
    page.until(lambda: pane.evaluate(height) < 8, 10)  # it follows its end
    out.locator("summary").first.focus()
    keyboard.press("Tab")
    assert "nbstream-scroll" in page.page.evaluate(ACTIVE)
    for _ in range(6):
        keyboard.press("ArrowUp")
    page.page.wait_for_function(
        "(() => { const el = document.querySelector('.nbstream-scroll');"
        " return el.scrollHeight - el.scrollTop - el.clientHeight > 50; })()"
    )
    assert page.page.locator(".jp-Notebook .jp-mod-active").count() == 1
    keyboard.press("Escape")
    expect(out.locator("details").first).not_to_have_attribute("open", "")
    assert "summary" in page.page.evaluate(ACTIVE)
    keyboard.press("Enter")
    expect(out.locator("details").first).to_have_attribute("open", "")
    keyboard.press("Enter")
    keyboard.press("Escape")
    inside = page.page.evaluate("!!document.activeElement.closest('.nbstream')")
    assert not inside, "Escape gives the focus back to the notebook"
    keyboard.press("b")
    page.page.wait_for_function("document.querySelectorAll('.jp-Notebook .jp-Cell').length === 5")
    (page.server.root / "go on").touch()
    page.page.wait_for_selector(DONE)
    assert page.errors == []
