"""Functions of the user's that are called with events.

Knows who asked for which events. A handler is a reader like any other, served
by the run itself, so that each has been called when the stream is finished.
Refuses to know where events come from.
"""

from __future__ import annotations

import contextvars
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
        for handler in list(self._rows):
            for event in handler.reader.take():
                if isinstance(event, handler.kind):
                    _call(handler, event)


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
    except Exception:  # noqa: BLE001 - whatever it is, it is the handler's own
        _log.exception("a handler of %s failed", type(event).__name__)
