"""How an asyncio task waits for a log that grows on another thread.

Knows asyncio's rules about threads. Refuses to know what is read.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.core.log import Log, Reader


class Waiting:
    """Waits on the running loop. Close it when done."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()
        self._told = False
        self._stop = log.listen(self._wake)

    async def for_change(self, reader: Reader) -> None:
        """Until there is something to take, or the stream is finished."""
        self._told = False
        self._changed.clear()
        if not reader.is_ready:
            await self._changed.wait()

    async def for_end(self, seconds: float) -> None:
        """Until the stream is finished, but no longer than that."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if not self._log.finished:
                    await self._ended.wait()

    def close(self) -> None:
        """Wait no more."""
        self._stop()

    def _wake(self) -> None:
        # Crossing to another loop costs a system call: once for each wait.
        if self._told and not self._log.finished:
            return
        self._told = True
        with contextlib.suppress(RuntimeError):  # that loop is closed
            self._loop.call_soon_threadsafe(self._set)

    def _set(self) -> None:
        self._changed.set()
        if self._log.finished:
            self._ended.set()
