"""Measures the live view in JupyterLab: `make bench-view`.

``latency``: milliseconds from when the model's server sends a delta to when the page has painted
it, at 1,000 deltas a second; and of the first delta after each pause.
``cells``: twenty cells at once; the gaps between frames, what the page did in them, and whether
each text is whole.
``long``: 1 MB at 5,000 deltas a second; the same.

Server, kernel, Jupyter and browser share this machine, so other work on it makes all slower.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench import view_frames, view_text
from tests.harness import browser
from tests.harness.llm_scripts import script_of
from tests.harness.llm_server import LLMServer
from tests.harness.page import NotebookPage
from tests.harness.server import JupyterServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser

_names = itertools.count(1)

DONE = '.nbstream[data-status="done"]'
GROWING = ".jp-OutputArea .widget-subarea, .nbstream-unfinished"  # an output without its last form
SETTLE = 2_000  # milliseconds for what JupyterLab does after that, such as the table of contents

# A message that is posted in a frame arrives when the frame has been painted.
WATCH = """() => {
  const paints = window.paints = [];
  const channel = new MessageChannel();
  let waiting = [];
  channel.port1.onmessage = () => {
    const now = performance.timeOrigin + performance.now();
    for (const number of waiting) paints.push([now, number]);
    waiting = [];
  };
  const last = el => {
    for (let child = el.lastElementChild; child; child = child.previousElementSibling) {
      if (!/\\d{6}/.test(child.textContent)) continue;
      return child.matches('.nbmd-group') ? last(child) : child.textContent.match(/\\d{6}/g).at(-1);
    }
    return 0;
  };
  const observer = new MutationObserver(() => {
    const text = [...document.querySelectorAll('.nbstream-text')].at(-1);
    const number = text ? Number(last(text)) : 0;
    if (!waiting.length) channel.port2.postMessage(0);
    waiting.push(number);
  });
  observer.observe(document.body, {childList: true, characterData: true, subtree: true});
}"""

WHOLE = """() => [...document.querySelectorAll('.nbstream-text')].filter(text =>
  text.textContent.match(/\\d{6}/g).every((number, at) => Number(number) === at + 1)).length"""


def latency(bench: Bench, name: str) -> list[tuple[float, int]]:
    """Stream that model's answer; the milliseconds of each delta, and its index."""
    with bench.notebook([f"%%llm -m openai-chat/{name}\nhi"]) as page:
        page.page.evaluate(WATCH)
        page.run_cell(1, timeout=120)
        page.page.wait_for_selector(DONE)
        paints = page.page.evaluate("paints")
    sent_at = bench.model.of(name)[-1].sent_at
    found: list[tuple[float, int]] = []
    at = 0
    numbers = view_text.numbers_of(script_of(name).text)
    for index, (sent, number) in enumerate(zip(sent_at, numbers, strict=True)):
        if not number:
            continue
        while paints[at][1] < number or paints[at][0] < 1000 * sent:
            at += 1
        found.append((paints[at][0] - 1000 * sent, index))
    return found


def told(name: str, values: Sequence[float], target: str = "") -> None:
    """Print the median, the 95th percentile and the maximum."""
    ordered = sorted(values)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{name:32} median {statistics.median(ordered):5.1f} ms, p95 {p95:5.1f}, ", end="")
    print(f"most {ordered[-1]:5.1f}, least {ordered[0]:4.1f} of {len(ordered)}  {target}")


def bench_latency(bench: Bench, rounds: int) -> None:
    """Print the time from sent to painted, and that of ends and beginnings of bursts."""
    burst = 150
    steady, bursts = "numbers-4000-1000", f"numbers-3000-1000-{burst}"
    firsts, lasts, ends = [], [], []
    for _ in range(rounds):
        rows = latency(bench, steady)
        told("a delta, 1,000 a second", [ms for ms, _ in rows], "(target 40, 80)")
        told("  of the first two seconds", [ms for ms, at in rows if at < 2000])
        ends.append(rows[-1][0])
        rows = latency(bench, bursts)
        firsts += [ms for ms, at in rows if at % burst == 0 and at]
        lasts += [ms for ms, at in rows if at % burst == burst - 1]
        ends.append(rows[-1][0])
    told("the first delta after a pause", firsts)
    told("the last before a pause", lasts, "(target 40, 80)")
    told("the last of an answer", ends, "(target 40, 80)")


def bench_cells(bench: Bench, rounds: int) -> None:
    """Print the frames, and whether each text is whole, while twenty cells stream at once."""
    count = 20
    name = "numbers-1500-100"
    cells = [f"%%llm --bg -o a{n} -m openai-chat/{name}\nhi" for n in range(count)]
    for _ in range(rounds):
        with bench.notebook(cells) as page:
            with view_frames.watched(bench.browser, page.page) as found:
                page.run_all(wait=False)
                ended(page, count)
            print(f"{page.page.evaluate(WHOLE)} of {count} texts are whole")
        view_frames.told(f"{count} cells, 100 deltas a second each", *found)


def bench_long(bench: Bench, rounds: int) -> None:
    """Print the frames while 1 MB streams."""
    name = "numbers-110000-5000"
    size = len("".join(script_of(name).text))
    for _ in range(rounds):
        with (
            bench.notebook([f"%%llm -m openai-chat/{name}\nhi"]) as page,
            view_frames.watched(bench.browser, page.page) as found,
        ):
            page.run_cell(1, timeout=300)
            ended(page, 1)
        view_frames.told(f"{size / 1e6:.2f} MB, 5,000 deltas a second", *found)


def ended(page: NotebookPage, count: int) -> None:
    """Wait until so many answers have ended, and the notebook has their last form."""
    done = f"document.querySelectorAll('{DONE}').length === {count}"
    page.page.wait_for_function(f"{done} && !document.querySelector('{GROWING}')", timeout=120_000)
    page.page.wait_for_timeout(SETTLE)


class Bench(NamedTuple):
    """What each benchmark runs on."""

    browser: Browser
    server: JupyterServer
    model: LLMServer

    @contextlib.contextmanager
    def notebook(self, cells: list[str]) -> Iterator[NotebookPage]:
        """A new notebook whose first cell has loaded the extension."""
        page = NotebookPage(self.browser.new_page(), self.server, f"{next(_names)}.ipynb")
        page.write(["%load_ext nbstream", *cells])
        page.open()
        page.run_cell(0)
        yield page
        page.page.close()


BENCHES: dict[str, Callable[[Bench, int], None]] = {
    "latency": bench_latency,
    "cells": bench_cells,
    "long": bench_long,
}


def main() -> None:
    """Run the chosen benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benches", nargs="*", default=list(BENCHES), help=", ".join(BENCHES))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        LLMServer() as model,
        browser.launch() as running,
        JupyterServer(Path(folder), env=model.env) as server,
    ):
        for name in options.benches:
            BENCHES[name](Bench(running, server, model), options.rounds)


if __name__ == "__main__":
    main()
