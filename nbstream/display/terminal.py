"""Prints a stream in a terminal as it arrives: IPython's, or a console of Jupyter.

The text of a part that arrives whole comes from ``display.plain``. Text is drawn as Markdown where
``display.terminal_markdown`` can.
"""

from __future__ import annotations

import asyncio
import os
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
    RunEvent,
    StreamStart,
    TextDelta,
    ThinkingDelta,
    ThinkingEnd,
    ToolEnd,
)
from nbstream.core.headless import current_kernel
from nbstream.core.message import FilePart, ToolResultPart
from nbstream.display.plain import THINKING, end, message, part, sources
from nbstream.display.run_words import totals
from nbstream.display.sanitize import printable
from nbstream.display.terminal_markdown import INTERVAL, markdown_printer
from nbstream.display.terminal_run import RunLines, one_line
from nbstream.errors import retry_after

if TYPE_CHECKING:
    from nbstream.core.events import Event
    from nbstream.streams import Stream


_DIM, _NOT_DIM = "\x1b[2m", "\x1b[22m"
_WAKE = 0.02  # seconds


class TerminalDrawing:
    """Prints one stream in the terminal until it ends.

    ``prints_failure`` is false if the cell raises the error, and so shows it, itself.
    """

    def __init__(self, stream: Stream, *, prints_failure: bool = True) -> None:
        self._stream = stream
        self._reader = stream.reader()
        self._prints_failure = prints_failure
        self._markdown = markdown_printer()
        # The consoles of Jupyter print what the kernel sends, colours included.
        has_styles = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._has_styles = has_styles or current_kernel() is not None
        self._writing: str | None = None
        self._begins_line = False
        self._message_index = 0
        self._progress = ""
        self._ended = False
        self._run = RunLines(self._print_run_line)

    def finish(self) -> None:
        """Print until the stream has ended. May be called again after an interrupt."""
        try:
            with self._stream.lend_thread():
                self._stream.start()
                while not self._reader.exhausted:
                    is_behind = self._markdown is not None and self._markdown.is_behind
                    self._stream.wait_for_events(self._reader, INTERVAL if is_behind else None)
                    self._print_new()
        except BaseException:  # an interrupt; the next call goes on
            if self._markdown is not None:
                self._markdown.pause()
            raise
        self._end()

    async def finish_async(self) -> None:
        """``finish`` for a cell of a console that awaits, so that it can be interrupted."""
        self._stream.start()
        while not self._reader.exhausted:
            self._print_new()
            await asyncio.sleep(_WAKE)
        self._end()

    def _print_new(self) -> None:
        for event in self._reader.take():
            self._print_event(event)
        if self._markdown is not None:
            self._markdown.paint()

    def _end(self) -> None:
        """Print the sources and how the answer ended, once."""
        if self._ended:
            return
        self._ended = True
        self._reader.close()
        messages = self._stream.messages
        if words := totals(self._stream):
            self._print_block(f"[{words}]", dim=True)
        self._print_block(sources(source for one in messages for source in one.citations))
        if self._prints_failure or self._stream.error is None:
            self._print_block(end(self._stream))
        self._end_text()
        _write("" if self._begins_line else "\n")

    def _print_event(self, event: Event) -> None:
        match event:
            case TextDelta() | RefusalDelta():
                self._print_delta("text", event.chunk)
            case ThinkingDelta():
                self._print_delta("thinking", event.chunk, THINKING)
            case Progress():
                self._progress = event.status
            case ThinkingEnd() if self._progress:  # its text is not shown, but about its length
                self._print_block(f"[{self._progress}]", dim=True)
                self._progress = ""
            case ToolEnd(tool_call=call):
                self._print_line(part(call))
            case BuiltinToolEnd(tool_call=builtin):
                self._print_block(part(builtin))
            case BuiltinToolResult(result=result):
                self._print_block(part(result))
            case FileEvent(partial=False):
                file = FilePart(event.media_type, event.data, event.url, event.filename)
                self._print_block(part(file))
            case RunEvent():
                self._run.add(event)
            case MessageEvent(message=whole) if whole.role == "tool":
                for one in whole.parts:
                    if not (isinstance(one, ToolResultPart) and self._run.has_printed(one)):
                        self._print_line(part(one))
            case MessageEvent(message=whole):
                for piece in message(whole):
                    self._print_block(piece)
            case StreamStart(message_index=index):
                if self._writing is not None and index != self._message_index:
                    self._writing = "block"  # the text of a new message is a new paragraph
                self._message_index = index
            case Retry():
                self._print_block(
                    f"[{event.reason} Asking again in {retry_after.words(event.wait)}.]"
                )

    def _print_delta(self, kind: str, chunk: str, head: str = "") -> None:
        """Print a delta of text or thinking; ``head`` comes before the first of a part."""
        # Text parts are split at citations, in the middle of a sentence: no new paragraph.
        if self._writing != kind:
            self._separate()
            self._writing = kind
            self._write(head, dim=True)
        if kind == "text" and self._markdown is not None:
            self._markdown.add(chunk)
        else:
            self._write(chunk, dim=kind == "thinking")

    def _print_block(self, text: str, *, dim: bool = False) -> None:
        """Print a text on its own lines, with a blank line before it."""
        if text:
            self._separate()
            self._writing = "block"
            self._write(text, dim=dim)

    def _print_line(self, text: str) -> None:
        """Print a tool's call or result in a line, cut if it is long."""
        self._print_block(one_line(text), dim=True)

    def _print_run_line(self, line: str) -> None:
        """Print what happens in a run; lines of several calls at once follow one another."""
        if self._writing == "run":
            _write("\n")
        else:
            self._separate()
        self._writing = "run"
        self._write(line, dim=True)

    def _separate(self) -> None:
        """Leave a blank line between two parts."""
        self._end_text()
        if self._writing is not None:
            _write("\n" if self._begins_line else "\n\n")
        self._begins_line = False

    def _end_text(self) -> None:
        """Print the rest of a text that is drawn as Markdown."""
        if self._writing == "text" and self._markdown is not None:
            self._markdown.end()
            self._begins_line = True

    def _write(self, text: str, *, dim: bool) -> None:
        """Print text at once, dimmed if the terminal can. The dimming ends with each text."""
        if dim and text and self._has_styles:
            _write_raw(f"{_DIM}{_safe(text)}{_NOT_DIM}")
        else:
            _write(text)


def _write(text: str) -> None:
    """Print text at once; characters that the terminal cannot print are replaced."""
    _write_raw(_safe(text))


def _safe(text: str) -> str:
    return printable(text, sys.stdout.encoding)


def _write_raw(text: str) -> None:
    print(text, end="", flush=True)  # noqa: T201
