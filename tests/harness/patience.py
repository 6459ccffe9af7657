"""Waiting in tests, on a machine that may be busy.

Tests use two kinds of time. A bound that a user is promised must be met by the quickest of a few
attempts, because other work on the machine can only slow one down. Everything else is waited for
until it happens; only a hang fails.
"""

import time
from collections.abc import Callable

HANG = 30.0
"""Seconds after which a wait counts as a hang."""


def until(true: Callable[[], object], timeout: float = HANG) -> None:
    """Block until `true()` is true."""
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
