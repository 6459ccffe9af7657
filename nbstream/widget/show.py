"""Drawing a stream in the cell that asks for it.

Picks the way for the place: a widget for a browser, the finished answer for a
headless run, plain printing for a terminal. Everything is displayed once, in
the cell, at once; what comes later only updates it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from IPython.display import display

from nbstream.display import bundle, host
from nbstream.display.interrupts import bind, interrupted
from nbstream.display.terminal import TerminalDrawing
from nbstream.widget.live_display import LiveDrawing
from nbstream.widget.widget import StreamWidget

if TYPE_CHECKING:
    from nbstream.streams import Stream

_WAKE = 0.02  # seconds


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
    grow, so this returns when it is whole, and an interrupt ends the answer.
    """
    drawing = draw(shown)
    if isinstance(drawing, LiveDrawing):
        return
    try:
        drawing.finish()
    except KeyboardInterrupt:
        stream = _stream(shown)
        with suppress(KeyboardInterrupt):
            stream.interrupt()
            bind(stream)
            drawing.finish()
        raise interrupted("_") from None


def draw(shown: Stream | StreamWidget, *, blocking: bool = False) -> Drawing:
    """Begin to draw in the present cell; ``blocking`` if that will wait for the end.

    Such a cell fails with its answer, and a terminal need not be told that twice.
    """
    stream = _stream(shown)
    match host.host():
        case "terminal":
            return TerminalDrawing(stream, tells_failure=not blocking)
        case "static":
            return StaticDrawing(stream)
        case "live":
            if isinstance(shown, StreamWidget) and shown.is_open:
                return LiveDrawing(shown)
            # A closed widget has left the page for good; what it showed can be shown anew.
            return LiveDrawing(StreamWidget(stream, blocking=blocking))


def _stream(shown: Stream | StreamWidget) -> Stream:
    return shown.stream if isinstance(shown, StreamWidget) else shown


class StaticDrawing:
    """Nothing now, the static mimes at the end: no widget that nobody can show."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def finish(self) -> None:
        self._stream.wait()
        display(bundle(self._stream), raw=True)

    async def ended(self) -> None:
        while not self._stream.wait(0):  # noqa: ASYNC110 - waking up is the point, see live
            await asyncio.sleep(_WAKE)
        self.finish()
