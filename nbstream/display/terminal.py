"""A stream in a terminal: printed as it comes.

Knows where one part ends and the next begins, and how the end is told. The
words of a part that comes whole are ``render.plain``'s. Refuses to know who
waits, and whether the cell fails.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nbstream.core.events import (
    BuiltinToolEnd,
    BuiltinToolResult,
    FileEvent,
    RefusalDelta,
    Retry,
    TextDelta,
    ThinkingDelta,
    ToolEnd,
)
from nbstream.core.message import FilePart
from nbstream.display.plain import THINKING, end, part, sources
from nbstream.display.sanitize import printable

if TYPE_CHECKING:
    from nbstream.core.events import Event
    from nbstream.streams import Stream


class TerminalDrawing:
    """A stream on its way into a terminal.

    ``tells_failure`` is whether it says what the answer failed of; a cell that
    fails with it says so itself.
    """

    def __init__(self, stream: Stream, *, tells_failure: bool = True) -> None:
        self._stream = stream
        self._reader = stream.reader()
        self._tells_failure = tells_failure
        self._writing: str | None = None
        self._ended = False

    def finish(self) -> None:
        """Print until the end was printed. May be called again after an interrupt."""
        self._stream.start()
        while not self._reader.exhausted:
            self._reader.wait()
            for event in self._reader.take():
                self._tell(event)
        if self._ended:
            return
        self._ended = True
        self._reader.close()
        self._block(sources(self._stream.citations))
        if self._tells_failure or self._stream.error is None:
            self._block(end(self._stream))
        _write("\n")

    async def ended(self) -> None:
        """``finish``: no terminal's shell does anything else meanwhile."""
        self.finish()

    def _tell(self, event: Event) -> None:
        match event:
            case TextDelta() | RefusalDelta():
                self._grow("text", event.chunk)
            case ThinkingDelta():
                self._grow("thinking", event.chunk, THINKING)
            case ToolEnd(tool_call=call):
                self._block(part(call))
            case BuiltinToolEnd(tool_call=builtin):
                self._block(part(builtin))
            case BuiltinToolResult(result=result):
                self._block(part(result))
            case FileEvent(partial=False):
                file = FilePart(event.media_type, event.data, event.url, event.filename)
                self._block(part(file))
            case Retry():
                self._block(f"[{event.reason} Asking again in {event.wait:g} s.]")

    def _grow(self, kind: str, chunk: str, head: str = "") -> None:
        # A text goes on in a new part where a citation begins; that is no paragraph.
        if self._writing != kind:
            self._part_from_last()
            self._writing = kind
            _write(head)
        _write(chunk)

    def _block(self, text: str) -> None:
        if text:
            self._part_from_last()
            self._writing = "block"
            _write(text)

    def _part_from_last(self) -> None:
        if self._writing is not None:
            _write("\n\n")


def _write(text: str) -> None:
    print(printable(text, sys.stdout.encoding), end="", flush=True)  # noqa: T201
