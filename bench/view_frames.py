"""The frames of a page while a scene plays, and what its main thread did between two of them.

A long gap between two frames has one of two causes: the main thread worked, or the processor was
taken by others, as by the kernel, while it was ready. Chromium's trace tells which. Chromium also
draws no frame while other tasks wait, for up to 100 ms: so many short tasks make one long gap.
"""

from __future__ import annotations

import bisect
import contextlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

MARK = "nbstream-frame"
GAPS = 5
CATEGORIES = [
    "blink.user_timing",  # the marks
    "disabled-by-default-devtools.timeline",  # the tasks
]

WATCH = """mark => {
  const frame = () => {
    performance.mark(mark);
    performance.clearMarks(mark);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


class Task(NamedTuple):
    """A task of the main thread, in milliseconds."""

    start: float
    end: float
    cpu: float


class Frames(NamedTuple):
    """The times of a page's frames, and the tasks of its main thread."""

    at: list[float]
    tasks: list[Task]

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """The time of each frame and of the next one, the longest gap first."""
        return sorted(zip(self.at, self.at[1:], strict=False), key=lambda gap: gap[0] - gap[1])

    @property
    def rate(self) -> float:
        """Frames a second."""
        return 1000 * (len(self.at) - 1) / (self.at[-1] - self.at[0])

    def work(self, start: float, end: float) -> tuple[float, float]:
        """Milliseconds of this time in which the main thread had a task; its processor's time."""
        wall = cpu = 0.0
        at = bisect.bisect_left(self.tasks, (start,))
        for task in self.tasks[max(0, at - 1) :]:
            if task.start >= end:
                break
            inside = min(task.end, end) - max(task.start, start)
            if inside > 0:
                wall += inside
                cpu += task.cpu * inside / (task.end - task.start)
        return wall, cpu


@contextlib.contextmanager
def watched(browser: Browser, page: Page) -> Iterator[list[Frames]]:
    """Watch the frames of the page; they are in the list once the block has ended."""
    found: list[Frames] = []
    page.evaluate(WATCH, MARK)
    browser.start_tracing(page=page, categories=CATEGORIES)
    try:
        yield found
    finally:
        trace = browser.stop_tracing()
    found.append(read(json.loads(trace)["traceEvents"]))


def read(events: list[dict[str, Any]]) -> Frames:
    """Read the frames from the events of a trace."""
    marks = [event for event in events if event["name"] == MARK]
    thread = marks[0]["pid"], marks[0]["tid"]
    rows = sorted(
        (event["ts"], event["ts"] + event["dur"], event.get("tdur", 0))
        for event in events
        if event["name"] == "RunTask" and event["ph"] == "X"
        if (event["pid"], event["tid"]) == thread
    )
    tasks: list[Task] = []
    for start, end, cpu in rows:
        # A task within a task belongs to it.
        if end > start and not (tasks and start < 1000 * tasks[-1].end):
            tasks.append(Task(start / 1000, end / 1000, cpu / 1000))
    return Frames(sorted(event["ts"] / 1000 for event in marks), tasks)


def told(name: str, seen: Frames) -> None:
    """Print what is known of the frames."""
    begin, *_, last = seen.at
    share = seen.work(begin, last)[1] / (last - begin)
    print(f"{name}: {seen.rate:.1f} frames a second; main thread {share:.0%} busy")
    print("  longest gaps, with the work in them (of it on a processor) and their time:")
    for start, end in seen.gaps[:GAPS]:
        wall, cpu = seen.work(start, end)
        at = (start - begin) / 1000
        print(f"    {end - start:4.0f} ms: {wall:.0f} ({cpu:.0f}) at {at:.1f} s")
    works = [seen.work(*gap) for gap in seen.gaps]
    wall, cpu = (max(one) for one in zip(*works, strict=True))
    tasks = sorted((round(task.end - task.start) for task in seen.tasks), reverse=True)[:GAPS]
    print(f"  most work between two frames {wall:.0f} ({cpu:.0f}) ms, longest tasks {tasks} ms")
