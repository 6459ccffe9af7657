"""How long one waits for what. Values only; ``post`` keeps to them."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

from nbstream.errors import UsageError


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds; None is for ever.

    ``connect``: until there is a connection. ``first_byte``: from sending the
    request to the first byte of the answer; long, because a model may think in
    silence. ``between``: from any bytes to the next ones; a provider's pings
    count. ``job``: from a long job's beginning, such as a video's, to its end.

    >>> times = nbstream.Timeouts(between=30)
    >>> times.connect, times.first_byte, times.between
    (10.0, 600.0, 30)

    Raises:
        UsageError: one of them is no number of seconds.
    """

    connect: float | None = 10.0
    first_byte: float | None = 600.0
    between: float | None = 300.0
    job: float | None = 1800.0

    def __post_init__(self) -> None:
        for field in fields(self):
            check_seconds(getattr(self, field.name), f"Timeouts({field.name}=)")


def as_timeouts(given: Any) -> Timeouts | None:
    """What was given as ``timeout=``.

    A number is the longest silence, as it is to httpx and the vendors' SDKs: before
    the answer and within it, and to connect too where it is less than the default.
    The whole answer, and a job, may take longer.

    Raises:
        UsageError: it is no number of seconds.
    """
    if given is None or isinstance(given, Timeouts):
        return given
    check_seconds(given, "timeout=")
    seconds = float(given)
    return Timeouts(min(seconds, Timeouts().connect or seconds), seconds, seconds)


def check_seconds(given: Any, place: str) -> None:
    """See that ``given`` is a number of seconds, or None; ``place`` is what an error calls it.

    Raises:
        UsageError: it is neither.
    """
    number = isinstance(given, (int, float)) and not isinstance(given, bool)
    if given is None or (number and 0 < given < math.inf):
        return
    what = repr(given) if number or isinstance(given, (bool, str)) else type(given).__name__
    raise UsageError(
        f"{place} takes a number of seconds above zero, not {what}.",
        remedy="Write 30, say, or 0.5.",
    )
