"""The kernel's interrupt, or Ctrl-C: when it may strike, and what is left of a cell then.

Knows Python's signals and IPython's hooks. Refuses to know streams: what the
cell was about is given as a value.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from IPython import get_ipython

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


@contextmanager
def held() -> Iterator[None]:
    """Hold the first interrupt back until the end of ``with``.

    For what must not be left half done: an import, a widget, a binding. A
    second one strikes at once, in case that hangs. It goes to whoever would
    have had it: ipykernel has a handler of its own while a cell awaits.
    """
    before = signal.getsignal(signal.SIGINT)
    # Python lets the main thread alone set a handler, and calls it nowhere else.
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    struck = False

    def strike(number: int, frame: FrameType | None) -> None:
        nonlocal struck
        if struck:
            before(number, frame)
        struck = True

    signal.signal(signal.SIGINT, strike)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if struck:
            before(signal.SIGINT, None)


def bind(value: object) -> None:
    """Make ``value`` what ``_`` is, as if the cell had come to its end."""
    shell = get_ipython()
    if shell is not None:
        shell.displayhook.update_user_ns(value)


def interrupted(name: str) -> BaseException:
    """What to raise; the answer so far is bound to ``name``."""
    # A traceback would lead through our waiting.
    text = f"KeyboardInterrupt: the answer so far is in {name}"
    return short(KeyboardInterrupt(), text)


def short(error: BaseException, text: str) -> BaseException:
    """``error``, shown as ``text`` instead of as a traceback (an IPython hook)."""
    render: Callable[[], list[str]] = text.splitlines
    hooked: Any = error
    hooked._render_traceback_ = render
    return error
