"""How an asyncio task waits for a log that another thread writes."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.log import Log


async def wait_until(log: Log, ready: Callable[[], bool], timeout: float | None = None) -> bool:  # noqa: ASYNC109 - the log's own end is no cancellation
    """Wait on the running loop until ``ready()``, which is checked after each change of ``log``.

    Returns False if ``timeout`` seconds passed first. ``ready`` must be quick: the
    writer's thread calls it under the log's lock.
    """
    if ready():
        return True
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    told = False

    def check() -> None:
        nonlocal told
        if not told and ready():  # waking another loop is a system call: once for each wait
            told = True
            with contextlib.suppress(RuntimeError):  # that loop is closed
                loop.call_soon_threadsafe(done.set)

    stop = log.listen(check)
    try:
        if ready():  # it changed before check() was called for changes
            return True
        if timeout is None:
            await done.wait()
            return True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await done.wait()
        return ready()
    finally:
        stop()
