"""The private loop: one daemon thread on which all I/O runs.

Because nothing of ours runs on the caller's loop, the same call works in a
script, in a cell, inside a running loop and in a background task. Knows threads,
asyncio and how a process forks and ends; refuses to know what runs on it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Future

T = TypeVar("T")

_log = logging.getLogger("nbstream")

# One thread may come back while it holds it: in a signal's handler, or in what the
# garbage collector ends, which is a loop over a stream that was left, for example.
_lock = threading.RLock()
_loop: asyncio.AbstractEventLoop | None = None


def private_loop() -> asyncio.AbstractEventLoop:
    """The loop, started at first use."""
    global _loop  # noqa: PLW0603 - one a process is the point
    with _lock:
        if _loop is None:
            loop = asyncio.new_event_loop()
            threading.Thread(target=_serve, args=(loop,), name="nbstream", daemon=True).start()
            _loop = loop
        return _loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run the loop for as long as the process lives, for every stream needs it.

    asyncio lets a SystemExit and a KeyboardInterrupt out of the loop. Here they can
    only be the doing of user's code that ran on it: neither exits or interrupts
    anything but the main thread.
    """
    while not loop.is_closed():
        try:
            loop.run_forever()
        except (SystemExit, KeyboardInterrupt):
            _log.exception("nbstream's event loop goes on after")


def is_exiting() -> bool:
    """Whether Python is shutting down, which begins with the end of the main thread.

    From then on asyncio's threads take no more work, though other threads may go on.
    """
    return not threading.main_thread().is_alive()


def submit(coroutine: Coroutine[Any, Any, T]) -> Future[T]:
    """Run a coroutine on the private loop, in a copy of the caller's context.

    The context matters in a notebook: it is what ties output to its cell.
    """
    return asyncio.run_coroutine_threadsafe(coroutine, private_loop())


def call(function: Callable[[], T]) -> T:
    """What ``function`` returns when the private loop calls it between two of its steps.

    Blocks the caller for that long; on the loop itself it is an ordinary call.
    """
    if on_private_loop():
        return function()

    async def step() -> T:
        return function()

    return submit(step()).result()


def on_private_loop() -> bool:
    """Whether the caller runs on the private loop, where blocking would hang it."""
    try:
        return asyncio.get_running_loop() is _loop
    except RuntimeError:
        return False


def _forget_after_fork() -> None:
    """A forked process has the loop's object but not its thread."""
    global _loop, _lock
    _loop, _lock = None, threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
