"""Counts the uses of a run: readers, listeners, waiting threads, ``with`` blocks, ``start()``.

A run is cancelled when a reader leaves and no other use is left.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.log import Log, Reader
    from nbstream.streams.handlers import Handlers


class Uses:
    """Counts what uses one run. Safe in any thread."""

    def __init__(self, log: Log, handlers: Handlers) -> None:
        self._log = log
        self._handlers = handlers
        self._lock = threading.RLock()  # reentrant: see Run
        self._first_reader: Reader | None = None
        self._retained = 0
        self._waiting = 0

    def after_fork(self) -> None:
        """Replace the lock in a forked process: a thread of the parent may have held it."""
        self._lock = threading.RLock()

    def retain(self) -> None:
        """Keep the run going even without a reader, until it is cancelled."""
        with self._lock:
            self._retained += 1

    def enter(self) -> None:
        """Retain the run for a ``with`` block, and keep all events for its first reader.

        The block then sees every event, even if the answer is quicker than its reader.
        """
        self.retain()
        if self._first_reader is None:
            self._first_reader = self._log.reader()

    def exit(self) -> None:
        """Undo ``enter`` at the end of the ``with`` block."""
        with self._lock:
            self._retained -= 1
        unused, self._first_reader = self._first_reader, None
        if unused is not None:
            unused.close()

    def reader(self) -> Reader:
        """The reader that ``enter`` made, at the first call after it; otherwise a new one."""
        first, self._first_reader = self._first_reader, None
        return first or self._log.reader()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Keep the run going while the current thread waits for its end."""
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    @property
    def any(self) -> bool:
        """Whether anything keeps the run going."""
        return bool(self._retained or self._waiting or self._log.is_watched())

    @property
    def any_that_wait(self) -> bool:
        """Whether anyone reads or waits. Handlers and ``retain`` do not count."""
        others = self._handlers.readers
        if self._first_reader is not None:
            others.append(self._first_reader)
        return bool(self._waiting or self._log.is_watched(besides=others))
