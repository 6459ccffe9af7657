"""Parts other than text in a real JupyterLab: a search, its sources, an image."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook

# The partial image stays until there is a file called "go on": a busy page shows only the last of
# several updates.
SCRIPT = """\
import asyncio, json, pathlib
from nbstream.core import events as ev
from nbstream.core.message import BuiltinToolCallPart, BuiltinToolResultPart, Citation
from nbstream.protocols.openai_chat import OpenAIChat
from nbstream.providers import Endpoint, Model, register_model
from tests.files import samples

args = json.dumps({"query": "why is the sky blue"})
call = BuiltinToolCallPart("c", "web_search", args)
pages = [{"url": "https://a.example/x", "title": "On <b>light</b>", "encrypted_content": "E" * 999}]
draft = [
    ev.StreamStart(),
    ev.BuiltinToolStart(0, "c", "web_search"),
    ev.BuiltinToolDelta(0, args[:20]),
    ev.BuiltinToolDelta(0, args[20:]),
    ev.BuiltinToolEnd(0, call),
    ev.BuiltinToolResult(1, BuiltinToolResultPart("c", "web_search", pages)),
    ev.TextStart(2),
    ev.TextDelta(2, "It scatters."),
    ev.CitationEvent(2, Citation("https://a.example/x", "On <b>light</b>", "short waves")),
    ev.TextEnd(2),
    ev.FileEvent(3, "image/png", samples.png(20, 10), partial=True),
]
rest = [
    ev.FileEvent(3, "image/png", samples.png(40, 20)),
    ev.FileEvent(4, "image/png", url="https://tracker.example/1.png"),
    ev.StreamEnd("stop"),
]

async def answer():
    for event in draft:
        await asyncio.sleep(0.05)
        yield [event]
    while not pathlib.Path("go on").exists():
        await asyncio.sleep(0.05)
    yield rest

nowhere = Endpoint("http://nowhere.test")
model = Model("test", "parts", OpenAIChat(), lambda: nowhere, source=lambda *_: answer)
register_model(model)
"""

WIDTHS = "[...document.querySelectorAll('.nbstream-picture img')].map(i => i.naturalWidth).join()"


def test_a_search_its_sources_and_a_picture(notebook: OpenNotebook) -> None:
    page = notebook(["%load_ext nbstream", SCRIPT, "%%llm -m test/parts\nhi"])
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    page.run_cell(0)
    page.run_cell(1)
    page.run_cell(2, wait=False)
    page.page.wait_for_function(f"{WIDTHS} === '20'", timeout=150_000)
    expect(page.output(2).locator(".nbstream-file-note").first).to_contain_text("partial")
    box = page.output(2).locator(".nbstream-picture").bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(2 * box["height"], rel=0.02)
    (page.server.root / "go on").touch()
    page.page.wait_for_function(f"{WIDTHS} === '40'", timeout=60_000)
    page.page.wait_for_selector('.nbstream[data-status="done"]')
    after = page.output(2).locator(".nbstream-picture").bounding_box()
    assert after is not None
    assert (after["width"], after["height"]) == (box["width"], box["height"])
    page.wait_idle()

    def check() -> None:
        out = page.output(2)
        expect(out.locator(".nbstream-builtin summary")).to_contain_text("Searched the web")
        expect(out.locator(".nbstream-input")).to_have_text("why is the sky blue")
        expect(out.locator(".nbstream-sources li")).to_contain_text("On <b>light</b>")
        link = out.locator(".nbstream-sources a")
        expect(link).to_be_visible()
        expect(link).to_have_attribute("href", "https://a.example/x")
        expect(out.locator(".nbstream-picture img")).to_be_visible()
        expect(out.locator(".nbstream-elsewhere")).to_contain_text("tracker.example")

    check()
    page.save()
    page.reload()
    page.page.wait_for_function(f"{WIDTHS} === '40'", timeout=60_000)
    check()
    ours = (page.server.url, "blob:", "data:")
    assert [url for url in asked if not url.startswith(ours)] == []
    assert page.errors == []
