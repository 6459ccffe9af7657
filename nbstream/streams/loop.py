"""The private event loop: asyncio on one daemon thread, on which all streams run.

Because nothing of ours runs on the caller's loop, the same call works in a
script, in a cell, inside a running loop and in a background task.
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

# Reentrant: a signal handler, or the garbage collector when it closes an iterator,
# may need it on a thread that holds it.
_lock = threading.RLock()
_loop: asyncio.AbstractEventLoop | None = None
_tool_loop: asyncio.AbstractEventLoop | None = None


def private_loop() -> asyncio.AbstractEventLoop:
    """The loop, started at first use."""
    global _loop  # noqa: PLW0603 - one loop a process
    with _lock:
        if _loop is None:
            _loop = _started("nbstream")
        return _loop


def tool_loop() -> asyncio.AbstractEventLoop:
    """The loop for coroutines of users who have no loop: theirs must not hold up streams."""
    global _tool_loop  # noqa: PLW0603 - one loop a process
    with _lock:
        if _tool_loop is None:
            _tool_loop = _started("nbstream tools")
        return _tool_loop


def _started(name: str) -> asyncio.AbstractEventLoop:
    """A new loop, which runs on a daemon thread."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=_run_forever, args=(loop,), name=name, daemon=True).start()
    return loop


def _run_forever(loop: asyncio.AbstractEventLoop) -> None:
    """Run the loop for as long as the process lives, because every stream needs it.

    asyncio lets SystemExit and KeyboardInterrupt end a loop. On this thread only
    user's code can have raised them, and neither is meant to end other streams.
    """
    while not loop.is_closed():
        try:
            loop.run_forever()
        except (SystemExit, KeyboardInterrupt):
            _log.exception("code on nbstream's event loop tried to end it; it goes on")


def is_exiting() -> bool:
    """Whether Python is shutting down, which begins with the end of the main thread.

    From then on executors accept no work, though other threads may still run.
    """
    return not threading.main_thread().is_alive()


def submit(coroutine: Coroutine[Any, Any, T]) -> Future[T]:
    """Run a coroutine on the private loop, in a copy of the caller's context.

    The context matters in a notebook: ipykernel ties output to a cell by it.
    """
    return asyncio.run_coroutine_threadsafe(coroutine, private_loop())


def call(function: Callable[[], T]) -> T:
    """Call ``function`` on the private loop and return its result.

    Blocks the caller until then; on the loop itself it is an ordinary call.
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


def _reset_after_fork() -> None:
    """A forked process has the loop's object but not its thread: start another when needed."""
    global _loop, _tool_loop, _lock
    _loop, _tool_loop, _lock = None, None, threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)
