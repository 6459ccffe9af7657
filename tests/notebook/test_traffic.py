"""How much a kernel sends to the front end for one answer."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import WebSocket

from tests.conftest import OpenNotebook
from tests.harness.kernel import Kernel
from tests.harness.llm_scripts import say, text_of

PARTS = ("header", "parent_header", "metadata", "content")


def size(message: dict[str, Any]) -> int:
    """The bytes of a message, without its signature."""
    frames = [json.dumps(message[name], default=str).encode() for name in PARTS]
    return sum(len(frame) for frame in [*frames, *message["buffers"]])


def is_code(message: dict[str, Any]) -> bool:
    """Whether it carries the front end's own code, which a page gets once."""
    return "'t': 'code'" in str(message["content"])[:2_000]


@pytest.mark.parametrize(
    ("model", "limit"), [("paced-500-500", 60_000), ("paced-2000-1000", 100_000)]
)
def test_an_answer_in_small_pieces_costs_little(live: Kernel, model: str, limit: int) -> None:
    live.check("%%llm -m openai-chat/paced-1-1\nhi")
    cell = live.check(f"%%llm -m openai-chat/{model}\nhi")
    live.pump(0.5)  # the output's last form
    assert cell.displays[0]["text/plain"] == text_of(model)
    sent = [message for message in cell.raw if not is_code(message)]
    assert len(sent) < len(cell.raw) <= len(sent) + 1
    cost = sum(map(size, sent))
    assert cost < limit
    text = "".join(
        op.get("chunk", "")
        for comm in cell.comms
        for op in comm["data"].get("content", {}).get("ops", [])
    )
    assert text == text_of(model), "nothing is lost or sent twice"


def test_the_tenth_answer_of_a_page_opens_for_little_and_brings_no_code(
    notebook: OpenNotebook,
) -> None:
    code = say("```python\nprint(1)\n```\n\nSo $x^2$.")
    cells = [f"%%llm -m openai-chat/{code}\nhi {n}" for n in range(9)]
    page = notebook(["%load_ext nbstream", *cells, "%%llm -m openai-chat/slowstart-60\nhi"])
    frames: list[str] = []

    def count(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: frames.append(text_in(payload)))

    page.page.on("websocket", count)
    page.reload()
    page.run_cell(0)
    for cell in range(1, 10):
        page.run_cell(cell)
        if cell == 1:
            for drawn in ("[class^=nbmd-hl]", "math"):
                page.page.wait_for_selector(drawn, state="attached")
            brought = {len(frame) for frame in frames if is_code_frame(frame)}
            assert len(brought) == 3, "the module, colours and formulas"
            frames.clear()
    assert not any(map(is_code_frame, frames))
    frames.clear()
    page.run_cell(10, wait=False)
    page.output(10).locator('.nbstream[data-status="waiting"]').wait_for()
    page.page.wait_for_timeout(1_000)  # the page's questions are answered
    assert not any(map(is_code_frame, frames))
    # Jupyter's own messages about what the kernel does are not counted.
    own = [frame for frame in frames if kind(frame) not in ("status", "execute_input")]
    assert "comm_open" in map(kind, own)
    assert sum(len(frame.encode()) for frame in own) < 6_000
    page.page.click(".nbstream-stop >> visible=true")
    page.wait_idle()


def text_in(frame: str | bytes) -> str:
    """A WebSocket frame, whose first bytes may be binary, as text."""
    return frame if isinstance(frame, str) else frame.decode("utf-8", "replace")


def kind(frame: str) -> str:
    """The type of the message; the header of the request that it belongs to comes later."""
    found = re.search(r'"msg_type": "(\w+)"', frame)
    return found[1] if found else ""


def is_code_frame(frame: str) -> bool:
    """Whether it carries code of the front end, which a page gets once."""
    return bool(re.search(r'"t":\s*"code"', frame))
