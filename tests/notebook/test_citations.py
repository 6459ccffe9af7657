"""Citations in a real JupyterLab, from recorded answers: the numbers in the text and their list."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook
from tests.recordings import FOLDER, MISSING

RECORDED = {
    "anthropic": "pydantic-ai--models--test-anthropic--test-anthropic-web-search-tool-stream",
    "openai-responses": "chatlas--test-echo-display-providers"
    "--test-openai-citations-become-the-source-list",
    "gemini": "pydantic-ai--models--test-google--test-google-model-web-search-tool-stream",
}


@pytest.mark.skipif(not FOLDER.exists(), reason=MISSING)
@pytest.mark.parametrize("protocol", RECORDED)
def test_numbers_lead_to_their_sources_and_back(notebook: OpenNotebook, protocol: str) -> None:
    path = FOLDER / protocol / f"{RECORDED[protocol]}.sse"
    page = notebook(["import nbstream", f"nbstream.replay({str(path)!r}, {protocol!r}, 400)"])
    page.run_cell(0)
    page.run_cell(1)
    page.page.wait_for_selector('.nbstream[data-status="done"]')
    out = page.output(1)
    marks, rows = out.locator(".nbstream-cite"), out.locator(".nbstream-sources li")
    expect(marks.first).to_have_text("[1]")
    assert 0 < rows.count() <= marks.count()
    numbers = {int(text[1:-1]) for text in marks.all_text_contents()}
    assert numbers == set(range(1, rows.count() + 1)), "each source is in the text"
    last = marks.last
    last.focus()
    page.page.keyboard.press("Enter")
    number = int((last.text_content() or "")[1:-1])
    row = rows.nth(number - 1)
    expect(row).to_be_focused()
    row.locator(".nbstream-source-number").click()
    expect(last).to_be_focused()
    title = last.get_attribute("title") or ""
    assert title.split("\n")[0] in (row.text_content() or "")
    assert page.errors == []


def test_the_answer_is_copied_as_markdown(notebook: OpenNotebook) -> None:
    page = notebook(
        [
            "import nbstream, nbstream.testing",
            "nbstream.stream(nbstream.testing.ScriptedModel('**Blue**, mostly.'), 'hi')",
        ]
    )
    page.run_cell(0)
    page.run_cell(1)
    page.page.wait_for_selector('.nbstream[data-status="done"]')
    page.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.page.evaluate(
        "document.addEventListener('copy', e => setTimeout(() => window.copied = true))"
    )
    button = page.output(1).locator(".nbstream-copy")
    button.click()
    expect(button).to_have_text("Copied")
    expect(page.output(1).locator("[role=status]")).to_have_text("Copied")
    assert page.errors == []
