"""Decodes server-sent events: bytes in, (event name, data) out.

Follows the WHATWG standard (HTML, 9.2.6 "Interpreting an event stream") for
lines, fields and comments. Data stays bytes, for the JSON parser to decode. Lines outside
of events are kept, because some servers send an error as bare JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOM = b"\xef\xbb\xbf"
_IDLE = (b"", b"id", b"retry")
"""Fields that are ignored. The name of a comment is empty."""

_BEGINS = (b"{", b"[")
"""How an event of JSON begins, or the ``[DONE]`` of OpenAI."""

_STRAYS = 10_000


ServerSentEvent = tuple[bytes, bytes]
"""One event: its name, empty if the server gave none, and its data. A plain tuple: one with
named fields would take a fifth of the decoder's time per event."""


class SSEDecoder:
    r"""Decodes a body that is fed in any pieces; each event is yielded once, when complete.

    Differences from the standard: ``close`` yields a last event without its blank line,
    because several providers end that way. Events without data are skipped. A field
    ``error``, which GPUStack writes, is an event of that name. Two lines of data with a JSON
    object each are two events, because some servers leave out the blank lines.

    ``strays`` are the lines that are not a field of the standard (the first 10,000).

    >>> decoder = SSEDecoder()
    >>> list(decoder.feed(b"event: ping\ndata: {")), list(decoder.feed(b"}\n\n"))
    ([], [(b'ping', b'{}')])
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._event = b""
        self._data: bytes | None = None
        self._more_data: list[bytes] = []
        self._at_start = True
        self.strays: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Decode more of the body. Consume the result before the next call."""
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

    @property
    def unfinished_line(self) -> bytes:
        """The line that the body so far ends in; empty after a line's end."""
        return b"".join(self._pieces).removesuffix(b"\r")

    def close(self) -> Iterator[ServerSentEvent]:
        """End the body, and yield its unfinished event."""
        rest, self._pieces = self.unfinished_line, []
        return self._lines([rest, b""])

    def bare_json(self) -> bytes:
        """JSON that came outside of events; empty if there was none.

        Some servers send an error, or the whole response, that way.
        """
        bare = b"\n".join(self.strays)
        return bare if bare[:1] == b"{" else b""

    def _lines(self, lines: list[bytes]) -> Iterator[ServerSentEvent]:
        """Decode complete lines."""
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
                elif found[:1] in _BEGINS and (more[-1] if more else data)[-1:] == b"}":
                    # The blank line is missing: no JSON has a value right after an object.
                    yield event, b"\n".join([data, *more])
                    more.clear()
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
