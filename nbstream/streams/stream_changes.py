"""``StreamChanges``: starts a stream, and tells code of its changes. Nothing here waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from nbstream.core.events import Event
from nbstream.errors import UsageError
from nbstream.streams.stream_messages import StreamMessages

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.log import Reader

E = TypeVar("E", bound=Event)


class StreamChanges(StreamMessages):
    """The ways to follow a stream: callbacks for events, for any change, and readers."""

    def start(self) -> None:
        """Send the request, unless it was sent. Returns at once.

        The stream then goes on without readers, until its end or ``close()``.

        Raises:
            UsageError: Python is shutting down.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> stream.start()
        >>> stream.wait(), stream.text
        (True, 'Hello.')
        """
        self._run.uses.retain()
        self._run.start()

    def on(self, kind: type[E], callback: Callable[[E], object]) -> Callable[[], None]:
        """Call ``callback`` with each event of a class or family of ``nbstream.events``.

        It is first called with the events that have come already. The stream counts as
        ended only after it was called with the last one. It must be quick and must not
        wait for streams: it runs on nbstream's own thread, and all streams wait for it. An
        exception in it is logged and does not affect the stream.

        Returns:
            A function that removes the callback.

        Raises:
            UsageError: ``kind`` is not a class of events, or ``callback`` not a function.

        >>> stream, chunks = nbstream.stream(ScriptedModel("Hello, you."), "hi"), []
        >>> remove = stream.on(nbstream.events.TextDelta, lambda event: chunks.append(event.chunk))
        >>> stream.until_done()
        >>> chunks
        ['Hello', ', you', '.']
        """
        given: Any = kind
        if not (isinstance(given, type) and issubclass(given, Event)):
            raise UsageError(
                f"on() takes a class of nbstream.events, not {kind!r}.",
                remedy="For example: stream.on(nbstream.events.TextDelta, print).",
            )
        if not callable(callback):
            raise UsageError(f"on() calls a function with each event, and {callback!r} is none.")
        return self._run.handlers.add(kind, callback)

    def reader(self) -> Reader:
        """A new reader of the log, for code that forwards the events. Close it when done.

        Its ``take()`` returns the events since the last call, and never blocks.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> reader = stream.reader()
        >>> stream.until_done()
        >>> [event.kind for event in reader.take()][:2]
        ['stream_start', 'text_start']
        >>> reader.close()
        """
        return self._run.log.reader()

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` after each change, until the function that it returns is called.

        It must be quick: it runs on the thread that changes the stream, under a lock. An
        exception in it is logged and does not affect the stream.

        >>> import threading
        >>> changed = threading.Event()
        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> stop = stream.listen(changed.set)
        >>> stream.start()
        >>> changed.wait(30)
        True
        >>> stop()
        """
        return self._run.log.listen(callback)
