"""``UserCode``: runs the user's functions for a run: where their objects live, and interruptible.

A sync function runs on the thread that blocks until the run goes on, if there is one that is not
busy with another function; otherwise on a thread of its own. A coroutine runs on the event loop
that the caller used; if that loop's thread is blocked by the run, the loop goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections import deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from nbstream.streams.async_wait import wait_until
from nbstream.streams.cell_displays import Cell
from nbstream.streams.loop import on_private_loop, tool_loop
from nbstream.streams.user_job import InterruptedCallError, Job, guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from nbstream.core.log import Log

_PATIENCE = 1.0
"""Seconds that a function waits for a thread that reads the run and is busy with something else."""

_AFTER_INTERRUPT = 1.0  # seconds until the interrupted thread has cancelled the run


class UserCode:
    """Calls functions for the run that writes ``log``. Made on the thread that made the run."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._lock = threading.RLock()
        self._thread = threading.get_ident()
        self._loop = _running_loop()
        self._cell = Cell()
        self._attached: list[int] = []
        """The threads that read the run and block for it, each as often as it does."""
        self._reading: list[int] = []
        """Those of them whose code reads the run's events, and may answer them."""
        self._calling: set[int] = set()
        self._idle = 0
        """The threads that wait now, and can do a job at once."""
        self._jobs: deque[Job] = deque()
        self._busy = False
        """Whether an attached thread has a job, or is about to get one."""
        self._pending = 0
        """Coroutines that wait for ``_loop``."""

    # For the run, on the private loop.

    async def call(
        self,
        function: Callable[[], Any],
        *,
        own_thread: bool = False,
        asks: bool = False,
        context: contextvars.Context | None = None,
    ) -> Any:
        """Call a sync function, and return what it returns.

        Args:
            function: What to call.
            own_thread: Do not call it on a thread that waits for the run: it may not return.
            asks: It may wait for an answer, so not on a thread whose code reads the events:
                that code may be the one that answers.
            context: What it sees of context variables; the caller's if None.

        Raises:
            InterruptedCallError: the user interrupted it.
        """
        context = contextvars.copy_context() if context is None else context
        job = Job(partial(context.run, self._noted, function))
        with self._lock:
            elsewhere = own_thread or (asks and bool(self._reading))
            inline = bool(self._attached) and not self._busy and not elsewhere
            if inline:
                self._busy = True
                self._jobs.append(job)
        if not inline:
            job.start_thread()
        future = asyncio.wrap_future(job.future)
        try:
            if inline:
                self._log.wake()
                await self._taken(job, future)
            return await future
        except asyncio.CancelledError:
            future.cancel()
            job.stop()
            raise
        except InterruptedCallError:
            await asyncio.sleep(_AFTER_INTERRUPT)
            raise

    async def _taken(self, job: Job, future: asyncio.Future[Any]) -> None:
        """Wait until a thread does the job; give it one of its own if they do something else."""
        while not future.done():
            await asyncio.wait({future}, timeout=_PATIENCE)
            if not self._idle:
                if self._withdrawn(job):
                    job.start_thread()
                return

    def _noted(self, function: Callable[[], Any]) -> Any:
        """Call ``function``, and note that this thread is busy with it."""
        thread = threading.get_ident()
        self._calling.add(thread)
        try:
            if thread not in self._attached:
                with self._cell.shows():
                    return function()
            return function()
        finally:
            self._calling.discard(thread)

    @property
    def is_calling(self) -> bool:
        """Whether the current thread is inside a function that the run has called."""
        return threading.get_ident() in self._calling

    @property
    def reads_here(self) -> bool:
        """Whether the current thread is one whose code reads the run's events."""
        return threading.get_ident() in self._reading

    def _withdrawn(self, job: Job) -> bool:
        """Take back a job that no thread has begun; False if one has."""
        with self._lock:
            if job not in self._jobs:
                return False
            self._jobs.remove(job)
            self._busy = bool(self._jobs)
            return True

    async def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine of the user's, and return what it returns."""
        loop = self._usable_loop()
        if loop is None:
            mine = guarded(coroutine, interrupts=True)
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(mine, tool_loop()))
        with self._lock:
            self._pending += 1
        theirs = guarded(coroutine, interrupts=False)
        future = asyncio.run_coroutine_threadsafe(theirs, loop)
        self._log.wake()
        try:
            return await asyncio.wrap_future(future)
        finally:
            with self._lock:
                self._pending -= 1
            self._log.wake()

    def _usable_loop(self) -> asyncio.AbstractEventLoop | None:
        """The caller's loop, if a coroutine can run on it."""
        loop = self._loop
        if loop is None or loop.is_closed() or not loop.is_running():
            return None
        blocked = self._thread in self._attached
        return loop if not blocked or isinstance(loop, asyncio.BaseEventLoop) else None

    # For the threads that block.

    @contextmanager
    def attached(self, *, reads: bool = False) -> Iterator[None]:
        """Let the run call functions on this thread while it blocks inside ``with``."""
        thread = self.attach(reads=reads)
        try:
            yield
        finally:
            self.detach(thread)

    def attach(self, *, reads: bool = False) -> int:
        """Let the run call functions on this thread, until ``detach``. Returns its id.

        ``reads``: the thread's code reads the run's events.
        """
        thread = threading.get_ident()
        with self._lock:
            self._attached.append(thread)
            if reads:
                self._reading.append(thread)
        return thread

    def detach(self, thread: int) -> None:
        """Undo ``attach``. Jobs that nobody would do any more get threads of their own."""
        with self._lock:
            self._attached.remove(thread)
            if self._reading.count(thread) > self._attached.count(thread):
                self._reading.remove(thread)
            left = [] if self._attached else [*self._jobs]
            if left:
                self._jobs.clear()
                self._busy = False
        for job in left:
            job.start_thread()

    def block_until(self, ready: Callable[[], bool], timeout: float | None = None) -> bool:
        """Block until ``ready()``, and do meanwhile what the run needs of this thread.

        Returns False if ``timeout`` seconds passed first.
        """
        end = None if timeout is None else time.monotonic() + timeout
        own_loop = threading.get_ident() == self._thread and self._loop is not None

        def goes_on() -> bool:
            return ready() or bool(self._jobs) or (own_loop and self._pending > 0)

        while True:
            left = None if end is None else max(end - time.monotonic(), 0)
            with self._waiting():
                self._log.wait_for(goes_on, left)
            if ready():
                return True
            if left == 0:
                return False
            if self._jobs:
                self._do_job()
            elif own_loop and self._pending:
                self._let_loop_go_on(lambda: ready() or bool(self._jobs) or not self._pending, left)

    def _do_job(self) -> None:
        with self._lock:
            if not self._jobs:
                return
            job = self._jobs.popleft()
        job.do_stoppably(before_end=self._release)

    def _release(self) -> None:
        """Let a thread that blocks have the next job, as soon as the run can give one."""
        with self._lock:
            self._busy = bool(self._jobs)

    def _let_loop_go_on(self, ready: Callable[[], bool], timeout: float | None) -> None:
        """Run the loop whose thread this blocks, until ``ready()``."""
        import nest_asyncio2  # only for this: it patches asyncio

        assert self._loop is not None
        nest_asyncio2.apply(self._loop, run_close_loop=True)  # as asyncio.run does unpatched
        waiting = self._loop.create_task(wait_until(self._log, ready, timeout))
        with self._waiting():
            try:
                self._loop.run_until_complete(waiting)
            except BaseException:
                # An interrupt leaves the task behind, and it would count as one that reads.
                waiting.cancel()
                self._loop.run_until_complete(asyncio.wait({waiting}))
                if not waiting.cancelled():
                    waiting.exception()  # asyncio logs one that nobody has asked for
                raise

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Count this thread as one that waits."""
        with self._lock:
            self._idle += 1
        try:
            yield
        finally:
            with self._lock:
                self._idle -= 1

    def after_fork(self) -> None:
        """Replace the lock in a forked process: a thread of the parent may have held it."""
        self._lock = threading.RLock()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs on this thread, unless it is nbstream's own."""
    if on_private_loop():
        return None
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
