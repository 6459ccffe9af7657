"""Shortens an error's traceback, so that it ends in the public function that the user called.

The frames below it are nbstream's own. They say nothing that the error's text does not say, and
push the user's line off the screen. Of an error that the user's code raised, in a generator that a
stream reads or a function that an agent calls, the frames of that code are kept.
"""

from __future__ import annotations

import contextlib
import sysconfig
from types import TracebackType

from nbstream.errors.types import NBStreamError

_KEPT = "_nbstream_trace"
"""The attribute of an error with the frames that are kept for its readers."""
_STANDARD = sysconfig.get_path("stdlib")


def keep_user_frames(error: BaseException) -> None:
    """Note the frames of the user's code in the traceback of an error that ends a stream.

    No frame of an installed library, nor one that it calls: their variables may hold a key.
    """
    found: list[TracebackType] = []
    trace = error.__traceback__
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        package = str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        if "site-packages" in path or "dist-packages" in path:
            break
        if package != "nbstream" and not path.startswith((_STANDARD, "<frozen")):
            found.append(trace)
        trace = trace.tb_next
    kept: TracebackType | None = None
    for one in reversed(found):
        kept = TracebackType(kept, one.tb_frame, one.tb_lasti, one.tb_lineno)
    with contextlib.suppress(AttributeError):  # of a class with slots
        setattr(error, _KEPT, kept)


def as_raised_first(error: BaseException) -> BaseException:
    """An error that many readers raise, without the traceback of the readers before."""
    return error.with_traceback(getattr(error, _KEPT, None))


def end_here(error: BaseException) -> None:
    """Remove the frames below the caller's from the traceback of ``error``, if they are ours.

    Call it where ``error`` is caught. An error of other code keeps the frames of that code.
    """
    if error.__traceback__ is None:
        return
    if isinstance(error, (NBStreamError, KeyboardInterrupt)):
        error.__traceback__.tb_next = None
    elif hasattr(error, _KEPT):
        error.__traceback__.tb_next = getattr(error, _KEPT)


class TracebackEnd:
    """``with TRACEBACK_END:`` in a public function ends tracebacks in that function."""

    def __enter__(self) -> None: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            end_here(error)


TRACEBACK_END = TracebackEnd()
