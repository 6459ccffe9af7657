"""A stream in a browser: a widget, and the static mimes beside it in the same output.

Knows when the output changes. Refuses to know what the widget and the mimes
are made of.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from IPython.display import display, update_display

from nbstream.streams.loop import submit
from nbstream.widget.render import bundle, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from nbstream.streams import Stream
    from nbstream.widget.widget import StreamWidget

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"

_WAKE = 0.02  # seconds

_KEPT_AFTER = 10.0
"""Seconds until the output has what had come by then; then at twice that, and so on.

A notebook that is saved in the middle, or outlives its kernel, then holds at
least half of a long answer. No more often, and as plain text alone, since each
change of an output sends it whole and makes the front end paint the view anew:
0.1 s of work for 100 kB, and what the reader had unfolded is folded again. Each
time twice as late, all of them together cost no more than the last one will."""


class LiveDrawing:
    """A widget on its way into a cell."""

    def __init__(self, widget: StreamWidget) -> None:
        self._widget = widget
        self._id = widget.model_id
        whole = widget.stream.is_complete
        self._kept = bundle(widget.stream) if whole else words(widget.stream)
        display(self._with_view(), raw=True, display_id=self._id)
        told = widget.start()
        self._end = told if whole else submit(self._carry(told))

    def finish(self) -> None:
        """Block until the end was drawn. May be called again after an interrupt."""
        self._end.result()

    async def ended(self) -> None:
        """``finish`` for a cell that awaits; cancelling it leaves the drawing alone."""
        end = asyncio.wrap_future(self._end)
        while not end.done():
            # The kernel's interrupt cancels an awaiting cell, but not before its
            # loop wakes up for some other reason.
            await asyncio.wait({end}, timeout=_WAKE)
        end.result()

    async def _carry(self, told: Future[None]) -> None:
        """Keep the output up with the stream; ``told`` is when the page knows its end."""
        end = asyncio.wrap_future(told)
        pause = passed = _KEPT_AFTER
        while not (await asyncio.wait({end}, timeout=pause))[0]:
            # Off the loop: writing a long answer down must not hold up other streams.
            await asyncio.to_thread(self._keep, words)
            pause, passed = passed, 2 * passed
        end.result()
        await asyncio.to_thread(self._keep, bundle)

    def _keep(self, write: Callable[[Stream], dict[str, str]]) -> None:
        """Put the answer as it is now into the output, if there is anything new."""
        found = write(self._widget.stream)
        if found != self._kept:
            self._kept = found
            update_display(self._with_view(), raw=True, display_id=self._id)

    def _with_view(self) -> dict[str, Any]:
        if not self._widget.is_open:  # a page could show nothing but a broken widget
            return self._kept
        view = {"version_major": 2, "version_minor": 0, "model_id": self._id}
        return {WIDGET_MIME: view, **self._kept}
