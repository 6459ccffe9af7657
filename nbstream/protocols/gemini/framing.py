"""Gemini's bytes as the JSON texts they hold, each with its event's name, if it has one.

Three framings are known: server-sent events (``alt=sse``), the JSON array that
the same endpoint sends without it, and an error's bare JSON object, which
Google's servers write into a running event stream when the model behind them
fails. Refuses to know what any of the JSON means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbstream.core.sse import SSEDecoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.sse import ServerSentEvent

# What matters for finding an object's end: whole strings, and braces.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}"]', re.DOTALL)
_BEFORE_JSON = b" \t\r\n\xef\xbb\xbf"


class Frames:
    """Feed it a body in any pieces; each JSON text comes out once, when it is whole."""

    def __init__(self) -> None:
        self._sse: SSEDecoder | None = None
        self._objects: _Objects | None = None
        self._start = b""

    def feed(self, data: bytes) -> Iterator[ServerSentEvent]:
        """Take more of the body in."""
        if self._sse is not None:
            yield from self._sse.feed(data)
        elif self._objects is not None:
            for text in self._objects.feed(data):
                yield b"", text
        else:
            yield from self._begin(data)

    def _begin(self, data: bytes) -> Iterator[ServerSentEvent]:
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

    def close(self) -> Iterator[ServerSentEvent]:
        """The body has ended; give out what was left unfinished, and a bare object."""
        if self._sse is None:
            return
        yield from self._sse.close()
        if bare := self._sse.bare_json():
            yield b"", bare


class _Objects:
    """The objects of a JSON array, or one alone, found by their braces."""

    def __init__(self) -> None:
        self._buffer = b""
        self._at = self._begin = self._depth = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._buffer += data
        for token in _TOKEN.finditer(self._buffer, self._at):
            mark = token.group()
            if mark == b'"':
                self._at = token.start()
                break  # a string that is not whole yet: wait for its end
            self._at = token.end()
            if mark == b"{":
                if not self._depth:
                    self._begin = token.start()
                self._depth += 1
            elif mark == b"}" and self._depth:
                self._depth -= 1
                if not self._depth:
                    yield self._buffer[self._begin : token.end()]
        done = self._begin if self._depth else self._at
        self._buffer = self._buffer[done:]
        self._at, self._begin = self._at - done, 0
