"""Knows: which parts of the harness a test can ask for. Refuses to know: how they work."""

import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect

from tests.harness import browser as chromium
from tests.harness.kernel import Kernel
from tests.harness.llm_server import LLMServer
from tests.harness.page import SHOWN, NotebookPage
from tests.harness.patience import HANG
from tests.harness.server import App, JupyterServer

VIEWPORT = {"width": 1200, "height": 900}
expect.set_options(timeout=SHOWN)

# The same examples each time, so that what passes once passes again, and no clock over them.
# HYPOTHESIS_PROFILE=search looks for new ones, and prints how to have a failure again.
STEADY = settings(deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("steady", STEADY, derandomize=True, database=None)
settings.register_profile("search", STEADY, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let closing a connection take its time: on a busy machine a second may be too little."""
    monkeypatch.setattr("nbstream.streams.run.Run.CLOSING_TIMEOUT", HANG)
    monkeypatch.setattr("nbstream.request.job_source._PARTING", HANG)


@pytest.fixture(scope="session")
def llm_server() -> Iterator[LLMServer]:
    """A provider on loopback whose models' names are scripts."""
    with LLMServer() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with chromium.launch() as running:
        yield running


class StartServer(Protocol):
    """How `jupyter` is called."""

    def __call__(
        self, app: App = "lab", settings: Mapping[str, Mapping[str, Any]] | None = None
    ) -> JupyterServer:
        """The server with that application and those settings, started at its first use."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A reply that JupyterLab lost is no failure of the test that waited for it.

    Once in some 200 notebooks a page never hears of its kernel, with no code of ours in it: a bare
    print on ipykernel 7.1.0, or before anything ran. Only that is tried again, once, and the
    summary says so.
    """
    for item in items:
        if "notebook" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["^ReplyLostError"]))


@pytest.fixture(scope="session")
def jupyter(
    llm_server: LLMServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartServer]:
    """Servers by application and settings; each kind starts once, when first asked for."""
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
def notebook(
    request: pytest.FixtureRequest, browser: Browser, jupyter: StartServer, tmp_path: Path
) -> Iterator[OpenNotebook]:
    """Opens notebooks in pages; pages end with the test."""
    pages: list[NotebookPage] = []

    def open_notebook(
        cells: Sequence[str | dict[str, Any]],
        kernel: str = "python3",
        server: JupyterServer | None = None,
        *,
        start: bool = True,
    ) -> NotebookPage:
        context = browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
        server = server or jupyter("lab")
        page = NotebookPage(context.new_page(), server, f"test{next(_number)}.ipynb")
        pages.append(page)
        page.write(cells, kernel)
        if start:
            page.open()
        return page

    yield open_notebook
    for page in pages:
        page.page.context.close()
    for server in {page.server for page in pages}:
        server.reset()


class StartKernel(Protocol):
    """How `kernel` is called."""

    def __call__(self, version: str | None = None, env: Mapping[str, str] | None = None) -> Kernel:
        """A kernel of that ipykernel, with those variables besides the model server's."""


@pytest.fixture
def kernel(
    llm_server: LLMServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Kernel]]:
    """Starts kernels without a page; they end with the test."""
    running: list[Kernel] = []

    def start(version: str | None = None, env: Mapping[str, str] | None = None) -> Kernel:
        # A short path: Unix limits the length of a socket's.
        root = tmp_path_factory.mktemp("kernel")
        running.append(Kernel(root, version, {**llm_server.env, **(env or {})}))
        return running[-1]

    yield start
    for one in running:
        one.close()
