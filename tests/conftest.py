"""Fixtures that all tests share, and the choice between pure and real tests.

Imports of Jupyter and Playwright stay inside the fixtures: the pure tests run in environments
that have neither.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import HealthCheck, settings

from tests.harness.llm_server import LLMServer
from tests.harness.patience import HANG
from tests.recordings import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from playwright.sync_api import Browser, BrowserContext, Playwright

    from tests.harness.kernel import Kernel
    from tests.harness.page import NotebookPage
    from tests.harness.server import App, JupyterServer

REAL = (
    "clients",
    "hosts",
    "live",
    "mcp",
    "notebook",
    "agent/test_kernel.py",
    "agent/test_peer.py",
    "agent/test_robust.py",
    "generation/test_cell.py",
    "providers/test_local.py",
    "redis_streams",
    "samples/test_anthropic_tools.py",
    "samples/test_samples.py",
    "sources/test_kernel.py",
    "sources/test_libraries.py",
    "sources/test_url.py",
    "streams/test_kernel.py",
    "test_harness.py",
    "test_wheel.py",
    "typed/test_type_checking.py",
)
"""Tests that need a kernel, a browser, the local model, or a server in a process of its own."""

SLOW = ("history/test_cuts.py", "transport/test_clocks.py")
"""Tests that read all recordings, or wait for limits of time.

All tests but these and the real ones are pure. `pytest --pure` runs those alone, without the
recordings: it is what `make check` does, and what `make test` does on each further Python."""

# The same examples in each run, without a time limit, so that a test that passes keeps passing.
# HYPOTHESIS_PROFILE=search tries new examples, and prints how to repeat a failure.
STEADY = settings(deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("steady", STEADY, derandomize=True, database=None)
settings.register_profile("search", STEADY, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--pure`: the pure tests alone."""
    parser.addoption("--pure", action="store_true", help="no kernel, browser, server or recording")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the real tests, and do not even import them."""
    if not config.getoption("--pure"):
        return None
    path = collection_path.relative_to(Path(__file__).parent).as_posix()
    return True if path in REAL + SLOW else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the recordings if asked to, and repeat a notebook's test if a reply was lost.

    In about one of 200 notebooks JupyterLab never hears of its kernel, also without any code of
    ours: a bare print on ipykernel 7.1.0, or before a cell ran. Only this is tried again, once,
    and pytest's summary says so.
    """
    if config.getoption("--pure"):
        left_out = [item for item in items if _is_recorded(item) or _is_repeated(item)]
        config.hook.pytest_deselected(items=left_out)
        dropped = set(left_out)
        items[:] = [item for item in items if item not in dropped]
    for item in items:
        if "notebook" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["^ReplyLostError"]))


def _is_recorded(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return call is not None and any(isinstance(one, Recording) for one in call.params.values())


def _is_repeated(item: pytest.Item) -> bool:
    """Whether it is a test of the transport that also runs with httpx."""
    call = getattr(item, "callspec", None)
    return call is not None and call.params.get("http") == "httpx2"


@pytest.fixture(autouse=True)
def _loop_of_playwright(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hide the loop that Playwright keeps running on the main thread from tests without a browser.

    A run that blocks there would otherwise be in a running loop, and patch asyncio.
    """
    if "playwright" in request.fixturenames:
        yield
        return
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)
    assert not hasattr(asyncio, "_nest_asyncio2"), "patched: this test needs a process of its own"


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow a connection 30 seconds to close: on a busy machine one second is too little."""
    monkeypatch.setattr("nbstream.streams.run.Run.CLOSING_TIMEOUT", HANG)
    monkeypatch.setattr("nbstream.request.job_source._CANCEL_TIMEOUT", HANG)


@pytest.fixture(scope="session")
def llm_server() -> Iterator[LLMServer]:
    """A provider on loopback; a model's name says what it answers."""
    with LLMServer() as server:
        yield server


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers; only one can run at a time."""
    from playwright.sync_api import expect, sync_playwright

    from tests.harness.page import SHOWN

    expect.set_options(timeout=SHOWN)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests."""
    from tests.harness import browser as chromium

    with chromium.launched(playwright) as running:
        yield running


@pytest.fixture(scope="session")
def profile(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """The Chromium in which `notebook` opens its pages."""
    from tests.harness import browser as chromium

    with chromium.profile(playwright, tmp_path_factory.mktemp("chromium")) as running:
        yield running


class StartServer(Protocol):
    """How `jupyter` is called."""

    def __call__(
        self, app: App = "lab", settings: Mapping[str, Mapping[str, Any]] | None = None
    ) -> JupyterServer:
        """The server with that application and those settings, started at its first use."""


@pytest.fixture(scope="session")
def jupyter(
    llm_server: LLMServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartServer]:
    """Servers by application and settings; each is started once, at its first use."""
    from tests.harness.server import JupyterServer

    running: dict[str, JupyterServer] = {}

    def start(
        app: App = "lab", settings: Mapping[str, Mapping[str, Any]] | None = None
    ) -> JupyterServer:
        key = f"{app} {settings}"
        if key not in running:
            root = tmp_path_factory.mktemp(app)
            running[key] = JupyterServer(root, app, settings, llm_server.env)
        return running[key]

    yield start
    for server in running.values():
        server.close()


@pytest.fixture
def lab(jupyter: StartServer) -> JupyterServer:
    """The JupyterLab that most tests share."""
    return jupyter("lab")


class OpenNotebook(Protocol):
    """How `notebook` is called."""

    def __call__(
        self,
        cells: Sequence[str | dict[str, Any]],
        kernel: str = "python3",
        server: JupyterServer | None = None,
        *,
        start: bool = True,
    ) -> NotebookPage:
        """A notebook of these cells, opened unless `start` is false."""


_number = itertools.count(1)


@pytest.fixture
def notebook(profile: BrowserContext, jupyter: StartServer) -> Iterator[OpenNotebook]:
    """Opens notebooks in pages; the pages are closed after the test."""
    from tests.harness.page import NotebookPage

    pages: list[NotebookPage] = []

    def open_notebook(
        cells: Sequence[str | dict[str, Any]],
        kernel: str = "python3",
        server: JupyterServer | None = None,
        *,
        start: bool = True,
    ) -> NotebookPage:
        server = server or jupyter("lab")
        page = NotebookPage(profile.new_page(), server, f"test{next(_number)}.ipynb")
        pages.append(page)
        page.write(cells, kernel)
        if start:
            page.open()
        return page

    yield open_notebook
    for one in profile.pages[1:]:  # also those that a test has opened; the first is empty
        one.close()
    for server in {page.server for page in pages}:
        server.reset()


class StartKernel(Protocol):
    """How `kernel` is called."""

    def __call__(self, version: str | None = None, env: Mapping[str, str] | None = None) -> Kernel:
        """A kernel of that ipykernel version, with these environment variables and the server's."""


@pytest.fixture
def kernel(
    llm_server: LLMServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Kernel]]:
    """Starts kernels without a page; they are closed after the test."""
    from tests.harness.kernel import Kernel

    running: list[Kernel] = []

    def start(version: str | None = None, env: Mapping[str, str] | None = None) -> Kernel:
        # A short path: Unix limits the length of a socket's path.
        root = tmp_path_factory.mktemp("kernel")
        running.append(Kernel(root, version, {**llm_server.env, **(env or {})}))
        return running[-1]

    yield start
    for one in running:
        one.close()
