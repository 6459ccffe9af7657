"""``Totals``: how far a map is: counts, tokens, cost, rate, and the time that is left."""

from __future__ import annotations

import time
from collections import deque
from decimal import Decimal
from typing import TYPE_CHECKING

from nbstream.core.message import Usage

if TYPE_CHECKING:
    from nbstream.many.result import MapResult

_RECENT = 200
"""The rate is that of the last so many answers, so that it follows the provider's pace."""


class Totals:
    """Sums over the results of one map. Written on the private loop, read anywhere."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.failed = 0
        self.stopped = 0
        """Answers that were cancelled before their end."""
        self.replayed = 0
        self.sent = 0
        """Requests that were sent, with those that were sent again."""
        self.usage = Usage()
        self.cost = Decimal()
        self.is_priced = True
        """Whether the price of every answer is known."""
        self._ends: deque[float] = deque(maxlen=_RECENT)
        self._begun: float | None = None
        self._ended: float | None = None

    def __repr__(self) -> str:
        counts = f"{self.done} of {self.total} answered, {self.failed} failed"
        counts += f", {self.stopped} stopped" if self.stopped else ""
        return f"<Totals: {counts}, {self.replayed} replayed, {self.sent} requests sent>"

    def begin(self) -> None:
        """Start the clock."""
        self._begun = time.monotonic()

    def end(self) -> None:
        """Stop the clock."""
        self._ended = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the start, up to the end."""
        return 0.0 if self._begun is None else (self._ended or time.monotonic()) - self._begun

    @property
    def ended(self) -> int:
        """How many prompts have an answer or an error."""
        return self.done + self.failed

    @property
    def rate(self) -> float | None:
        """Answers in a second, of late; None while that is not known."""
        if self._begun is None or not self._ends:
            return None
        ends = self._ends
        first = ends[0] if len(ends) == _RECENT else self._begun
        count = len(ends) - (len(ends) == _RECENT)
        span = (self._ended or time.monotonic()) - first
        return count / span if span > 0 and count else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all have ended, at the present rate; None if that is not known."""
        rate = self.rate
        return (self.total - self.ended) / rate if rate else None

    def add(self, result: MapResult, *, cancelled: bool) -> None:
        """Count a prompt that has ended."""
        if cancelled:
            self.stopped += 1
        elif result.error is None:
            self.done += 1
        else:
            self.failed += 1
        if result.is_replayed:
            self.replayed += 1
        elif not cancelled:
            self._ends.append(time.monotonic())

    def spend(self, usage: Usage | None, cost: Decimal | None) -> None:
        """Count what one answer has used, also one that failed."""
        if usage:
            self.usage += usage
            self.is_priced = self.is_priced and cost is not None
            self.cost += cost or 0
