"""Starts marimo and Voila for tests, and finds the packages of other front ends.

The packages that only one front end needs are in a folder of its own, `.venv/hosts/NAME` (the
Makefile makes it). The rest of it is the test environment.
"""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, Request

from tests.harness import isolation, kernelspecs, starting
from tests.harness.closing import Closing

Host = Literal["marimo", "voila", "jupyter-collaboration", "jupyter-server-documents"]


def variables(host: Host) -> dict[str, str]:
    """The environment variables with which Python and Jupyter find a host's packages."""
    folder = Path(sys.prefix) / "hosts" / host
    return {
        "PYTHONPATH": str(folder),
        "JUPYTER_PATH": str(folder / "share" / "jupyter"),
        "JUPYTER_CONFIG_PATH": str(folder / "etc" / "jupyter"),
    }


class HostServer(Closing):
    """A server of marimo or Voila on loopback that shows one notebook."""

    def __init__(self, root: Path, host: Host, notebook: Path, env: Mapping[str, str]) -> None:
        port = starting.free_port()
        self.url = f"http://127.0.0.1:{port}/"
        options = {
            "marimo": ["run", "--headless", "--no-token", "--host=127.0.0.1", f"--port={port}"],
            "voila": ["--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"],
        }[host]
        kernelspecs.write(isolation.folders(root)["JUPYTER_DATA_DIR"], env)
        self._log = root / "server.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", host, *options, str(notebook)],
                env=isolation.environment(root, {**env, **variables(host)}),
                cwd=notebook.parent,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # its kernels are ended with it
            )
        self._wait()

    def _wait(self) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

        def ask() -> None:
            # Voila runs the notebook for its page, so an address that it lacks is asked for.
            with contextlib.suppress(urllib.error.HTTPError):
                opener.open(f"{self.url}static/no-such-file", timeout=starting.START).close()

        try:
            starting.wait_until_answers(ask, self._process, self.log)
        except BaseException:
            self.close()
            raise

    def log(self) -> str:
        """What the server printed."""
        return self._log.read_text()

    def close(self) -> None:
        """End the server and its kernels."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Outside:
    """Collects the addresses that a page asks for and that are not its server's."""

    def __init__(self, page: Page, server: str) -> None:
        self.urls: list[str] = []
        self._server = server
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self._server, "data:", "blob:")):
            self.urls.append(request.url)
