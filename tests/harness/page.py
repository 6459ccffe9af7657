"""Opens, runs and reads a notebook in the browser, in JupyterLab or Notebook 7, for tests.

It works through Jupyter's own commands and models instead of clicks. A test looks at what a user
sees through `page` and its locators.
"""

import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Error, Locator, Page

from tests.harness.server import JupyterServer
from tests.harness.traffic import Traffic

OPEN = 60
RUN = 60
SHOWN = 30_000  # milliseconds within which a page must show something
JUPYTERS_OWN = {
    # Notebook 7.6.5 raises it at each load, without us.
    "Cannot read properties of undefined (reading 'schema')",
    # anywidget, of a widget whose page was busy for two seconds when it began. Its answer is live
    # all the same: test_busy_page.py.
    "[anywidget] Failed to initialize model.",
}
STABLE = 0.3  # seconds that a notebook must stay idle to count as such

# The notebook's widget in whichever application this is.
NOTEBOOK = """[...window.jupyterapp.shell.widgets('main')]
    .find(w => w.context && w.content && w.content.activeCell !== undefined)"""

# A kernel's status alone is not enough: it turns to idle while a cell runs, as soon as a request
# on a subshell is through. So no cell may show [*] either; and because a busy page comes to that
# late, what was begun must have ended, too.
STATE = f"""() => {{
  if (!window.jupyterapp) return 'no application';
  const notebook = {NOTEBOOK};
  if (!notebook) return 'no notebook';
  const busy = cell => cell.model.type === 'code' && (cell.model.executionState === 'running'
    || (cell.inputArea && cell.inputArea.promptNode.textContent.includes('*')));
  if (notebook.content.widgets.some(busy)) return 'a cell runs';
  if (window.commands) return 'a command runs';
  const kernel = notebook.sessionContext.session?.kernel;
  return kernel ? kernel.status + '/' + kernel.connectionStatus : 'no kernel';
}}"""

MODELS = f"""() => {NOTEBOOK}.content.widgets
    .map(cell => cell.model.outputs ? cell.model.outputs.toJSON() : [])"""

# Of this notebook only, not of a view made of one of its outputs. What is far from the window is
# not laid out, and has no innerText.
TEXTS = f"""() => {NOTEBOOK}.content.widgets
    .map(({{ outputArea: area }}) => area ? area.node.innerText.trim() && area.node.innerText
        || area.node.textContent : '')"""

SELECT = f"""index => {{
  const content = {NOTEBOOK}.content;
  content.deselectAll();
  content.activeCellIndex = index;
}}"""

COMMAND = """([name, options, wait]) => {
  window.commands = (window.commands ?? 0) + 1;
  const done = window.jupyterapp.commands.execute(name, options)
      .finally(() => { window.commands -= 1; });
  done.catch(() => {});
  return wait ? done.then(() => null) : null;
}"""

_workspace = itertools.count(1)


class ReplyLostError(TimeoutError):
    """The page waits to hear of its kernel, and the server says that it is not busy."""


