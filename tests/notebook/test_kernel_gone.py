"""A kernel that ends in mid-answer, in a real browser: the page says so and lets go."""

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
# Said to a page that no sign of the end has reached.
SILENT = "The kernel does not respond."
BLOCKING = "%%llm -m openai-chat/talk-{}\nhi"
BACKGROUND = "import nbstream\nnbstream.stream('openai-chat/talk-{}', 'hi')"

RESTART = f"void {NOTEBOOK}.sessionContext.session.kernel.restart()"


def restart(page: NotebookPage) -> None:
    """As the menu does, once it has asked whether one means it."""
    page.page.evaluate(RESTART)


def kill(page: NotebookPage) -> None:
    """As the system does when the memory is used up."""
    os.kill(int(page.texts()[0].split()[0]), signal.SIGKILL)


def shut_down(page: NotebookPage) -> None:
    page.command("kernelmenu:shutdown", wait=False)


def grown(page: NotebookPage) -> str:
    """Run both cells; what the page shows of the answer while it comes."""
    page.run_cell(0)
    page.run_cell(1, wait=False)
    page.page.wait_for_function(GROWS)
    return page.output(1).locator(".nbstream-text").text_content() or ""


def expect_lost(page: NotebookPage, had: str, title: str = TITLE) -> None:
    """It says what happened, has kept what had come, and neither ticks nor asks any more."""
    out = page.output(1)
    told = out.locator(".nbstream-error-title")
    expect(told).to_have_text(re.compile(title), timeout=2 * HANG * 1000)
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
        # While a cell runs it is interrupted first, and says so itself.
        (shut_down, BACKGROUND),
    ],
)
def test_the_page_says_that_its_kernel_has_ended(
    notebook: OpenNotebook, ends: Callable[[NotebookPage], None], cell: str
) -> None:
    page = notebook([LOAD, cell.format(110)])
    had = grown(page)
    ends(page)
    expect_lost(page, had)
    if ends is not shut_down:
        page.wait_idle()
        had_since = grown(page)
        assert had_since, "the next kernel answers in the same cell"
        expect(page.output(1).locator(".nbstream-error")).to_have_count(0)


def test_the_same_for_a_kernel_that_cannot_receive_messages(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, BLOCKING.format(111)], kernelspecs.name_of("6.30.1"))
    had = grown(page)
    restart(page)
    expect_lost(page, had)


def test_the_same_in_notebook_7(notebook: OpenNotebook, jupyter: StartServer) -> None:
    page = notebook([LOAD, BLOCKING.format(112)], server=jupyter("notebook"))
    had = grown(page)
    restart(page)
    expect_lost(page, had)


def test_a_late_stop_causes_no_error_in_the_page(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, BLOCKING.format(113)])
    had = grown(page)
    # In one go: the page is not told before the button is pressed.
    page.page.evaluate(f"{RESTART}; document.querySelector('.nbstream-stop').click()")
    expect_lost(page, had)


def test_a_second_page_shows_it_too(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, BACKGROUND.format(114)])
    grown(page)
    page.save()
    second = NotebookPage(page.page.context.new_page(), page.server, page.name)
    second.open(wait=False)
    second.page.wait_for_function(GROWS, timeout=60_000)
    had = second.output(1).locator(".nbstream-text").text_content() or ""
    restart(page)
    expect_lost(page, "")
    # The server tells other pages nothing. They hear the new kernel start, if their
    # line to it is up again by then; else it is the silence that tells.
    expect_lost(second, had, f"{TITLE}|{SILENT}")


def test_a_reload_afterwards_shows_no_running_answer(notebook: OpenNotebook) -> None:
    page = notebook([LOAD, BACKGROUND.format(115)])
    had = grown(page)
    restart(page)
    expect_lost(page, had)
    page.save()
    page.reload()
    # Lab asks the new kernel for the widget, and it has none.
    expect(page.output(1)).not_to_contain_text("Loading")
    expect(page.output(1).locator(".nbstream-stop:visible")).to_have_count(0)
    assert page.errors == []
