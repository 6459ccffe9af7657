"""The private loop: one daemon thread on which all I/O runs.

Because nothing of ours runs on the caller's loop, the same call works in a
script, in a cell, inside a running loop and in a background task. Knows threads
and asyncio; refuses to know what runs on it.
"""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Future

T = TypeVar("T")

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def private_loop() -> asyncio.AbstractEventLoop:
    """The loop, started at first use."""
    global _loop  # noqa: PLW0603 - one a process is the point
    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="nbstream", daemon=True).start()
        return _loop


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
    _loop, _lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
