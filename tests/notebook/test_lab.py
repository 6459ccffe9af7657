"""``%%llm`` in a real JupyterLab in a real browser: what a person sees."""

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
# The newest ipykernel and an older one with comms on subshells.
HEARING = ["python3", kernelspecs.name_of("7.3.0")]


def text(page: NotebookPage, cell: int) -> str:
    """The answer as the page shows it, of the first view in that cell."""
    found = page.output(cell).locator(".nbstream-text").first
    return found.text_content() or "" if found.count() else ""


def watch(page: NotebookPage, cell: int, timeout: float = 60) -> list[str]:
    """The different texts one sees until the cell has ended."""
    seen: list[str] = [""]
    deadline = time.monotonic() + timeout
    while page.state() == RUNNING and time.monotonic() < deadline:
        now = text(page, cell)
        if now != seen[-1]:
            seen.append(now)
        page.page.wait_for_timeout(20)
    return seen[1:]


def test_the_local_model_streams_into_the_cell(notebook: OpenNotebook) -> None:
    prompt = "%%llm\nTell me a story about a fox and a hen, in ten sentences."
    page = notebook([LOAD, prompt, "print(_.output)", "print(_.usage)"])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_selector(".nbstream")
    seen = watch(page, 1, 100)
    assert len({len(one) for one in seen}) >= 5, "seen growing before the cell ended"
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(seen))
    page.wait_idle()
    page.run_cell(2)
    page.run_cell(3)
    shown = text(page, 1)
    assert shown
    printed = page.models()[2][0]["text"]
    assert ("".join(printed) if isinstance(printed, list) else printed) == shown + "\n"
    assert "output_tokens" in page.texts()[3]
    expect(page.output(1).locator(".nbstream-usage")).to_contain_text("out")
    assert page.errors == []


