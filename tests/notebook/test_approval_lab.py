"""Approvals and questions in a real JupyterLab, in the card of the call, while the cell blocks."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import OpenNotebook, StartServer
from tests.harness import kernelspecs
from tests.harness.aimock import AIMock
from tests.harness.llm_scripts import rounds, use
from tests.harness.llm_server import LLMServer
from tests.harness.page import NotebookPage

PICTURES = "NBSTREAM_PICTURES"
"""An environment variable with a folder for pictures of the cards, to look at."""

UNANSWERED = ".jp-OutputArea-stdin-item:not(.jp-OutputArea-stdin-hiding)"
"""JupyterLab's field for ``input()``; an answered one stays for half a second, out of sight."""

SETUP = """%load_ext nbstream
import nbstream
from pydantic import BaseModel, Field
done = []
@nbstream.tool(requires_approval=True)
def order(product: str, number: int, express: bool = False, note: str = "") -> str:
    "Order a product."
    done.append((product, number))
    return f"{number} x {product} ordered"
"""


def setup(server: LLMServer) -> str:
    """The first cell: models of the server, and the tool."""
    return f"{SETUP}\nimport os\nos.environ.update({server.messages_env!r})\n"


def results(server: LLMServer, model: str) -> list[Any]:
    """What the model was told of each call, in the last request."""
    rows = [row for row in server.of(model)[-1].body["messages"] if row["role"] == "user"]
    return [
        part["content"]
        for row in rows
        for part in row["content"]
        if isinstance(part, dict) and part["type"] == "tool_result"
    ]


def picture(shown: Locator, name: str) -> None:
    """Keep a picture of what a user sees, if someone wants to look."""
    if folder := os.environ.get(PICTURES):
        Path(folder).mkdir(parents=True, exist_ok=True)
        shown.screenshot(path=Path(folder) / f"{name}.png")


def card(page: NotebookPage, cell: int) -> Locator:
    """The card that waits, once it is there."""
    found = page.output(cell).locator(".nbask")
    expect(found.locator(".nbask-main")).to_be_visible()
    expect(found).to_have_count(1)
    return found


@pytest.fixture
def aimock() -> Iterator[AIMock]:
    with AIMock() as server:
        yield server


def told_by_tools(server: AIMock) -> list[str]:
    """What the model was told of each call, in the last request that aimock got."""
    journal = httpx.get(f"{server.url}/__aimock/journal", trust_env=False).json()
    return [row["content"] for row in journal[-1]["body"]["messages"] if row["role"] == "tool"]


GO_ON = """agent = nbstream.Agent('openai-chat/gpt-4o', tools=[order], approve='deny')
print(agent.run_sync('Go on after a stop.', message_history=halted).output)"""


def stop_while_a_card_waits(page: NotebookPage, aimock: AIMock) -> None:
    """The cell ends with what there is, and the conversation goes on."""
    page.run_cell(3, wait=False)
    card(page, 3)
    page.output(3).get_by_role("button", name="Stop").click()
    page.wait_idle()
    output = page.output(3)
    expect(output.locator(".nbstream")).to_have_attribute("data-status", "stopped")
    expect(output.locator(".nbask")).to_have_count(0)
    expect(output.locator(".nbstream-state")).to_have_text("stopped")
    picture(output, "lab-stopped")
    page.run_cell(4)
    assert "True cancelled order" in page.texts()[4]
    assert "[('tea', 4), ('coffee', 9)]" in page.texts()[4]
    page.run_cell(5)
    assert page.texts()[5].strip() == "Nothing was ordered."
    assert told_by_tools(aimock) == ["The run was cancelled before this call had ended."]


