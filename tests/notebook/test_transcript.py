"""A run of three messages with a retry in the third, in a real JupyterLab."""

from pathlib import Path

from playwright.sync_api import expect

from tests.conftest import OpenNotebook

# Each step waits for a file with its name, because a busy page shows only the last state.
SCRIPT = """\
import asyncio, pathlib
import nbstream
from nbstream import events as ev
from nbstream.core.message import ToolCallPart
from nbstream.streams import stream_from_source
from nbstream.testing import events_of

call = ToolCallPart("1", "weather", '{"city": "Rome"}')

async def until(name):
    while not pathlib.Path(name).exists():
        await asyncio.sleep(0.05)

async def run():
    yield events_of(nbstream.assistant_message(call))
    yield [ev.MessageEvent(nbstream.tool_message(call, "sunny, 24 degrees"), message_index=1)]
    yield events_of(nbstream.assistant_message("It *rains*."), message_index=2)[:4]
    await until("retry")
    yield [ev.Retry(2, "Overloaded.", message_index=2)]
    await until("reply")
    reply = events_of(nbstream.assistant_message("It is **sunny** in Rome."), message_index=2)
    yield reply[:6]
    await until("end")
    yield reply[6:]

stream = stream_from_source(run, model="test/agent")
stream
"""


def test_a_retry_in_the_third_message_keeps_the_first_two(
    notebook: OpenNotebook, tmp_path: Path
) -> None:
    page = notebook(["%load_ext nbstream", SCRIPT, "print(*[m.text for m in stream.messages])"])
    out = page.output(1)

    def go_on(name: str) -> None:
        (page.server.root / name).touch()

    def expect_call() -> None:
        expect(out.locator(".nbstream-tool-name")).to_have_text("weather")
        expect(out.locator(".nbstream-tool .nbstream-output")).to_have_text("sunny, 24 degrees")

    page.run_cell(0)
    page.run_cell(1)
    expect_call()
    text = out.locator(".nbstream-text")
    expect(text).to_have_text("It rains")
    go_on("retry")
    expect(out.locator(".nbstream-retry")).to_contain_text("Overloaded.")
    expect(text).to_have_count(0)
    expect_call()
    page.save()
    page.reload(wait=False)
    expect_call()
    expect(out.locator(".nbstream-waiting")).to_be_visible()
    go_on("reply")
    expect(text).to_contain_text("It is ")
    expect_call()
    page.screenshot(tmp_path / "streaming.png")
    go_on("end")
    page.page.wait_for_selector('.nbstream[data-status="done"]')
    expect(text).to_have_text("It is sunny in Rome.")
    expect_call()
    page.screenshot(tmp_path / "done.png")
    page.run_cell(2)
    assert page.texts()[2].strip() == "It is **sunny** in Rome."
    page.until(lambda: "text/markdown" in str(page.models()[1]))
    saved = str(page.save()["cells"][1]["outputs"])
    assert saved.index(">weather<") < saved.index("sunny, 24 degrees")
    assert saved.index("sunny, 24 degrees") < saved.index("<strong>sunny</strong>")
    page.reload(wait=False)
    expect(text).to_have_text("It is sunny in Rome.")
    expect_call()
