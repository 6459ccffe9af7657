"""Splits the body of a response into JSON texts, each with its event's name, if it has one.

The bytes decide what the body is, because servers and proxies mislabel it: server-sent events, a
JSON object, a JSON array of objects (Gemini without ``alt=sse``) or objects in lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nbstream.core.json import JSONSyntaxError, PartialJSON
from nbstream.core.sse import SSEDecoder
from nbstream.errors import IncompleteResponseError, ProtocolError
from nbstream.protocols.json_object import parse_json_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbstream.core.sse import ServerSentEvent

_BLANK = b" \t\r\n\xef\xbb\xbf"
_FIELDS = (b"data:", b"event:", b"id:", b"retry:", b"error:")

# Everything up to the next brace, or up to a string that continues in the next piece.
_NO_BRACE = re.compile(rb'[^"{}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}]*+)*+', re.DOTALL)
_IN_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_QUOTE, _OPEN, _CLOSE = b'"{}'
_CONTROL = re.compile(r"[\x00-\x1f]")
_SHOWN = 200  # bytes of a body that an error quotes


class Frames:
    r"""Yields each JSON text once it is complete; the body may be fed in any pieces.

    ``feed`` takes more bytes. Consume its result before the next call.

    >>> frames = Frames()
    >>> list(frames.feed(b'data: {"a": 1}\n\nda')), list(frames.feed(b'ta: {}\n\n'))
    ([(b'', b'{"a": 1}')], [(b'', b'{}')])
    >>> frames = Frames()
    >>> list(frames.feed(b'[{"a": 1}, {"b"')), list(frames.feed(b': 2}]'))
    ([(b'', b'{"a": 1}')], [(b'', b'{"b": 2}')])
    """

    def __init__(self) -> None:
        self._sse: SSEDecoder | None = None
        self._objects: _Objects | None = None
        self._ends_in_line = False
        # Replaced once the format is known, so that an event costs no further call.
        self.feed: Callable[[bytes], Iterator[ServerSentEvent]] = self._begin

    def _begin(self, data: bytes) -> Iterator[ServerSentEvent]:
        """Read the first bytes that are not blank: they show the format."""
        data = data.lstrip(_BLANK)
        if not data:
            return iter(())
        if data[:1] in b"[{":
            self._objects = _Objects()
            self.feed = self._objects.feed
        else:
            self._sse = SSEDecoder()
            self.feed = self._sse.feed
        return self.feed(data)

    def close(self) -> Iterator[ServerSentEvent]:
        """Signal the end of the body. Yields an unfinished event and a bare JSON object."""
        if self._sse is None:
            return
        line = self._sse.unfinished_line
        self._ends_in_line = bool(line) and b"data:".startswith(line.strip())
        yield from self._sse.close()
        if bare := self._sse.bare_json():
            yield b"", bare

    @property
    def unfinished(self) -> bytes:
        """The JSON object within which the body ends, of JSON without events; empty if none.

        Of events, an unfinished one is data that cannot be parsed.
        """
        return self._objects.unfinished if self._objects is not None else b""

    @property
    def incomplete(self) -> bool:
        """Whether the closed body ends where more begins: in an object, or in ``data:``."""
        return self._ends_in_line or bool(self.unfinished)

    def check(self) -> None:
        """Check that a body without an answer was at least in one of the formats.

        Raises:
            IncompleteResponseError: it was empty.
            ProtocolError: it was something else, such as a sentence, or a list of numbers.
        """
        if self._objects is not None:
            if self._objects.is_empty:
                raise ProtocolError("The server sent JSON that is not an object.")
            _check_beginning(self._objects.unfinished)
            return
        if self._sse is None:
            raise IncompleteResponseError(
                "The server sent an empty response.",
                remedy="Run it again. If that does not help, check the address (base_url).",
            )
        lines = self._sse.strays
        if lines and not any(name.startswith(lines[0]) for name in _FIELDS):  # not a cut line
            text = b" ".join(lines[:5])[:_SHOWN].decode(errors="replace")
            raise ProtocolError(f"The server sent neither an event stream nor JSON: {text}")


def _check_beginning(data: bytes) -> None:
    """Check that ``data`` is the beginning of JSON; control characters may be in it."""
    try:
        PartialJSON().feed(_CONTROL.sub(" ", data.decode(errors="replace")))
    except JSONSyntaxError:
        parse_json_object(data)  # raises the error that says what is wrong


class _Objects:
    """Finds JSON objects by their braces, one after another or in an array, in linear time."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._depth = 0
        self._in_string = False
        self._escaped = False
        self.is_empty = True
        """Whether no object has begun."""

    @property
    def unfinished(self) -> bytes:
        """The object whose end has not come; empty if there is none."""
        return b"".join(self._pieces)

    def feed(self, data: bytes) -> Iterator[ServerSentEvent]:
        """Read more bytes, and yield the objects that they complete."""
        at = begin = 0
        if self._in_string:
            at = self._end_of_string(data, 0)
        end = len(data)
        while at < end:
            match = _NO_BRACE.match(data, at)
            assert match is not None  # it may be empty
            at = match.end()
            if at == end:
                break
            mark = data[at]
            at += 1
            if mark == _OPEN:
                if not self._depth:
                    begin, self.is_empty = at - 1, False
                self._depth += 1
            elif mark == _QUOTE:
                at = self._end_of_string(data, at)
            elif self._depth:
                self._depth -= 1
                if not self._depth:
                    self._pieces.append(data[begin:at])
                    text, self._pieces = b"".join(self._pieces), []
                    yield b"", text
        if self._depth:
            self._pieces.append(data[begin:])

    def _end_of_string(self, data: bytes, at: int) -> int:
        """Where the string ends that has begun before ``at``; the end of ``data`` if later."""
        if self._escaped and at < len(data):
            self._escaped = False
            at += 1
        match = _IN_STRING.match(data, at)
        assert match is not None  # it may be empty
        at = match.end()
        self._in_string = at == len(data) or data[at] != _QUOTE
        if self._in_string:
            self._escaped = self._escaped or data[at : at + 1] == b"\\"
            return len(data)
        return at + 1
