"""``Timeouts``: the time limits of an answer; and the checks of the user's ``timeout=``.

``clocks`` enforces them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, fields
from typing import Any

from nbstream.core.headless import is_headless
from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.errors.arguments import checked_arguments


def _if_headless(seconds: float) -> Any:
    """A field that is ``seconds`` in a headless run, and None elsewhere."""
    return field(default_factory=lambda: seconds if is_headless() else None)


@checked_arguments
@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds; None means no limit.

    An event is real if it adds to the answer: text, thinking, a tool's call, a file, an end, or
    a piece of a large event that is still arriving. Comments (``: ping``), Anthropic's ``ping``,
    ``response.queued`` and ``response.in_progress``, chunks without content, empty deltas and
    blanks around JSON only keep the connection open.

    Only the time in which nbstream waits for the provider counts, not the time in which your
    code runs. Time in which the computer sleeps does not count either: after it the provider
    has up to five more seconds.

    A headless run is one that nobody can stop by hand: nbconvert, papermill, CI, a script
    without a terminal. ``NBSTREAM_DISPLAY=live`` gives it the limits of an interactive one.

    Args:
        connect: until the connection is open (default 10).
        first_byte: from sending the request to the first byte of the response's body
            (default 600: a model may think before it answers).
        between: from any bytes of the body to the next ones (default 300); keep-alives count.
        first_event: from sending the request to the first real event (default None; 1800
            in a headless run).
        between_events: from one real event to the next (default None; 900 in a headless run).
        total: for the whole answer: all requests, retries, the waits between them and
            downloads (default None; 7200 in a headless run). A retry that would have to wait
            beyond it is not sent. Each of several requests of ``generate()`` has its own.
        job: for a whole job, such as making a video (default 1800), in addition to ``total``.

    >>> times = nbstream.Timeouts(between=30, total=600)
    >>> times.connect, times.first_byte, times.between, times.total
    (10.0, 600.0, 30, 600)

    Raises:
        UsageError: a limit is not a number of seconds above zero, or there is no such limit.
    """

    connect: float | None = 10.0
    first_byte: float | None = 600.0
    between: float | None = 300.0
    first_event: float | None = _if_headless(1800.0)
    between_events: float | None = _if_headless(900.0)
    total: float | None = _if_headless(7200.0)
    job: float | None = 1800.0

    def __post_init__(self) -> None:
        for one in fields(self):
            check_seconds(getattr(self, one.name), f"Timeouts({one.name}=)")


def as_timeouts(given: Any) -> Timeouts | None:
    """Convert the user's ``timeout=`` to ``Timeouts``; None stays None.

    A number limits each silence: until the response, between its bytes, until the answer
    begins, and between its real events. It also limits connecting if it is less than that
    default. The whole answer, and a job, may take longer.

    Raises:
        UsageError: it is not a number of seconds above zero.
    """
    if given is None or isinstance(given, Timeouts):
        return given
    check_seconds(given, "timeout=")
    seconds = float(given)
    connect = min(seconds, Timeouts().connect or seconds)
    return Timeouts(connect, seconds, seconds, seconds, seconds)


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
