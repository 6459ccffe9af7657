"""An agent's run in a real JupyterLab: while it goes on, after a reload, saved."""

from playwright.sync_api import Locator, expect

from tests.conftest import OpenNotebook

# The tools wait for files with their names, so that each state lasts until it was seen.
SCRIPT = """\
import asyncio, pathlib, time
import nbstream
from nbstream.messages import ToolCallPart
from nbstream.testing import ScriptedModel
from pydantic import BaseModel

async def until(name):
    while not pathlib.Path(name).exists():
        await asyncio.sleep(0.02)

class Trip(BaseModel):
    city: str
    hours: int

async def ships() -> dict:
    await until("ships")
    return {"ferries": 22}

async def wind(ctx: nbstream.RunContext[None]):
    ctx.emit({"buoy": "Goodwin"}, "loaded")
    for hour in range(2):
        await until(f"hour{hour}")
        yield f"{hour + 1} of 2 hours"
    yield {"force": 5}

def tides() -> str:
    raise KeyError("no tables")

def reply(*names, text=""):
    calls = [ToolCallPart(f"c{at}", name, '{"prompt": "?"}' if name == "traffic" else "{}")
             for at, name in enumerate(names)]
    return nbstream.assistant_message(text, *calls) if text else nbstream.assistant_message(*calls)

inner = ScriptedModel(reply("ships", text="I *look* at the lanes."), "Keep clear of the **lane**.")
traffic = nbstream.Agent(inner, tools=[ships], name="traffic")
model = ScriptedModel(reply("wind", "tides", "traffic", text="I ask all three."),
                      reply("tides"), '{"city": "Calais", "hours": 4}')
agent = nbstream.Agent(model, tools=[wind, tides, traffic], output_type=Trip)
stream = agent.run_stream("How do I cross?")
stream
"""


def test_a_run_streams_survives_a_reload_and_is_kept(notebook: OpenNotebook) -> None:
    page = notebook([SCRIPT, "print(stream.output, [c.tool_name for c in stream.tool_calls])"])
    out = page.output(0)

    def go_on(name: str) -> None:
        (page.server.root / name).touch()

    def card(name: str) -> Locator:
        title = page.page.locator(f".nbstream-tool-name:text-is('{name}')")
        return out.locator("details.nbstream-tool").filter(has=title)

    page.run_cell(0)
    # Three calls at once: one reports, one has failed, one is an agent that calls a tool.
    reports = out.locator(".nbstream-reports > div")
    expect(reports).to_have_text(["loaded · buoy: Goodwin"])
    expect(card("tides").locator(".nbstream-output")).to_have_text("KeyError: 'no tables'")
    nested = out.locator(".nbstream-nested")
    expect(nested.locator("em")).to_have_text("look")
    expect(nested.locator(".nbstream-state")).to_have_text("running")
    expect(out.locator(".nbstream-step:visible").first).to_contain_text("Step 1")
    card("tides").locator(".nbstream-trace summary").click()
    expect(card("tides").locator(".nbstream-trace .nbstream-mono")).to_contain_text("in tides")
    go_on("hour0")
    expect(reports).to_have_text(["loaded · buoy: Goodwin", "1 of 2 hours"])
    expect(card("wind").locator(".nbstream-state")).to_have_text("running: 1 of 2 hours")

    # A page that comes later shows the same, and the run goes on in it.
    page.save()
    page.reload()
    expect(reports).to_have_text(["loaded · buoy: Goodwin", "1 of 2 hours"])
    expect(nested.locator("em")).to_have_text("look")
    expect(card("tides").locator(".nbstream-output")).to_have_text("KeyError: 'no tables'")
    go_on("ships")
    expect(nested.locator("strong")).to_have_text("lane")
    expect(card("traffic").first).not_to_have_attribute("open", "")
    expect(card("wind").locator(".nbstream-state")).to_have_text("running: 1 of 2 hours")
    go_on("hour1")

    # The typed answer is last; the line below has the sum of both runs.
    expect(out.locator(".nbstream-form-body")).to_contain_text("Calais")
    expect(out.locator(".nbstream-totals")).to_have_text("3 steps · 4 tool calls, 2 failed")
    steps = out.locator(".nbstream > .nbstream-body > .nbstream-step > .nbstream-step-words")
    expect(steps).to_have_text(["Step 1", "Step 2", "Answer"])
    expect(out.locator("[aria-busy], .nbstream-busy")).to_have_count(0)
    expect(card("tides").first.locator(".nbstream-output")).to_have_count(1)
    page.reload()
    expect(card("tides").first.locator(".nbstream-output")).to_have_count(1)
    expect(steps).to_have_text(["Step 1", "Step 2", "Answer"])
    page.run_cell(1)
    expect(page.output(1)).to_contain_text("city='Calais' hours=4")
    assert page.errors == []
    # What is saved needs no kernel.
    page.until(lambda: "nbstream-unfinished" not in str(page.models()[0]))
    saved = page.save()["cells"][0]["outputs"][0]["data"]
    html = "".join(saved["text/html"])
    for words in ("ferries", "1 of 2 hours", "no tables", "Traceback", "Keep clear", "Calais"):
        assert words in html
