"""A press on Stop while the view moves to another place in the page.

Soon after the start of an answer, Python replaces the widget in the output by HTML, and the view
moves there. The tests hold that change back until a press has begun, and end the press after it.
A press that stops nothing fails its test: none is tried again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import OpenNotebook, StartServer
from tests.harness.llm_server import LLMServer
from tests.harness.page import NotebookPage
from tests.harness.server import App

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
MOVED = "[class^=nbstream-at-] > .nbstream"
# Where the last press began, for the test must not blame the view for its own bad aim.
NOTE_PRESS = """
for (const type of ['pointerdown', 'keydown']) {
  document.addEventListener(type, ({target}) => {
    window.pressBegan = target.closest?.('.nbstream-stop') ? 'on Stop' : 'elsewhere';
  }, true);
}
"""

Press = Callable[[NotebookPage], None]


def centre(page: NotebookPage) -> tuple[float, float]:
    """The middle of the button, in the page's coordinates."""
    box = page.page.locator(BUTTON).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@contextmanager
def mouse(page: NotebookPage) -> Iterator[None]:
    page.page.mouse.move(*centre(page))
    page.page.mouse.down()
    yield
    page.page.mouse.up()


@contextmanager
def pen(page: NotebookPage) -> Iterator[None]:
    x, y = centre(page)
    devtools = page.page.context.new_cdp_session(page.page)
    at = {"x": x, "y": y, "button": "left", "clickCount": 1, "pointerType": "pen"}
    devtools.send("Input.dispatchMouseEvent", {"type": "mousePressed", **at})
    yield
    devtools.send("Input.dispatchMouseEvent", {"type": "mouseReleased", **at})


@contextmanager
def touch(page: NotebookPage) -> Iterator[None]:
    x, y = centre(page)
    devtools = page.page.context.new_cdp_session(page.page)
    start = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    devtools.send("Input.dispatchTouchEvent", start)
    yield
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@contextmanager
def key(page: NotebookPage, name: str) -> Iterator[None]:
    page.page.focus(BUTTON)
    page.page.keyboard.down(name)
    yield
    page.page.keyboard.up(name)


PRESSES = {
    "mouse": mouse,
    "pen": pen,
    "touch": touch,
    "Space": lambda page: key(page, "Space"),
    "Enter": lambda page: key(page, "Enter"),
}


@pytest.mark.parametrize("how", PRESSES)
@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_a_press_held_while_the_view_moves_stops(
    notebook: OpenNotebook, jupyter: StartServer, llm_server: LLMServer, app: App, how: str
) -> None:
    server = jupyter(app)
    gate = server.root / f"gate-{how}"
    model = f"hang-{10 + 2 * list(PRESSES).index(how) + (app == 'notebook')}"
    cells = [
        GATED.format(gate=str(gate)),
        f"%%llm -m openai-chat/{model} -o mine\nhi",
        "print(mine.finish_reason)",
    ]
    page = notebook(cells, server=server)
    page.run_cell(0)
    page.page.evaluate(NOTE_PRESS)
    for count in range(1, 11):
        gate.unlink(missing_ok=True)
        page.run_cell(1, wait=False)
        page.page.wait_for_selector(f"{BEFORE_MOVE}:visible")
        # Nothing moves the button from here on: the model is silent.
        page.page.wait_for_function(
            "document.querySelector('.nbstream[data-status=streaming]')?.textContent.includes('0010')"
        )
        with PRESSES[how](page):
            assert page.page.evaluate("pressBegan") == "on Stop"
            gate.touch()
            page.page.wait_for_selector(MOVED)
        assert llm_server.wait_for(model, count).wait().disconnected is not None
        page.wait_idle()
        page.run_cell(2)
        assert page.texts()[2].strip() == "cancelled"
    assert page.errors == []
