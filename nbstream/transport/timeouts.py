"""``Timeouts``: time limits of a request or of a whole job; checks of the user's ``timeout=``.

``streamed`` enforces those of a request, ``nbstream.request.job_source`` that of a job.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from typing import Any

from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.errors.arguments import checked_arguments


@checked_arguments
@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds; None means no limit.

    Args:
        connect: until the connection is open (default 10).
        first_byte: from sending the request to the first byte of the response (default
            600: a model may think before it answers).
        between: from any bytes to the next ones (default 300); a provider's pings count.
        job: for a whole job, such as making a video (default 1800).

    >>> times = nbstream.Timeouts(between=30)
    >>> times.connect, times.first_byte, times.between
    (10.0, 600.0, 30)

    Raises:
        UsageError: a limit is not a number of seconds above zero, or there is no such limit.
    """

    connect: float | None = 10.0
    first_byte: float | None = 600.0
    between: float | None = 300.0
    job: float | None = 1800.0

    def __post_init__(self) -> None:
        for field in fields(self):
            check_seconds(getattr(self, field.name), f"Timeouts({field.name}=)")


def as_timeouts(given: Any) -> Timeouts | None:
    """Convert the user's ``timeout=`` to ``Timeouts``; None stays None.

    A number limits each silence, as in httpx and the vendors' SDKs: before the response, and
    between its bytes. It also limits connecting if it is less than that default. The whole
    response, and a job, may take longer.

    Raises:
        UsageError: it is not a number of seconds above zero.
    """
    if given is None or isinstance(given, Timeouts):
        return given
    check_seconds(given, "timeout=")
    seconds = float(given)
    return Timeouts(min(seconds, Timeouts().connect or seconds), seconds, seconds)


def check_seconds(given: Any, argument: str) -> None:
    """Check that ``given`` is a number of seconds, or None.

    ``argument`` is its name in the error.

    Raises:
        UsageError: it is not.
    """
    number = isinstance(given, (int, float)) and not isinstance(given, bool)
    if given is None or (number and 0 < given <= sys.float_info.max):
        return
    raise UsageError(
        f"{argument} takes a number of seconds above zero, not {shown(given)}.",
        remedy="Write 30 or 0.5, for example.",
    )
