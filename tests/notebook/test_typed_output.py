"""Typed answers in a real JupyterLab: recordings of each protocol fill a form in."""

import json

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import OpenNotebook
from tests.recordings import FOLDER

RECORDINGS = {
    "openai_chat": "fantasy--testopenaiobjectgeneration--openai-gpt-5--complex-object-streaming",
    "openai_responses": "rig--openai--streaming-grammar--structured-output-stream",
    "gemini": "fantasy--testgoogleobjectgeneration--gemini-2-5-pro--complex-object-streaming",
    "anthropic": "llm-anthropic--test-anthropic--test-schema-prompt",
}
TYPES = {"openai_chat": "Book", "openai_responses": "Event", "gemini": "Book", "anthropic": "Dog"}

# Each stops in the middle until there is a file called "go on".
SETUP = """\
import asyncio, pathlib
from pydantic import BaseModel, Field
import nbstream
from nbstream.streams import replay as scripts, stream_from_source
from tests.recordings import FOLDER

class Author(BaseModel):
    name: str
    nationality: str

class Book(BaseModel):
    title: str = Field(description="As on its cover")
    author: Author
    genres: list[str]
    published_year: int

class Event(BaseModel):
    title: str
    category: str
    summary: str

class Dog(BaseModel):
    name: str
    age: int
    bio: str

def play(protocol, name, of):
    body = (FOLDER / protocol.replace("_", "-") / f"{name}.sse").read_bytes()
    events = list(nbstream.replay(body, protocol))
    half = max(1, round(len(events) * 0.6))

    async def source():
        async for batch in scripts.play(events[:half], 0):
            yield batch
        while not pathlib.Path("go on").exists():
            await asyncio.sleep(0.05)
        yield events[half:]

    return stream_from_source(source, model="test/recording", output_type=of)
"""
TABLE = """\
class Row(BaseModel):
    number: int
    name: str
    half: float

text = str([{"number": n, "name": f"row {n % 97}", "half": n / 2} for n in range(3000)])
from nbstream.testing import ScriptedModel
nbstream.stream(ScriptedModel(text.replace("'", '"'), chunk=2000), "rows", output_type=list[Row])
"""

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="no recordings")


def fields(output: Locator) -> dict[str, str]:
    """The values of an answer's fields by their names."""
    rows: dict[str, str] = output.locator(".nbform-fields").first.evaluate(
        """list => Object.fromEntries([...list.children].map(row =>
            [row.querySelector('dt').firstChild.textContent,
             row.querySelector('dd').textContent]))"""
    )
    return rows


def test_recordings_fill_a_form_in(notebook: OpenNotebook) -> None:
    cells = [
        f"play({protocol!r}, {name!r}, {TYPES[protocol]})" for protocol, name in RECORDINGS.items()
    ]
    page = notebook([SETUP, *cells])
    page.run_cell(0)
    for index in range(1, len(cells) + 1):
        page.run_cell(index)
    book = page.output(1)
    expect(book.locator("dt")).to_have_text(
        ["titleAs on its cover", "author", "genres", "published_year"]
    )
    expect(book.locator(".nbform-is-whole dt").first).to_contain_text("author")
    expect(book.locator(".nbform-is-pending dt")).to_contain_text(["title"])
    event = page.output(2)
    expect(event.locator(".nbform-is-growing dd .nbform-writing")).to_have_count(1)
    begun = fields(event)
    (page.server.root / "go on").touch()
    page.page.wait_for_function(
        f"""document.querySelectorAll('.nbstream[data-status="done"]').length == {len(cells)}"""
    )
    assert fields(book) == {
        "title": "The Lord of the Rings",
        "author": "name J. R. R. Tolkiennationality British",
        "genres": "FantasyAdventure",
        "published_year": "1954",
    }
    after = fields(event)
    for name, value in begun.items():
        assert after[name].startswith(value)
    assert after["category"] == "Technology"
    expect(page.output(3).locator("dd .nbform-number")).to_have_text("1954")
    expect(page.output(4).locator("dd").nth(1)).to_have_text("4")
    for index in range(1, len(cells) + 1):
        expect(page.output(index).locator(".nbform-pending, .nbform-writing")).to_have_count(0)
        expect(page.output(index).locator(".nbform-problem")).to_have_count(0)

    book.locator(".nbform-line").click()
    expect(book.locator(".nbform-fold dd")).to_have_text(["J. R. R. Tolkien", "British"])
    book.get_by_role("button", name="JSON").click()
    raw = book.locator(".nbstream-form-raw")
    expect(raw).to_be_visible()
    assert json.loads(raw.inner_text())["published_year"] == 1954
    expect(book.locator(".nbform")).to_be_hidden()

    page.save()
    page.reload()
    expect(page.output(2)).to_contain_text("Seattle Rust Meetup")
    assert page.errors == []


def test_a_long_table_is_light_and_sorts(notebook: OpenNotebook) -> None:
    page = notebook([SETUP, TABLE])
    page.run_cell(0)
    page.run_cell(1)
    output = page.output(1)
    expect(output.locator(".nbform-count")).to_have_text("3,000 rows")
    page.page.wait_for_selector('.nbstream[data-status="done"]')
    pane = output.locator(".nbform-pane")
    # It has followed its end, and far from it the rows are not in the page.
    expect(output.locator("tbody tr").last).to_contain_text("2999")
    pane.scroll_into_view_if_needed()
    expect(output.locator("tbody tr").last).to_be_in_viewport()
    page.page.wait_for_function("document.querySelectorAll('.nbform tbody tr').length < 600")
    height = pane.evaluate("pane => pane.scrollHeight")

    head = output.get_by_role("columnheader", name="half")
    head.get_by_role("button").focus()
    page.page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(output.locator("tbody tr").first).to_contain_text("row 0")
    page.page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(output.locator("tbody tr").first).to_contain_text("1499.5")
    pane.evaluate("pane => { pane.scrollTop = pane.scrollHeight / 2 }")
    middle = output.locator("tbody tr", has_text="1500").first
    expect(middle).to_be_attached()
    assert abs(pane.evaluate("pane => pane.scrollHeight") - height) < 0.1 * height
    assert page.errors == []
