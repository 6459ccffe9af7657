"""``%%llm`` in a real JupyterLab in a real browser: what a user sees."""

import contextlib
import itertools
import time

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook, StartServer
from tests.harness import kernelspecs
from tests.harness.llm_scripts import text_of
from tests.harness.llm_server import LLMServer
from tests.harness.page import NotebookPage

RUNNING = "a cell runs"
LOAD = "%load_ext nbstream"
DONE = '.nbstream[data-status="done"]'
GROWS = """document.querySelector('.nbstream[data-status="streaming"] .nbstream-text')
    ?.textContent.length > 50"""
ENDED = '.nbstream:is([data-status="stopped"], [data-status="interrupted"])'
# The newest ipykernel and an older one with comms on subshells.
HEARING = ["python3", kernelspecs.name_of("7.3.0")]


def text(page: NotebookPage, cell: int) -> str:
    """The text of the first view in that cell."""
    found = page.output(cell).locator(".nbstream-text").first
    return found.text_content() or "" if found.count() else ""


def status(page: NotebookPage) -> str | None:
    """The status of the stream in the view."""
    return page.page.locator(".nbstream").first.get_attribute("data-status")


def shows(page: NotebookPage, cell: int, expected: str) -> bool:
    """Whether the page shows that paragraph after it has painted all updates."""
    with contextlib.suppress(AssertionError):
        page.until(lambda: text(page, cell) == expected.strip(), 20)
    return text(page, cell) == expected.strip()


def watch(page: NotebookPage, cell: int, timeout: float) -> list[str]:
    """The different texts that the page shows until the cell has ended."""
    seen: list[str] = [""]
    deadline = time.monotonic() + timeout
    while page.state() == RUNNING and time.monotonic() < deadline:
        now = text(page, cell)
        if now != seen[-1]:
            seen.append(now)
        page.page.wait_for_timeout(20)
    return seen[1:]


def stop(page: NotebookPage) -> None:
    """Run cell 1, press Stop once while it streams, and wait until the cell has ended."""
    page.run_cell(1, wait=False)
    page.page.wait_for_function(GROWS)
    page.page.click(".nbstream-stop")
    page.page.wait_for_selector(ENDED)
    page.wait_idle()


def without_interrupt(page: NotebookPage) -> NotebookPage:
    """The page without its fallback to an interrupt, so that Stop works by its message only."""
    page.page.route("**/api/kernels/*/interrupt", lambda route: route.abort())
    return page


@pytest.mark.timeout(300)
def test_the_local_model_streams_into_the_cell(notebook: OpenNotebook) -> None:
    prompt = "%%llm --temperature 0\nTell me a story about a fox and a hen, in ten sentences."
    page = notebook([LOAD, prompt, "print(_.output)", "print(_.usage)"])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_selector(".nbstream")
    seen = watch(page, 1, 200)
    assert len({len(one) for one in seen}) >= 5, "the text grows before the cell has ended"
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(seen))
    page.wait_idle()
    page.run_cell(2)
    page.run_cell(3)
    shown = text(page, 1)
    assert shown
    printed = page.models()[2][0]["text"]
    # Markdown has paragraphs where the text has line breaks.
    assert "".join("".join(printed).split()) == "".join(shown.split())
    assert "output_tokens" in page.texts()[3]
    expect(page.output(1).locator(".nbstream-usage")).to_contain_text("out")
    assert page.errors == []


@pytest.mark.parametrize("kernel", HEARING)
def test_stop_ends_the_cell(notebook: OpenNotebook, llm_server: LLMServer, kernel: str) -> None:
    model = f"paced-5000-{100 + HEARING.index(kernel)}"
    cells = [LOAD, f"%%llm -m openai-chat/{model} -o mine\nhi", "print(repr(mine.text.strip()))"]
    page = without_interrupt(notebook(cells, kernel))
    page.run_cell(0)
    stop(page)
    page.run_cell(2)
    assert page.texts()[2].strip() == repr(text(page, 1))
    assert status(page) == "stopped"
    assert page.models()[1][0]["output_type"] == "display_data", "the cell has not failed"
    assert llm_server.of(model)[-1].wait().disconnected is not None
    assert not page.output(1).locator(".nbstream-stop").is_visible()