@pytest.mark.timeout(300)
def test_approve_edit_and_deny_while_the_cell_blocks(
    notebook: OpenNotebook, aimock: AIMock
) -> None:
    address = {"OPENAI_BASE_URL": f"{aimock.url}/v1", "OPENAI_API_KEY": "none"}
    page = notebook(
        [
            f"{SETUP}\nimport os\nos.environ.update({address!r})\n",
            "%%llm -m openai-chat/gpt-4o -T order -o mine\nPlease order for the party.",
            "done",
            "%%llm -m openai-chat/gpt-4o -T order -o halted\nPlease order for the party.",
            "print(_ is halted, halted.finish_reason, halted.tool_calls[0].tool_name)\ndone",
            GO_ON,
        ],
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    output = page.output(1)

    first = card(page, 1)
    expect(output.locator(".nbstream-state").first).to_have_text("needs approval")
    expect(output.locator(".nbstream-live-region")).to_have_text("Waiting for your approval")
    expect(first.get_by_label("product")).to_have_value("tea")
    expect(first.get_by_label("express")).to_be_checked()
    picture(output, "lab-waiting")
    first.get_by_role("button", name="Approve", exact=True).click()

    expect(output.locator(".nbstream-tool-name")).to_have_count(2)
    second = card(page, 1)
    number = second.get_by_label("number")
    number.fill("many")
    number.press("Enter")  # to the button
    page.page.keyboard.press("Enter")
    expect(second.get_by_text("Input should be a valid integer")).to_be_visible()
    expect(number).to_be_focused()
    expect(number).to_have_attribute("aria-invalid", "true")
    picture(output, "lab-wrong")
    number.fill("9")
    second.get_by_role("button", name="Approve changes").click()

    expect(output.locator(".nbstream-tool-name")).to_have_count(3)
    third = card(page, 1)
    third.get_by_role("button", name="Deny…").click()
    reason = third.get_by_label("Reason against the call")
    expect(reason).to_be_focused()
    reason.fill("Too sweet.")
    picture(output, "lab-denying")
    reason.press("Enter")

    expect(output.locator(".nbstream")).to_have_attribute("data-status", "done")
    page.wait_idle()
    expect(output.locator(".nbask")).to_have_count(0)
    states = output.locator(".nbstream-state")
    expect(states).to_have_text([re.compile("^done"), re.compile("^done"), "denied"])
    expect(output.locator(".nbstream-input").nth(1)).to_have_text("product: coffee, number: 9")
    picture(output, "lab-done")
    assert told_by_tools(aimock) == [
        "4 x tea ordered",
        "9 x coffee ordered",
        "The user denied this call. Too sweet.",
    ]
    page.run_cell(2)
    assert "[('tea', 4), ('coffee', 9)]" in page.texts()[2]

    stop_while_a_card_waits(page, aimock)
    assert page.errors == []


ASK = """
class Address(BaseModel):
    street: str
    city: str = "Bern"

class Booking(BaseModel):
    '''What the hotel needs to know.'''
    guests: int = Field(ge=1, le=4, title="Guests", description="At most four.")
    room: Literal["single", "double", "suite"]
    breakfast: bool = True
    names: list[str]
    address: Address
    note: str | None = None

async def book(ctx: nbstream.RunContext) -> str:
    "Book a hotel."
    found = await ctx.ask(Booking, "Which room shall I book?")
    sure = await ctx.ask(bool, "Shall I really book it?")
    return f"{found.room} for {', '.join(found.names)} from {found.address.city}: {sure}"
"""
BOOK = rounds([use("book", "c1")], "It is booked.")


@pytest.mark.timeout(300)
def test_a_form_is_filled_in_and_two_views_share_it(
    notebook: OpenNotebook, llm_server: LLMServer
) -> None:
    page = notebook(
        [
            f"{setup(llm_server)}\nfrom typing import Literal\n{ASK}",
            f"%%llm -m anthropic/{BOOK} -T book --bg\nBook a room.",
            "nbstream.StreamWidget(_llm)",
        ],
    )
    page.run_cell(0)
    page.run_cell(1)
    form = card(page, 1)
    page.run_cell(2)
    other = card(page, 2)
    expect(form.locator(".nbask-question")).to_have_text("Which room shall I book?")
    expect(form.get_by_text("At most four.")).to_be_visible()
    form.get_by_label("Guests").fill("7")
    form.get_by_label("street").fill("Main Street 1")
    form.get_by_role("button", name="Add a line").click()
    page.page.keyboard.type("Ada")
    page.page.keyboard.press("Enter")
    page.page.keyboard.type("Bob")
    picture(page.output(1), "lab-form")
    form.get_by_role("button", name="Send").click()
    expect(form.locator(".nbask-wrong")).to_have_count(2)
    expect(form.get_by_text("Input should be less than or equal to 4")).to_be_visible()
    expect(form.get_by_text("Field required")).to_be_visible()
    picture(page.output(1), "lab-form-wrong")

    page.save()
    page.reload()  # the form is there again
    form, other = card(page, 1), card(page, 2)
    form.get_by_label("Guests").fill("2")
    form.get_by_label("room").select_option("double")
    form.get_by_label("street").fill("Main Street 1")
    form.get_by_role("button", name="Add a line").click()
    page.page.keyboard.type("Ada")
    form.get_by_role("button", name="Send").click()
    for view in (page.output(1), page.output(2)):
        expect(view.locator(".nbask-question")).to_have_text("Shall I really book it?")
    picture(page.output(1), "lab-yes")
    other.get_by_role("button", name="Yes").click()
    for cell in (1, 2):
        expect(page.output(cell).locator(".nbstream")).to_have_attribute("data-status", "done")
        expect(page.output(cell).locator(".nbask")).to_have_count(0)
    assert results(llm_server, BOOK) == ["double for Ada from Bern: True"]
    assert page.errors == []


@pytest.mark.timeout(300)
def test_a_kernel_that_hears_no_page_while_its_cell_runs_asks_below_the_cell(
    notebook: OpenNotebook, llm_server: LLMServer
) -> None:
    """The kernel of ipykernel 6 has no subshells, so a card could not be answered."""
    model = rounds(
        [use("order", "c1", product="tea", number=4)],
        [use("order", "c2", product="cake", number=1)],
        "It is ordered.",
    )
    page = notebook(
        [setup(llm_server), f"%%llm -m anthropic/{model} -T order\nPlease order.", "done"],
        kernelspecs.name_of("6.30.1"),
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    output = page.output(1)
    for answer in ("y", "No cake."):
        field = output.locator(UNANSWERED)
        question = field.locator("input")
        expect(field.locator(".jp-Stdin-prompt")).to_have_text(re.compile("^Allow it"))
        expect(output.locator(".nbask")).to_have_count(0)  # no card that nobody hears
        picture(output, f"lab-input-{answer[0]}")
        question.fill(answer)
        question.press("Enter")
        expect(output.get_by_text(re.compile(rf"against:\s+{answer}"))).to_be_visible()
    expect(output.get_by_text("It is ordered.")).to_be_visible()
    page.wait_idle()
    picture(output, "lab-input-done")
    first, second = results(llm_server, model)
    assert "4 x tea ordered" in str(first)
    assert "No cake." in str(second)
    page.run_cell(2)
    assert "[('tea', 4)]" in page.texts()[2]


@pytest.mark.timeout(300)
def test_a_card_that_the_kernel_cannot_hear_says_so_and_stop_ends_the_cell(
    notebook: OpenNotebook, jupyter: StartServer, llm_server: LLMServer
) -> None:
    """JupyterLab's setting turns comms on subshells off, which the kernel cannot know."""
    settings = {
        "@jupyterlab/apputils-extension:kernels-settings": {"commsOverSubshells": "disabled"}
    }
    model = rounds([use("order", "c1", product="tea", number=4)], "It is ordered.")
    ask = f"%%llm -m anthropic/{model} -T order"
    page = notebook(
        [setup(llm_server), f"{ask}\nPlease order.", f"{ask} --bg\nPlease order.", "done"],
        kernelspecs.name_of("7.3.0"),
        server=jupyter("lab", settings),
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    card(page, 1).get_by_role("button", name="Approve", exact=True).click()
    note = card(page, 1).locator(".nbask-note")
    expect(note).to_contain_text("it is busy with a cell, and cannot hear the page")
    expect(note).to_contain_text("stop the cell, and run it with --bg")
    picture(page.output(1), "lab-unheard")
    page.output(1).get_by_role("button", name="Stop").click()
    page.wait_idle()
    expect(page.output(1).locator(".nbstream")).to_have_attribute("data-status", "interrupted")
    expect(page.output(1).locator(".nbask")).to_have_count(0)

    page.run_cell(2)  # the way that the card has named
    card(page, 2).get_by_role("button", name="Approve", exact=True).click()
    expect(page.output(2).locator(".nbstream")).to_have_attribute("data-status", "done")
    page.run_cell(3)
    assert "[('tea', 4)]" in page.texts()[3]
