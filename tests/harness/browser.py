"""Starts a headless Chromium for tests, which reaches only this machine."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Playwright,
    ViewportSize,
    sync_playwright,
)

from scripts import chromium

ARGUMENTS = [
    "--no-sandbox",  # it runs as root in a container, and opens nothing but our own pages
    "--disable-gpu",
    "--disable-dev-shm-usage",  # /dev/shm is small in a container
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    # Several pages are open at a time, and the timers of hidden ones must not slow down.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--no-proxy-server",
    # Only loopback names resolve.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


VIEWPORT: ViewportSize = {"width": 1200, "height": 900}


@contextlib.contextmanager
def launch() -> Iterator[Browser]:
    """A headless browser, closed at the end."""
    with sync_playwright() as playwright, launched(playwright) as browser:
        yield browser


@contextlib.contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """``launch`` by a Playwright that runs already."""
    browser = playwright.chromium.launch(executable_path=_path(), headless=True, args=ARGUMENTS)
    try:
        yield browser
    finally:
        browser.close()


@contextlib.contextmanager
def profile(playwright: Playwright, folder: Path) -> Iterator[BrowserContext]:
    """A headless browser with a folder of its own, where it keeps compiled code between pages.

    A notebook opens in two thirds of the time that it takes in a new context.
    """
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=_path(), headless=True, args=ARGUMENTS, viewport=VIEWPORT
    )
    try:
        yield context
    finally:
        context.close()


def _path() -> Path:
    path = chromium.find()
    if path is None:
        raise RuntimeError("no Chromium; `make test` installs one, or set $CHROMIUM")
    return Path(path)
