"""Shortens an error's traceback, so that it ends in the public function that the user called.

The frames below it are nbstream's own. They say nothing that the error's text does not say, and
push the user's line off the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.errors.types import NBStreamError

if TYPE_CHECKING:
    from types import TracebackType


def end_here(error: BaseException) -> None:
    """Remove the frames below the caller's from the traceback of ``error``, if it is ours.

    Call it where ``error`` is caught. An error of other code keeps its frames.
    """
    if isinstance(error, (NBStreamError, KeyboardInterrupt)) and error.__traceback__ is not None:
        error.__traceback__.tb_next = None


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
