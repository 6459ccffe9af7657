"""Reads iterators of texts, and of nbstream's own events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.events import Event
from nbstream.sources.replies import Replies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.sources.readers import Reader


def reader(item: Any, _thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this kind."""
    if isinstance(item, str):
        return TextReader()
    return _Events() if isinstance(item, Event) else None


class TextReader:
    """A text that grows by each item; a library may give other things between the texts."""

    def __init__(self) -> None:
        self._replies = Replies()

    def read(self, item: Any) -> Iterable[Event]:
        """The events of one piece."""
        if isinstance(item, str):
            yield from self._replies.begin()
            yield from self._replies.text(str.__str__(item))  # a subclass may do anything
            return
        from nbstream.sources.readers import library_of, unknown

        between = getattr(library_of(item), "read_between", None)
        if between is None:
            raise unknown(item)
        yield from between(item, self._replies)

    def close(self) -> Iterable[Event]:
        """The end: an iterator that is through has given the whole answer."""
        return self._replies.end()


class _Events:
    """Gives events on as they are."""

    def read(self, item: Any) -> Iterable[Event]:
        """The event itself."""
        return (item,)

    def close(self) -> Iterable[Event]:
        """Nothing: the events have their own end."""
        return ()
