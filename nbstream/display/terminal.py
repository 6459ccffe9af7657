"""Prints a stream in a terminal as it arrives.

The text of a part that arrives whole comes from ``display.plain``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nbstream.core.events import (
    BuiltinToolEnd,
    BuiltinToolResult,
    FileEvent,
    MessageEvent,
    Progress,
    RefusalDelta,
    Retry,
    StreamStart,
    TextDelta,
    ThinkingDelta,
    ThinkingEnd,
    ToolEnd,
)
from nbstream.core.message import FilePart
from nbstream.display.plain import THINKING, end, message, part, sources
from nbstream.display.sanitize import printable

if TYPE_CHECKING:
    from nbstream.core.events import Event
    from nbstream.streams import Stream


class TerminalDrawing:
    """Prints one stream in the terminal until it ends.

    ``prints_failure`` is false if the cell raises the error, and so shows it, itself.
    """

    def __init__(self, stream: Stream, *, prints_failure: bool = True) -> None:
        self._stream = stream
        self._reader = stream.reader()
        self._prints_failure = prints_failure
        self._writing: str | None = None
        self._message_index = 0
        self._progress = ""
        self._ended = False

    def finish(self) -> None:
        """Print until the stream has ended. May be called again after an interrupt."""
        self._stream.start()
        while not self._reader.exhausted:
            self._reader.wait()
            for event in self._reader.take():
                self._print_event(event)
        if self._ended:
            return
        self._ended = True
        self._reader.close()
        messages = self._stream.messages
        self._print_block(sources(source for one in messages for source in one.citations))
        if self._prints_failure or self._stream.error is None:
            self._print_block(end(self._stream))
        _write("\n")

    async def finish_async(self) -> None:
        """``finish`` for a coroutine. It blocks, since the shell does nothing else meanwhile."""
        self.finish()

    def _print_event(self, event: Event) -> None:
        match event:
            case TextDelta() | RefusalDelta():
                self._print_delta("text", event.chunk)
            case ThinkingDelta():
                self._print_delta("thinking", event.chunk, THINKING)
            case Progress():
                self._progress = event.status
            case ThinkingEnd() if self._progress:  # its text is not shown, but about its length
                self._print_block(f"[{self._progress}]")
                self._progress = ""
            case ToolEnd(tool_call=call):
                self._print_block(part(call))
            case BuiltinToolEnd(tool_call=builtin):
                self._print_block(part(builtin))
            case BuiltinToolResult(result=result):
                self._print_block(part(result))
            case FileEvent(partial=False):
                file = FilePart(event.media_type, event.data, event.url, event.filename)
                self._print_block(part(file))
            case MessageEvent(message=whole):
                for piece in message(whole):
                    self._print_block(piece)
            case StreamStart(message_index=index):
                if self._writing is not None and index != self._message_index:
                    self._writing = "block"  # the text of a new message is a new paragraph
                self._message_index = index
            case Retry():
                self._print_block(f"[{event.reason} Asking again in {event.wait:g} s.]")

    def _print_delta(self, kind: str, chunk: str, head: str = "") -> None:
        """Print a delta of text or thinking; ``head`` comes before the first of a part."""
        # Text parts are split at citations, in the middle of a sentence: no new paragraph.
        if self._writing != kind:
            self._separate()
            self._writing = kind
            _write(head)
        _write(chunk)

    def _print_block(self, text: str) -> None:
        """Print a text on its own lines, with a blank line before it."""
        if text:
            self._separate()
            self._writing = "block"
            _write(text)

    def _separate(self) -> None:
        if self._writing is not None:
            _write("\n\n")


def _write(text: str) -> None:
    """Print text at once; characters that the terminal cannot print are replaced."""
    print(printable(text, sys.stdout.encoding), end="", flush=True)  # noqa: T201
