"""A kernel that ends during an answer, in a real browser: the page says so and stops asking."""

import os
import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.conftest import OpenNotebook, StartServer
from tests.harness import kernelspecs
from tests.harness.page import NOTEBOOK, NotebookPage
from tests.harness.patience import HANG

LOAD = "import os; print(os.getpid())\n%load_ext nbstream"
GROWS = "document.querySelector('.nbstream-text')?.textContent.length > 50"
TITLE = "The kernel ended before the answer did."
# The title on a page that was not notified of the end.
SILENT = "The kernel does not respond."
BLOCKING = "%%llm -m openai-chat/talk-{}\nhi"
BACKGROUND = "import nbstream\nnbstream.stream('openai-chat/talk-{}', 'hi')"

RESTART = f"void {NOTEBOOK}.sessionContext.session.kernel.restart()"


def restart(page: NotebookPage) -> None:
    """Restart the kernel as the menu does after its confirmation."""
    page.page.evaluate(RESTART)


def kill(page: NotebookPage) -> None:
    """Kill the kernel as the system does when it is out of memory."""
    os.kill(int(page.texts()[0].split()[0]), signal.SIGKILL)


def shut_down(page: NotebookPage) -> None:
    page.command("kernelmenu:shutdown", wait=False)


def streamed_text(page: NotebookPage) -> str:
    """Run both cells; returns the text that the page shows while the answer arrives."""
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function(GROWS)
    return page.output(1).locator(".nbstream-text").text_content() or ""


def expect_lost(page: NotebookPage, had: str, title: str = TITLE) -> None:
    """The page says what happened, keeps the text, and stops counting and asking."""
    out = page.output(1)
    heading = out.locator(".nbstream-error-title")
    expect(heading).to_have_text(re.compile(title), timeout=2 * HANG * 1000)
    expect(out.locator(".nbstream-stop")).to_be_hidden()
    expect(out.locator(".nbstream-status")).to_have_text("failed")
    assert (out.locator(".nbstream-text").text_content() or "").startswith(had)
    elapsed = out.locator(".nbstream-elapsed").text_content()
    page.page.wait_for_timeout(1000)
    assert out.locator(".nbstream-elapsed").text_content() == elapsed
    assert page.errors == []


@pytest.mark.parametrize(
    ("ends", "cell"),
    [
        (restart, BLOCKING),
        (kill, BLOCKING),
        (kill, BACKGROUND),
        # A running cell is interrupted first, and then shows that itself.
        (shut_down, BACKGROUND),
    ],
)
def test_the_page_says_that_its_kernel_has_ended(
    notebook: OpenNotebook, ends: Callable[[NotebookPage], None], cell: str
) -> None:
    page = notebook([LOAD, cell.format(110)])
    had = streamed_text(page)
    ends(page)
    expect_lost(page, had)
    if ends is not shut_down:
        page.wait_idle()
        had_since = streamed_text(page)
        assert had_since, "the next kernel answers in the same cell"
        expect(page.output(1).locator(".nbstream-error")).to_have_count(0)


def test_the_same_for_a_kernel_that_cannot_receive_messages(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, BLOCKING.format(111)], kernelspecs.name_of("6.30.1"))
    had = streamed_text(page)
    restart(page)
    expect_lost(page, had)


def test_the_same_in_notebook_7(notebook: OpenNotebook, jupyter: StartServer) -> None:
    page = notebook([LOAD, BLOCKING.format(112)], server=jupyter("notebook"))
    had = streamed_text(page)
    restart(page)
    expect_lost(page, had)


def test_a_late_stop_causes_no_error_in_the_page(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, BLOCKING.format(113)])
    had = streamed_text(page)
    # In one step, so that the page is not notified before the button is pressed.
    page.page.evaluate(f"{RESTART}; document.querySelector('.nbstream-stop').click()")
    expect_lost(page, had)


def test_a_second_page_shows_it_too(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, BACKGROUND.format(114)])
    streamed_text(page)
    page.save()
    second = NotebookPage(page.page.context.new_page(), page.server, page.name)
    second.open(wait=False)
    second.page.wait_for_function(GROWS, timeout=60_000)
    had = second.output(1).locator(".nbstream-text").text_content() or ""
    restart(page)
    expect_lost(page, "")
    # The server does not notify other pages. They see the new kernel start if they have
    # reconnected by then; otherwise the missing heartbeats show it.
    expect_lost(second, had, f"{TITLE}|{SILENT}")


def test_a_reload_afterwards_shows_no_running_answer(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, BACKGROUND.format(115)])
    had = streamed_text(page)
    restart(page)
    expect_lost(page, had)
    page.save()
    page.reload()
    # Lab asks the new kernel for the widget, and it has none.
    expect(page.output(1)).not_to_contain_text("Loading")
    expect(page.output(1).locator(".nbstream-stop:visible")).to_have_count(0)
    assert page.errors == []
