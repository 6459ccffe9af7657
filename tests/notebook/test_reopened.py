"""A notebook that is reopened by its author or by others, with its kernel, a new one, or none."""

import os
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import OpenNotebook, StartServer
from tests.harness.llm_scripts import say, text_of
from tests.harness.llm_server import LLMServer
from tests.harness.page import NOTEBOOK, NotebookPage
from tests.harness.server import App

PID = "import os; print(os.getpid())\n%load_ext nbstream"
MARKDOWN = "# Sky\n\nIt costs $5, **not** $6.\n"

HEIGHTS = """() => {
  const heights = window.heights = [];
  const look = () => {
    const height = document.querySelectorAll('.jp-Cell-outputArea')[1]?.offsetHeight ?? 0;
    if (heights.at(-1) !== height) heights.push(height);
    requestAnimationFrame(look);
  };
  look();
}"""


def no_kernels(page: Page) -> None:
    """Refuse all kernels, as a server does that has reached its limit."""
    for path in ("sessions", "kernels"):
        page.route(f"**/api/{path}?*", lambda route: route.abort())
        page.route(f"**/api/{path}", lambda route: route.abort())


def leave(page: NotebookPage) -> None:
    """Shut the kernel down and close the page."""
    page.command("kernelmenu:shutdown", wait=False)
    page.until(lambda: page.state() == "no kernel")
    page.page.goto("about:blank")


def test_the_author_sees_the_answer_without_a_kernel(notebook: OpenNotebook) -> None:
    page = notebook([PID, "%%llm -m openai-chat/paced-30-300\nhi"])
    page.run_all()
    page.save()
    leave(page)
    no_kernels(page.page)
    page.open(wait=False)
    expect(page.output(1)).to_contain_text(text_of("paced-30-300").strip())
    assert page.state() == "no kernel"
    assert page.page.evaluate(f"{NOTEBOOK}.content.widgets[1].model.trusted"), (
        "it is their own notebook"
    )


def test_the_author_sees_the_answer_with_a_new_kernel(notebook: OpenNotebook) -> None:
    page = notebook([PID, "%%llm -m openai-chat/paced-30-300\nhi", "print('new')"])
    page.run_cell(0)
    page.run_cell(1)
    page.save()
    leave(page)
    page.open()
    page.run_cell(2)
    assert page.texts()[1].startswith(text_of("paced-30-300").strip())
    assert page.texts()[2] == "new\n"


def test_others_see_the_answer_without_a_kernel(notebook: OpenNotebook) -> None:
    page = notebook([PID, "%%llm -m openai-chat/paced-30-300\nhi"])
    page.run_all()
    cells = page.save()["cells"]
    other = notebook(cells, start=False)  # another file, whose cells were not run here
    no_kernels(other.page)
    other.open(wait=False)
    expect(other.output(1)).to_contain_text(text_of("paced-30-300").strip())


@pytest.mark.parametrize(
    "cell",
    ["%%llm -m openai-chat/talk-130\nhi", "nbstream.stream('openai-chat/talk-130', 'hi')"],
    ids=["while the cell runs", "in the background"],
)
def test_the_partial_answer_is_shown_after_the_kernel_died(
    notebook: OpenNotebook, llm_server: LLMServer, cell: str
) -> None:
    sooner = (
        "import nbstream\nfrom nbstream.widget import live_display as live\n"
        "live._FIRST_UPDATE = 0.5"
    )
    page = notebook([f"{PID}\n{sooner}", cell])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.until(lambda: "0005" in str(page.models()[1]))
    os.kill(int(page.texts()[0].split()[-1]), signal.SIGKILL)
    expect(page.output(1).locator(".nbstream-error-title")).to_be_visible()
    page.save()
    page.page.goto("about:blank")
    llm_server.hush("talk-130")
    no_kernels(page.page)
    page.open(wait=False)
    expect(page.output(1)).to_contain_text("0001 0002 0003 0004 0005")
    expect(page.output(1)).to_contain_text("not finished when this was written")


