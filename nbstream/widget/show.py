"""Shows a stream in the output of the cell that displays it, in the form that the host supports.

A widget in a browser, the static forms at the end in a headless run, plain printing in a
terminal. ``show`` is for a cell's last line and for ``display(widget)``; ``%%llm`` calls ``draw``
and waits for the end itself.
"""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from IPython.display import clear_output, display, update_display

from nbstream.display import bundle, host
from nbstream.display.figures import close_figures
from nbstream.display.interrupts import interrupt_error, set_last_result
from nbstream.display.terminal import TerminalDrawing
from nbstream.widget.live_display import LiveDrawing
from nbstream.widget.widget import StreamWidget

if TYPE_CHECKING:
    from nbstream.streams import Stream

_WAKE = 0.02  # seconds
_TURN_ON = "from google.colab import output; output.enable_custom_widget_manager()"


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
            return StaticDrawing(stream, owns_cell=blocking)
        case "live":
            # A closed widget cannot be shown again; a new one shows the same stream.
            if not (isinstance(shown, StreamWidget) and shown.is_open):
                shown = StreamWidget(stream, blocking=blocking)
            # Not known before there is a widget: the first one turns them on.
            if host.widgets_are_off():
                shown.close()
                return StaticDrawing(stream, owns_cell=blocking)
            return LiveDrawing(shown)


def draw_in_background(stream: Stream) -> bool:
    """Start the stream for a cell that does not wait for it, and draw it where a browser can.

    Returns False where no page shows the end later, so that the cell has to wait: in a headless
    run, and where widgets are off.
    """
    where = host.host()
    if where == "static":
        return False
    if where == "live":
        widget = StreamWidget(stream)
        if host.widgets_are_off():
            widget.close()
            return False
        LiveDrawing(widget)
    stream.start()
    return True


def _stream(shown: Stream | StreamWidget) -> Stream:
    """The stream of a widget, or the stream itself."""
    return shown.stream if isinstance(shown, StreamWidget) else shown


class StaticDrawing:
    """Shows the static forms of the answer once the stream has ended; no widget.

    If its output is read meanwhile, a line says that the answer is on its way. At the end it is
    cleared if the output ``owns_cell``. Otherwise it is updated, and where a front end only
    appends updates (jupyter-server-documents), it stays.
    """

    def __init__(self, stream: Stream, *, owns_cell: bool = False) -> None:
        self._stream = stream
        self._owns_cell = owns_cell
        self._display_id = ""
        off = host.widgets_are_off()
        if (off or host.is_read_meanwhile()) and not stream.is_complete:
            self._display_id = uuid.uuid4().hex
            waiting = f"[{stream.model} is answering: the answer appears here at its end]"
            if off:
                waiting += f"\nTo see it grow: {_TURN_ON}"
            display({"text/plain": waiting}, raw=True, display_id=self._display_id)

    def finish(self) -> None:
        self._stream.wait()
        final = bundle(self._stream)
        close_figures(self._stream.call_records)
        if self._display_id and not self._owns_cell:
            update_display(final, raw=True, display_id=self._display_id)
            return
        if self._display_id:
            clear_output(wait=True)
        display(final, raw=True)

    async def finish_async(self) -> None:
        while not self._stream.wait(0):  # noqa: ASYNC110 - wakes the loop regularly; see live_display
            await asyncio.sleep(_WAKE)
        self.finish()
