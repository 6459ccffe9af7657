"""Measures the live view in JupyterLab: `make bench-view`.

``latency``: milliseconds from when the model's server sends a delta to when the page has painted
it, at 1,000 deltas a second; and of the first delta after each pause.
``cells``: twenty cells at once; the gaps between frames, and whether each text is whole.
``long``: 1 MB at 5,000 deltas a second; frames a second and long tasks.

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

from bench import view_text
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

FRAMES = """() => {
  const seen = window.seen = {gaps: [], tasks: []};
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) seen.tasks.push(Math.round(entry.duration));
  }).observe({entryTypes: ['longtask']});
  let before = 0;
  const frame = now => {
    if (before) seen.gaps.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def latency(bench: Bench, name: str) -> list[tuple[float, int]]:
    """Stream that model's answer; the milliseconds of each delta, and its index."""
    with bench.notebook([f"%%llm -m openai-chat/{name}\nhi"], WATCH) as page:
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
    """Print the gaps between frames while twenty cells stream at once."""
    count = 20
    name = "numbers-1500-100"
    cells = [f"%%llm --bg -o a{n} -m openai-chat/{name}\nhi" for n in range(count)]
    for _ in range(rounds):
        with bench.notebook(cells, FRAMES) as page:
            page.run_all(wait=False)
            page.page.wait_for_function(
                f"document.querySelectorAll('{DONE}').length === {count}", timeout=120_000
            )
            frames(f"{count} cells, 100 deltas a second each", page.page.evaluate("seen"))


def bench_long(bench: Bench, rounds: int) -> None:
    """Print the frames a second, and the long tasks, while 1 MB streams."""
    name = "numbers-110000-5000"
    size = len("".join(script_of(name).text))
    for _ in range(rounds):
        with bench.notebook([f"%%llm -m openai-chat/{name}\nhi"], FRAMES) as page:
            page.run_cell(1, timeout=300)
            page.page.wait_for_selector(DONE)
            page.page.wait_for_timeout(3_000)
            seen = page.page.evaluate("seen")
        frames(f"{size / 1e6:.2f} MB, 5,000 deltas a second", seen)


def frames(name: str, seen: dict[str, list[float]]) -> None:
    """Print what is known of the frames."""
    gaps = seen["gaps"]
    rate = 1000 * len(gaps) / sum(gaps)
    longest = sorted(gaps)[-5:]
    tasks = sorted(seen["tasks"])[-8:]
    print(f"{name}: {rate:.1f} frames a second; longest gaps {[round(g) for g in longest]} ms")
    print(f"  long tasks: {len(seen['tasks'])}, longest {tasks} ms")


class Bench(NamedTuple):
    """What each benchmark runs on."""

    browser: Browser
    server: JupyterServer
    model: LLMServer

    @contextlib.contextmanager
    def notebook(self, cells: list[str], watch: str) -> Iterator[NotebookPage]:
        """A new notebook whose first cell has loaded the extension, in a page that is watched."""
        page = NotebookPage(self.browser.new_page(), self.server, f"{next(_names)}.ipynb")
        page.write(["%load_ext nbstream", *cells])
        page.open()
        page.run_cell(0)
        page.page.evaluate(watch)
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
