"""Functions of the user's that are called with events.

Knows who asked for which events. A handler is a reader like any other, served
by the run itself, so that each has been called when the stream is finished.
Refuses to know where events come from.
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
        self._rows: list[_Handler] = []
        self._calling: set[int] = set()  # threads

    @property
    def readers(self) -> list[Reader]:
        """Their places in the log."""
        return [handler.reader for handler in self._rows]

    @property
    def is_calling(self) -> bool:
        """Whether this is a handler's own call, on whichever thread."""
        return threading.get_ident() in self._calling

    def add(self, kind: type[Event], callback: Callable[[Any], object]) -> Callable[[], None]:
        """Call ``callback`` with each event of that kind, those that came included.

        Returns the function that ends it. An exception in ``callback`` is
        logged and does no harm to the stream.
        """
        handler = _Handler(kind, callback, self._log.reader(), contextvars.copy_context())
        self._rows.append(handler)
        if self._log.finished:
            self.deliver()

        def remove() -> None:
            if handler in self._rows:
                self._rows.remove(handler)
            handler.reader.close()

        return remove

    def deliver(self) -> None:
        """Call every handler with what is new to it."""
        if not self._rows:
            return
        thread = threading.get_ident()
        outermost = thread not in self._calling
        self._calling.add(thread)
        try:
            for handler in list(self._rows):
                for event in handler.reader.take():
                    if isinstance(event, handler.kind):
                        _call(handler, event)
        finally:
            if outermost:
                self._calling.discard(thread)


@dataclass(frozen=True, eq=False, slots=True)
class _Handler:
    kind: type[Event]
    callback: Callable[[Any], object]
    reader: Reader
    context: contextvars.Context
    """The caller's, for it is what ties output to its cell."""


def _call(handler: _Handler, event: Event) -> None:
    try:
        handler.context.run(handler.callback, event)
    except BaseException as error:
        if not isinstance(error, Exception) and not on_private_loop():
            raise  # on a thread of the user's a SystemExit or an interrupt is meant for it
        _log.exception("a handler of %s failed", type(event).__name__)
