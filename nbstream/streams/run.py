"""``Run``: one execution of a source, which writes its events into a log on the private loop.

It is where a stream starts, is cancelled, fails and ends.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from contextlib import aclosing, nullcontext
from typing import TYPE_CHECKING, Any

from nbstream.core.message_builder import OutOfOrderError
from nbstream.errors import IncompleteResponseError, ProtocolError, StreamError, UsageError
from nbstream.errors.tracebacks import keep_user_frames
from nbstream.streams import fork
from nbstream.streams.http_exchange import Exchange
from nbstream.streams.loop import is_exiting, on_private_loop, private_loop, submit
from nbstream.streams.run_state import RunState

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.streams.source import Source

_log = logging.getLogger("nbstream")

_LONGEST = 200  # characters of an event that an error quotes


class Run(RunState):
    """One run, from idle over running to finished. It may have several responses."""

    CLOSING_TIMEOUT = 1.0
    """Seconds that ``close()`` waits for a connection to be closed."""

    def __init__(
        self,
        source: Source,
        *,
        model: str = "",
        exchange: Exchange | None = None,
        output_type: Any = None,
        strict_output: bool = False,
        history: Sequence[Message] = (),
        new_from: int | None = None,
    ) -> None:
        super().__init__(
            model=model,
            exchange=exchange or Exchange(),
            output_type=output_type,
            strict_output=strict_output,
            history=history,
            new_from=new_from,
        )
        self._source = source
        # Reentrant, because a signal handler or the garbage collector may need it
        # on a thread that holds it.
        self._lock = threading.RLock()
        self._future: Future[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._cancelled = False
        fork.register(self)

    def start(self) -> None:
        """Start the run, unless it was started. Returns at once.

        Raises:
            UsageError: Python is shutting down.
        """
        with self._lock:
            if self.started_at is None:
                if is_exiting():
                    raise UsageError(
                        "A stream cannot start while Python is shutting down.",
                        remedy="Start it earlier, and join the threads that start streams.",
                    )
                self.started_at = time.monotonic()
                self._future = submit(self._consume_source())

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
                return  # cancelling the task again would stop it from closing the connection
            self._cancelled = True
            idle = self.started_at is None
            if idle:
                self.started_at = self.ended_at = time.monotonic()
        if idle:  # without the lock: this calls handlers, which may call anything
            self._end_cancelled()
        else:
            private_loop().call_soon_threadsafe(self._cancel_task)

    def _cancel_task(self) -> None:
        """Cancel the task that reads the source. Runs on the private loop."""
        if self._task is not None:
            self._task.cancel()

    async def _consume_source(self) -> None:
        """Write the source's events into the log; then end the run as its source ended."""
        self._task = asyncio.current_task()
        self.exchange.on_response = self._note_opened
        error: BaseException | None = None
        try:
            if not self._cancelled:
                async with aclosing(self._source()) as batches:
                    async for batch in batches:
                        self._extend(batch)
                        if self.first_part_at is None and self.log.transcript.has_parts:
                            self.first_part_at = time.monotonic()
                        self.handlers.deliver()
                        if not self.opened and self.log.transcript.has_begun:
                            self._note_opened()
                self._check_end()
        except asyncio.CancelledError:
            self._cancelled = True
        except Exception as failure:  # noqa: BLE001 - every reader gets it, whatever it is
            if _log.isEnabledFor(logging.DEBUG):
                _log.debug("the stream failed\n%s", self.exchange.formatted(failure))
            keep_user_frames(failure)
            error = self.exchange.without_secrets(failure)
        except (SystemExit, KeyboardInterrupt) as failure:
            # Raised by a source, or by a hook of the user's HTTP client. Readers raise
            # it; here it would end the event loop of all streams.
            error = failure.with_traceback(None)
            error.__cause__ = error.__context__ = None
        except BaseException as failure:  # noqa: BLE001 - no reader may wait forever
            error = self.exchange.without_secrets(failure)
        self.ended_at = time.monotonic()
        if error is None and self._has_ended:
            self.log.finish()
        elif self._cancelled:
            self._end_cancelled()
        else:
            self._fail(error)
        self.handlers.deliver()  # to those that were added in the meantime
        self._source, self.exchange.on_response = _no_events, None

    def _extend(self, batch: Iterable[Event]) -> None:
        try:
            self.log.extend(batch)
        except OutOfOrderError as error:
            text = f"The events of the stream do not fit together: {str(error)[:_LONGEST]}"
            raise ProtocolError(text) from None

    @property
    def _has_ended(self) -> bool:
        """Whether every reply has ended, and no other was to follow when it was cancelled."""
        transcript = self.log.transcript
        goes_on = transcript.expects_reply or (self.user_code is not None and self.result is None)
        stopped = transcript.is_open or (self._cancelled and goes_on)
        return transcript.finish_reason is not None and not stopped

    def _check_end(self) -> None:
        """Raise an error if the source stopped before its final event."""
        if not self._has_ended:
            raise IncompleteResponseError("The stream ended without its final event.")

    def _note_opened(self) -> None:
        """Wake those who wait for the headers or the first event."""
        self.opened = True
        self.log.wake()

    def _fail(self, error: BaseException | None) -> None:
        """Deliver the last events to the handlers, then end the run with ``error``."""
        self.handlers.deliver()  # what came in the batch that failed
        self._finish_failed(error)

    def _finish_failed(self, error: BaseException | None) -> None:
        """Complete the error's fields, and end the log with it."""
        if isinstance(error, StreamError):
            self.exchange.describe(error)
            self.log.transcript.failed = True
            error.message = self.log.message()
        self.log.finish(error)

    def _end_cancelled(self) -> None:
        """End the open messages and the log as cancelled."""
        try:
            self.log.extend(self.log.transcript.cancellation())
            self.log.transcript.cancelled = True
            self.handlers.deliver()
        finally:  # a handler may raise SystemExit or KeyboardInterrupt on a user's thread
            self.log.finish()

    def after_fork(self) -> None:
        """End the run in a forked process, where no task writes its log; replace its locks."""
        self._lock = threading.RLock()  # a thread that does not exist here may have held it
        self.uses.after_fork()
        if self.user_code is not None:
            self.user_code.after_fork()
        if self.output is not None:
            self.output.after_fork()
        self.log.after_fork()
        if self.started and not self.log.finished:
            self.ended_at = time.monotonic()
            self._finish_failed(
                IncompleteResponseError(
                    "This process was forked while the stream was running, so "
                    "only the parent process gets the rest.",
                    remedy="Fork after the stream has ended, or start it in the new process.",
                )
            )

    def cancel_if_unused(self) -> None:
        """Cancel the run if nothing keeps it going. Called when a reader has left."""
        if self.started and not self.uses.any:
            self.cancel()

    def interrupt(self) -> None:
        """Cancel after an interrupt of a wait, unless others read or wait.

        Handlers and ``start()`` do not prevent it: a stream that was started is meant
        to outlast a loop, not an interrupt.
        """
        if not self.uses.any_that_wait:
            self.cancel(interrupted=True)

    def wait(self, timeout: float | None) -> bool:
        """Start, and block until the end; False if ``timeout`` seconds passed first.

        Raises:
            UsageError: the run would wait for the caller in turn.
        """
        self.check_may_block()
        try:
            with self.uses.waiting(), self.attached():
                self.start()
                return self.block_until(lambda: self.log.finished, timeout)
        except KeyboardInterrupt:
            self.interrupt()
            raise

    def block_until(self, ready: Callable[[], bool], timeout: float | None = None) -> bool:
        """Block until ``ready()``, which is checked after each change of the log.

        Meanwhile the run may call the user's functions on this thread. Returns False if
        ``timeout`` seconds passed first.
        """
        if self.user_code is None:
            return self.log.wait_for(ready, timeout)
        return self.user_code.block_until(ready, timeout)

    def attached(self, *, reads: bool = False) -> AbstractContextManager[None]:
        """Says that this thread blocks for the run; see ``UserCode.attached``."""
        code = self.user_code
        return nullcontext() if code is None else code.attached(reads=reads)

    @property
    def waits_for_caller(self) -> bool:
        """Whether the run cannot go on before the caller returns."""
        code = self.user_code
        is_called = self.handlers.is_calling or (code is not None and code.is_calling)
        return on_private_loop() or (is_called and not self.log.finished)

    def check_may_block(self) -> None:
        """Check that the caller may block until the run goes on.

        Raises:
            UsageError: the run would wait for the caller in turn.
        """
        if self.waits_for_caller:
            raise UsageError(
                "A blocking method was called in a handler, in a tool of the same run or on "
                "nbstream's own event loop, where it would wait for itself.",
                remedy="There, read what has arrived, or call cancel(). Wait elsewhere.",
            )


async def _no_events() -> AsyncGenerator[Iterable[Event], None]:
    """Replaces the source of a finished run, so that its memory is freed."""
    for _ in ():
        yield _
