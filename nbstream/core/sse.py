"""Server-sent events: bytes in, (event name, data) out.

Follows the WHATWG standard (HTML, 9.2.6 "Interpreting an event stream") for
lines, fields and comments. Knows nothing of HTTP and nothing of what the data
means; data stays bytes, for the JSON parser to decode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOM = b"\xef\xbb\xbf"
_STRAYS = 100


class ServerSentEvent(NamedTuple):
    """One event. ``event`` is empty if the server named none."""

    event: bytes
    data: bytes


# A named tuple's own constructor costs as much as finding the event does.
_new = tuple.__new__


class SSEDecoder:
    """Feed it a body in any pieces; each event comes out once, when it is whole.

    One departure from the standard: ``close`` gives out an event that the end
    of the body cut off before its blank line, because several providers end
    their last event that way.

    Lines that are no field of the standard are kept in ``strays`` (the first
    hundred), because some servers write an error between the events.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._data: list[bytes] = []
        self._event = b""
        self._at_start = True
        self.strays: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Take more of the body in."""
        held_cr = bool(self._pieces) and self._pieces[-1][-1:] == b"\r"
        self._pieces.append(chunk)
        if not held_cr and b"\n" not in chunk and b"\r" not in chunk:
            return  # a long line in many pieces is joined once, at its end
        buffer = b"".join(self._pieces)
        held = b""
        if b"\r" in buffer:
            if buffer[-1:] == b"\r":  # it may be the first half of a CRLF
                buffer, held = buffer[:-1], b"\r"
            buffer = buffer.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = buffer.split(b"\n")
        rest = lines.pop() + held
        self._pieces = [rest] if rest else []
        yield from self._lines(lines)

    def close(self) -> Iterator[ServerSentEvent]:
        """The body has ended; give out what it left unfinished."""
        rest, self._pieces = b"".join(self._pieces).removesuffix(b"\r"), []
        yield from self._lines([rest, b""])

    def _lines(self, lines: list[bytes]) -> Iterator[ServerSentEvent]:
        if self._at_start and lines:
            self._at_start = False
            lines[0] = lines[0].removeprefix(_BOM)
        for line in lines:
            if line[:5] == b"data:":
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif not line:
                if self._data:
                    data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
                    event, self._data, self._event = self._event, [], b""
                    yield _new(ServerSentEvent, (event, data))
                else:
                    self._event = b""
            elif line[:6] == b"event:":
                self._event = line[6:].removeprefix(b" ")
            elif line[:1] != b":" and len(self.strays) < _STRAYS:
                # Ids and retry times are harmless here; comments carry nothing.
                self.strays.append(line)
