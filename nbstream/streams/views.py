"""Views: functions from events to the values that a reader of a stream gets, such as text.

They do not wait and do no I/O.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from nbstream.core.events import MessageEvent, Retry, StreamStart, TextDelta, TextEnd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nbstream.core.events import Event

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class View(Protocol[T_co]):
    """Called with each batch of events that arrived together."""

    def __call__(self, events: Sequence[Event]) -> Iterable[T_co]:
        """The values of this batch."""
        ...


def all_events(events: Sequence[Event]) -> Sequence[Event]:
    """Return the events unchanged."""
    return events


def no_values(events: Sequence[Event]) -> Sequence[Event]:  # noqa: ARG001 - a View
    """Return nothing: for readers that wait for the end only."""
    return ()


def text_deltas(events: Sequence[Event]) -> Sequence[str]:
    """The pieces of the answer's text."""
    return [event.chunk for event in events if isinstance(event, TextDelta)]


def joined_deltas(events: Sequence[Event]) -> Sequence[str]:
    """The new text of a batch, as one piece."""
    added = "".join(text_deltas(events))
    return (added,) if added else ()


class CumulativeText:
    """The whole text of the last assistant message so far, once for each batch that changed it.

    It starts again with the next assistant message, and when a ``Retry`` makes it void.
    """

    def __init__(self) -> None:
        self._text = ""
        self._message_index = 0
        self._parts: dict[int, list[str]] = {}
        """The pieces of each text part, by its index."""

    def __call__(self, events: Sequence[Event]) -> Sequence[str]:
        """One string, or none if the text is what it was."""
        before, parts = self._text, self._parts
        for event in events:
            index = event.message_index
            if isinstance(event, TextDelta):
                if index == self._message_index:
                    parts.setdefault(event.index, []).append(event.chunk)
            elif isinstance(event, TextEnd):
                if index == self._message_index and event.text is not None:
                    parts[event.index] = [event.text]
            elif isinstance(event, Retry):
                if index == self._message_index:
                    parts.clear()
            elif isinstance(event, StreamStart):
                if index > self._message_index:
                    self._message_index = index
                    parts.clear()
            elif isinstance(event, MessageEvent) and event.message.role == "assistant":
                self._message_index = index
                parts.clear()
                parts[0] = [event.message.text]
        for index, pieces in parts.items():
            parts[index] = ["".join(pieces)]
        self._text = "".join(parts[index][0] for index in sorted(parts))
        return () if self._text == before else (self._text,)


def text_view(*, delta: bool, joined: bool) -> View[str]:
    """Pieces if ``delta`` (those of one batch ``joined``), else the whole text so far."""
    if not delta:
        return CumulativeText()
    return joined_deltas if joined else text_deltas


def state_view(state: Callable[[], T]) -> View[T]:
    """What ``state`` returns after each batch, unless it is None or the same as before."""
    last: list[T] = []

    def view(events: Sequence[Event]) -> Sequence[T]:
        now = state() if events else None
        if now is None or last == [now]:
            return ()
        last[:] = [now]
        return (now,)

    return view
