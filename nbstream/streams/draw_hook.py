"""Where a stream finds out how to draw itself.

The front ends know streams, never the other way round; so a stream calls what
a front end has put here. Without one it is shown as its repr.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.streams.stream import Stream

_silent: WeakSet[Stream] = WeakSet()
_show: Callable[[Stream], None] | None = None


def set_show(show: Callable[[Stream], None]) -> None:
    """Let ``show`` draw the streams that are a cell's last line."""
    global _show  # noqa: PLW0603 - one front end a process
    _show = show


def silence(stream: Stream) -> None:
    """Let the next ``show`` of ``stream`` pass: it stands in its cell already."""
    _silent.add(stream)


def unsilence(stream: Stream) -> None:
    """From now on ``stream`` is drawn again."""
    _silent.discard(stream)


def show(stream: Stream) -> None:
    """Draw ``stream`` in the cell that runs."""
    if stream in _silent:
        unsilence(stream)
    elif _show is None:
        print(repr(stream))  # noqa: T201 - what IPython would do with a repr
    else:
        _show(stream)
