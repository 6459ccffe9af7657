"""Twenty answers that stream at once, each into its own cell of JupyterLab."""

import json
from typing import Any

from playwright.sync_api import WebSocket

from tests.conftest import OpenNotebook
from tests.harness.llm_server import LLMServer

MODELS = [f"talk-{100 + n}" for n in range(20)]
STREAMING, DONE = '.nbstream[data-status="streaming"]', '.nbstream[data-status="done"]'
TEXTS = "els => els.map(el => el.textContent)"


def test_no_delta_of_twenty_answers_is_lost(notebook: OpenNotebook, llm_server: LLMServer) -> None:
    cells = ["%load_ext nbstream", *(f"%%llm --bg -m openai-chat/{m}\nhi" for m in MODELS)]
    page = notebook(cells, start=False)
    sent: list[tuple[dict[str, Any], bytes]] = []
    page.page.on("websocket", lambda socket: _keep(socket, sent))
    page.open()
    page.run_all(wait=False)
    page.until(lambda: page.page.locator(STREAMING).count() == len(MODELS))
    said = [llm_server.hush(model).strip() for model in MODELS]
    page.until(lambda: page.page.locator(DONE).count() == len(MODELS))
    page.until(lambda: all("text/markdown" in out[0]["data"] for out in page.models()[1:]))
    for cell, text in enumerate(said, 1):
        texts = page.output(cell).locator(".nbstream-text").evaluate_all(TEXTS)
        assert texts == [text], cell
        assert page.models()[cell][0]["data"]["text/plain"].strip() == text, cell
    # One that goes where cells run may leave a cell at [*] (js/src/own-channel.ts). The stub's
    # requests for code, once a page, do not wait.
    custom = [one for one in sent if b'"custom"' in one[1] and b'"t":"code"' not in one[1]]
    channels = [header["subshell_id"] for header, _ in custom]
    assert channels
    assert all(channels)
    prompts = page.page.locator(".jp-InputPrompt")
    page.until(lambda: prompts.all_text_contents() == [f"[{n}]:" for n in range(1, 22)])
    assert page.errors == []


def _keep(socket: WebSocket, sent: list[tuple[dict[str, Any], bytes]]) -> None:
    """Add to `sent` the header and the content of each message from the page to its kernel."""

    def keep(frame: str | bytes) -> None:
        # The form v1.kernel.websocket.jupyter.org: a count of offsets, the offsets, the parts.
        assert isinstance(frame, bytes)
        count = int.from_bytes(frame[:8], "little")
        at = [int.from_bytes(frame[8 * n : 8 * n + 8], "little") for n in range(1, count + 1)]
        sent.append((json.loads(frame[at[1] : at[2]]), frame[at[4] : at[5]]))

    if "/channels" in socket.url:
        socket.on("framesent", keep)
