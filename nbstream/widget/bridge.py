"""The bridge: reads a stream, sends it to the browser a few times a second.

Knows the order of messages and when one is due. Refuses to know widgets and
comms: it is given a function that sends a message, with the bytes of its files
beside it. Everything here runs on the private loop, so that no two messages can
overtake each other.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nbstream.display.sanitize import encodable
from nbstream.widget import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.log import Reader
    from nbstream.streams import Stream
    from nbstream.widget.wire import Wire

EAGER, STEADY = 1 / 30, 1 / 20
"""Seconds between two messages, at first and later. A message costs some 600
bytes of envelope whatever it carries. The first words should flow; in a long
answer nobody reads along at 30 messages a second."""

EAGER_FOR = 2.0
"""Seconds after which an answer is a long one."""


class Bridge:
    """One stream's way to the browser.

    ``deaf`` says that the kernel cannot hear the browser while a cell runs.
    Then nobody can ask for what they missed, and the bridge tells the whole
    state again each time the text has doubled.
    """

    def __init__(
        self, stream: Stream, send: Callable[[Wire, list[bytes]], None], *, deaf: bool = False
    ) -> None:
        self._stream = stream
        self._post = send
        self._retell_at = 1 if deaf else None
        self._sent_length = 0  # characters of text that were sent
        self._seq = 0
        self._reader: Reader | None = None
        self._told_end = stream.is_complete  # then the first snapshot says it all

    async def carry(self) -> None:
        """Send the stream as it grows; returns once its end was sent."""
        if self._told_end:
            return
        reader = self._reader = self._stream.reader()
        changed = asyncio.Event()
        changed.set()
        loop = asyncio.get_running_loop()
        steady_at = loop.time() + EAGER_FOR

        def wake() -> None:
            loop.call_soon_threadsafe(changed.set)

        stop = self._stream.listen(wake)
        try:
            self._stream.start()
            while not reader.exhausted:
                await changed.wait()
                changed.clear()
                self._tell()
                await asyncio.sleep(EAGER if loop.time() < steady_at else STEADY)
            if not self._told_end:
                self._tell()
        finally:
            stop()
            reader.close()

    def sync(self) -> None:
        """Tell the whole state to a page that asked for it."""
        self._send({"t": "snap", **self.snapshot()})

    def acknowledge(self) -> None:
        """Tell the browser that it was heard, before what it asked for is done."""
        if not self._told_end:
            self._tell_events([wire.status(self._stream)])

    def snapshot(self) -> Wire:
        """The whole state, with the number of the last message it includes.

        What was not sent yet is sent first, so that no page sees it twice.
        """
        if self._reader is not None:
            events, messages = self._reader.catch_up()
            self._tell_events(wire.ops(events))
        else:
            messages = self._stream.messages if self._told_end else ()
        return {"seq": self._seq, "state": encodable(wire.state(self._stream, messages))}

    def _tell(self) -> None:
        reader = self._reader
        assert reader is not None
        rows = wire.ops(reader.take())
        if reader.exhausted:
            self._told_end = True
            rows.append(wire.status(self._stream))
        self._tell_events(rows)
        self._sent_length += sum(len(row.get("chunk", "")) for row in rows)
        if self._retell_at is not None and self._sent_length >= self._retell_at:
            self._retell_at = 2 * self._sent_length
            self.sync()

    def _send(self, message: Wire) -> None:
        self._post(*wire.detached(message))

    def _tell_events(self, rows: list[Wire]) -> None:
        if rows:
            self._seq += 1
            self._send({"t": "d", "seq": self._seq, "ops": encodable(rows)})
