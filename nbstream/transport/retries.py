"""Whether to send a request again, and when.

A policy without a clock: an error and a count in, seconds out. What may be
sent again safely is the error's own to say (``StreamError.retryable``).
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from nbstream.errors import StreamError

RETRIES = 2
"""How often a request is sent again, unless the caller says otherwise."""

_FIRST = 0.5  # seconds before the first retry; doubled each time
_LONGEST = 8.0
_PATIENCE = 60.0  # a longer wait is the user's to decide on, who is told of it


def as_retries(given: Any) -> int:
    """What was given as ``retries=``; None is the default.

    Raises:
        UsageError: it is no number of times.
    """
    if given is None:
        return RETRIES
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise UsageError(
            f"retries= is how often a request may be sent again, not {given!r:.60}.",
            remedy="Write 0, 1, 2 and so on.",
        )
    return given


def wait_before(error: StreamError, attempt: int, retries: int) -> float | None:
    """Seconds until ``attempt`` (2 is the first retry), or None: give up.

    The provider's own wait goes before ours, and is never cut short. Both are
    jittered, so that many clients do not come back at once.
    """
    if not error.retryable or attempt > retries + 1:
        return None
    jitter = random.random()  # noqa: S311 - spreads load, guards nothing
    if error.wait is not None:
        return error.wait + jitter * 0.25 if error.wait <= _PATIENCE else None
    return min(_LONGEST, _FIRST * 2.0 ** (attempt - 2)) * (1 - jitter / 4)
