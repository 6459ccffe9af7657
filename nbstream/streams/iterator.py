"""``StreamIterator``: iterates over a stream, both with ``for`` and with ``async for``.

It takes batches of events from a reader of the log and gives the values that a
view makes of them. The blocking and the awaiting half differ in how they wait.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from nbstream.errors.tracebacks import end_here
from nbstream.streams.async_wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.log import Reader
    from nbstream.streams.run import Run
    from nbstream.streams.views import View

T = TypeVar("T")


class StreamIterator(Generic[T]):
    """Values of one stream, for ``for``, ``next()``, ``async for`` and ``anext()``.

    The first value that is asked for starts the stream. It ends with the stream,
    and then raises what ended the stream early, if anything did. ``close()``,
    ``aclose()``, leaving the loop and garbage collection give up its place; a
    stream that was not started in another way and has no other reader is then
    cancelled. Several threads or tasks may share an iterator: each value goes to one.

    >>> pieces = nbstream.stream(ScriptedModel("Hello, world."), "hi").text_stream
    >>> next(pieces)
    'Hello'
    >>> list(pieces)
    [', wor', 'ld.']
    """

    _closed = True  # of a copy that could not be made: ``__del__`` has nothing to close

    def __init__(self, run: Run, view: View[T], debounce_by: float | None = None) -> None:
        self._run = run
        self._view = view
        self._debounce_by = debounce_by
        self._reader: Reader | None = None
        self._thread: int | None = None
        """The thread that blocks for the run, if the run calls functions there."""
        self._values: Iterator[T] = iter(())
        self._taking = threading.Lock()
        self._seen_end = False
        self._closed = False

    def __iter__(self) -> Self:
        return self

    def __aiter__(self) -> Self:
        return self

    def __next__(self) -> T:
        try:
            while True:
                values = self._values
                for value in values:
                    return value
                self._run.check_may_block()
                self._attach()  # before the run starts, which may call a function at once
                if (reader := self._open_reader()) is None:
                    break
                self._wait(reader)
                self._take(reader, values)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and self._reader is not None:
                self._reader.close()  # before interrupt(), which stops only what has no reader
                self._run.interrupt()
            self.close()
            end_here(error)
            raise
        raise StopIteration

    def _attach(self) -> None:
        """Let the run call functions on this thread, which reads it, until ``close``."""
        code = self._run.user_code
        if code is not None and self._thread is None and not self._closed:
            self._thread = code.attach(reads=True)

    def _wait(self, reader: Reader) -> None:
        """Block until there is something to read, and then for the debounce time."""
        run = self._run
        if run.user_code is None:
            reader.wait()
        else:
            run.block_until(lambda: reader.is_ready)
        if self._debounce_by:
            run.block_until(lambda: run.log.finished, self._debounce_by)

    async def __anext__(self) -> T:
        log = self._run.log
        try:
            while True:
                values = self._values
                for value in values:
                    return value
                if (reader := self._open_reader()) is None:
                    break
                await wait_until(log, lambda: reader.is_ready)
                if self._debounce_by:
                    await wait_until(log, lambda: log.finished, self._debounce_by)
                self._take(reader, values)
        except BaseException as error:
            self.close()
            end_here(error)
            raise
        raise StopAsyncIteration

    def open(self) -> Self:
        """Begin to read: every event from now on is kept for this iterator. Starts the run."""
        self._open_reader()
        return self

    def _open_reader(self) -> Reader | None:
        """The reader, made at the first call; None once it has read everything."""
        if self._closed:
            return None
        if self._reader is None:
            self._reader = self._run.uses.reader()
            self._run.start()
        if not self._seen_end:
            return self._reader
        self.close()
        self._run.raise_failure()
        return None

    def _take(self, reader: Reader, after: Iterator[T]) -> None:
        """Read the next values, unless another thread or task has replaced ``after`` already."""
        with self._taking:
            if self._values is after:
                # A view is called once more when the run has ended, even without an event.
                self._seen_end = self._run.log.finished
                self._values = iter(self._view(reader.take()))

    def close(self) -> None:
        """Read no more. Cancels the stream if nothing else keeps it running. Does not block."""
        if self._closed:
            return
        self._closed = True
        self._values = iter(())
        if self._thread is not None and self._run.user_code is not None:
            self._run.user_code.detach(self._thread)
        if self._reader is not None:
            self._reader.close()
            self._run.cancel_if_unused()

    async def aclose(self) -> None:
        """``close``, as asynchronous generators call it."""
        self.close()

    def __del__(self) -> None:
        self.close()
