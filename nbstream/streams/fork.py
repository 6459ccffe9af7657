"""Ends running streams in a forked process, which lacks the thread that they run on.

Tells each run of the fork, and replaces locks that a thread of the parent may have held.
"""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet

from nbstream.core import text_buffer


class Forked(Protocol):
    """What must know that it is in a forked process."""

    def after_fork(self) -> None:
        """End what runs on a thread that does not exist here; replace locks."""
        ...


_runs: WeakSet[Forked] = WeakSet()


def register(run: Forked) -> None:
    """Call ``run.after_fork()`` in every process that is forked from this one."""
    _runs.add(run)


def _after_fork() -> None:
    text_buffer.after_fork()
    for run in list(_runs):
        run.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
