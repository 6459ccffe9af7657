"""Shows a stream in the output of the cell that displays it, in the form that the host supports.

A widget in a browser, the static forms at the end in a headless run, plain printing in a
terminal. ``show`` is for a cell's last line and for ``display(widget)``; ``%%llm`` calls ``draw``
and waits for the end itself.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from IPython.display import display

from nbstream.display import bundle, host
from nbstream.display.interrupts import interrupt_error, set_last_result
from nbstream.display.terminal import TerminalDrawing
from nbstream.widget.live_display import LiveDrawing
from nbstream.widget.widget import StreamWidget

if TYPE_CHECKING:
    from nbstream.streams import Stream

_WAKE = 0.02  # seconds


class Drawing(Protocol):
    """The interface of an object that updates a cell's output until the stream ends."""

    def finish(self) -> None:
        """Block until the end is drawn. May be called again after an interrupt."""
        ...

    async def finish_async(self) -> None:
        """``finish`` for a cell that awaits. Cancelling it does not stop the drawing."""
        ...


def show(shown: Stream | StreamWidget) -> None:
    """Show a stream that is a cell's last line, or a widget passed to ``display``.

    In a browser the stream continues in the background. Elsewhere this blocks until
    the stream has ended, and an interrupt cancels it.
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
            set_last_result(stream)
            drawing.finish()
        raise interrupt_error("_") from None


def draw(shown: Stream | StreamWidget, *, blocking: bool = False, widget: bool = True) -> Drawing:
    """Start to draw a stream in the output of the running cell.

    ``blocking`` says that the cell waits for the end and raises the stream's error
    itself, so a terminal must not print it a second time. Without ``widget`` a browser
    shows the answer only at its end.
    """
    stream = _stream(shown)
    where = host.host()
    match "static" if where == "live" and not widget else where:
        case "terminal":
            return TerminalDrawing(stream, prints_failure=not blocking)
        case "static":
            return StaticDrawing(stream)
        case "live":
            if isinstance(shown, StreamWidget) and shown.is_open:
                return LiveDrawing(shown)
            # A closed widget cannot be shown again; a new one shows the same stream.
            return LiveDrawing(StreamWidget(stream, blocking=blocking))


def draw_in_background(stream: Stream) -> bool:
    """Start the stream for a cell that does not wait for it, and draw it where a browser can.

    Returns False in a headless run, where the cell has to wait: no page shows the end later.
    """
    where = host.host()
    if where == "static":
        return False
    if where == "live":
        LiveDrawing(StreamWidget(stream))
    stream.start()
    return True


def _stream(shown: Stream | StreamWidget) -> Stream:
    """The stream of a widget, or the stream itself."""
    return shown.stream if isinstance(shown, StreamWidget) else shown


class StaticDrawing:
    """Shows the static forms of the answer once the stream has ended; no widget."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def finish(self) -> None:
        self._stream.wait()
        display(bundle(self._stream), raw=True)

    async def finish_async(self) -> None:
        while not self._stream.wait(0):  # noqa: ASYNC110 - wakes the loop regularly; see live_display
            await asyncio.sleep(_WAKE)
        self.finish()
