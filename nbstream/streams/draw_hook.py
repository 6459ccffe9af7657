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
_widget: Callable[[Stream], object] | None = None
_adapt: Callable[[Any], Stream] | None = None
_forms: Callable[[Any, bool], dict[str, str]] | None = None


def set_show(show: Callable[[Stream], None]) -> None:
    """Set the function that draws a stream which is a cell's last line."""
    global _show  # noqa: PLW0603 - one front end a process
    _show = show


def set_widget(make: Callable[[Stream], object]) -> None:
    """Set the function that makes the widget of a stream, for a host that draws it itself."""
    global _widget  # noqa: PLW0603 - one front end a process
    _widget = make


def set_forms(make: Callable[[Any, bool], dict[str, str]]) -> None:
    """Set the function that draws a stream as static HTML, Markdown and plain text.

    It is told whether a cell shows them.
    """
    global _forms  # noqa: PLW0603 - one front end a process
    _forms = make


def set_adapter(adapt: Callable[[Any], Stream]) -> None:
    """Set the function that makes a stream of another library's, or raises ``UsageError``."""
    global _adapt  # noqa: PLW0603 - one front end a process
    _adapt = adapt


def adapted(thing: Any) -> Any:
    """Another library's stream as a stream. It raises ``UsageError`` for what is none."""
    return thing if _adapt is None else _adapt(thing)


def forms(stream: StreamState[Any], *, shown: bool = False) -> dict[str, str]:
    """The static forms of a stream, by media type. ``shown``: for a cell, which shows them."""
    return _forms(stream, shown) if _forms is not None else {"text/plain": stream.text}


def skip_next(stream: Stream) -> None:
    """Let the next ``show`` of ``stream`` do nothing: its cell shows it already."""
    _skipped.add(stream)


def unskip(stream: Stream) -> None:
    """Undo ``skip_next``."""
    _skipped.discard(stream)


def widget(stream: Stream) -> object:
    """A widget that shows ``stream`` and starts it when it is drawn."""
    return repr(stream) if _widget is None else _widget(stream)


def show(stream: Stream) -> None:
    """Draw ``stream`` in the cell that runs."""
    if stream in _skipped:
        unskip(stream)
    elif _show is None:
        print(repr(stream))  # noqa: T201 - what IPython would do with a repr
    else:
        _show(stream)