@pytest.mark.parametrize("kernel", HEARING)
def test_stop_ends_the_cell_at_once(
    notebook: OpenNotebook, llm_server: LLMServer, kernel: str
) -> None:
    model = f"paced-5000-{100 + HEARING.index(kernel)}"
    page = notebook(
        [LOAD, f"%%llm -m openai-chat/{model} -o mine\nhi", "print(repr(mine.text))"], kernel
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function("document.querySelector('.nbstream-text')?.textContent.length > 50")
    began = time.monotonic()
    page.page.click(".nbstream-stop")
    page.page.wait_for_selector('.nbstream[data-status="stopped"]')
    while page.state() == RUNNING:
        page.page.wait_for_timeout(10)
    assert time.monotonic() - began < 0.5
    page.run_cell(2)
    assert page.texts()[2].strip() == repr(text(page, 1))
    assert page.models()[1][0]["output_type"] == "display_data", "the cell has not failed"
    assert llm_server.of(model)[-1].wait(2).disconnected is not None
    assert not page.output(1).locator(".nbstream-stop").is_visible()


@pytest.mark.parametrize("kernel", HEARING)
def test_interrupt_ends_the_cell_and_keeps_the_partial(notebook: OpenNotebook, kernel: str) -> None:
    page = notebook(
        [LOAD, "%%llm -m openai-chat/paced-5000-103\nhi", "print(repr(_.text))"], kernel
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function("document.querySelector('.nbstream-text')?.textContent.length > 50")
    began = time.monotonic()
    page.interrupt()
    page.page.wait_for_selector('.nbstream[data-status="interrupted"]')
    while page.state() == RUNNING:
        page.page.wait_for_timeout(10)
    assert time.monotonic() - began < 1
    page.run_cell(2)
    assert page.texts()[2].strip() == repr(text(page, 1))
    assert "KeyboardInterrupt" in page.texts()[1]


def test_stop_falls_back_to_the_servers_interrupt(notebook: OpenNotebook) -> None:
    kernel = kernelspecs.name_of("6.30.1")
    page = notebook(
        [LOAD, "%%llm -m openai-chat/paced-5000-104\nhi", "print(repr(_.text))"], kernel
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function("document.querySelector('.nbstream-text')?.textContent.length > 50")
    button = page.page.locator(".nbstream-stop")
    assert "interrupt" in (button.get_attribute("title") or "")
    button.click()
    page.page.wait_for_selector('.nbstream[data-status="interrupted"]', timeout=10_000)
    page.wait_idle()
    page.run_cell(2)
    assert page.texts()[2].strip() == repr(text(page, 1))


@pytest.mark.parametrize(
    ("kernel", "status"),
    [
        ("python3", "stopped"),  # it hears the button while the cell awaits
        (kernelspecs.name_of("7.3.0"), "interrupted"),  # it does not; the server interrupts it
    ],
)
def test_stop_works_where_comms_on_subshells_are_off(
    notebook: OpenNotebook, jupyter: StartServer, kernel: str, status: str
) -> None:
    settings = {
        "@jupyterlab/apputils-extension:kernels-settings": {"commsOverSubshells": "disabled"}
    }
    page = notebook(
        [LOAD, "%%llm -m openai-chat/paced-5000-105\nhi", "print(repr(_.text))"],
        kernel,
        server=jupyter("lab", settings),
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function("document.querySelector('.nbstream-text')?.textContent.length > 50")
    page.page.click(".nbstream-stop")
    page.page.wait_for_selector(f'.nbstream[data-status="{status}"]', timeout=10_000)
    page.wait_idle()
    page.run_cell(2)
    assert page.texts()[2].strip() == repr(text(page, 1))


def test_5000_deltas_cost_little_and_none_is_lost(notebook: OpenNotebook) -> None:
    page = notebook(
        [LOAD, "%%llm -m openai-chat/paced-1-10\nhi", "%%llm -m openai-chat/paced-5000-500\nhi"]
    )
    page.run_cell(0)
    page.run_cell(1)  # brings the front end's own code to the page
    page.traffic.reset()
    page.run_cell(2)
    assert text(page, 2) == text_of("paced-5000-500")
    size = page.traffic.received.size + page.traffic.sent.size
    assert size < 300_000, f"{size:,} bytes in {page.traffic.received.frames} frames"


def test_20000_deltas_lose_none_under_the_servers_limits(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, "%%llm -m openai-chat/paced-20000-2000\nhi", "print('after')"])
    page.run_all()
    assert text(page, 1) == text_of("paced-20000-2000")
    assert page.texts()[2].strip() == "after"


def test_create_new_view_for_output_shows_the_text_so_far(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, "%%llm -m openai-chat/paced-600-100\nhi"])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function(
        "document.querySelector('.nbstream-text')?.textContent.length > 500"
    )
    page.create_output_view(1)
    views = page.page.locator(".nbstream")
    expect(views).to_have_count(2)
    lengths = page.page.evaluate(
        "[...document.querySelectorAll('.nbstream-text')].map(n => n.textContent.length)"
    )
    assert min(lengths) >= 500, "the new view has what came before it"
    assert lengths[0] == lengths[1]
    page.wait_idle()
    texts = page.page.locator(".nbstream-text").all_text_contents()
    assert texts == [text_of("paced-600-100")] * 2


@pytest.mark.parametrize(
    "cell",
    [
        "%%llm -m openai-chat/paced-1500-100\nhi",
        "import nbstream\nnbstream.stream('openai-chat/paced-1500-100', 'hi')",
    ],
    ids=["while the cell runs", "in the background"],
)
def test_a_second_page_shows_the_text_so_far(notebook: OpenNotebook, cell: str) -> None:
    page = notebook([LOAD, cell])
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function(
        "document.querySelector('.nbstream-text')?.textContent.length > 500"
    )
    page.save()
    second = NotebookPage(page.page.context.new_page(), page.server, page.name)
    second.open(wait=False)
    second.page.wait_for_selector(".nbstream-text", timeout=20_000)
    shown = text(second, 1)
    assert 500 <= len(shown) < len(text_of("paced-1500-100")), "so far, not at the end"
    assert text_of("paced-1500-100").startswith(shown)
    assert (page.state() == RUNNING) == cell.startswith("%%llm")
    for one in (page, second):
        one.page.wait_for_selector(DONE, timeout=30_000)
        assert text(one, 1) == text_of("paced-1500-100")


def test_a_reload_shows_the_text_so_far(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, "import nbstream\nnbstream.stream('openai-chat/paced-1200-100', 'hi')"])
    page.run_all()
    page.page.wait_for_selector(".nbstream-text")
    page.save()
    page.reload(wait=False)
    page.page.wait_for_selector(".nbstream-text", timeout=20_000)
    page.page.wait_for_selector(DONE, timeout=30_000)
    assert text(page, 1) == text_of("paced-1200-100")


def test_a_saved_notebook_shows_the_answer_without_a_kernel(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, "%%llm -m openai-chat/paced-30-300\nhi"])
    page.run_all()
    saved = page.save()
    page.command("kernelmenu:shutdown", wait=False)
    page.page.context.close()
    page.server.reset()
    reopened = notebook(saved["cells"], start=False)
    reopened.page.goto("about:blank")
    outputs = saved["cells"][1]["outputs"]
    assert len(outputs) == 1
    reopened.open(wait=False)
    reopened.page.wait_for_selector(".jp-OutputArea-output")
    assert text_of("paced-30-300").strip() in reopened.output(1).inner_text()


def test_a_failure_shows_what_came_and_the_remedy(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, "%%llm -m openai-chat/cut-40\nhi", "print('never')"])
    page.run_all()
    assert text(page, 1) == text_of("cut-40")
    expect(page.output(1).locator(".nbstream-error")).to_contain_text(
        "before the model had finished"
    )
    assert page.texts()[2] == "", "Run All stops"


def test_it_works_in_notebook_7(notebook: OpenNotebook, jupyter: StartServer) -> None:
    page = notebook(
        [LOAD, "%%llm -m openai-chat/paced-5000-106\nhi", "print(repr(_.text))"],
        server=jupyter("notebook"),
    )
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function("document.querySelector('.nbstream-text')?.textContent.length > 50")
    page.page.click(".nbstream-stop")
    page.page.wait_for_selector('.nbstream[data-status="stopped"]')
    page.wait_idle()
    page.run_cell(2)
    assert page.texts()[2].strip() == repr(text(page, 1))
