"""Counts what keeps a run going: readers, threads that wait, ``start()`` and ``with`` blocks."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.log import Log, Reader
    from nbstream.streams.handlers import Handlers


class Uses:
    """The uses of one run. Safe in any thread."""

    def __init__(self, log: Log, handlers: Handlers) -> None:
        self._log = log
        self._handlers = handlers
        self._lock = threading.RLock()  # reentrant: see Run
        self._first_reader: Reader | None = None
        self._retained = 0
        self._waiting = 0

    def after_fork(self) -> None:
        """Go on in a forked process, which lacks the thread that may have held the lock."""
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
        """End what ``enter`` began."""
        with self._lock:
            self._retained -= 1
        unused, self._first_reader = self._first_reader, None
        if unused is not None:
            unused.close()

    def reader(self) -> Reader:
        """The reader that ``enter`` made, for the first who asks, or a new one."""
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
        """Whether anyone reads or waits, apart from handlers and ``retain``."""
        others = self._handlers.readers
        if self._first_reader is not None:
            others.append(self._first_reader)
        return bool(self._waiting or self._log.is_watched(besides=others))
