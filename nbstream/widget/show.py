"""Drawing a stream in the cell that asks for it.

Picks the way for the place: a widget for a browser, the finished answer for a
headless run, plain printing for a terminal. Everything is displayed once, in
the cell, at once; what comes later only updates it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from IPython.display import display, update_display

from nbstream.core.events import TextDelta
from nbstream.widget import host
from nbstream.widget.render import bundle
from nbstream.widget.widget import StreamWidget

if TYPE_CHECKING:
    from nbstream.streams import Stream

_WAKE = 0.02  # seconds

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"


class Drawing(Protocol):
    """A stream on its way into a cell."""

    def finish(self) -> None:
        """Block until its end was drawn. May be called again after an interrupt."""
        ...

    async def ended(self) -> None:
        """``finish`` for a cell that awaits; cancelling it leaves the drawing alone."""
        ...


def show(shown: Stream | StreamWidget) -> None:
    """Draw a stream that is a cell's last line, or a widget given to ``display``.

    With a browser it goes on in the background; elsewhere nobody could see it
    grow, so this returns when it is whole.
    """
    drawing = draw(shown)
    if not isinstance(drawing, LiveDrawing):
        drawing.finish()


def draw(shown: Stream | StreamWidget, *, blocking: bool = False) -> Drawing:
    """Begin to draw in the present cell; ``blocking`` if that will wait for the end."""
    stream = shown.stream if isinstance(shown, StreamWidget) else shown
    match host.host():
        case "terminal":
            return TerminalDrawing(stream)
        case "static":
            return StaticDrawing(stream)
        case "live":
            if isinstance(shown, StreamWidget):
                return LiveDrawing(shown)
            return LiveDrawing(StreamWidget(shown, blocking=blocking))


class LiveDrawing:
    """A widget now; at the end the static mimes beside it, in the same output."""

    def __init__(self, widget: StreamWidget) -> None:
        self._widget = widget
        stream = widget.stream
        found = bundle(stream) if stream.is_complete else {"text/plain": repr(stream)}
        display(self._with_view(found), raw=True, display_id=widget.model_id)
        self._end = widget.start(None if stream.is_complete else self._update)

    def finish(self) -> None:
        self._end.result()

    async def ended(self) -> None:
        end = asyncio.wrap_future(self._end)
        while not end.done():
            # The kernel's interrupt cancels an awaiting cell, but not before its
            # loop wakes up for some other reason.
            await asyncio.wait({end}, timeout=_WAKE)
        end.result()

    def _update(self) -> None:
        data = self._with_view(bundle(self._widget.stream))
        update_display(data, raw=True, display_id=self._widget.model_id)

    def _with_view(self, data: dict[str, Any]) -> dict[str, Any]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self._widget.model_id}
        return {WIDGET_MIME: view, **data}


class StaticDrawing:
    """Nothing now, the static mimes at the end: no widget that nobody can show."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def finish(self) -> None:
        self._stream.wait()
        display(bundle(self._stream), raw=True)

    async def ended(self) -> None:
        while not self._stream.wait(0):  # noqa: ASYNC110 - waking up is the point, see above
            await asyncio.sleep(_WAKE)
        self.finish()


class TerminalDrawing:
    """Text printed as it comes."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._reader = stream.reader()

    def finish(self) -> None:
        self._stream.start()
        while not self._reader.exhausted:
            self._reader.wait()
            for event in self._reader.take():
                if isinstance(event, TextDelta):
                    print(event.chunk, end="", flush=True)  # noqa: T201 - a terminal's way
        print()  # noqa: T201

    async def ended(self) -> None:
        self.finish()
