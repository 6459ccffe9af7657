"""Lets an asyncio task wait for a change of a log that another thread writes.

On the main thread the loop wakes ten times a second meanwhile, so that a kernel's interrupt is
noticed.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary, WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TICK = 0.1  # seconds

# Of loops on the main thread, and used by that thread only.
_waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, int] = WeakKeyDictionary()
_ticking: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


class Listened(Protocol):
    """What tells of its changes, such as a log."""

    def listen(self, listener: Callable[[], None], /) -> Callable[[], None]:
        """Call ``listener`` after each change, until what this returns is called."""
        ...


async def wait_until(
    log: Listened,
    ready: Callable[[], bool],
    timeout: float | None = None,  # noqa: ASYNC109 - what is late here is no error
) -> bool:
    """Wait on the running loop until ``ready()``, which is checked after each change of ``log``.

    Returns False if ``timeout`` seconds passed first. ``ready`` must be quick: the
    writer's thread calls it under the log's lock.
    """
    if ready():
        return True
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    notified = False

    def check() -> None:
        nonlocal notified
        if not notified and ready():  # waking another loop is a system call: once for each wait
            notified = True
            with contextlib.suppress(RuntimeError):  # that loop is closed
                loop.call_soon_threadsafe(done.set)

    stop = log.listen(check)
    try:
        if ready():  # it changed before check() was called for changes
            return True
        with _interruptible(loop):
            if timeout is None:
                await done.wait()
                return True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await done.wait()
        return ready()
    finally:
        stop()


@contextlib.contextmanager
def _interruptible(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Wake ``loop`` every ``_TICK`` seconds, all its waiting tasks together.

    On an interrupt, ipykernel cancels the task of a cell that awaits in a signal
    handler. The loop notices that only when something else wakes it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _waiting[loop] = _waiting.get(loop, 0) + 1
    if loop not in _ticking:
        _ticking.add(loop)
        loop.call_later(_TICK, _tick, loop)
    try:
        yield
    finally:
        _waiting[loop] -= 1


def _tick(loop: asyncio.AbstractEventLoop) -> None:
    """Run every ``_TICK`` seconds on ``loop``, for as long as a task waits there."""
    if _waiting[loop]:
        loop.call_later(_TICK, _tick, loop)
    else:
        _ticking.discard(loop)
