"""Starts a headless Chromium for tests, which reaches only this machine."""

import contextlib
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

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


@contextlib.contextmanager
def launch() -> Iterator[Browser]:
    """A headless browser, closed at the end."""
    path = chromium.find()
    if path is None:
        raise RuntimeError("no Chromium; `make test` installs one, or set $CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
