"""Sends a stream's changes to the browser, at most 30 times a second, and its state on request.

Where the browser cannot ask, it sends the state now and then by itself. The function that sends a
message is passed in, so nothing here depends on widgets or comms. All methods run on the private
event loop, which keeps the messages in order.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from nbstream.core import cost
from nbstream.display.sanitize import encodable
from nbstream.widget import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.log import Reader
    from nbstream.streams import Stream
    from nbstream.widget.wire import Wire

FIRST_INTERVAL, INTERVAL = 1 / 30, 1 / 20
"""Seconds between two messages, at first and later. Each message has an overhead of about
600 bytes. The first words should appear smoothly; later a lower rate is enough."""

FIRST_PHASE = 2.0
"""Seconds for which ``FIRST_INTERVAL`` applies."""


class Bridge:
    """Sends one stream to the browser and answers the browser's requests for its state.

    ``send`` gets a message and the binary buffers that go with it. ``can_receive`` says
    whether the kernel receives messages while a cell runs. If not, a page cannot ask for
    what it missed, so the bridge also sends the whole state each time the text has doubled.
    """

    def __init__(
        self,
        stream: Stream,
        send: Callable[[Wire, list[bytes]], None],
        *,
        can_receive: bool = True,
    ) -> None:
        self._stream = stream
        self._send_message = send
        self._resend_at = None if can_receive else 1  # characters
        self._sent_length = 0  # characters
        self._seq = 0
        self._reader: Reader | None = None
        self._opened_sent = False
        self._end_sent = stream.is_complete  # if complete, the first snapshot has everything

    async def send_stream(self) -> None:
        """Start the stream and send it as it grows; returns when its end has been sent."""
        if self._end_sent:
            return
        reader = self._reader = self._stream.reader()
        changed = asyncio.Event()
        changed.set()
        loop = asyncio.get_running_loop()
        first_phase_end = loop.time() + FIRST_PHASE

        def wake() -> None:
            loop.call_soon_threadsafe(changed.set)

        # In a thread, while the model answers: the import would stop all streams.
        provider = re.split("[/:]", self._stream.model)[0]
        loop.run_in_executor(None, cost.preload, provider)
        stop = self._stream.listen(wake)
        try:
            self._stream.start()
            while not reader.exhausted:
                await changed.wait()
                changed.clear()
                self._send_changes()
                await asyncio.sleep(FIRST_INTERVAL if loop.time() < first_phase_end else INTERVAL)
            if not self._end_sent:
                self._send_changes()
        finally:
            stop()
            reader.close()

    def sync(self) -> None:
        """Send the whole state to a page that asked for it."""
        self._send_wire({"t": "snap", **self.snapshot()})

    def acknowledge(self) -> None:
        """Send the status at once, so that the page knows that its request has arrived."""
        if not self._end_sent:
            self._send_ops([wire.status(self._stream)])

    def snapshot(self) -> Wire:
        """The whole state, with the sequence number of the last message that it includes.

        Changes that have not been sent are sent first: otherwise a page would get them
        once in the snapshot and again afterwards.
        """
        if self._reader is not None:
            events, messages = self._reader.catch_up()
            self._send_ops(wire.ops(events))
        else:
            messages = self._stream.messages if self._end_sent else ()
        return {"seq": self._seq, "state": encodable(wire.state(self._stream, messages))}

    def _send_changes(self) -> None:
        """Send the events since the last call, and the status after the last one."""
        reader = self._reader
        assert reader is not None
        ops = wire.ops(reader.take())
        if not ops and not self._opened_sent and self._seq == 0 and wire.opened(self._stream):
            # Before the first event: the page says that it waits, and no longer that it connects.
            self._opened_sent = True
            ops.append({"kind": "opened"})
        if reader.exhausted:
            self._end_sent = True
            ops.append(wire.status(self._stream))
        self._send_ops(ops)
        self._sent_length += sum(len(row.get("chunk", "")) for row in ops)
        if self._resend_at is not None and self._sent_length >= self._resend_at:
            self._resend_at = 2 * self._sent_length
            self.sync()

    def _send_wire(self, message: Wire) -> None:
        self._send_message(*wire.split_buffers(message))

    def _send_ops(self, ops: list[Wire]) -> None:
        if ops:
            self._seq += 1
            self._send_wire({"t": "d", "seq": self._seq, "ops": encodable(ops)})
