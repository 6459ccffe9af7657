"""When the bridge sends its next message: how many seconds after the last.

A message costs about 600 bytes, and the page a millisecond. So a fast answer is sent often,
where each message has much text, and a slow one less often; the first words appear smoothly in
both. All answers of a kernel together stay below the rate that a page and the Jupyter server bear.
"""

from __future__ import annotations

SHORTEST, LONGEST = 1 / 30, 1 / 20
"""Seconds between two messages of one answer, as long as there are few answers at once."""

FIRST_PHASE = 1.0
"""Seconds for which the interval is ``SHORTEST``, however slow the answer."""

TEXT = 100
"""Characters that a message should have, where the interval allows it."""

TOGETHER = 200
"""Messages a second of all answers of this kernel."""


class Pace:
    """The intervals of one answer. All methods run on the private event loop."""

    _waiting = 0
    """How many answers of this process wait for their next message now."""

    def __init__(self, now: float) -> None:
        """``now`` and all other times are in seconds on one clock."""
        self._first_phase_end = now + FIRST_PHASE
        self._sent_at = now

    def begin(self, length: int, now: float) -> float:
        """A message with so many characters has been sent: the seconds until the next."""
        since, self._sent_at = now - self._sent_at, now
        Pace._waiting += 1
        own = LONGEST
        if now < self._first_phase_end:
            own = SHORTEST
        elif length:
            own = min(max(SHORTEST, since * TEXT / length), LONGEST)
        return max(own, Pace._waiting / TOGETHER)

    def end(self) -> None:
        """The wait that ``begin`` began is over."""
        Pace._waiting -= 1
