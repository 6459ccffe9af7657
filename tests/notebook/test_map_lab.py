"""A map in a real JupyterLab: it grows, an answer is opened, it is stopped and saved."""

from playwright.sync_api import expect

from tests.conftest import OpenNotebook
from tests.harness.batch_server import AnthropicServer

# An answer ends when the file with its prompt as name is there.
SCRIPT = """\
import asyncio, pathlib
import nbstream
from nbstream import events as ev
from nbstream.errors import BadRequestError
from nbstream.providers import Endpoint, Model
from nbstream.protocols.openai_chat import OpenAIChat

def source(messages, params):
    async def answer():
        prompt = messages[-1].text
        yield [ev.StreamStart(), ev.TextStart(0), ev.TextDelta(0, f"*Some* of {prompt}")]
        while not pathlib.Path(prompt).exists():
            await asyncio.sleep(0.02)
        if prompt == "p1":
            raise BadRequestError("It is <b>refused</b>.")
        yield [ev.TextDelta(0, ", whole"), ev.TextEnd(0), ev.StreamEnd("stop")]
    return answer

model = Model("test", "waits", OpenAIChat(), None, source=source)
nbstream.from_stream(["An answer before the map."])
"""
FEW = "job = nbstream.map([f'p{n}' for n in range(5)], model, concurrency=3)\njob"
MANY = "many = nbstream.map(['p0'] * 60 + ['never'] * 20, model, concurrency=10)\nmany.to_df()"


def test_a_map_grows_is_opened_stopped_and_saved(notebook: OpenNotebook) -> None:
    page = notebook([SCRIPT, FEW, MANY, "print(len(many.results), job.totals.done)"])
    page.run_cell(0)
    before = page.output(0).locator(".nbstream-footer")
    expect(before).to_have_css("display", "flex")
    page.run_cell(1)
    out = page.output(1)
    cell = out.locator(".nbstream-cell")
    facts = out.locator(".nbstream-facts")
    expect(cell).to_have_count(5)
    expect(before).to_have_css("display", "flex")  # the map's style sheet leaves answers alone
    expect(out.locator(".nbstream-cell[data-kind=running]")).to_have_count(3)
    expect(out.locator(".nbstream-cell-text").first).to_have_text("*Some* of p0")

    # One answer opens live, and goes on while it is open.
    cell.nth(0).click()
    pane = out.locator(".nbstream-pane")
    expect(pane.locator("em")).to_have_text("Some")
    expect(pane.locator(".nbstream-footer")).to_have_css("display", "flex")
    expect(pane.locator(".nbstream-status")).not_to_have_text("done")
    for name in ("p0", "p1"):
        (page.server.root / name).touch()
    expect(pane).to_contain_text("Some of p0, whole")
    expect(facts).to_contain_text("1 of 5 answered")
    expect(facts).to_contain_text("1 failed")
    cell.nth(1).click()
    expect(pane).to_contain_text("It is <b>refused</b>.")
    pane.locator(".nbstream-pane-close").click()
    expect(pane).to_be_hidden()

    # Stop keeps what had come, and the cell goes on as one that is whole.
    out.locator(".nbstream-stop").click()
    expect(facts).to_contain_text("stopped")
    expect(out.locator(".nbstream-stop")).to_be_hidden()
    expect(out.locator(".nbstream-cell[data-kind=stopped]")).to_have_count(3)

    # A cell that blocks: its own bar, and Stop; then the table is its value.
    page.run_cell(2, wait=False)
    blocking = page.output(2)
    expect(blocking.locator(".nbstream-cell[data-kind=done]")).to_have_count(60)
    assert blocking.locator("[role=progressbar]").get_attribute("aria-valuenow") == "60"
    blocking.locator(".nbstream-stop").click()
    expect(blocking.locator("table")).to_be_visible()
    page.run_cell(3)
    assert page.texts()[3].split() == ["70", "1"]

    # The saved notebook holds no widget, and shows the answers without a kernel.
    page.until(lambda: "widget-view" not in str(page.models()[1:3]))
    saved = str(page.save()["cells"][1]["outputs"])
    assert "stopped · 1 of 5 answered · 1 failed" in saved
    assert "It is &lt;b&gt;refused&lt;/b&gt;." in saved
    assert page.errors == []


def test_a_map_is_read_by_keys(notebook: OpenNotebook) -> None:
    page = notebook([SCRIPT, FEW])
    (page.server.root / "p0").touch()
    page.run_cell(0)
    page.run_cell(1)
    out = page.output(1)
    cell, pane = out.locator(".nbstream-cell"), out.locator(".nbstream-pane")
    expect(cell.nth(0)).to_have_attribute("data-kind", "done")

    # The keys are the map's, and not JupyterLab's commands.
    cell.nth(0).focus()
    page.page.keyboard.press("ArrowRight")
    expect(cell.nth(1)).to_be_focused()
    page.page.keyboard.press("ArrowLeft")
    expect(cell.nth(0)).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(pane).to_contain_text("Some of p0, whole")
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Escape")
    expect(pane).to_be_hidden()
    expect(cell.nth(0)).to_be_focused()
    page.page.keyboard.press("Space")
    expect(pane).to_be_visible()
    pane.locator(".nbstream-pane-close").click()
    expect(pane).to_be_hidden()
    expect(cell.nth(0)).to_be_focused()
    assert page.errors == []


def test_stop_while_a_batch_is_answered_keeps_it_and_the_same_cell_waits_again(
    notebook: OpenNotebook,
) -> None:
    with AnthropicServer() as server:
        batch = (
            "import nbstream\n"
            "job = nbstream.map(['one', 'fail two', 'three'], 'anthropic/claude-sonnet-4-5',\n"
            "    batch=True, cassette='batch.nbstream', interval=0.05, api_key='a-test-key',\n"
            f"    base_url={server.url!r})\n"
            "job.to_df()"
        )
        page = notebook([batch, "print(job.is_cancelled, len(job.results), job.batches)", batch])
        page.run_cell(0, wait=False)
        out = page.output(0)
        facts = out.locator(".nbstream-facts")
        expect(facts).to_contain_text("waiting for a batch")
        server.answered = 2
        expect(facts).to_contain_text("2 of 3 answered")
        out.locator(".nbstream-cell").first.click()
        expect(out.locator(".nbstream-pane")).to_contain_text("Not answered yet.")

        # What the provider has counted is not here; the cell has its table, and says what goes on.
        out.locator(".nbstream-stop").click()
        expect(out.locator("table")).to_be_visible()
        expect(facts).to_contain_text("0 of 3 answered")
        expect(facts).to_contain_text("the batch goes on at the provider")
        page.run_cell(1)
        assert page.texts()[1].strip() == "True 0 ('msgbatch_1',)"
        assert not server.cancelled

        server.finish.set()
        page.run_cell(2)
        again = page.output(2)
        expect(again.locator(".nbstream-facts")).to_contain_text("2 of 3 answered")
        expect(again.locator("table")).to_contain_text("Answer to three")
        expect(again.locator("table")).to_contain_text("No such field.")
        assert len(server.sent) == 1
        assert page.errors == []
