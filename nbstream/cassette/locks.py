"""``ForkLock``: a lock that a forked process gets anew.

A thread of the parent, which does not exist there, may have held it when the process was forked.
"""

from __future__ import annotations

import os
import threading
from weakref import WeakSet


class ForkLock:
    """A lock for ``with``, which the thread that holds it may enter again."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


_locks: WeakSet[ForkLock] = WeakSet()


def _after_fork() -> None:
    for lock in list(_locks):
        lock._lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