def reload(page: NotebookPage) -> None:
    page.save()
    page.reload(wait=False)


def move(page: NotebookPage) -> None:
    page.select(1)
    page.command("notebook:move-cell-up")


def copy(page: NotebookPage) -> None:
    page.select(1)
    page.command("notebook:copy-cell")
    page.command("notebook:paste-cell-below")


@pytest.mark.parametrize(
    ("meanwhile", "cell", "app"),
    [
        (reload, "%%llm -m openai-chat/talk-131\nhi", "lab"),
        (reload, "nbstream.stream('openai-chat/talk-132', 'hi')", "notebook"),
        (move, "nbstream.stream('openai-chat/talk-133', 'hi')", "lab"),
        (copy, "nbstream.stream('openai-chat/talk-134', 'hi')", "lab"),
    ],
)
def test_the_whole_answer_is_saved_in_the_current_output(
    notebook: OpenNotebook,
    jupyter: StartServer,
    llm_server: LLMServer,
    *,
    meanwhile: Callable[[NotebookPage], None],
    cell: str,
    app: App,
) -> None:
    page = notebook(["%load_ext nbstream\nimport nbstream", cell], server=jupyter(app))
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.until(lambda: "text/html" in str(page.models()[1]))
    meanwhile(page)
    page.page.wait_for_selector(".nbstream-text")
    said = llm_server.hush(cell.split("/")[1][:8])

    def outputs() -> list[dict[str, str]]:
        return [output["data"] for cell in page.models() for output in cell]

    page.until(lambda: all("text/markdown" in data for data in outputs()))
    page.wait_idle()
    saved = [one for cell in page.save()["cells"] for one in cell["outputs"]]
    assert len(saved) == (2 if meanwhile is copy else 1)
    for one in saved:
        assert one["data"]["text/plain"] == said
        assert said.strip() in one["data"]["text/html"]
        assert "not finished" not in one["data"]["text/html"]
    expect(page.page.locator(".nbstream-text")).to_have_count(len(saved))
    assert page.errors == []


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_the_view_replaces_the_html(notebook: OpenNotebook, jupyter: StartServer, app: str) -> None:
    """While the answer arrives, at its end, and after a reload."""
    page = notebook(
        [PID, f"%%llm -m openai-chat/{say(MARKDOWN)}\nhi", "_"],
        server=jupyter("lab" if app == "lab" else "notebook"),
    )
    page.run_cell(0)
    page.page.evaluate(HEIGHTS)
    page.run_cell(1)
    page.run_cell(2)
    texts = page.page.locator(".nbstream-text")
    for _ in range(2):
        expect(texts).to_have_count(2)
        assert texts.all_text_contents() == ["SkyIt costs $5, not $6."] * 2
        assert [sorted(one[0]["data"]) for one in page.models()[1:]] == [
            ["text/html", "text/markdown", "text/plain"]
        ] * 2
        expect(page.page.locator("mjx-container")).to_have_count(0)
        expect(page.page.locator("h1:has-text('Sky')")).to_have_count(2)
        expect(texts.locator("h1")).to_have_count(2)
        heights = page.page.evaluate("window.heights ?? []")
        assert heights == sorted(heights), "the output never collapses, not even for one frame"
        page.save()
        page.reload()
    assert page.errors == []


def test_the_html_returns_when_the_kernel_drops_the_view(notebook: OpenNotebook) -> None:
    ask = f"import nbstream\ns = nbstream.stream('openai-chat/{say(MARKDOWN)}', 'hi')"
    page = notebook([PID, f"{ask}\nw = nbstream.StreamWidget(s)\nw", "w.close()"])
    page.run_cell(0)
    page.run_cell(1)
    expect(page.output(1).locator(".nbstream[data-status=done]")).to_be_visible()
    page.until(lambda: "text/markdown" in page.models()[1][0]["data"])
    page.run_cell(2)
    expect(page.output(1).locator("h1")).to_have_text("Sky")
    assert page.page.locator(".nbstream").count() == 0
