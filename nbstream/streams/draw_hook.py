"""Draws a stream that is a cell's last line, with the function that the front end has set.

``nbstream/__init__.py`` sets the widget's. ``%%llm`` skips the drawing of the stream that its
cell shows already. The front ends import streams, never the other way round. Without a front
end, the repr of a stream is printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.streams.state import StreamState
    from nbstream.streams.stream import Stream

_skipped: WeakSet[Stream] = WeakSet()
_show: Callable[[Stream], None] | None = None
_forms: Callable[[Any], dict[str, str]] | None = None


def set_show(show: Callable[[Stream], None]) -> None:
    """Set the function that draws a stream which is a cell's last line."""
    global _show  # noqa: PLW0603 - one front end a process
    _show = show


def set_forms(make: Callable[[Any], dict[str, str]]) -> None:
    """Set the function that draws a stream as static HTML, Markdown and plain text."""
    global _forms  # noqa: PLW0603 - one front end a process
    _forms = make


def forms(stream: StreamState[Any]) -> dict[str, str]:
    """The static forms of a stream, by media type."""
    return _forms(stream) if _forms is not None else {"text/plain": stream.text}


def skip_next(stream: Stream) -> None:
    """Let the next ``show`` of ``stream`` do nothing: its cell shows it already."""
    _skipped.add(stream)


def unskip(stream: Stream) -> None:
    """Undo ``skip_next``."""
    _skipped.discard(stream)


def show(stream: Stream) -> None:
    """Draw ``stream`` in the cell that runs."""
    if stream in _skipped:
        unskip(stream)
    elif _show is None:
        print(repr(stream))  # noqa: T201 - what IPython would do with a repr
    else:
        _show(stream)
