"""Hands what one thread or event loop reads over to a run on the private loop."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from nbstream.core.events import Event


class StoppedError(BaseException):
    """The run was cancelled: its reader stops. No ``Exception``, so that no library catches it."""


class HandOver:
    """A queue of events from one producer. Made on the loop that takes them."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._events: deque[Event] = deque()
        self._told = False
        self._done = False
        self._error: BaseException | None = None
        self.stopped = False
        """Whether nobody takes events any more."""

    def put(self, events: Iterable[Event]) -> None:
        """Add events. From the producer's thread.

        Raises:
            StoppedError: nobody takes them any more.
        """
        if self.stopped:
            raise StoppedError
        # An iterable may fail after some events, which count all the same.
        for event in events:
            self._events.append(event)
        if not self._told:
            self._told = True
            self._wake()

    def end(self, error: BaseException | None) -> None:
        """There are no more, because of ``error`` if there is one. From the producer's thread."""
        self._error = error
        self._done = True
        self._wake()

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._arrived.set)

    async def batches(self) -> AsyncGenerator[list[Event], None]:
        """The events, all that have arrived at a time; then the producer's error."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            self._told = False
            done = self._done  # before the events are taken: none is added after the end
            batch: list[Any] = []
            while self._events:
                batch.append(self._events.popleft())
            if batch:
                yield batch
            if done:
                if self._error is not None:
                    raise self._error
                return
