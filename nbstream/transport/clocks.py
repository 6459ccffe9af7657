"""``Clock`` enforces the time limits of one answer; see ``Timeouts``."""

from __future__ import annotations

import asyncio
from math import inf
from typing import TYPE_CHECKING, TypeVar

from nbstream.errors import ResponseTimeoutError

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from nbstream.transport.timeouts import Timeouts

T = TypeVar("T")

_LATE = 0.5  # seconds after which a timer was held up: by other code, or because the machine slept
_GRACE = 5.0  # seconds to read what arrived meanwhile
_LINGER = 2.0  # seconds from the answer's last event to the end of its body

_TEXTS = {
    "first_byte": "{host} sent nothing within the time limit of {seconds:g} s.",
    "between": "{host} sent nothing for {seconds:g} s, before the end of its answer.",
    "first_event": "{host} did not begin its answer within {seconds:g} s.",
    "between_events": "{host} did not go on with its answer for {seconds:g} s.",
    "total": "{host} did not finish its answer within {seconds:g} s.",
    "job": "{host} did not finish the job within {seconds:g} s.",
}
_SILENCES = frozenset({"first_byte", "between", "first_event", "between_events"})
_IN_CELLS = "; in a cell: %%llm --timeout SECONDS."


class Clock:
    """The limits of one answer, which may take several requests.

    Each wait for the provider goes through ``wait``, and only waits count. One timer serves all
    waits: it is set again only when it fires or the deadline moves forward, because most waits
    are short and most deadlines move back.
    """

    def __init__(self, limits: Timeouts, *, is_job: bool = False) -> None:
        self._limits = limits
        self._host = "The provider"
        self._waited = 0.0
        """Seconds of all waits so far. The ends of the limits are values of it."""
        whole = {"total": limits.total, "job": limits.job if is_job else None}
        self._whole, self._whole_end = min(
            ((name, inf if end is None else end) for name, end in whole.items()),
            key=lambda one: one[1],
        )
        self._silence, self._silence_end = "first_byte", inf
        self._event, self._event_end = "first_event", inf
        self._reads_events = self._is_over = False
        # The wait that is going on.
        self._scope: asyncio.Timeout | None = None
        self._deadline = inf
        self._held_up = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, host: str, *, events: bool) -> None:
        """Start the limits of a request. ``events``: its response is read as events."""
        self._host, self._reads_events, self._is_over = host, events, False
        self._silence, self._silence_end = "first_byte", self._end(self._limits.first_byte)
        self._event = "first_event"
        self._event_end = self._end(self._limits.first_event) if events else inf

    def bytes_came(self) -> None:
        """Restart the limit on silence: bytes of the body have come."""
        if not self._is_over:
            self._silence, self._silence_end = "between", self._end(self._limits.between)

    def event_came(self) -> None:
        """Restart the limit on events: the answer has begun or grown."""
        self._is_over = False
        if self._reads_events:
            self._event = "between_events"
            self._event_end = self._end(self._limits.between_events)

    def answer_ended(self) -> None:
        """Wait only a moment for the end of the body: some servers leave it open."""
        if not self._is_over:
            self._is_over = True
            self._silence_end = self._event_end = self._waited + _LINGER

    def end(self) -> None:
        """End the limits of the request."""
        self._silence_end = self._event_end = inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def fork(self) -> Clock:
        """A clock for a request within this one; ``join`` it. It shares the limit of the whole."""
        clock = Clock(self._limits)
        clock._whole, clock._whole_end = self._whole, self._whole_end - self._waited
        return clock

    def join(self, clock: Clock) -> None:
        """Count the waits of a clock that ``fork`` returned."""
        self._whole_end -= clock._waited

    def allows(self, seconds: float) -> bool:
        """Whether a wait of so many seconds would end within the limit of the whole."""
        return self._waited + seconds < self._whole_end

    async def sleep(self, seconds: float) -> None:
        """Wait between two requests; the limit of the whole counts it.

        Raises:
            ResponseTimeoutError: that limit ends first.
        """
        await self.wait(asyncio.sleep(seconds))
        self.end()

    async def wait(self, awaitable: Awaitable[T]) -> T:
        """The result of ``awaitable``, which is cancelled if a limit expires.

        Raises:
            ResponseTimeoutError: a limit expired; it says which.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        left = min(self._silence_end, self._event_end, self._whole_end) - self._waited
        self._deadline, self._held_up = began + left, 0.0
        scope = asyncio.timeout(None)
        try:
            async with scope:
                self._scope = scope
                if left != inf and (self._timer is None or self._timer.when() > self._deadline):
                    self._set_timer(loop)
                return await awaitable
        except TimeoutError:
            if not scope.expired():
                raise
            raise self._error() from None
        finally:
            self._scope = None
            self._waited += loop.time() - began - self._held_up

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(self._deadline, self._check, loop)

    def _check(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the wait if its deadline has passed; otherwise set the timer again."""
        self._timer = None
        if self._scope is None or self._deadline == inf:
            return
        now = loop.time()
        late = now - self._deadline
        if late > _LATE:
            # The provider's bytes may be there, unread. They are not late: this loop is.
            self._held_up += late
            self._deadline = now + _GRACE
        if self._deadline > now:
            self._set_timer(loop)
        else:
            self._scope.reschedule(now)

    def _end(self, limit: float | None) -> float:
        return inf if limit is None else self._waited + limit

    def _error(self) -> ResponseTimeoutError:
        """The error for the limit that ended first."""
        ends = {
            self._silence: self._silence_end,
            self._event: self._event_end,
            self._whole: self._whole_end,
        }
        name = min(ends, key=ends.__getitem__)
        seconds: float = getattr(self._limits, name) or _LINGER
        return ResponseTimeoutError(
            _TEXTS[name].format(host=self._host, seconds=seconds),
            limit=name,
            remedy=f"To allow more time: timeout=nbstream.Timeouts({name}=...), in seconds"
            f"{_IN_CELLS if name in _SILENCES else '.'}"
            " What had arrived is in `message` of this error; in a cell, in `_`.",
        )
