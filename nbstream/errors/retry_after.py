"""Reads how long a provider asks to wait before the next request, and says it.

Reads ``Retry-After`` (RFC 9110, 10.2.3: seconds or a date), its variants in milliseconds, and
durations in JSON such as ``"34.07s"`` (google.rpc.RetryInfo).
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def seconds_in(headers: Mapping[str, str]) -> float | None:
    """The seconds that the response's headers ask for, never below 0; None if they do not say."""
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        if (wait := seconds(headers.get(name))) is not None:
            return wait / 1000
    value = headers.get("retry-after")
    wait = seconds(value)
    return _until(value) if wait is None and value else wait


def seconds(value: Any) -> float | None:
    """Seconds from a number, or from text such as ``2``, ``1.5`` or ``34s``; else None."""
    if isinstance(value, str):
        found = re.fullmatch(r"\s*([0-9]{1,12}(?:\.[0-9]{1,12})?)s?\s*", value)
        return float(found[1]) if found else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if 0 <= value < math.inf else None
    return None


def words(wait: float) -> str:
    """A wait, rounded up.

    >>> words(0.403369), words(20), words(86400)
    ('0.5 s', '20 s', '24 h 00 min')
    """
    if wait < 10:
        return f"{math.ceil(wait * 10) / 10:g} s"
    minutes, rest = divmod(math.ceil(wait), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
    hours, minutes = divmod(math.ceil(wait / 60), 60)
    return f"{hours} h {minutes:02} min"


def _until(date: str) -> float | None:
    """The seconds from now to an HTTP date, never below 0; None if it is no date."""
    try:
        then = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
