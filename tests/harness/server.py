"""Starts and ends a Jupyter server for tests, with its user settings and its REST interface."""

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import psutil

from tests.harness import isolation, kernelspecs, starting

App = Literal["lab", "notebook"]
MODULES: dict[App, str] = {"lab": "jupyterlab", "notebook": "notebook"}
STARTS = 3
STOP = 15
SHORT = "/tmp"  # Unix limits the length of a socket's path to some 100 characters
REPLY = 60  # a kernel that is to end is first asked to, and given some seconds

# Nothing is asked of a network: no news, no updates, no extensions.
QUIET: dict[str, dict[str, Any]] = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
}


class JupyterServer:
    """A JupyterLab or Notebook 7 on loopback, in directories of its own, without a token."""

    def __init__(
        self,
        root: Path,
        app: App = "lab",
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        env: Mapping[str, str] | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        """`settings`: plugin name to user settings; `env`: variables that each kernel gets too."""
        self.app: App = app
        self.root = root / "notebooks"
        self.root.mkdir(parents=True, exist_ok=True)
        self._log = root / "server.log"
        self._sockets = tempfile.mkdtemp(prefix="nb-", dir=SHORT)
        runtime = {"JUPYTER_RUNTIME_DIR": self._sockets}
        self._variables = isolation.environment(root, env) | runtime
        self._settings = isolation.folders(root)["JUPYTERLAB_SETTINGS_DIR"]
        self._own = {**QUIET, **(settings or {})}
        self.set_settings(self._own)
        kernelspecs.write(isolation.folders(root)["JUPYTER_DATA_DIR"], env)
        # The port is free when it is chosen, and may be taken before the server binds it.
        for left in reversed(range(STARTS)):
            port = starting.free_port()
            self.url = f"http://127.0.0.1:{port}/"
            self._started = [*self._command(port), *options]
            self._spawn(self._started)
            try:
                self._wait()
                break
            except BaseException:
                ended = self._process.poll() is not None
                self.close()
                if not ended or not left:
                    raise

    def _spawn(self, command: list[str]) -> None:
        Path(self._sockets).mkdir(exist_ok=True)
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                command,
                env=self._variables,
                cwd=self.root,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A process group of its own, so that its kernels can be ended with it.
                start_new_session=True,
            )

    def _command(self, port: int) -> list[str]:
        command = [
            *(sys.executable, "-m", MODULES[self.app], "--no-browser", "--allow-root"),
            # Gives tests `window.jupyterapp`, to run commands and to read models.
            "--expose-app-in-browser",
            f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.root_dir={self.root}",
            # A port may be taken between its choice and its use by the kernel.
            "--ConnectionFileMixin.transport=ipc",
            "--IdentityProvider.token=",
            "--ServerApp.password=",
            # Otherwise a DELETE without a browser's cookie is refused, and kernels never end.
            "--ServerApp.disable_check_xsrf=True",
        ]
        if self.app == "lab":
            command += ["--LabApp.extension_manager=readonly", "--LabApp.news_url="]
        return command

    def _wait(self) -> None:
        starting.wait_until_answers(lambda: self.api("status"), self._process, self.log)

    def set_settings(self, settings: Mapping[str, Mapping[str, Any]]) -> None:
        """Write user settings; a page sees them when it is next loaded."""
        for plugin, values in settings.items():
            package, name = plugin.split(":")
            folder = self._settings / package
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.jupyterlab-settings").write_text(json.dumps(values))

    def api(self, path: str, method: str = "GET") -> Any:
        """Call the server's REST interface, such as `sessions` or `kernels`."""
        request = urllib.request.Request(f"{self.url}api/{path}", method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=REPLY) as response:
            body = response.read()
        return json.loads(body) if body else None

    def kernel_of(self, name: str) -> str:
        """The state of a notebook's kernel, as the server knows it."""
        found = [one["kernel"] for one in self.api("sessions") if one["path"] == name]
        return str(found[0]["execution_state"]) if found else "none"

    def reset(self) -> None:
        """Between two tests: remove all user settings, and the files that the test left.

        All tests share the folder: a file that one test's cells wait for would be there at once in
        the next. Kernels stay until the server ends: when they were ended here, two pages in five
        whole runs never heard from the next kernel.
        """
        for changed in self._settings.rglob("*.jupyterlab-settings"):
            changed.unlink()
        self.set_settings(self._own)
        for left in self.root.iterdir():
            if left.is_file():
                left.unlink()

    def log(self) -> str:
        """What the server and its kernels printed."""
        return self._log.read_text()

    def close(self) -> None:
        """End the server, its kernels and what they have started, at once.

        A kernel that is asked to end takes most of a second, and there may be a hundred.
        """
        with contextlib.suppress(psutil.NoSuchProcess):
            server = psutil.Process(self._process.pid)
            family = [server, *server.children(recursive=True)]
            for one in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
            psutil.wait_procs(family, STOP)
        self._process.wait()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def start_again(self) -> None:
        """After `close`: a new server on the same port, with the same files."""
        self._spawn(self._started)
        self._wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
