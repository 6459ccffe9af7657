"""Server-sent events: bytes in, (event name, data) out.

Follows the WHATWG standard (HTML, 9.2.6 "Interpreting an event stream") for
lines, fields and comments. Knows nothing of HTTP and nothing of what the data
means; data stays bytes, for the JSON parser to decode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOM = b"\xef\xbb\xbf"
_IDLE = (b"", b"id", b"retry")
"""Fields that say nothing here. A comment's name is empty."""

_STRAYS = 10_000


ServerSentEvent = tuple[bytes, bytes]
"""One event: its name, empty if the server gave none, and its data. A bare tuple,
because to make one with named fields would take a fifth of the time an event takes here."""


class SSEDecoder:
    """Feed it a body in any pieces; each event comes out once, when it is whole.

    Departures from the standard: ``close`` gives out an event that the end of
    the body cut off before its blank line, because several providers end their
    last event that way. Events whose data is empty are passed over. A field
    ``error``, which GPUStack writes, is an event of that name.

    ``strays`` are the lines that are no field of the standard (the first 10,000).
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._event = b""
        self._data: bytes | None = None
        self._more_data: list[bytes] = []
        self._at_start = True
        self.strays: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Take more of the body in. Take what it gives before the next call."""
        pieces = self._pieces
        if pieces:
            held_cr = pieces[-1][-1:] == b"\r"
            pieces.append(chunk)
            if not held_cr and b"\n" not in chunk and b"\r" not in chunk:
                return iter(())  # a long line in many pieces is joined once, at its end
            chunk = b"".join(pieces)
        held = b""
        if b"\r" in chunk:
            if chunk[-1:] == b"\r":  # it may be the first half of a CRLF
                chunk, held = chunk[:-1], b"\r"
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = chunk.split(b"\n")
        rest = lines.pop() + held
        self._pieces = [rest] if rest else []
        return self._lines(lines)

    def close(self) -> Iterator[ServerSentEvent]:
        """The body has ended; give out what it left unfinished."""
        rest, self._pieces = b"".join(self._pieces).removesuffix(b"\r"), []
        return self._lines([rest, b""])

    def bare_json(self) -> bytes:
        """What came as JSON between the events, or in their place; empty if nothing did.

        So some servers say what went wrong, or give the whole answer at once.
        """
        bare = b"\n".join(self.strays)
        return bare if bare[:1] == b"{" else b""

    def _lines(self, lines: list[bytes]) -> Iterator[ServerSentEvent]:
        if self._at_start and lines:
            self._at_start = False
            lines[0] = lines[0].removeprefix(_BOM)
        event, data, more = self._event, self._data, self._more_data
        for line in lines:
            if not line:
                if data is not None:
                    if more:
                        data = b"\n".join([data, *more])
                        more.clear()
                    if data:
                        yield event, data
                    data = None
                event = b""
            elif line[:5] == b"data:":
                found = line[5:].removeprefix(b" ")
                if data is None:
                    data = found
                else:
                    more.append(found)
            elif line[:6] == b"event:":
                event = line[6:].removeprefix(b" ")
            elif line[:6] == b"error:":
                yield b"error", line[6:].strip()
            elif line.partition(b":")[0] not in _IDLE and len(self.strays) < _STRAYS:
                self.strays.append(line)
        self._event, self._data = event, data
