"""Draws the progress of a map, with the functions that the front end has set.

``nbstream/__init__.py`` sets them. Without a front end nothing is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Drawing(Protocol):
    """The progress of one map in one place."""

    is_painted: bool
    """Whether it is drawn by ``paint``, which the waiting thread calls; others draw themselves."""

    def paint(self) -> None:
        """Draw the present state."""
        ...

    def finish(self) -> None:
        """Draw the end. May be called more than once."""
        ...


_draw: Callable[[Any], Drawing | None] | None = None
_show: Callable[[Any], None] | None = None


def set_progress(draw: Callable[[Any], Drawing | None], show: Callable[[Any], None]) -> None:
    """Set the function that draws a map when it starts, and the one for a cell's last line."""
    global _draw, _show
    _draw, _show = draw, show


def draw(job: Any) -> Drawing | None:
    """Draw a map that starts now, where the caller's output is."""
    return None if _draw is None else _draw(job)


def show(job: Any) -> None:
    """Draw a map that is the last line of a cell, and start it."""
    if _show is None:
        print(repr(job))  # noqa: T201 - what IPython would do with a repr
    else:
        _show(job)
