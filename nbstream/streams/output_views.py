"""Views of a typed answer: its values as they grow, its states, the items of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from nbstream.errors import OutputError
from nbstream.streams.output import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.core.events import Event
    from nbstream.streams.output import Output, PartialValue
    from nbstream.typed import OutputState

T = TypeVar("T")


class OutputView(Generic[T]):
    """A view: gives the output each time it has changed, and the final one.

    The final value is left out if it equals the last one before it.
    """

    def __init__(self, output: Output[T]) -> None:
        self._output = output
        self._seen: PartialValue[T] = NO_VALUE
        self._ended = False

    def __call__(self, events: Sequence[Event]) -> Iterator[T]:
        """At most one value for a batch.

        Raises:
            OutputError: the answer has ended and is not of the type.
        """
        if self._ended:
            return
        self._ended = self._output.ended
        if not self._ended:
            yield from self._show(self._output.newer_than(self._seen) if events else None)
        elif not self._output.is_whole:
            yield from self._show(self._output.latest())
        else:
            try:
                final = self._output.final()
            except OutputError:
                yield from self._show(self._output.latest())
                raise
            if not self._seen.exists or not _same(self._seen.value, final):
                yield final

    def _show(self, value: PartialValue[T] | None) -> Iterator[T]:
        """Yield the value, unless it is the one that came last."""
        if value is not None and value.version != self._seen.version:
            self._seen = value
            if value.exists:
                yield cast("T", value.value)


class StateView(Generic[T]):
    """A view: gives the output and the states of its values each time they have changed."""

    def __init__(self, output: Output[T]) -> None:
        self._output = output
        self._last: OutputState[T] | None = None
        self._length = 0
        self._ended = False

    def __call__(self, events: Sequence[Event]) -> Iterator[OutputState[T]]:
        """At most one state for a batch.

        Raises:
            OutputError: the answer has ended and is not of the type.
        """
        if self._ended:
            return
        self._ended = self._output.ended
        if self._ended or (events and self._output.is_behind(self._length)):
            state = self._output.state()
            self._length = self._output.length
            last, self._last = self._last, state
            known = last is not None and last.is_whole and _same(last.value, state.value)
            if (state.path is not None or state.is_whole) and not known:
                yield state
        if self._ended and self._output.is_whole:
            self._output.final()


class ItemsView:
    """A view: gives each item of a list once, when it is whole. ``output`` collects them.

    They begin again if the text does.
    """

    def __init__(self, output: Output[Any]) -> None:
        self._output = output
        self._items: list[Any] = []
        self._given = 0
        self._ended = False

    def __call__(self, events: Sequence[Event]) -> Iterator[Any]:
        """The new items.

        Raises:
            OutputError: the answer has ended and is not of the type.
        """
        if self._ended:
            return
        self._ended = self._output.ended
        if not events and not self._ended:
            return
        items = self._output.items()
        if items is not self._items:
            self._items, self._given = items, 0
        new = items[self._given :]
        self._given += len(new)
        yield from new
        if self._ended and self._output.is_whole:
            self._output.final()


def _same(one: object, other: object) -> bool:
    """Whether two values have the same type and are equal."""
    try:
        return type(one) is type(other) and bool(one == other)
    except Exception:  # noqa: BLE001 - a user's own type may have no equality, or an array's
        return False
