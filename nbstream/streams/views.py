"""What readers make of events: pure, and shared by the sync and the async face.

A view takes events in and gives values out. It refuses to know who drives it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from nbstream.core.events import TextDelta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nbstream.core.events import Event

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class View(Protocol[T_co]):
    """Called with each batch of events that arrived together."""

    def __call__(self, events: Sequence[Event]) -> Iterable[T_co]:
        """The values that this batch amounts to."""
        ...


def all_events(events: Sequence[Event]) -> Sequence[Event]:
    """Every event, as it is."""
    return events


def text_deltas(events: Sequence[Event]) -> Sequence[str]:
    """The pieces of the answer's text."""
    return [event.chunk for event in events if isinstance(event, TextDelta)]


class CumulativeText:
    """The whole text so far, once for each batch that added to it."""

    def __init__(self) -> None:
        self._text = ""

    def __call__(self, events: Sequence[Event]) -> Sequence[str]:
        """One string, or none if the batch held no text."""
        added = "".join(text_deltas(events))
        if not added:
            return ()
        self._text += added
        return (self._text,)


def joined_deltas(events: Sequence[Event]) -> Sequence[str]:
    """The new text of a batch, as one piece."""
    added = "".join(text_deltas(events))
    return (added,) if added else ()


def text_view(*, delta: bool, joined: bool) -> View[str]:
    """Pieces if ``delta`` (those of one batch ``joined``), else the whole text so far."""
    if not delta:
        return CumulativeText()
    return joined_deltas if joined else text_deltas


def output_view(state: Callable[[], T]) -> View[T]:
    """What ``state`` gives after each batch, unless it gave the same before."""
    last: list[T] = []

    def view(events: Sequence[Event]) -> Sequence[T]:
        now = state() if events else None
        if now is None or last == [now]:
            return ()
        last[:] = [now]
        return (now,)

    return view
