"""Draws a map where it starts, in the form that the host supports."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbstream.display import host
from nbstream.progress import static
from nbstream.progress.terminal import TerminalProgress

if TYPE_CHECKING:
    from nbstream.many import PromptMap
    from nbstream.streams.progress_hook import Drawing


class AtTheEnd:
    """Shows the static forms in the cell once the map has ended: in a headless run."""

    is_painted = False

    def __init__(self, job: PromptMap[Any]) -> None:
        self._job = job
        self._ended = False

    def paint(self) -> None:
        """Nothing is drawn meanwhile."""

    def finish(self) -> None:
        """Show them, once."""
        from IPython.display import display

        if not self._ended:
            self._ended = True
            display(static.bundle(self._job), raw=True)


class InTheCell:
    """The widget, which draws itself and puts the end into the cell's output."""

    is_painted = False

    def paint(self) -> None:
        """It draws itself."""

    def finish(self) -> None:
        """It draws its own end."""


def draw(job: PromptMap[Any]) -> Drawing | None:
    """Draw a map that starts now; None where nobody would see it."""
    match host.host():
        case "live":
            from nbstream.progress.widget import show_widget

            return InTheCell() if show_widget(job) else AtTheEnd(job)
        case "static":
            return AtTheEnd(job)
        case _:
            return TerminalProgress(job) if sys.stderr.isatty() else None


def show(job: PromptMap[Any]) -> None:
    """Draw a map that is the last line of a cell.

    In a browser it goes on in the background. Elsewhere this blocks until it has ended.
    """
    if host.host() != "live":
        if job.is_complete:
            print(static.text(job))  # noqa: T201 - what IPython would do with a repr
            return
        with suppress(KeyboardInterrupt):  # what had come is kept
            job.wait()
        return
    from nbstream.progress.widget import show_widget

    if not job.is_drawn_by_start:
        show_widget(job)
    job.start()
