"""Measures the seconds from Stop, or from an interrupt, to the end of the cell: `make bench-stop`.

Runs a real JupyterLab and Notebook 7 in a real browser against the tests' own model
server. The targets are 0.5 s for Stop and 1 s for an interrupt. Other work on the machine makes
both slower.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from tests.harness import browser
from tests.harness.llm_server import LLMServer
from tests.harness.page import STATE, NotebookPage
from tests.harness.server import App, JupyterServer

APPS: tuple[App, ...] = ("lab", "notebook")
TARGETS = {"Stop": 0.5, "interrupt": 1.0}
GROWS = """document.querySelector('.nbstream[data-status="streaming"] .nbstream-text')
    ?.textContent.length > 50"""

# Measured with the page's clock, until no cell runs and the view shows the end.
STOPWATCH = f"""() => {{
  const watch = window.stopwatch = {{began: null, ended: null}};
  const begin = () => watch.began ??= performance.now();
  document.addEventListener('pointerdown', begin, {{capture: true, once: true}});
  const state = {STATE};
  const ended = '.nbstream:is([data-status=stopped], [data-status=interrupted])';
  const timer = setInterval(() => {{
    if (state() === 'a cell runs' || !document.querySelector(ended)) return;
    watch.ended = performance.now();
    clearInterval(timer);
  }}, 5);
}}"""


def seconds_to_end(page: NotebookPage, how: str) -> float:
    """Run cell 1, end it by ``how`` while it streams, and return the seconds until it ends."""
    page.run_cell(1, wait=False)
    page.page.wait_for_function(GROWS)
    page.page.evaluate(STOPWATCH)
    if how == "Stop":
        page.page.click(".nbstream-stop")
    else:
        page.page.evaluate("stopwatch.began = performance.now()")
        page.interrupt()
    page.page.wait_for_function("stopwatch.ended")
    taken = float(page.page.evaluate("(stopwatch.ended - stopwatch.began) / 1000"))
    page.wait_idle()
    return taken


def main() -> None:
    """Measure Stop and the interrupt in JupyterLab and in Notebook 7, and print the seconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, LLMServer() as model, browser.launch() as running:
        for app in APPS:
            with JupyterServer(Path(folder, app), app, env=model.env) as server:
                page = NotebookPage(running.new_page(), server)
                page.write(["%load_ext nbstream", "%%llm -m openai-chat/paced-5000-100\nhi"])
                page.open()
                page.run_cell(0)
                for how, target in TARGETS.items():
                    taken = [seconds_to_end(page, how) for _ in range(rounds)]
                    middle, slowest = statistics.median(taken), max(taken)
                    print(f"{app:9} {how:10} {middle:6.3f} s, slowest {slowest:.3f} s", end="")
                    print(f"   (target {target:g} s)")
                page.page.close()


if __name__ == "__main__":
    main()
