"""The log of a run's events: one thread writes, any number of readers read at their own pace.

It drops the events that every reader has taken. A late reader gets the transcript so far
as the shortest list of events that gives it, then the rest.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nbstream.core.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nbstream.core.events import Event
    from nbstream.core.message import Message

_log = logging.getLogger("nbstream")


class Log:
    """The events of one run, and the transcript that they make.

    Safe to use from any thread. ``error`` is what ended the run early, if anything
    did; readers get every event before they see it.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: list[Event] = []
        self._forgotten = 0
        self._readers: set[Reader] = set()
        self._listeners: list[Callable[[], None]] = []
        self._transcript = Transcript()
        self._message: Message | None = None
        self._messages: tuple[Message, ...] | None = None
        self.finished = False
        self.error: BaseException | None = None

    @property
    def transcript(self) -> Transcript:
        """The state so far. Reading single values of it needs no lock."""
        return self._transcript

    @contextmanager
    def locked(self) -> Iterator[Transcript]:
        """The transcript, which does not change inside ``with``. The writer waits meanwhile."""
        with self._changed:
            yield self._transcript

    def is_watched(self, *, besides: Iterable[Reader] = ()) -> bool:
        """Whether the log has listeners, or readers other than those in ``besides``."""
        with self._changed:
            return bool(self._readers.difference(besides) or self._listeners)

    def message(self) -> Message:
        """The last assistant message so far; always the same object once the log is finished."""
        with self._changed:
            return self._message or self._transcript.message()

    def messages(self) -> tuple[Message, ...]:
        """All messages so far; always the same objects once the log is finished."""
        with self._changed:
            return self._all()

    def _all(self) -> tuple[Message, ...]:
        return self._transcript.messages() if self._messages is None else self._messages

    def extend(self, events: Iterable[Event]) -> None:
        """Append events as they are produced, and wake all readers once.

        If producing one raises, the events before it stay.
        """
        with self._changed:
            apply, append = self._transcript.apply, self._events.append
            try:
                for event in events:
                    append(apply(event))
            finally:
                if not self._readers:
                    self._forget()
                self._wake()

    def finish(self, error: BaseException | None = None) -> None:
        """End the log; ``error`` is what ended it early, if anything did."""
        with self._changed:
            if self.finished:
                return
            self.error, self._transcript.failed = error, error is not None
            # Building them joins the chunks, which frees memory.
            self._messages = self._transcript.messages()
            replies = [one for one in self._messages if one.role == "assistant"]
            self._message = replies[-1] if replies else self._transcript.message()
            self.finished = True
            self._wake()

    def reader(self) -> Reader:
        """A reader of the whole run. It gets the events so far as the shortest equivalent list."""
        with self._changed:
            begun = self._forgotten or self._events
            reader = Reader(self, list(self._transcript.events()) if begun else [])
            reader.position = self._forgotten + len(self._events)
            self._readers.add(reader)
            return reader

    def wait_finished(self, timeout: float | None = None) -> bool:
        """Block until the log is finished; False if ``timeout`` seconds passed first."""
        return self.wait_for(lambda: self.finished, timeout)

    def wait_for(self, ready: Callable[[], bool], timeout: float | None = None) -> bool:
        """Block until ``ready()``, which is checked after each change.

        Returns False if ``timeout`` seconds passed first.
        """
        with self._changed:
            return self._changed.wait_for(ready, timeout)

    def wake(self) -> None:
        """Let everyone who waits check again: something other than the events has changed."""
        with self._changed:
            self._wake()

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` (quick, from any thread) after each change.

        Returns the function that ends it. An exception in ``callback`` is logged.
        """
        with self._changed:
            self._listeners = [*self._listeners, callback]

        def stop() -> None:
            with self._changed:
                rest = [*self._listeners]
                if callback in rest:
                    rest.remove(callback)
                self._listeners = rest  # a new list, because _wake may iterate over the old one

        return stop

    def after_fork(self) -> None:
        """Replace the lock in a forked process: a thread of the parent may have held it."""
        self._changed = threading.Condition()
        self._listeners = []

    def _wake(self) -> None:
        """Notify the threads that wait, and call the listeners."""
        self._changed.notify_all()
        for callback in self._listeners:
            try:
                callback()
            except Exception:  # noqa: BLE001 - any error of a listener
                _log.exception("a listener failed")

    def _forget(self) -> None:
        end = self._forgotten + len(self._events)
        read = min((reader.position for reader in self._readers), default=end)
        # Drop half or more at a time, so that each event is moved at most once on average,
        # however many events a slow reader leaves unread.
        if read - self._forgotten > len(self._events) // 2:
            del self._events[: read - self._forgotten]
            self._forgotten = read


class Reader:
    """The position of one reader in a log.

    ``take`` returns what is new, ``wait`` blocks until there is something. Asynchronous
    code uses ``Log.listen`` instead of ``wait``. Close the reader, or the log keeps all
    further events for it.
    """

    __slots__ = ("_earlier", "_log", "position")

    def __init__(self, log: Log, earlier: list[Event]) -> None:
        self._log = log
        self._earlier = earlier
        self.position = 0

    def take(self) -> list[Event]:
        """Every event since the last call, possibly none. Never blocks."""
        with self._log._changed:
            return self._take()

    def catch_up(self) -> tuple[list[Event], tuple[Message, ...]]:
        """``take``, and the messages that result from all events so far."""
        with self._log._changed:
            return self._take(), self._log._all()

    def _take(self) -> list[Event]:
        log = self._log
        events = log._events[self.position - log._forgotten :]
        self.position = log._forgotten + len(log._events)
        log._forget()
        if self._earlier:
            events = self._earlier + events
            self._earlier = []
        return events

    def wait(self, timeout: float | None = None) -> bool:
        """Block until there is something to take or the log is finished.

        Returns False if ``timeout`` seconds passed first.
        """
        log = self._log
        with log._changed:
            return log._changed.wait_for(lambda: self._ready or log.finished, timeout)

    @property
    def _ready(self) -> bool:
        end = self._log._forgotten + len(self._log._events)
        return bool(self._earlier) or self.position < end

    @property
    def is_ready(self) -> bool:
        """Whether ``wait`` would return at once."""
        with self._log._changed:
            return self._ready or self._log.finished

    @property
    def exhausted(self) -> bool:
        """Whether the log is finished and all its events were taken."""
        with self._log._changed:
            return self._log.finished and not self._ready

    def close(self) -> None:
        """Stop reading."""
        with self._log._changed:
            self._log._readers.discard(self)
            self._log._forget()
