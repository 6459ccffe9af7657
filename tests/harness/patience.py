"""Knows: how to wait on a machine that has no time. Refuses to know: what is waited for.

Two kinds of time are in the tests. A bound that a user is promised is held by the quickest of a
few attempts, because other work on the machine can only make one slower. All else is waited for
until it is there, and only a hang is too late.
"""

import time
from collections.abc import Callable

HANG = 30.0
"""Seconds after which what has not come will not come."""


def until(true: Callable[[], object], timeout: float = HANG) -> None:
    """Block until `true()` is."""
    deadline = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < deadline, f"not within {timeout:g} s"
        time.sleep(0.01)


def keeps(bound: float, attempt: Callable[[], float], attempts: int = 6) -> None:
    """One of the attempts takes less than `bound` seconds; each returns how long it took."""
    took: list[float] = []
    while not took or min(took) >= bound:
        assert len(took) < attempts, f"{bound:g} s are allowed, and these were taken: {took}"
        took.append(attempt())
