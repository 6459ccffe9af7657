"""A press on Stop, or another control, while the view moves to another place in the page.

Soon after the start of an answer, Python replaces the widget in the output by HTML, and the view
moves there. The tests hold that change back until a press has begun, and end the press after it.
A press that stops nothing fails its test; a press is not repeated.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook, StartServer
from tests.harness.llm_server import LLMServer
from tests.harness.page import NotebookPage
from tests.harness.server import App, JupyterServer

# The output stays as it is until the file is there.
GATED = """
%load_ext nbstream
import pathlib, time
from nbstream.widget.live_display import LiveDrawing

update = LiveDrawing._update

def gated(self, write):
    while not pathlib.Path({gate!r}).exists():
        time.sleep(0.01)
    update(self, write)

LiveDrawing._update = gated
"""
BUTTON = ".nbstream:is([data-status=waiting], [data-status=streaming]) .nbstream-stop"
BEFORE_MOVE = ":not([class^=nbstream-at-]) > " + BUTTON
ENDED = ".nbstream:is([data-status=stopped], [data-status=interrupted])"
MOVED = "[class^=nbstream-at-] > .nbstream"
# Where the last press started, to tell a press beside the button from a fault of the view.
NOTE_PRESS = """
for (const type of ['pointerdown', 'keydown']) {
  document.addEventListener(type, ({target}) => {
    window.pressBegan = target.closest?.('.nbstream-stop') ? 'on Stop' : 'elsewhere';
  }, true);
}
"""


def centre(page: NotebookPage, control: str = BUTTON) -> tuple[float, float]:
    """The center of a control, in the page's coordinates."""
    box = page.page.locator(control).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@contextmanager
def mouse(page: NotebookPage) -> Iterator[None]:
    """Press with the main mouse button."""
    page.page.mouse.move(*centre(page))
    page.page.mouse.down()
    yield
    page.page.mouse.up()


@contextmanager
def pen(page: NotebookPage) -> Iterator[None]:
    """Press with a pen, which scrolls on some systems."""
    x, y = centre(page)
    devtools = page.page.context.new_cdp_session(page.page)
    at = {"x": x, "y": y, "button": "left", "clickCount": 1, "pointerType": "pen"}
    devtools.send("Input.dispatchMouseEvent", {"type": "mousePressed", **at})
    yield
    devtools.send("Input.dispatchMouseEvent", {"type": "mouseReleased", **at})


@contextmanager
def touch(page: NotebookPage) -> Iterator[None]:
    """Press with one finger."""
    x, y = centre(page)
    devtools = page.page.context.new_cdp_session(page.page)
    start = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    devtools.send("Input.dispatchTouchEvent", start)
    yield
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@contextmanager
def key(page: NotebookPage, name: str) -> Iterator[None]:
    """Press a key, with the focus on the button."""
    page.page.focus(BUTTON)
    page.page.keyboard.down(name)
    yield
    page.page.keyboard.up(name)


PRESSES: dict[str, Callable[[NotebookPage], AbstractContextManager[None]]] = {
    "mouse": mouse,
    "pen": pen,
    "touch": touch,
    "Space": lambda page: key(page, "Space"),
    "Enter": lambda page: key(page, "Enter"),
}


def begin(page: NotebookPage, said: str) -> None:
    """Run the cell until the page shows that word of the answer, with the view in the widget."""
    page.run_cell(1, wait=False)
    page.page.wait_for_selector(f"{BEFORE_MOVE}:visible")
    page.page.wait_for_function(
        "said => document.querySelector('.nbstream[data-status=streaming]')"
        "?.textContent.includes(said)",
        arg=said,
    )


