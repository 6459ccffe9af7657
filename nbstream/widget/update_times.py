"""When outputs are updated, so that a page with many answers is not busy with all at once.

For each update of an output JupyterLab reads the whole answer and lays it out.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque

_BETWEEN = 0.05  # seconds from an update in turn to the next
_MANY = 4  # answers that begin within _BUSY
_BUSY = 1.0  # seconds that a page needs for the widgets of many answers


class Turns:
    """Spreads the updates of answers that end at once."""

    def __init__(self) -> None:
        self._next = 0.0

    async def wait(self) -> None:
        """Wait for a turn, which comes at once unless another has just had its own."""
        now = time.monotonic()
        self._next = max(now, self._next)
        pause = self._next - now
        self._next += _BETWEEN
        await asyncio.sleep(pause)


class Beginnings:
    """Delays updates while many answers begin: between their widgets the page would not draw."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_MANY)

    def add(self) -> None:
        """An answer begins now."""
        self._times.append(time.monotonic())

    async def wait(self) -> None:
        """Return at once, unless many have begun within the last second: then wait that long."""
        while (pause := self._pause()) > 0:  # noqa: ASYNC110 - more may begin meanwhile
            await asyncio.sleep(pause)

    def _pause(self) -> float:
        """Seconds until fewer than many have begun within the last second; 0 or less if so now."""
        if len(self._times) < _MANY:
            return 0.0
        return self._times[0] + _BUSY - time.monotonic()
