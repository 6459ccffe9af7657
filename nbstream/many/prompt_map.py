"""``PromptMap``: what ``nbstream.map()`` returns: it starts, stops, and lets its caller wait.

As a stream does, it runs on the private loop, so its blocking and its awaited faces are thin.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from nbstream.errors import UsageError
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.many.map_state import MapState
from nbstream.streams import progress_hook, spending_hook
from nbstream.streams.async_wait import wait_until
from nbstream.streams.awaited_call import refuse_await
from nbstream.streams.loop import on_private_loop, private_loop, submit
from nbstream.streams.readable import seconds
from nbstream.streams.state import OutputT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

    from nbstream.many.result import MapResult

_CLOSING = 2.0  # seconds that an interrupt waits for the connections to close
_TICK = 0.1  # seconds between two looks at the progress while something waits


class PromptMap(MapState[OutputT]):
    """The answers to many prompts, while they arrive and afterwards.

    It starts when it is first iterated, awaited, waited for, entered or drawn; as the last line of
    a cell it draws itself and goes on in the background. ``for`` and ``async for`` give the results
    in the order of the prompts, ``to_df()`` a DataFrame. ``Stop`` in the cell and an interrupt end
    it; what had come is kept.

    >>> job = nbstream.map(["one", "two"], ScriptedModel("1", "2"), concurrency=1)
    >>> [result.output for result in job]
    ['1', '2']
    """

    def start(self) -> Self:
        """Start it in the background, if it was not started; it goes on until its end."""
        self._retained = True
        self._start()
        return self

    def _start(self) -> None:
        with self._changed:
            if self._started:
                return
            self._started = True
        spending_hook.began(self)
        if self._progress:
            self._drawing = progress_hook.draw(self)
        submit(self._run())

    async def _run(self) -> None:
        self._task = asyncio.current_task()
        try:
            if not self._cancelled:
                await self._work.run()
        finally:
            self._finished = True
            self._note()

    def cancel(self) -> None:
        """Stop it: cancel what runs, send nothing more. The results so far are kept.

        With ``batch=True`` the batches are cancelled at the provider too, also after ``stop()``.
        Returns at once, from any thread.

        >>> job = nbstream.map(["one", "two"], ScriptedModel("1", "2"))
        >>> job.cancel()
        >>> job.wait(), job.results
        (True, [])
        """
        if self._started:
            submit(self._work.cancel_batches())
        self.stop()

    def stop(self) -> None:
        """``cancel``, but batches at the provider go on: the same call waits for them again.

        So do ``Stop`` in the cell, an interrupt, and the end of a ``with`` block or of a loop.

        >>> job = nbstream.map(["one", "two"], ScriptedModel("1", "2"))
        >>> job.stop()
        >>> job.is_cancelled
        True
        """
        if self._finished:
            return
        self._cancelled = True
        if self._started:
            private_loop().call_soon_threadsafe(self._cancel_task)
        else:
            self._started = self._finished = True
            self._note()

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def interrupt(self) -> None:
        """``cancel``, because the kernel was interrupted; waits a moment for the connections."""
        self._interrupted = not self._finished
        self.stop()
        with self._changed:
            self._changed.wait_for(lambda: self._finished, _CLOSING)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until it has ended, and never raise what ended it.

        An interrupt ends it. Returns False if ``timeout`` seconds passed first.

        Raises:
            UsageError: called where it would wait for itself.
        """
        with TRACEBACK_END:
            refuse_await("wait", "`await job`.")
            limit = seconds(timeout, "wait()")
            return self._block_until(lambda: self._finished, limit)

    def to_df(self) -> Any:
        """Block until it has ended; return ``df``. After ``Stop`` rows without answer are empty.

        Raises:
            UsageLimitError: a limit ended it. ``df`` has what had come.
            NBStreamError: the first error, with ``on_error="raise"``.
        """
        with TRACEBACK_END:
            refuse_await("to_df", "`await job`, then `job.df`.")
            self._block_until(lambda: self._finished)
            self._raise_error()
            return self.df

    def _block_until(self, ready: Callable[[], bool], timeout: float | None = None) -> bool:
        if on_private_loop():
            raise UsageError(
                "A blocking method was called on nbstream's own event loop, where it would wait"
                " for itself.",
                remedy="Wait elsewhere.",
            )
        self._waiting += 1
        try:
            self._start()
            drawing = self._drawing
            if drawing is None or not drawing.is_painted:
                with self._changed:
                    found = self._changed.wait_for(ready, timeout)
            else:
                found = self._paint_until(drawing, ready, timeout)
            if self._finished and drawing is not None:
                drawing.finish()
            return found
        except KeyboardInterrupt:
            self.interrupt()
            if self._drawing is not None:
                with suppress(KeyboardInterrupt):
                    self._drawing.finish()
            raise
        finally:
            self._waiting -= 1

    def _paint_until(
        self, drawing: progress_hook.Drawing, ready: Callable[[], bool], timeout: float | None
    ) -> bool:
        """Wait, and paint the progress meanwhile."""
        left = timeout
        while True:
            pause = _TICK if left is None else min(_TICK, left)
            with self._changed:
                if self._changed.wait_for(ready, pause):
                    return True
            drawing.paint()
            if left is not None and (left := left - pause) <= 0:
                return False

    def _raise_error(self) -> None:
        if (error := self.error) is not None:
            raise error.with_traceback(None)

    def _leave(self) -> None:
        """Cancel it if nobody reads it any more, and nothing else keeps it going."""
        if not (self._retained or self._waiting or self._finished):
            self.stop()

    def _has(self, index: int) -> bool:
        """Whether the prompt of that number has a result, or will have none."""
        return self._finished or self._work.results[index] is not None

    def __iter__(self) -> Iterator[MapResult]:
        """The results in the order of the prompts, each once it and those before it are there.

        Raises at the end what ended the map early. After ``Stop`` prompts without result are left
        out.
        """
        results = self._work.results
        try:
            for index in range(len(results)):
                self._block_until(partial(self._has, index))
                if (found := results[index]) is not None:
                    yield found
            self._block_until(lambda: self._finished)
            self._raise_error()
        finally:
            self._leave()

    async def __aiter__(self) -> AsyncIterator[MapResult]:
        results = self._work.results
        try:
            for index in range(len(results)):
                await self._until(partial(self._has, index))
                if (found := results[index]) is not None:
                    yield found
            await self._until(lambda: self._finished)
            self._raise_error()
        finally:
            self._leave()

    def __await__(self) -> Generator[Any, None, list[MapResult]]:
        """``await job``: the results, once it has ended."""
        return self._all().__await__()

    async def _all(self) -> list[MapResult]:
        try:
            await self._until(lambda: self._finished)
        finally:
            self._leave()
        self._raise_error()
        return self.results

    async def _until(self, ready: Callable[[], bool]) -> None:
        self._waiting += 1
        try:
            self._start()
            drawing = self._drawing
            if drawing is None:
                await wait_until(self, ready)
                return
            while not await wait_until(self, ready, _TICK if drawing.is_painted else None):
                drawing.paint()
            if self._finished:
                drawing.finish()
        finally:
            self._waiting -= 1

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self.start()

    async def __aexit__(self, *_: object) -> None:
        self.stop()

    def __len__(self) -> int:
        """How many prompts there are."""
        return self._totals.total

    def __bool__(self) -> bool:
        return True  # also without a prompt

    def __repr__(self) -> str:
        now = self._totals
        state = "not started" if not self._started else "running"
        if self._finished:
            state = "stopped" if self._cancelled or self.error else "done"
        failed = f", {now.failed} failed" if now.failed else ""
        return f"<PromptMap {self.model}: {state}, {now.done} of {now.total} answered{failed}>"

    def _ipython_display_(self) -> None:
        self._retained = True
        progress_hook.show(self)
