"""Decodes the pieces of one response without holding up the event loop that all streams share.

It also says which pieces are a real part of the answer, and not keep-alives; see ``Timeouts``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nbstream.core.events import (
    PartDelta,
    Retry,
    StreamEnd,
    StreamStart,
    TextStart,
    ThinkingStart,
)
from nbstream.core.json.large import LARGE
from nbstream.errors import ProviderError, StreamError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.protocols.base import Decoder

Decoded = tuple[list["Event"], StreamError | None]

MAX_BYTES = 512 * 1024 * 1024
"""The most bytes that may come without an event."""

_PIECE = 1024
"""A piece of so many bytes without a line's end is part of a large event, no keep-alive."""

_EMPTY = (StreamStart, Retry, TextStart, ThinkingStart)
"""Events that announce something and add nothing yet."""


class Reading:
    """Feeds a decoder, and returns its events and the error that followed them, if any."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._held = 0
        self._is_object: bool | None = None
        self.is_real = False
        """Whether the last piece added to the answer, or to a large event that goes on."""
        self.has_ended = False
        """Whether the last event was the end of the answer."""

    async def feed(self, data: bytes) -> Decoded:
        """Decode more bytes of the body.

        Raises:
            ProviderError: too many bytes came without an event.
        """
        self._held += len(data)
        # A thread decodes what is large. An event ends with a brace or a line's end; before
        # that, bytes are only kept.
        if self._held > LARGE and (b"}" in data or b"\n" in data):
            events, failure = await asyncio.to_thread(_decoded, self._decoder.feed(data))
        else:
            events, failure = _decoded(self._decoder.feed(data))
        self.is_real = _is_real(events) if events else self._goes_on(data)
        if events:
            self._held, self.has_ended = 0, isinstance(events[-1], StreamEnd)
        elif self._held > MAX_BYTES:
            raise ProviderError(
                f"The provider sent {MAX_BYTES >> 20} MB that are not part of an answer."
            )
        return events, failure

    async def close(self) -> Decoded:
        """Signal the end of the body."""
        if self._held > LARGE:
            return await asyncio.to_thread(_decoded, self._decoder.close())
        return _decoded(self._decoder.close())

    def _goes_on(self, data: bytes) -> bool:
        """Whether a piece without an event is part of one that has not ended yet."""
        if self._is_object is None and (start := data.lstrip()[:1]):
            self._is_object = start == b"{"
        if self._is_object:  # the whole answer is one JSON object; blanks keep it open
            return not data.isspace()
        return len(data) >= _PIECE and b"\n" not in data


def _decoded(batch: Iterable[Event]) -> Decoded:
    """All events of the batch, and its error."""
    events: list[Event] = []
    try:
        for event in batch:
            events.append(event)  # noqa: PERF402 - the batch may fail after some events
    except StreamError as error:
        return events, error
    return events, None


def _is_real(events: list[Event]) -> bool:
    """Whether one of the events adds to the answer."""
    for event in reversed(events):
        if isinstance(event, PartDelta):
            if event.chunk:
                return True
        elif not isinstance(event, _EMPTY):
            return True
    return False
