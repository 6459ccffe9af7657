"""Sends a stream's changes to the browser as they come, and its state on request.

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
from nbstream.widget import wire, wire_requests, wire_thinking
from nbstream.widget.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.log import Reader
    from nbstream.streams import Stream
    from nbstream.widget.wire import Wire


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
        self._sent: wire.Sent = {}
        self._reader: Reader | None = None
        self._opened_sent = False
        self._changes_sent = 0  # arguments that a person has changed
        self._requests: list[Wire] = []
        """The requests for a person that the page knows of."""
        self._end_sent = stream.is_complete  # if complete, the first snapshot has everything

    async def send_stream(self) -> None:
        """Start the stream and send it as it grows; returns when its end has been sent."""
        if self._end_sent:
            return
        reader = self._reader = self._stream.reader()
        changed = asyncio.Event()
        changed.set()
        due = asyncio.Event()
        loop = asyncio.get_running_loop()
        pace = Pace(loop.time())

        def check() -> None:
            changed.set()
            if self._stream.is_complete:
                due.set()  # the last words come at once

        def wake() -> None:
            loop.call_soon_threadsafe(check)

        # In a thread, while the model answers: the import would stop all streams.
        provider = re.split("[/:]", self._stream.model)[0]
        loop.run_in_executor(None, cost.preload, provider)
        stop = self._stream.listen(wake)
        try:
            self._stream.start()
            while not reader.exhausted:
                await changed.wait()
                changed.clear()
                length = self._send_changes()
                timer = loop.call_later(pace.begin(length, loop.time()), due.set)
                try:
                    await due.wait()
                finally:
                    timer.cancel()
                    pace.end()
                due.clear()
            if not self._end_sent:
                self._send_changes()
        finally:
            stop()
            reader.close()
        # In a thread: the validators of a type may be slow, and may read the stream.
        if report := await asyncio.to_thread(wire.output, self._stream):
            self._send_ops([report])

    @property
    def sent(self) -> int:
        """The sequence number of the last message with changes."""
        return self._seq

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
            self._send_ops(wire_thinking.with_thoughts(wire.ops(events, self._sent), self._stream))
        else:
            messages = self._stream.messages if self._end_sent else ()
        return {"seq": self._seq, "state": encodable(wire.state(self._stream, messages))}

    def _send_changes(self) -> int:
        """Send the events since the last call, and the status after the last one.

        Returns how many characters they add.
        """
        reader = self._reader
        assert reader is not None
        ops = wire_thinking.with_thoughts(wire.ops(reader.take(), self._sent), self._stream)
        if not ops and not self._opened_sent and self._seq == 0 and wire.opened(self._stream):
            # Before the first event: the page says that it waits, and no longer that it connects.
            self._opened_sent = True
            ops.append({"kind": "opened"})
        if changes := wire_requests.changes(self._stream, self._changes_sent):
            self._changes_sent += len(changes)
            ops += changes
        if (waiting := wire_requests.rows(self._stream)) != self._requests:
            self._requests = waiting
            ops.append({"kind": "requests", "requests": waiting})
        self._send_ops(ops)
        if reader.exhausted:
            self._end_sent = True
            # Apart, because the first price takes some time to find: the last words come at once.
            self._send_ops([wire.status(self._stream)])
        length = sum(len(row.get("chunk", "")) for row in ops)
        self._sent_length += length
        if self._resend_at is not None and self._sent_length >= self._resend_at:
            self._resend_at = 2 * self._sent_length
            self.sync()
        return length

    def _send_wire(self, message: Wire) -> None:
        self._send_message(*wire.split_buffers(message))

    def _send_ops(self, ops: list[Wire]) -> None:
        if ops:
            self._seq += 1
            self._send_wire({"t": "d", "seq": self._seq, "ops": encodable(ops)})