class NotebookPage:
    """One notebook, open in one page."""

    def __init__(self, page: Page, server: JupyterServer, name: str = "test.ipynb") -> None:
        self.page = page
        self.server = server
        self.name = name
        self.path = server.root / name
        self.traffic = Traffic(page)
        self.errors: list[str] = []
        """Exceptions that nothing in the page caught, but for Jupyter's own."""
        page.on("pageerror", self._note)
        if server.app == "lab":
            # A workspace of its own, or the page opens what the last one had open.
            self.url = f"{server.url}lab/workspaces/w{next(_workspace)}/tree/{name}"
        else:
            self.url = f"{server.url}notebooks/{name}"

    def _note(self, error: Error) -> None:
        if str(error) not in JUPYTERS_OWN:
            self.errors.append(str(error))

    def write(self, cells: Sequence[str | dict[str, Any]], kernel: str = "python3") -> None:
        """Put the notebook's file there; a string is a code cell."""
        nodes = [nbformat.v4.new_code_cell(c) if isinstance(c, str) else c for c in cells]
        spec = {"name": kernel, "display_name": kernel, "language": "python"}
        node = nbformat.v4.new_notebook(cells=nodes, metadata={"kernelspec": spec})
        nbformat.write(node, self.path)

    def open(self, *, wait: bool = True, timeout: float = OPEN) -> None:
        """Load the page and wait for the kernel."""
        self.page.goto(self.url, timeout=timeout * 1000)
        self._opened(wait=wait, timeout=timeout)

    def reload(self, *, wait: bool = True, timeout: float = OPEN) -> None:
        """Reload as a user does, whatever is running."""
        self.page.reload(timeout=timeout * 1000)
        self._opened(wait=wait, timeout=timeout)

    def _opened(self, *, wait: bool, timeout: float) -> None:
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=timeout * 1000)
        if wait:
            self.wait_idle(timeout)

    def state(self) -> str:
        """'idle/connected', or why not."""
        return str(self.page.evaluate(STATE))

    def wait_idle(self, timeout: float = RUN) -> None:
        """Wait until no cell has run for a short time."""
        deadline = time.monotonic() + timeout
        since: float | None = None
        while since is None or time.monotonic() - since < STABLE:
            now = time.monotonic()
            state = self.state()
            if state != "idle/connected":
                since = None
                if now > deadline:
                    unheard = state in ("a cell runs", "unknown/connected")
                    lost = unheard and self.server.kernel_of(self.name) != "busy"
                    raise (ReplyLostError if lost else TimeoutError)(f"after {timeout} s: {state}")
            elif since is None:
                since = now
            self.page.wait_for_timeout(30)

    def until(self, true: Callable[[], object], timeout: float = RUN) -> None:
        """Let the page run until `true()` is true."""
        deadline = time.monotonic() + timeout
        while not true():
            assert time.monotonic() < deadline, f"not within {timeout:g} s; {self.state()}"
            self.page.wait_for_timeout(20)

    def command(self, name: str, *, wait: bool = True, **options: Any) -> None:
        """Run one of Jupyter's commands. Without `wait` it is only begun."""
        self.page.evaluate(COMMAND, [name, options, wait])

    def select(self, index: int) -> None:
        """Make a cell the active one."""
        self.page.evaluate(SELECT, index)

    def run_cell(self, index: int, *, wait: bool = True, timeout: float = RUN) -> None:
        """Run one cell, by default to its end."""
        self.select(index)
        self.command("notebook:run-cell", wait=False)
        if wait:
            self.wait_idle(timeout)

    def run_all(self, *, wait: bool = True, timeout: float = RUN) -> None:
        """Run All Cells, by default to their end."""
        self.command("notebook:run-all-cells", wait=False)
        if wait:
            self.wait_idle(timeout)

    def interrupt(self) -> None:
        """The kernel's stop button."""
        self.command("notebook:interrupt-kernel", wait=False)

    def save(self) -> dict[str, Any]:
        """Save; the file as it then is."""
        self.command("docmanager:save")
        # Through nbformat, which joins the lines that the file keeps apart.
        saved: dict[str, Any] = nbformat.read(self.path, as_version=4)
        return saved

    def create_output_view(self, index: int) -> None:
        """Create New View for Output: a second view of all that a cell shows."""
        self.select(index)
        self.command("notebook:create-output-view")

    def set_theme(self, *, dark: bool) -> None:
        """Change the colours of the page, now."""
        theme = "JupyterLab Dark" if dark else "JupyterLab Light"
        self.command("apputils:change-theme", theme=theme)
        light = "false" if dark else "true"
        self.page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")

    def cell(self, index: int) -> Locator:
        """A cell as the user sees it."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """What stands below a cell."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def texts(self) -> list[str]:
        """The visible text below each cell."""
        return list(self.page.evaluate(TEXTS))

    def models(self) -> list[list[dict[str, Any]]]:
        """The outputs of each cell as they would be saved."""
        return list(self.page.evaluate(MODELS))

    def screenshot(self, path: Path) -> Path:
        """A picture of the page."""
        self.page.screenshot(path=path)
        return path
