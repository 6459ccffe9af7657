"""``Pause``: the rate limit of one provider, which all requests of all maps share.

Also decides whether a request is sent again, and when. All of it runs on the private loop.
"""

from __future__ import annotations

import asyncio
import random
import time

from nbstream.errors import (
    ConnectionFailedError,
    IncompleteResponseError,
    OverloadedError,
    ProtocolError,
    RateLimitError,
    StreamError,
)
from nbstream.transport.retries import MAX_DELAY, backoff

_LONGEST = 600.0
"""Seconds that a provider may ask for. A map runs unattended, so it waits longer than a cell."""

_MOST_PAUSES = 8
"""So many pauses in a row without an answer between them, and the requests fail."""

_SHORTEST = 0.1  # seconds of a pause

_SPREAD = 0.5  # seconds over which waiting requests go on after a pause

_ONCE_MORE = (ConnectionFailedError, IncompleteResponseError, ProtocolError)
"""A single stream does not repeat these by itself: a reader may have seen a beginning."""


class Pause:
    """Lets requests wait while their provider allows none."""

    def __init__(self) -> None:
        self._until = 0.0
        self._pauses = 0
        self._begun = 0.0
        """When the latest pause began."""

    def start(self) -> None:
        """A map begins: the pauses of one that gave up do not count for it."""
        if not self.seconds:
            self._pauses = 0

    @property
    def seconds(self) -> float:
        """How long the pause lasts from now on; 0 if there is none."""
        return max(0.0, self._until - time.monotonic())

    async def wait(self) -> None:
        """Return once requests may be sent."""
        while (left := self.seconds) > 0:  # noqa: ASYNC110 - another refusal makes it longer
            await asyncio.sleep(left + random.random() * min(_SPREAD, left))  # noqa: S311

    def answered(self) -> None:
        """An answer came: the provider takes requests."""
        self._pauses = 0

    def hold(self, error: StreamError, sent: float) -> bool:
        """Hold all requests, as ``error`` asks, which came of a request sent at ``sent``.

        False if there were too many pauses. What the provider asks for is believed once: a pause
        right after another one has a least length, since some servers always say 0.
        """
        wait = error.wait
        if wait is not None and wait > _LONGEST:
            return False
        now = time.monotonic()
        if sent >= self._begun:  # else it answers a request that was sent before the pause
            if self._pauses >= _MOST_PAUSES:
                return False
            self._pauses += 1
            self._begun = now
        least = _SHORTEST if self._pauses < 2 else backoff(self._pauses - 1, MAX_DELAY)
        wait = backoff(self._pauses, 8 * MAX_DELAY) if wait is None else max(wait, least)
        self._until = max(self._until, now + wait)
        return True


_pauses: dict[str, Pause] = {}


def pause_of(provider: str) -> Pause:
    """The pause that all maps of this process share for a provider."""
    return _pauses.setdefault(provider, Pause())


def is_limit(error: StreamError) -> bool:
    """Whether the provider takes no requests at all for a while, from any stream."""
    return isinstance(error, (RateLimitError, OverloadedError)) and error.retryable


def retry_in(error: BaseException | None, attempt: int, retries: int) -> float | None:
    """Seconds until ``attempt`` (2 is the first retry) of a failed request; None: it failed."""
    if not isinstance(error, StreamError) or attempt > retries + 1:
        return None
    if not (error.retryable or isinstance(error, _ONCE_MORE)):
        return None
    if error.wait is not None:
        return error.wait if error.wait <= _LONGEST else None
    return backoff(attempt - 1, MAX_DELAY)
