"""Lets a test wait until a condition is true, with one long timeout that only a hang reaches.

What a user is promised in seconds is measured in bench/, because other work on the machine makes
everything slower.
"""

import time
from collections.abc import Callable

HANG = 30.0
"""Seconds after which what has not come will not come."""


def until(condition: Callable[[], object], timeout: float = HANG) -> None:
    """Block until `condition()` is true."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout:g} s"
        time.sleep(0.01)
