"""For a cell that is interrupted or fails: binds the answer to ``_``, and shortens the error.

Also delays an interrupt (the kernel's, or Ctrl-C) while work must not be left half done.
Independent of streams: the caller passes in the value to bind to ``_``.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from IPython import get_ipython

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


_RED, _NORMAL = "\x1b[31m", "\x1b[39m"


@contextmanager
def defer_interrupt() -> Iterator[None]:
    """Delay the first interrupt until the end of the ``with`` block.

    For work that must not be left half done: an import, a widget, a binding. A
    second interrupt is delivered at once, in case the block hangs. It is passed to
    the handler that was installed before: ipykernel installs its own while a cell
    awaits.
    """
    before = signal.getsignal(signal.SIGINT)
    # Python calls signal handlers on the main thread only, and only it may set one.
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    pending = False

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal pending
        if pending:
            before(number, frame)
        pending = True

    signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pending:
            before(signal.SIGINT, None)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt at once in the ``with`` block, also in a cell that awaits.

    ipykernel's own handler only cancels such a cell, which ends no code that does not await.
    """
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def set_last_result(value: object) -> None:
    """Bind ``value`` to IPython's ``_``, as if it were the cell's result."""
    shell = get_ipython()
    if shell is not None:
        shell.displayhook.update_user_ns(value)


def interrupt_error(name: str) -> BaseException:
    """A ``KeyboardInterrupt`` that tells the user that ``name`` holds the partial answer."""
    # A full traceback would show only this package's waiting code.
    text = f"KeyboardInterrupt: the answer so far is in {name}"
    return without_traceback(KeyboardInterrupt(), text)


def without_traceback(error: BaseException, text: str) -> BaseException:
    """Make IPython show ``error`` as ``text``, without a traceback. Returns ``error``.

    The name of the error, which begins the text, is red where IPython uses colours.
    """
    name, colon, rest = text.partition(":")
    shown = f"{_RED}{name}{_NORMAL}{colon}{rest}" if colon and _has_colours() else text
    render: Callable[[], list[str]] = shown.splitlines
    hooked: Any = error
    hooked._render_traceback_ = render  # IPython calls this hook if an exception has it
    return error


def _has_colours() -> bool:
    """Whether the terminal has colours and IPython uses them. ipykernel sets a TERM of its own."""
    wanted = str(getattr(get_ipython(), "colors", "")).lower() != "nocolor"
    return wanted and os.environ.get("TERM") != "dumb"
