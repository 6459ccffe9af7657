"""Decides whether to send a failed request again, and after how many seconds; checks ``retries=``.

It keeps no clock and does no I/O. Whether a retry is safe is decided by the error
(``StreamError.retryable``).
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from nbstream.core.shown import shown
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from nbstream.errors import StreamError

RETRIES = 2
"""How often a request is sent again by default."""

_FIRST_DELAY = 0.5  # seconds before the first retry; doubled each time
MAX_DELAY = 8.0
"""The longest of these delays."""
_MAX_RETRY_AFTER = 60.0  # if the provider asks for more, give up and let the user decide


def check_retries(given: Any) -> int:
    """Check the user's ``retries=`` and return the number; None means the default.

    Raises:
        UsageError: it is not a whole number of 0 or more.
    """
    if given is None:
        return RETRIES
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise UsageError(
            f"retries= takes how often a request may be sent again, not {shown(given)}.",
            remedy="Write 0, 1, 2 and so on.",
        )
    return given


def retry_delay(error: StreamError, attempt: int, retries: int) -> float | None:
    """Seconds to wait before ``attempt`` (2 is the first retry); None means give up.

    A delay that the provider asks for is never shortened. All delays have jitter, so that
    many clients do not retry at the same moment.
    """
    if not error.retryable or attempt > retries + 1:
        return None
    if error.wait is not None:
        jitter = random.random()  # noqa: S311 - not for security
        return error.wait + jitter * 0.25 if error.wait <= _MAX_RETRY_AFTER else None
    return backoff(attempt - 1, MAX_DELAY)


def backoff(failures: int, longest: float) -> float:
    """Seconds to wait after so many failures in a row, with jitter; at most ``longest``."""
    jitter = random.random()  # noqa: S311 - not for security
    return min(longest, _FIRST_DELAY * 2.0 ** (failures - 1)) * (1 - jitter / 4)
