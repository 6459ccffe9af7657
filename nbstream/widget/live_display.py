"""A stream in a browser: a widget at first, static mimes to stay.

Knows when the output changes, and what to. Refuses to know what the widget and
the mimes are made of.

A front end that finds a widget among an output's mimes shows that one and no
other, and once the kernel has gone all it can say is that there is none. So the
output that stays holds no widget. Its HTML names the widget it came from, and a
page that has that widget still puts the view there (``js/src/static-swap.ts``). Where
the page says that it does, the widget leaves the output at once: whenever the
notebook is saved, it can be read. Elsewhere it leaves at the end.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from IPython.display import display, update_display

from nbstream.display import bundle, words
from nbstream.streams.loop import submit

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from nbstream.widget.widget import StreamWidget

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"

_WAKE = 0.02  # seconds

_KEPT_AFTER = 15.0
"""Seconds until the output has what had come by then; then at twice that, and so on.

A notebook that is saved in the middle, or outlives its kernel, then holds at
least half of a long answer. No more often, and as text alone, since each
change of an output sends it whole and makes the front end lay it out anew. Each
time twice as late, all of them together cost no more than the last one will."""


class LiveDrawing:
    """A widget on its way into a cell."""

    def __init__(self, widget: StreamWidget) -> None:
        self._widget = widget
        self._widget_id = widget.widget_id
        whole = widget.stream.is_complete
        self._shown = self._finished() if whole else self._growing()
        display(self._shown, raw=True, display_id=self._widget_id)
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
        end: asyncio.Future[Any] = asyncio.wrap_future(told)
        placed: asyncio.Future[Any] = asyncio.create_task(self._widget.has_places.wait())
        awaited = {end, placed}
        pause = passed = _KEPT_AFTER
        try:
            while not end.done():
                done, awaited = await asyncio.wait(
                    awaited, timeout=pause, return_when=asyncio.FIRST_COMPLETED
                )
                # Off the loop: writing a long answer down must not hold up other streams.
                if end not in done:
                    await asyncio.to_thread(self._update, self._growing)
                if not done:
                    pause, passed = passed, 2 * passed
        finally:
            placed.cancel()
        end.result()
        await asyncio.to_thread(self._update, self._finished)

    def _update(self, write: Callable[[], dict[str, Any]]) -> None:
        """Put the answer as it is now into the output, if there is anything new."""
        found = write()
        if found != self._shown:
            self._shown = found
            update_display(found, raw=True, display_id=self._widget_id)

    def _growing(self) -> dict[str, Any]:
        widget = self._widget
        # Of a widget that is closed, a page could show nothing but that it is broken.
        if widget.has_places.is_set() or not widget.is_open:
            return words(widget.stream, widget_id=self._widget_id)
        view = {"version_major": 2, "version_minor": 0, "model_id": self._widget_id}
        return {WIDGET_MIME: view, **words(widget.stream)}

    def _finished(self) -> dict[str, Any]:
        return bundle(self._widget.stream, widget_id=self._widget_id)
