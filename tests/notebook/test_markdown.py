"""An answer drawn as Markdown in a real page: its code in colour, its formulas drawn."""

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook, StartServer
from tests.harness import kernelspecs
from tests.harness.llm_scripts import say
from tests.harness.page import NotebookPage
from tests.harness.server import App

LOAD = "%load_ext nbstream"
ANSWER = """\
# Range

A lamp at $h$ is seen **far**:

```python
def horizon(h):
    return (2 * R * h) ** 0.5
```

| Light | Height |
|:------|-------:|
| Lindesnes | 50 |
"""
CELL = f"%%llm -m openai-chat/{say(ANSWER)}\nhow far?"
DONE = '.nbstream[data-status="done"]'
FILES = 75_000  # bytes of the two files that the answer needs; more with the wire's own


def check_drawn(page: NotebookPage, index: int) -> None:
    """Check that the answer is complete, with its colours and its formula."""
    out = page.output(index)
    expect(out.locator(".nbstream-text h1")).to_have_text("Range")
    expect(out.locator(".nbstream-text p strong")).to_have_text("far")
    expect(out.locator(".nbstream-text td").last).to_have_text("50")
    expect(out.locator("code .nbmd-hl-keyword").first).to_have_text("def")
    expect(out.locator("pre code")).to_have_text(ANSWER.split("```")[1].removeprefix("python\n"))
    expect(out.locator("math mi")).to_have_text("h")


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_code_is_coloured_and_formulas_are_drawn(
    notebook: OpenNotebook, jupyter: StartServer, app: App
) -> None:
    page = notebook([LOAD, "%%llm -m openai-chat/paced-5-50\nhi", CELL, CELL], server=jupyter(app))
    page.run_cell(0)
    page.run_cell(1)  # brings the front end, and not the files
    page.traffic.reset()
    page.run_cell(2)
    page.page.wait_for_selector(DONE)
    check_drawn(page, 2)
    assert page.traffic.received.size > FILES, "sent when first needed"
    page.traffic.reset()
    page.run_cell(3)
    check_drawn(page, 3)
    assert page.traffic.received.size < FILES / 2, "and not again"
    assert page.errors == []


def test_a_reloaded_page_draws_it_too(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, CELL])
    page.run_all()
    check_drawn(page, 1)
    page.save()
    page.reload()
    check_drawn(page, 1)
    assert page.errors == []


def test_a_kernel_that_cannot_receive_messages_sends_the_files_after_the_cell(
    notebook: OpenNotebook,
) -> None:
    page = notebook([LOAD, CELL], kernelspecs.name_of("6.30.1"))
    page.run_all()
    check_drawn(page, 1)
    assert page.errors == []


def test_without_its_kernel_the_code_stays_plain(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, "%%llm -m openai-chat/paced-5-50\nhi", CELL])
    # The kernel never hears what the page asks for.
    page.page.evaluate(
        """() => {
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (data) {
                const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
                if (!/comm_msg/.test(text)) send.call(this, data);
            };
        }"""
    )
    page.run_all()
    out = page.output(2)
    expect(out.locator("pre code")).to_contain_text("def horizon(h)")
    expect(out.locator(".nbmd-math")).to_have_text("h")
    expect(out.locator(".nbmd-hl-keyword")).to_have_count(0)
    assert page.errors == []
