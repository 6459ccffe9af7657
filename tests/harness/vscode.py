"""Opens a page that shows outputs as VS Code's notebook does, for tests.

The page is in `tests/hosts/vscode`, with the packages of its widget manager. A real Jupyter server
serves it, and starts its kernel.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.harness.closing import Closing
from tests.harness.page import OPEN
from tests.harness.server import JupyterServer

HOME = Path(__file__).parent.parent / "hosts" / "vscode"
PACKAGES = HOME / "node_modules"
NBEXTENSIONS = Path(sys.prefix) / "share" / "jupyter" / "nbextensions"
FILES = {
    "page.html": HOME / "page.html",
    "page.css": HOME / "page.css",
    "require.js": PACKAGES / "requirejs" / "require.js",
    "ipywidgets.js": PACKAGES / "@vscode" / "jupyter-ipywidgets8" / "dist" / "ipywidgets.js",
    "nbextensions/anywidget/index.js": NBEXTENSIONS / "anywidget" / "index.js",
}

THEMES: dict[str, dict[str, Any]] = json.loads((HOME / "themes.json").read_text())
"""VS Code's own themes by name: the class of the page, and its colours."""


class VSCodePage(Closing):
    """Outputs of one kernel as VS Code shows them, with a server of its own."""

    def __init__(self, page: Page, root: Path, env: Mapping[str, str]) -> None:
        """`root` is an empty folder; `env` are variables that the kernel gets too."""
        self.page = page
        self.errors: list[str] = []
        """Exceptions that nothing in the page caught."""
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        static = root / "static"
        for name, file in FILES.items():
            (static / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, static / name)
        (static / "page.js").write_text(_script())
        options = (f"--ServerApp.extra_static_paths={static}",)
        self.server = JupyterServer(root, env=env, options=options)

    def open(self, theme: str = "Dark 2026") -> None:
        """Load the page and start its kernel."""
        self.page.goto(f"{self.server.url}static/page.html", timeout=OPEN * 1000)
        self.set_theme(theme)
        self.page.evaluate("url => host.start(url)", self.server.url)

    def set_theme(self, name: str) -> None:
        """Change to one of `THEMES`."""
        self.page.evaluate("([name, theme]) => host.theme(name, theme)", [name, THEMES[name]])

    def set_system_theme(self) -> None:
        """Remove all colours but the system's, for good."""
        self.page.evaluate("host.systemTheme()")

    def run(self, code: str, *, wait: bool = True) -> str:
        """Run a cell, by default to its end; returns how it ended: `ok`, or `error`."""
        end = self.page.evaluate("([code, wait]) => host.run(code, { wait })", [code, wait])
        return str(end)

    def output(self, index: int) -> Locator:
        """What a cell shows; cells are counted from 0."""
        return self.page.locator(".cell_container").nth(index)

    def close(self) -> None:
        self.server.close()


@cache
def _script() -> str:
    """The page's own code, in one file with the packages that it imports."""
    assert PACKAGES.exists(), "not installed: npm --prefix tests/hosts/vscode ci"
    command = ["npm", "--prefix", str(HOME), "--silent", "run", "build"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
