"""Shows a stream in a browser: first as a widget, finally as static HTML.

If an output holds a widget, a front end shows only the widget, and after the kernel has
gone it shows an error in its place. So the final output holds no widget. A class in its
HTML names the widget, and a page that still has the widget puts its view in the place
of the HTML (``js/src/static-swap.ts``). If the page reports that it does this, the
output changes to HTML at once, so a notebook saved at any time can be read; if many
answers begin together, a second later. Otherwise the output changes when the stream
ends. Until then the text so far is written beside the widget now and then.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from IPython.display import display, update_display

from nbstream.display import bundle, host, text_bundle
from nbstream.display.figures import close_figures
from nbstream.streams.loop import submit
from nbstream.widget.reruns import shown_widgets
from nbstream.widget.update_times import Beginnings, Turns

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from nbstream.widget.live_widget import LiveWidget

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"

_WAKE = 0.02  # seconds

_FIRST_UPDATE = 15.0
"""Seconds until the partial answer is first written to the output; the interval doubles.

A notebook that is saved in the middle, or whose kernel dies, then holds at least
half of a long answer. Each update sends the whole text and makes the front end lay
out the output again; since the interval doubles, all updates together cost about as
much as the last one."""


_turns = Turns()
_beginnings = Beginnings()


class LiveDrawing:
    """The cell output of a widget, which is updated until the stream ends."""

    def __init__(self, widget: LiveWidget) -> None:
        self._widget = widget
        self._widget_id = widget.widget_id
        whole = widget.stream.is_complete
        self._shown = self._finished() if whole else self._growing()
        display(self._shown, metadata=_metadata(), raw=True, display_id=self._widget_id)
        shown_widgets.add(widget)
        sent = widget.start()
        if not whole:
            widget.begin_drawing()
            _beginnings.add()
        self._end = sent if whole else submit(self._carry(sent))

    def finish(self) -> None:
        """Block until the end is drawn. May be called again after an interrupt."""
        stream = self._widget.stream
        if hasattr(stream, "requests"):
            stream.wait()  # an agent's tools run on this thread meanwhile
        self._end.result()

    async def finish_async(self) -> None:
        """``finish`` for a cell that awaits. Cancelling it does not stop the drawing."""
        end = asyncio.wrap_future(self._end)
        while not end.done():
            # The kernel's interrupt cancels the awaiting cell only when the cell's loop
            # wakes up for another reason, so wake it regularly.
            await asyncio.wait({end}, timeout=_WAKE)
        end.result()

    async def _carry(self, sent: Future[None]) -> None:
        """``_update_until``, which the widget knows of."""
        try:
            await self._update_until(sent)
        finally:
            self._widget.end_drawing()

    async def _update_until(self, sent: Future[None]) -> None:
        """Update the output until the stream ends; ``sent`` is done when the page has the end."""
        end: asyncio.Future[Any] = asyncio.wrap_future(sent)
        swapped: asyncio.Future[Any] = asyncio.create_task(self._swap_due())
        awaited = {end, swapped}
        pause = passed = _FIRST_UPDATE
        try:
            while not end.done():
                done, awaited = await asyncio.wait(
                    awaited, timeout=pause, return_when=asyncio.FIRST_COMPLETED
                )
                # In a thread: rendering a long answer must not block other streams.
                if end not in done:
                    await asyncio.to_thread(self._update, self._growing)
                if not done:
                    pause, passed = passed, 2 * passed
        finally:
            swapped.cancel()
        if end.cancelled():
            return  # the cell was run again, so the output is gone
        end.result()
        await _turns.wait()
        await asyncio.to_thread(self._update, self._finished)

    async def _swap_due(self) -> None:
        """Wait until the output is to change to HTML in which the page shows the view."""
        await self._widget.page_swaps.wait()
        await _beginnings.wait()
        await _turns.wait()

    def _update(self, write: Callable[[], dict[str, Any]]) -> None:
        """Call ``write`` for the output's MIME bundle, and display that if it has changed."""
        found = write()
        if found != self._shown:
            self._shown = found
            update_display(found, metadata=_metadata(), raw=True, display_id=self._widget_id)

    def _growing(self) -> dict[str, Any]:
        """The MIME bundle while the stream runs: the widget, or text if the page swaps it."""
        widget = self._widget
        # A page shows an error for a closed widget.
        if widget.page_swaps.is_set() or not widget.is_open:
            return text_bundle(widget.stream, widget_id=self._widget_id)
        view = {"version_major": 2, "version_minor": 0, "model_id": self._widget_id}
        return {WIDGET_MIME: view, **text_bundle(widget.stream)}

    def _finished(self) -> dict[str, Any]:
        close_figures(self._widget.stream.call_records)
        return bundle(self._widget.stream, widget_id=self._widget_id)


def _metadata() -> dict[str, Any]:
    """The metadata of an output that may hold a widget."""
    about = host.widget_metadata()
    return {WIDGET_MIME: about} if about else {}
