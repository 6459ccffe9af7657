"""Splits the body of a Gemini response into JSON texts, each with its event's name, if any.

There are three framings: server-sent events (``alt=sse``), the JSON array that the same
endpoint sends without it, and a single JSON object for an error. Google's servers write such an
object even into a running event stream.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbstream.core.sse import SSEDecoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.sse import ServerSentEvent

# To find the end of an object, only strings and braces matter.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}"]', re.DOTALL)
_BEFORE_JSON = b" \t\r\n\xef\xbb\xbf"


class Frames:
    """Yields each JSON text once it is complete; the body may be fed in any pieces."""

    def __init__(self) -> None:
        self._sse: SSEDecoder | None = None
        self._objects: _Objects | None = None
        self._start = b""
        self._ends_in_line = False

    def feed(self, data: bytes) -> Iterator[ServerSentEvent]:
        """Read more bytes of the body."""
        if self._sse is not None:
            yield from self._sse.feed(data)
        elif self._objects is not None:
            for text in self._objects.feed(data):
                yield b"", text
        else:
            yield from self._begin(data)

    def _begin(self, data: bytes) -> Iterator[ServerSentEvent]:
        """Choose the framing by the first byte that is not white space."""
        data = self._start + data
        first = data.lstrip(_BEFORE_JSON)[:1]
        if not first:
            self._start = data
            return
        if first in b"[{":
            self._objects = _Objects()
        else:
            self._sse = SSEDecoder()
        yield from self.feed(data)

    @property
    def incomplete(self) -> bool:
        """Whether the body ends where more begins: in an object of a JSON array, or in a line.

        Data that is cut is an event that cannot be parsed.
        """
        return self._ends_in_line or (self._objects is not None and self._objects.depth > 0)

    def close(self) -> Iterator[ServerSentEvent]:
        """Signal the end of the body. Yields an unfinished event and a bare JSON object."""
        if self._sse is None:
            return
        line = self._sse.unfinished_line
        self._ends_in_line = bool(line) and b"data:".startswith(line.strip())
        yield from self._sse.close()
        if bare := self._sse.bare_json():
            yield b"", bare


class _Objects:
    """Finds objects by their braces: those of a JSON array, or a single one."""

    def __init__(self) -> None:
        self._buffer = b""
        self._at = self._begin = self.depth = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each object that is complete now."""
        self._buffer += data
        for token in _TOKEN.finditer(self._buffer, self._at):
            mark = token.group()
            if mark == b'"':
                self._at = token.start()
                break  # an incomplete string: wait for its end
            self._at = token.end()
            if mark == b"{":
                if not self.depth:
                    self._begin = token.start()
                self.depth += 1
            elif mark == b"}" and self.depth:
                self.depth -= 1
                if not self.depth:
                    yield self._buffer[self._begin : token.end()]
        done = self._begin if self.depth else self._at
        self._buffer = self._buffer[done:]
        self._at, self._begin = self._at - done, 0