def check_stopped(page: NotebookPage, llm_server: LLMServer, model: str) -> None:
    """Check that the cell has ended as cancelled, and that any request was cancelled."""
    page.page.wait_for_selector(ENDED)
    page.wait_idle()
    page.run_cell(2)
    assert page.texts()[2].strip() == "cancelled"
    assert all(request.wait().disconnected for request in llm_server.of(model))


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_a_press_held_while_the_view_moves_stops(
    notebook: OpenNotebook, jupyter: StartServer, llm_server: LLMServer, app: App
) -> None:
    server = jupyter(app)
    gate = server.root / f"gate-{app}"
    # No text after the tenth word, so that only the move of the view moves the button.
    model = f"hang-{10 + (app == 'notebook')}"
    cells = [
        GATED.format(gate=str(gate)),
        f"%%llm -m openai-chat/{model} -o mine\nhi",
        "print(mine.finish_reason)",
    ]
    page = notebook(cells, server=server)
    page.run_cell(0)
    page.page.evaluate(NOTE_PRESS)
    for how, press in [*PRESSES.items()] * 2:
        gate.unlink(missing_ok=True)
        begin(page, "0010")
        with press(page):
            assert page.page.evaluate("pressBegan") == "on Stop", how
            gate.touch()
            page.page.wait_for_selector(MOVED)
        check_stopped(page, llm_server, model)
    assert page.errors == []


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_a_press_as_soon_as_there_is_a_button_stops(
    notebook: OpenNotebook, jupyter: StartServer, llm_server: LLMServer, app: App
) -> None:
    """Nothing is delayed: the view moves before, during or after the press."""
    model = f"paced-60000-{200 + (app == 'notebook')}"
    cells = [
        "%load_ext nbstream",
        f"%%llm -m openai-chat/{model} -o mine\nhi",
        "print(mine.finish_reason)",
    ]
    page = notebook(cells, server=jupyter(app))
    page.run_cell(0)
    page.page.evaluate(NOTE_PRESS)
    for _ in range(10):
        page.run_cell(1, wait=False)
        page.page.wait_for_selector(f"{BUTTON}:visible")
        page.page.evaluate("pressBegan = 'nowhere'")
        while page.page.evaluate("pressBegan") != "on Stop":
            # Growing text may move the button away from the mouse.
            page.page.mouse.up()
            page.page.mouse.move(*centre(page))
            page.page.mouse.down()
        page.page.wait_for_selector(MOVED)
        page.page.mouse.up()
        check_stopped(page, llm_server, model)
    assert page.errors == []


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_focus_moves_with_the_view_and_its_key_stops(
    notebook: OpenNotebook, jupyter: StartServer, llm_server: LLMServer, app: App
) -> None:
    server = jupyter(app)
    gate = server.root / f"gate-focus-{app}"
    model = f"hang-{12 + (app == 'notebook')}"
    cells = [
        GATED.format(gate=str(gate)),
        f"%%llm -m openai-chat/{model} -o mine\nhi",
        "print(mine.finish_reason)",
    ]
    page = notebook(cells, server=server)
    page.run_cell(0)
    for name in ["Space", "Enter"]:
        gate.unlink(missing_ok=True)
        begin(page, "0010")
        page.page.focus(BUTTON)
        gate.touch()
        page.page.wait_for_selector(MOVED)
        page.page.keyboard.press(name)
        check_stopped(page, llm_server, model)
    assert page.errors == []


def test_a_press_on_a_heading_while_the_view_moves_opens_it(
    notebook: OpenNotebook, lab: JupyterServer
) -> None:
    gate = lab.root / "gate-heading"
    page = notebook([GATED.format(gate=str(gate)), "%%llm -m openai-chat/think-10\nhi"])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    heading = ".nbstream[data-status=done] details:not([open]) > .nbstream-disclosure-summary"
    page.page.wait_for_selector(f"{heading}:visible")
    page.page.mouse.move(*centre(page, heading))
    page.page.mouse.down()
    gate.touch()
    page.page.wait_for_selector(MOVED)
    page.page.mouse.up()
    page.page.wait_for_selector(f"{MOVED} details[open] > .nbstream-disclosure-summary")
    assert page.errors == []


def test_the_button_is_in_the_window_while_a_long_answer_grows(
    notebook: OpenNotebook, llm_server: LLMServer
) -> None:
    model = "talk-701"
    page = notebook(["%load_ext nbstream", f"%%llm -m openai-chat/{model}\nhi"])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function("document.querySelector('.nbstream')?.clientHeight > 2000")
    page.page.evaluate("document.querySelector('.nbstream').scrollIntoView({block: 'start'})")
    expect(page.page.locator(BUTTON)).to_be_in_viewport()
    page.page.click(BUTTON)
    page.page.wait_for_selector(ENDED)
    page.wait_idle()
    expect(page.page.locator(".nbstream-live")).to_have_count(0)
    llm_server.hush(model)
    assert page.errors == []