@pytest.mark.parametrize("kernel", HEARING)
def test_interrupt_ends_the_cell_and_keeps_the_partial(notebook: OpenNotebook, kernel: str) -> None:
    page = notebook(
        [LOAD, "%%llm -m openai-chat/paced-5000-103\nhi", "print(repr(_.text.strip()))"], kernel
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function(GROWS)
    page.interrupt()
    page.page.wait_for_selector('.nbstream[data-status="interrupted"]')
    page.wait_idle()
    page.run_cell(2)
    assert page.texts()[2].strip() == repr(text(page, 1))
    assert "KeyboardInterrupt" in page.texts()[1]


def test_stop_falls_back_to_the_servers_interrupt(notebook: OpenNotebook) -> None:
    kernel = kernelspecs.name_of("6.30.1")
    page = notebook(
        [LOAD, "%%llm -m openai-chat/paced-5000-104\nhi", "print(repr(_.text.strip()))"], kernel
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function(GROWS)
    button = page.page.locator(".nbstream-stop")
    assert "interrupt" in (button.get_attribute("title") or "")
    button.click()
    page.page.wait_for_selector('.nbstream[data-status="interrupted"]')
    page.wait_idle()
    page.run_cell(2)
    assert page.texts()[2].strip() == repr(text(page, 1))


@pytest.mark.parametrize(
    ("kernel", "how"),
    [
        ("python3", "stopped"),  # gets the message while the cell awaits
        (
            kernelspecs.name_of("7.3.0"),
            "interrupted",
        ),  # it does not get it; the server interrupts it
    ],
)
def test_stop_works_without_comms_on_subshells(
    notebook: OpenNotebook, jupyter: StartServer, kernel: str, how: str
) -> None:
    settings = {
        "@jupyterlab/apputils-extension:kernels-settings": {"commsOverSubshells": "disabled"}
    }
    page = notebook(
        [LOAD, "%%llm -m openai-chat/paced-5000-105\nhi", "print(repr(_.text.strip()))"],
        kernel,
        server=jupyter("lab", settings),
    )
    page.run_cell(0)
    if how == "stopped":
        without_interrupt(page)
    stop(page)
    page.run_cell(2)
    assert status(page) == how
    assert page.texts()[2].strip() == repr(text(page, 1))


def test_5000_deltas_arrive_at_low_cost(notebook: OpenNotebook) -> None:
    page = notebook(
        [LOAD, "%%llm -m openai-chat/paced-1-10\nhi", "%%llm -m openai-chat/paced-5000-500\nhi"]
    )
    page.run_cell(0)
    page.run_cell(1)  # loads the front end's code in the page
    page.traffic.reset()
    page.run_cell(2)
    assert shows(page, 2, text_of("paced-5000-500"))
    size = page.traffic.received.size + page.traffic.sent.size
    assert size < 300_000, f"{size:,} bytes in {page.traffic.received.frames} frames"


def test_20000_deltas_arrive_under_the_servers_limits(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, "%%llm -m openai-chat/paced-20000-2000\nhi", "print('after')"])
    page.run_all()
    assert shows(page, 1, text_of("paced-20000-2000"))
    assert page.texts()[2].strip() == "after"


def test_create_new_view_for_output_shows_the_text_so_far(
    notebook: OpenNotebook, llm_server: LLMServer
) -> None:
    page = notebook([LOAD, "%%llm -m openai-chat/talk-100\nhi"])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function(
        "document.querySelector('.nbstream-text')?.textContent.length > 500"
    )
    page.create_output_view(1)
    views = page.page.locator(".nbstream")
    expect(views).to_have_count(2)
    # The new view has the earlier text, and continues like the other.
    page.page.wait_for_function(
        """() => {
            const shown = [...document.querySelectorAll('.nbstream-text')];
            const [one, other] = shown.map(node => node.textContent);
            return other?.length > 500 && one === other;
        }"""
    )
    assert not llm_server.of("talk-100")[-1].over.is_set(), "so far, not at the end"
    said = llm_server.hush("talk-100")
    page.wait_idle()
    texts = page.page.locator(".nbstream-text")
    page.until(lambda: texts.all_text_contents() == [said.strip()] * 2)


@pytest.mark.parametrize(
    "cell",
    [
        "%%llm -m openai-chat/talk-101\nhi",
        "import nbstream\nnbstream.stream('openai-chat/talk-101', 'hi')",
    ],
    ids=["while the cell runs", "in the background"],
)
def test_a_second_page_shows_the_text_so_far(
    notebook: OpenNotebook, llm_server: LLMServer, cell: str
) -> None:
    page = notebook([LOAD, cell])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function(
        "document.querySelector('.nbstream-text')?.textContent.length > 500"
    )
    page.save()
    second = NotebookPage(page.page.context.new_page(), page.server, page.name)
    second.open(wait=False)
    second.page.wait_for_selector(".nbstream-text", timeout=60_000)
    shown = text(second, 1)
    assert len(shown) > 500
    assert (page.state() == RUNNING) == cell.startswith("%%llm")
    assert not llm_server.of("talk-101")[-1].over.is_set(), "so far, not at the end"
    said = llm_server.hush("talk-101")
    assert said.startswith(shown)
    for one in (page, second):
        one.page.wait_for_selector(DONE, timeout=60_000)
        assert shows(one, 1, said)


def test_a_reload_shows_the_text_so_far(notebook: OpenNotebook, llm_server: LLMServer) -> None:
    page = notebook([LOAD, "import nbstream\nnbstream.stream('openai-chat/talk-102', 'hi')"])
    page.run_all()
    page.page.wait_for_selector(".nbstream-text")
    page.save()
    page.reload(wait=False)
    page.page.wait_for_selector(".nbstream-text", timeout=60_000)
    assert not llm_server.of("talk-102")[-1].over.is_set(), "so far, not at the end"
    said = llm_server.hush("talk-102")
    page.page.wait_for_selector(DONE, timeout=60_000)
    assert shows(page, 1, said)


def test_a_failure_shows_the_partial_answer_and_the_remedy(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, "%%llm -m openai-chat/cut-40\nhi", "print('never')"])
    page.run_all()
    assert shows(page, 1, text_of("cut-40"))
    expect(page.output(1).locator(".nbstream-error")).to_contain_text(
        "before the model had finished"
    )
    assert page.texts()[2] == "", "Run All stops"


def test_it_works_in_notebook_7(notebook: OpenNotebook, jupyter: StartServer) -> None:
    cells = [LOAD, "%%llm -m openai-chat/paced-5000-106\nhi", "print(repr(_.text.strip()))"]
    page = without_interrupt(notebook(cells, server=jupyter("notebook")))
    page.run_cell(0)
    stop(page)
    page.run_cell(2)
    assert status(page) == "stopped"
    assert page.texts()[2].strip() == repr(text(page, 1))
