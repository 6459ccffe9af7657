"""One run: carries a source's events into a log, on the private loop.

Knows when a stream starts, how it is cancelled and how it may fail. Refuses to
know what the source is and who reads the log.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from nbstream.core.events import StreamEnd
from nbstream.core.log import Log
from nbstream.errors import IncompleteResponseError, NBStreamError, StreamError, UsageError
from nbstream.streams import fork
from nbstream.streams.handlers import Handlers
from nbstream.streams.http_exchange import Exchange
from nbstream.streams.loop import is_exiting, on_private_loop, private_loop, submit
from nbstream.streams.output import MessageParser, Output

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
    from concurrent.futures import Future

    from nbstream.core.events import Event
    from nbstream.core.log import Reader
    from nbstream.core.message import Message

    Source = Callable[[], AsyncGenerator[Iterable[Event], None]]


_log = logging.getLogger("nbstream")


class Run:
    """The life of one response: idle, running, finished."""

    def __init__(
        self,
        source: Source,
        *,
        model: str = "",
        exchange: Exchange | None = None,
        output_type: Any = None,
        history: Sequence[Message] = (),
    ) -> None:
        self.log = Log()
        self.history = tuple(history)
        """The conversation that the run continues."""
        self.output: Output[Any] | None = None
        if output_type is not None and output_type is not str:  # a text is there anyway
            self.output = Output(self.log, output_type, self.sign)
            self.log.transcript.parse_output = MessageParser(output_type)
        self.handlers = Handlers(self.log)
        self.model = model
        self.exchange = exchange or Exchange()
        self.started_at: float | None = None
        self.ended_at: float | None = None
        self.interrupted = False
        self._source = source
        # One thread may come back while it holds it, as with the loop's own.
        self._lock = threading.RLock()
        self._future: Future[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._cancelled = False
        self._reserved: Reader | None = None
        self._held = 0
        self._waits = 0
        fork.remember(self)

    @property
    def started(self) -> bool:
        """Whether the request was sent, or is about to be."""
        return self.started_at is not None

    @property
    def elapsed(self) -> float:
        """Seconds since the start, up to the end if that was reached."""
        if self.started_at is None:
            return 0.0
        return (self.ended_at or time.monotonic()) - self.started_at

    def start(self) -> None:
        """Begin, if not begun. Returns at once.

        Raises:
            UsageError: Python is shutting down.
        """
        with self._lock:
            if self.started_at is None:
                if is_exiting():
                    raise UsageError(
                        "No stream can begin after the main thread's end: Python is shutting down.",
                        remedy="Ask before, and join the threads that ask; not in atexit.",
                    )
                self.started_at = time.monotonic()
                self._future = submit(self._carry())

    def cancel(self, *, interrupted: bool = False) -> None:
        """Stop, and close the connection. The run then ends as ``cancelled``.

        From any thread, at any time; without effect on a finished run.
        ``interrupted`` says that it was the kernel's interrupt.
        """
        if self.log.finished:
            return
        with self._lock:
            self.interrupted = self.interrupted or interrupted
            if self._cancelled:
                return  # a second blow would hit the closing of the connection
            self._cancelled = True
            idle = self.started_at is None
            if idle:
                self.started_at = self.ended_at = time.monotonic()
        if idle:  # without the lock, for handlers are called, and they may call anything
            self._end_cancelled()
        else:
            private_loop().call_soon_threadsafe(self._cancel_task)

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _carry(self) -> None:
        self._task = asyncio.current_task()
        error: BaseException | None = None
        try:
            if not self._cancelled:
                async with aclosing(self._source()) as batches:
                    async for batch in batches:
                        self.log.extend(batch)
                        self.handlers.deliver()
                self._expect_end()
        except asyncio.CancelledError:
            self._cancelled = True
        except Exception as failure:  # noqa: BLE001 - every reader is told, whatever it was
            if _log.isEnabledFor(logging.DEBUG):
                _log.debug("the stream failed\n%s", self.exchange.traced(failure))
            error = self.exchange.sealed(failure)
        except (SystemExit, KeyboardInterrupt) as failure:
            # Of a source, or a hook of the user's HTTP client: meant for who reads, as
            # what it raises is. Out of here it would end the loop of all streams.
            error = failure.with_traceback(None)
            error.__cause__ = error.__context__ = None
        self.ended_at = time.monotonic()
        if self.log.transcript.finish_reason is not None and error is None:
            self.log.finish()
        elif self._cancelled:
            self._end_cancelled()
        else:
            self._fail(error)
        self.handlers.deliver()  # to those that were added meanwhile
        self._source = _spent

    def _expect_end(self) -> None:
        if self.log.transcript.finish_reason is None:
            raise IncompleteResponseError("The stream stopped without saying that it was done.")

    def _fail(self, error: BaseException | None) -> None:
        self.handlers.deliver()  # what came in the batch that failed
        self._break_off(error)

    def _break_off(self, error: BaseException | None) -> None:
        if isinstance(error, StreamError):
            self.sign(error)
            self.log.transcript.failed = True
            error.message = self.log.message()
        self.log.finish(error)

    def sign(self, error: StreamError) -> None:
        """Say on ``error`` whose it is."""
        self.exchange.sign(error)

    def _end_cancelled(self) -> None:
        try:
            self.log.extend([StreamEnd("cancelled", self.log.transcript.usage)])
            self.handlers.deliver()
        finally:  # a handler on the user's own thread may exit or be interrupted
            self.log.finish()

    def after_fork(self) -> None:
        """Become what a forked process has of it: the task that carries it is its parent's."""
        self._lock = threading.RLock()  # another thread may have had it, and is not here
        if self.output is not None:
            self.output.after_fork()
        self.log.after_fork()
        if self.started and not self.log.finished:
            self.ended_at = time.monotonic()
            self._break_off(
                IncompleteResponseError(
                    "This process was forked while the stream was running: "
                    "the rest goes to the process that it was forked from.",
                    remedy="Wait for the end before forking, or ask in the new process.",
                )
            )

    # Readers. Entering a stream keeps the first reader's place, so that it sees
    # every event even if the answer is quicker than the reader.

    def hold(self) -> None:
        """Go on even if no reader is left: somebody will close it who says so."""
        with self._lock:
            self._held += 1

    def let_go(self) -> None:
        """End one ``hold``."""
        with self._lock:
            self._held -= 1

    def leave(self) -> None:
        """A reader left before the end. Without another one the model is stopped."""
        if self.started and not self._held and not self._waits and not self.log.is_watched():
            self.cancel()

    def interrupt(self) -> None:
        """The kernel's interrupt ended somebody's waiting, and so the model's answer.

        Unless somebody else reads or waits. Handlers do neither, and whoever holds
        the run meant that it should outlast a loop, not an interrupt.
        """
        mine = self.handlers.readers
        if self._reserved is not None:
            mine.append(self._reserved)
        if not self._waits and not self.log.is_watched(besides=mine):
            self.cancel(interrupted=True)

    def wait(self, timeout: float | None) -> bool:
        """Start, and block until the end; False if ``timeout`` seconds went by first.

        Raises:
            UsageError: the end would wait for whoever calls this.
        """
        self.expect_to_block()
        try:
            with self._lock:
                self._waits += 1
            try:
                self.start()
                return self.log.wait_finished(timeout)
            finally:
                with self._lock:
                    self._waits -= 1
        except KeyboardInterrupt:
            self.interrupt()
            raise

    @property
    def awaits_caller(self) -> bool:
        """Whether the run cannot go on before the caller returns."""
        return on_private_loop() or (self.handlers.is_calling and not self.log.finished)

    def expect_to_block(self) -> None:
        """Check that the caller may block on the run.

        Raises:
            UsageError: the run would wait for it in turn.
        """
        if self.awaits_caller:
            raise UsageError(
                "A blocking method was called where the stream waits for it to return: "
                "in a handler, or on nbstream's own event loop.",
                remedy="Handlers may read what is there, and cancel(); wait elsewhere.",
            )

    def reserve(self) -> None:
        """Keep a place at the present position for the next reader, and hold."""
        self.hold()
        if self._reserved is None:
            self._reserved = self.log.reader()

    def release(self) -> None:
        """Give the kept place up, and the hold."""
        self.let_go()
        reserved, self._reserved = self._reserved, None
        if reserved is not None:
            reserved.close()

    def reader(self) -> Reader:
        """The reserved place, or a new one."""
        reserved, self._reserved = self._reserved, None
        return reserved or self.log.reader()

    def raise_failure(self) -> None:
        """Raise what ended the stream early, if anything did."""
        error = self.log.error
        if error is None:
            return
        if isinstance(error, NBStreamError):
            # Each reader raises the same error; the traceback is its own.
            raise error.with_traceback(None)
        raise error


async def _spent() -> AsyncGenerator[Iterable[Event], None]:
    """What a finished run holds instead of its source, so that memory is freed."""
    for _ in ():
        yield _
