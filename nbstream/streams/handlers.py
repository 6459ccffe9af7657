"""Calls the user's functions with the events of a stream; ``Stream.on`` adds them.

The run itself calls them, so that all have been called when the stream is finished. One that is
added later first gets the past events; after the end, from the caller of ``Stream.on``.
"""

from __future__ import annotations

import contextvars
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.streams.loop import on_private_loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.events import Event
    from nbstream.core.log import Log, Reader

_log = logging.getLogger("nbstream")


class Handlers:
    """The handlers of one stream."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._handlers: list[_Handler] = []
        self._calling: set[int] = set()  # ids of the threads that call a handler now

    @property
    def readers(self) -> list[Reader]:
        """The handlers' readers of the log."""
        return [handler.reader for handler in self._handlers]

    @property
    def is_calling(self) -> bool:
        """Whether the current thread is inside a handler."""
        return threading.get_ident() in self._calling

    def add(self, kind: type[Event], callback: Callable[[Any], object]) -> Callable[[], None]:
        """Call ``callback`` with each event of that kind, past events included.

        Returns a function that removes it. An exception in ``callback`` is logged
        and does not affect the stream.
        """
        handler = _Handler(kind, callback, self._log.reader(), contextvars.copy_context())
        self._handlers.append(handler)
        if self._log.finished:
            self.deliver()

        def remove() -> None:
            if handler in self._handlers:
                self._handlers.remove(handler)
            handler.reader.close()

        return remove

    def deliver(self) -> None:
        """Call every handler with the events that it has not had yet."""
        if not self._handlers:
            return
        thread = threading.get_ident()
        outermost = thread not in self._calling
        self._calling.add(thread)
        try:
            for handler in list(self._handlers):
                for event in handler.reader.take():
                    if handler not in self._handlers:
                        break  # one of these events had it removed
                    if isinstance(event, handler.kind):
                        _call(handler, event)
        finally:
            if outermost:
                self._calling.discard(thread)


@dataclass(frozen=True, eq=False, slots=True)
class _Handler:
    """One user function, the class of events that it gets, and its reader of the log."""

    kind: type[Event]
    callback: Callable[[Any], object]
    reader: Reader
    context: contextvars.Context
    """The context of the call to ``on``: ipykernel ties output to a cell by it."""


def _call(handler: _Handler, event: Event) -> None:
    """Call the handler with one event, and log what it raises."""
    try:
        handler.context.run(handler.callback, event)
    except BaseException as error:
        if not isinstance(error, Exception) and not on_private_loop():
            raise  # a SystemExit or an interrupt on the user's own thread
        _log.exception("a handler of %s failed", type(event).__name__)
