"""One call of a user's code: ``Job``, a function on a thread, and ``guarded``, a coroutine.

What that code raises is its own failure, and ends neither the thread nor the event loop.
"""

from __future__ import annotations

import _thread
import asyncio
import signal
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

_RAISES = signal.default_int_handler
_SIGNAL = 0.2  # seconds


class InterruptedCallError(Exception):
    """The user interrupted the function that was called."""


def outcome(error: BaseException) -> RuntimeError:
    """The exception in the place of one that would end what is not the user's, such as a loop."""
    found = RuntimeError(f"it raised {type(error).__name__}: {error}".removesuffix(": "))
    found.__cause__ = error
    return found


class Job:
    """One call of a function on a thread."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self.future: Future[Any] = Future()
        self._lock = threading.Lock()
        self._runs_on_main = False
        self._stopped = False

    def start_thread(self) -> None:
        """Do it on a daemon thread, which never holds up the end of the process."""
        threading.Thread(target=self._do_quietly, name="nbstream tool", daemon=True).start()

    def _do_quietly(self) -> None:
        with suppress(BaseException):  # an exit ends this thread alone
            self.do()

    def stop(self) -> None:
        """Interrupt the function if it runs on the main thread: the run was cancelled.

        Not if a SIGINT would do something else there than raise KeyboardInterrupt.
        """
        with self._lock:
            if self._runs_on_main and signal.getsignal(signal.SIGINT) is _RAISES:
                self._stopped = True
                _interrupt_main()

    def do_stoppably(self, before_end: Callable[[], None]) -> None:
        """``do`` on a thread that blocks for the run, until ``stop``."""
        try:
            self._runs_on_main = threading.current_thread() is threading.main_thread()
            try:
                self.do(before_end)
            finally:
                with self._lock:
                    self._runs_on_main = False
                if self._stopped and sys.exc_info()[0] is not KeyboardInterrupt:
                    time.sleep(_SIGNAL)  # it comes any moment, and must not come later
        except KeyboardInterrupt:
            if not self._stopped:
                raise

    def do(self, before_end: Callable[[], None] = lambda: None) -> None:
        """Call the function. An interrupt and ``SystemExit`` are raised here, too.

        ``before_end``: called before anyone can know that it has ended.
        """
        if not self.future.set_running_or_notify_cancel():
            before_end()
            return
        try:
            try:
                value = self._function()
            finally:
                before_end()
        except StopIteration as error:  # no future can have it
            self.future.set_exception(outcome(error))
        except Exception as error:  # noqa: BLE001 - the run gets it, whatever it is
            self.future.set_exception(error)
        except BaseException as error:
            self.future.set_exception(InterruptedCallError(type(error).__name__))
            raise
        else:
            self.future.set_result(value)


def _interrupt_main() -> None:
    """Raise KeyboardInterrupt on the main thread, also while it sleeps."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(cast("int", threading.main_thread().ident), signal.SIGINT)
    else:
        _thread.interrupt_main()


async def guarded(coroutine: Coroutine[Any, Any, Any], *, interrupts: bool) -> Any:
    """What a coroutine of the user's returns. What it raises is no more than its own failure.

    ``interrupts``: KeyboardInterrupt too; on a loop of the user's it is for the loop.
    """
    task = asyncio.current_task()
    try:
        return await coroutine
    except Exception:
        raise
    except asyncio.CancelledError as error:
        if task is None or task.cancelling():
            raise
        raise outcome(error) from error  # nobody has cancelled it
    except GeneratorExit as error:
        if _current_task() is not task:
            raise  # not the tool's: the loop has ended, and this coroutine is closed
        raise outcome(error) from error
    except KeyboardInterrupt as error:
        if interrupts:
            raise outcome(error) from error
        raise
    except BaseException as error:
        raise outcome(error) from error


def _current_task() -> asyncio.Task[Any] | None:
    """The task that runs on this thread; None also where no loop runs."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
