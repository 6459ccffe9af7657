"""Streams in a forked process, which has the streams of its parent but not their thread.

Knows which runs there are, and which locks a thread may have held that the new
process lacks. Refuses to know what becomes of a run there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from weakref import WeakSet

from nbstream.core import text_buffer

if TYPE_CHECKING:
    from nbstream.streams.run import Run

_runs: WeakSet[Run] = WeakSet()


def remember(run: Run) -> None:
    """Let ``run`` know when it finds itself in a forked process."""
    _runs.add(run)


def _after_fork() -> None:
    text_buffer.after_fork()
    for run in list(_runs):
        run.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
