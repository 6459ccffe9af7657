"""``Work``: answers the prompts of a map, several at a time, on the private loop.

It knows how to make the stream of a prompt, and nothing of who waits for the results.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from nbstream.core import cost
from nbstream.errors import CancelledStreamError, NBStreamError, StreamError, UsageLimitError
from nbstream.many.pause import is_limit, pause_of, retry_in
from nbstream.many.result import MapResult
from nbstream.streams.async_wait import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.many.limits import Limits
    from nbstream.many.prompts import Prompts
    from nbstream.many.totals import Totals
    from nbstream.streams import Stream

    MakeStream = Callable[[int], Stream[Any]]


class Work:
    """The workers of one map.

    Args:
        prompts: What to ask.
        make_stream: Makes the stream of the prompt of a number; it is not started.
        concurrency: How many streams run at a time.
        retries: How often a failed request is sent again.
        limits: What ends the map before its end.
        stops_at_error: Whether the first prompt that fails ends the map.
        totals: Where to count.
        changed: Called after each change.
    """

    _repeats = True  # whether requests are sent again

    def __init__(
        self,
        prompts: Prompts,
        make_stream: MakeStream,
        *,
        provider: str,
        concurrency: int,
        retries: int,
        limits: Limits,
        stops_at_error: bool,
        totals: Totals,
        changed: Callable[[], None],
    ) -> None:
        self.results: list[MapResult | None] = [None] * len(prompts)
        self.running: dict[int, Stream[Any]] = {}
        """The streams that run, by the number of their prompt."""
        self.error: BaseException | None = None
        """What ended the map early."""
        self._prompts, self._make_stream = prompts, make_stream
        self._provider = provider
        self._pause = pause_of(provider)
        self._concurrency, self._retries = concurrency, retries
        self._limits, self._stops_at_error = limits, stops_at_error
        self.totals, self._changed = totals, changed
        self._next = iter(range(len(prompts)))

    @property
    def batches(self) -> tuple[str, ...]:
        """The ids of the batches that run at the provider."""
        return ()

    @property
    def open_batches(self) -> int:
        """How many batches run at the provider, and go on there if the map is stopped."""
        return 0

    async def cancel_batches(self) -> None:
        """Cancel these at the provider."""

    @property
    def pause(self) -> float:
        """Seconds that the provider asked to wait; 0 if it takes requests. On the private loop."""
        return self._pause.seconds

    async def run(self) -> None:
        """Answer all prompts. Cancelling it cancels the streams, whose beginnings are kept."""
        self.totals.begin()
        await asyncio.to_thread(cost.preload, self._provider)
        workers = [
            asyncio.create_task(self._worker())
            for _ in range(min(self._concurrency, len(self._prompts)))
        ]
        try:
            await asyncio.gather(*workers)
        except (FirstError, asyncio.CancelledError) as error:
            if isinstance(error, FirstError):
                self.error = error.error
            for one in workers:
                one.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        finally:
            self.totals.end()

    async def _worker(self) -> None:
        for index in self._next:
            if self.error is not None:
                return
            try:
                await self._answer(index)
            except UsageLimitError as error:
                self.error = error  # what runs goes on to its end: it is paid for
                return

    async def _answer(self, index: int) -> None:
        """Ask one prompt until it is answered, or its error is final."""
        attempt = failures = 0
        while True:
            await self._pause.wait()
            self._limits.check(self.totals, len(self.running))
            attempt += 1
            try:
                stream = self._make_stream(index)
            except NBStreamError as error:
                self._end(index, MapResult(index, self._prompts.text(index), error=error))
                return
            self.running[index] = stream
            sent = time.monotonic()
            stream.start()
            self._changed()
            try:
                await _ended(stream)
            except asyncio.CancelledError:
                await self._stop(index, stream)
                raise
            finally:
                del self.running[index]
            failure = stream.error
            if isinstance(failure, UsageLimitError):  # the session's budget; nothing was sent
                raise failure.with_traceback(None)
            self._spend(stream)
            if failure is not None and not self._repeats:
                self._end(index, self._failed(index, stream, attempt))
                return
            if failure is None and stream.finish_reason != "cancelled":
                self._pause.answered()
                self._end(index, await self._answered(index, stream, attempt))
                return
            if isinstance(failure, StreamError) and is_limit(failure):
                again = self._pause.hold(failure, sent)
                self._changed()
            else:
                failures += 1
                wait = retry_in(failure, failures + 1, self._retries)
                again = wait is not None
                await asyncio.sleep(wait or 0)
            if not again:
                self._end(index, self._failed(index, stream, attempt))
                return

    async def _stop(self, index: int, stream: Stream[Any]) -> None:
        """Cancel a stream, and keep what has come of it."""
        stream.cancel()
        await _ended(stream)
        self._spend(stream)
        self._end(index, self._failed(index, stream, 1), cancelled=True)

    async def _answered(self, index: int, stream: Stream[Any], attempt: int) -> MapResult:
        output, error = None, None
        try:
            # In a thread: the validators of a type may be slow, and may read the stream.
            output = stream.text if stream.is_text else await asyncio.to_thread(stream.get_output)
        except Exception as failure:  # noqa: BLE001 - also what a user's validator raises
            error = failure.with_traceback(None)
        attempts = 0 if stream.is_replayed else attempt
        prompt = self._prompts.text(index)
        return MapResult(index, prompt, output, error, stream.message, attempts)

    def _failed(self, index: int, stream: Stream[Any], attempt: int) -> MapResult:
        error = stream.error
        if error is None:
            error = _cancellation(stream)
        prompt = self._prompts.text(index)
        message = stream.message if stream.has_parts else None
        return MapResult(index, prompt, None, error.with_traceback(None), message, attempt)

    def _spend(self, stream: Stream[Any]) -> None:
        if not stream.is_replayed:
            self.totals.sent += 1
            self.totals.spend(stream.usage, stream.cost)

    def _end(self, index: int, result: MapResult, *, cancelled: bool = False) -> None:
        self.results[index] = result
        self.totals.add(result, cancelled=cancelled)
        self._changed()
        if result.error is not None and not cancelled and self._stops_at_error:
            raise FirstError(result.error)


class FirstError(Exception):
    """Carries the first error out of its worker."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


async def _ended(stream: Stream[Any]) -> None:
    """Return once the stream has ended."""
    await wait_until(stream, lambda: stream.is_complete)


def _cancellation(stream: Stream[Any]) -> BaseException:
    error = CancelledStreamError("The map was stopped before this answer's end.")
    error.message = stream.message
    return error
